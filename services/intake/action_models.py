"""What the API takes for the actions of staff: one body each."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from services.intake.fields import Day, Moment
from services.shared.events import (
    Decision,
    Determination,
    Frozen,
    Help,
    Remedy,
    Satisfaction,
    Tenure,
)
from services.shared.text import Code, Label, Words

PointId = Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]
"""The number of a point in its acknowledgement: "1", "2"…"""

PastDay = Annotated[
    Day,
    Field(description="Not before what it follows (the receipt, the promise) and not after today."),
]
"""A day of what is recorded after it happened."""

PointTexts = Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]
"""The separate points of a complaint, in the order in which they are numbered."""

Offer = Literal["reasons", "outcome", "further-evidence"]
"""What a resident may give when asking for the next stage."""


class ActionRequest(Frozen):
    """What every action may say: who takes it, when that is not the key's holder."""

    by: Code | None = None


def example(**body: JsonValue) -> ConfigDict:
    """Returns the configuration of a body model with its example for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class TriageRequest(ActionRequest):
    """Take the complaint in, or refuse it for a reason of the policy (Code 2.2 to 2.4, 6.1)."""

    model_config = example(decision="accept", grounds=[], by="sam-manager")

    decision: Literal["accept", "refuse"]
    priority: Literal["standard", "high"] = "standard"
    """`high` makes it a priority whatever the grounds; they can raise `standard`."""
    grounds: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    """The policy's grounds for urgency that hold; they stay in the case file."""
    reason: Code | None = None
    """The policy's reason; needed to refuse."""
    explanation: Words | None = None
    """Goes to the resident; needed to refuse."""
    issue_on: Day | None = None
    """The day of the issue, or of becoming aware of it; needed to refuse for its age."""
    concluded_on: Day | None = None
    """The day on which the same issue was concluded; needed to refuse a repetition."""
    no_exception: bool = False
    """That none of the exceptions to the reason holds; needed to refuse where it has any."""


class ClassifyRequest(ActionRequest):
    """Say what the complaint is about, where, and how the home is held; at least one of them.

    What is left out stays as it was. Reports count the complaint by it, also in years gone by.
    """

    model_config = example(category="repairs", service_area="Heating", tenure="rented")

    category: Label | None = None
    service_area: Label | None = None
    """Who is told of what is late is chosen by it, from now on."""
    region: Label | None = None
    tenure: Tenure | None = None


class AssignRequest(ActionRequest):
    """Put a named investigator in charge, with a second person where the policy wants two."""

    model_config = example(investigator="ivy-investigator")

    investigator: Code
    """Their id in the staff directory."""
    together_with: Code | None = None
    """The id of whoever answers the stage together with them."""


class AcknowledgeRequest(ActionRequest):
    """Acknowledge the stage, having read the complaint (Code 5.6, 6.2, 6.11)."""

    model_config = example(
        definition="The heating was off for three weeks and two visits were missed.",
        points=["The heating was off from 1 to 22 December.", "Two visits were missed."],
        outcomes_sought="A working boiler, and an apology.",
    )

    definition: Words
    points: PointTexts
    """The separate points; each is answered by its number, "1", "2"…"""
    outcomes_sought: Words
    not_ours: Words | None = None
    """Which parts are not the landlord's to answer (Code 5.7)."""


class PointsRequest(ActionRequest):
    """A further complaint joins this one, before its response is out (Code 6.8)."""

    model_config = example(points=["The repair left a hole in the wall."])

    points: PointTexts
    """They are numbered on from the points that there are."""


class ContactRequest(ActionRequest):
    """Log that the resident was spoken to, that it was tried, or why it was left out."""

    model_config = example(
        outcome="made", how="phone", happened_at="2026-01-06T14:20:00+00:00", note="Spoke to Ada."
    )

    outcome: Literal["made", "attempted", "left-out"]
    how: Literal["phone", "email", "letter", "visit", "text", "video", "in-person"] | None = None
    """Needed unless it was left out."""
    happened_at: Moment
    exception: Code | None = None
    """The policy's exception for which contact was left out; needed then."""
    note: Words | None = None
    """What was said; it stays in the case file."""


class ExtendRequest(ActionRequest):
    """Take more time to respond, inside the original time (Code 6.4, 6.5, 6.15)."""

    model_config = example(reason="The boiler part arrives on 20 January.", until="2026-01-30")

    reason: Words
    """Goes to the resident."""
    until: Day
    agreed_on: Day | None = None
    """The day on which the resident agreed; needed beyond the policy's cap."""


class AgreeDateRequest(ActionRequest):
    """The resident agreed to another date for the response, where the policy goes by that."""

    model_config = example(until="2026-02-06", agreed_on="2026-01-20")

    until: Day
    """The date agreed on."""
    agreed_on: Day
    """The day on which the resident agreed."""


class HearingRequest(ActionRequest):
    """Give the hearing a date, or another one; the response counts from it."""

    model_config = example(on="2026-03-09")

    on: Day
    members: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    """The staff ids of the panel, who are told; without any, those told before are."""


class AnswerRequest(Frozen):
    """The answer to one point."""

    point: PointId
    text: Words | None = None
    """The point itself; needed at a stage without acknowledgement, and only there."""
    decision: Decision
    reasons: Words


class PromisedActionRequest(Frozen):
    """Something that the landlord will still do, and by when."""

    what: Words
    by: Day


class RespondRequest(ActionRequest):
    """Answer every point of the stage (Code 6.6, 6.7, 6.9, 6.17)."""

    model_config = example(
        answers=[
            {"point": "1", "decision": "upheld", "reasons": "The part was ordered late."},
            {"point": "2", "decision": "upheld", "reasons": "Our contractor did not come."},
        ],
        remedy="An apology and £50.",
        remedies=[{"kind": "apology"}, {"kind": "payment", "pence": 5000}],
        actions=[{"what": "Service the boiler", "by": "2026-02-13"}],
    )

    definition: Words | None = None
    """What the complaint is about; needed at a stage without acknowledgement, and only there."""
    answers: Annotated[tuple[AnswerRequest, ...], Field(min_length=1, max_length=50)]
    remedy: Words | None = None
    """What is done to put it right, in words: it stands in the letter."""
    remedies: Annotated[tuple[Remedy, ...], Field(max_length=20)] = ()
    """What that comes to, each kind and each payment by itself: it is counted in reports."""
    actions: Annotated[tuple[PromisedActionRequest, ...], Field(max_length=50)] = ()
    """They are numbered from 1, on from those of the stage before."""


class LogResponseRequest(ActionRequest):
    """The stage was answered in a letter of the landlord's own, which Putright did not send."""

    model_config = example(responded_at="2026-02-02T10:00:00+00:00", decision="upheld")

    responded_at: Moment
    """When that letter went out; the resident's time to go further counts from it."""
    decision: Decision | None = None
    """Left out where nobody knows what was decided: the register then says so."""


class KeepPromiseRequest(ActionRequest):
    """An action that a response promised was done (Code 6.6, 7.4)."""

    model_config = example(number=1, done_on="2026-02-12")

    number: Annotated[int, Field(ge=1, le=1000)]
    """Its number, from `promises` of the complaint's position."""
    done_on: PastDay


class OmbudsmanRequest(ActionRequest):
    """The resident has brought the complaint before the Housing Ombudsman."""

    model_config = example(on="2026-03-20")

    on: PastDay


class DeterminationRequest(ActionRequest):
    """The Housing Ombudsman has determined the case; sent again, it puts that right."""

    model_config = example(
        on="2026-11-02", determination="service-failure", orders=2, recommendations=1, pence=20000
    )

    on: PastDay
    determination: Determination
    orders: Annotated[int, Field(ge=0, le=100)] = 0
    recommendations: Annotated[int, Field(ge=0, le=100)] = 0
    pence: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    """The compensation ordered."""


class SurveyRequest(ActionRequest):
    """The resident has said how satisfied they are with how complaints are handled (TP09).

    Of one complaint the answer recorded last counts alone.
    """

    model_config = example(on="2026-03-01", satisfaction="fairly-satisfied")

    on: PastDay
    satisfaction: Satisfaction


class LessonRequest(ActionRequest):
    """What was learnt from the complaint: "you said, we did" (Code 9.1 to 9.3).

    Reports publish these words as they stand. Nothing that tells who somebody is belongs in them:
    no name, no address, nothing by which a neighbour would know the home or the person. With the
    number of an earlier lesson it stands in the place of that one, or takes it back.
    """

    model_config = example(
        theme="Repairs",
        heard="Appointments were moved without a word.",
        done="Our contractor now rings the day before, and we check each week that they did.",
    )

    theme: Label | None = None
    heard: Words | None = None
    """What residents said, without anything by which somebody could be known."""
    done: Words | None = None
    """What was changed because of it; likewise. All three are needed unless it is taken back."""
    number: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The number of an earlier lesson, from `lessons` of the complaint's position."""
    withdraw: bool = False
    """That the lesson of that number is published no more."""


class EscalateRequest(ActionRequest):
    """The resident asks for the next stage (Code 6.10), or answers that it was declined."""

    model_config = example(
        requested_at="2026-02-02T10:00:00+00:00",
        offers=["reasons"],
        words="The heating is off again, so I do not think that this was put right.",
    )

    requested_at: Moment | None = None
    """When the request came in, if that was before now; the clocks count from it."""
    offers: Annotated[tuple[Offer, ...], Field(max_length=3)] = ()
    """What the resident gave with it; without any the request counts all the same (Code 6.12)."""
    words: Words | None = None
    """The request in the resident's own words; it stays in the case file."""
    late_because: Words | None = None
    """Why a request after its time is considered all the same; it stays in the case file."""


class DeclineRequest(ActionRequest):
    """Decline the request for this stage, for a reason of the policy (Code 5.11)."""

    model_config = example(
        reason="no-further-evidence",
        explanation="The photographs are those that we looked at before our first answer.",
    )

    reason: Code
    """The policy's reason."""
    explanation: Words
    """Goes to the resident."""


class ReferRequest(ActionRequest):
    """Pass the complaint on to the next stage instead of answering this one."""

    model_config = example()


class SendOnRequest(ActionRequest):
    """End the procedure after this stage's response: straight to the Ombudsman."""

    model_config = example(
        authorised_by="lena-leader",
        explanation="Looking at it again ourselves would change nothing and cost you time.",
    )

    authorised_by: Code
    """The staff id of whoever has the policy's authority for it."""
    explanation: Words
    """Goes to the resident."""


class WithdrawRequest(ActionRequest):
    """The resident takes the complaint back."""

    model_config = example()


class ConfirmRequest(ActionRequest):
    """Whoever is in charge confirms that the complaint is theirs."""

    model_config = example(by="sam-okafor")


class HelpRequest(ActionRequest):
    """Whoever is in charge asks the line manager and the complaints officer for help."""

    model_config = example(help="records", note="I cannot open the repairs file.", by="sam-okafor")

    help: Help
    note: Words | None = None
    """In their own words; it is mailed with the request."""
