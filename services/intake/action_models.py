"""What the API takes for the actions of staff: one body each."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from services.intake.fields import Day, Moment
from services.shared.events import Decision, Frozen
from services.shared.text import Code, Words

PointId = Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]
"""The number of a point in its acknowledgement: "1", "2"…"""


class ActionRequest(Frozen):
    """What every action may say: who takes it, when that is not the key's holder."""

    by: Code | None = None


def example(**body: JsonValue) -> ConfigDict:
    """Returns the configuration of a body model with its example for the API's description."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class TriageRequest(ActionRequest):
    """Take the complaint in, or refuse it for a reason of the policy (Code 2.2 to 2.4)."""

    model_config = example(decision="accept", priority="standard", by="sam-manager")

    decision: Literal["accept", "refuse"]
    priority: Literal["standard", "high"] = "standard"
    reason: Code | None = None
    """The policy's reason; needed to refuse."""
    explanation: Words | None = None
    """Goes to the resident; needed to refuse."""


class AssignRequest(ActionRequest):
    """Put a named investigator in charge."""

    model_config = example(investigator="ivy-investigator")

    investigator: Code
    """Their id in the staff directory."""


class AcknowledgeRequest(ActionRequest):
    """Acknowledge the stage, having read the complaint (Code 5.6, 6.2, 6.11)."""

    model_config = example(
        definition="The heating was off for three weeks and two visits were missed.",
        points=["The heating was off from 1 to 22 December.", "Two visits were missed."],
        outcomes_sought="A working boiler, and an apology.",
    )

    definition: Words
    points: Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]
    """The separate points; each is answered by its number, "1", "2"…"""
    outcomes_sought: Words
    not_ours: Words | None = None
    """Which parts are not the landlord's to answer (Code 5.7)."""


class ContactRequest(ActionRequest):
    """Log that the resident was spoken to, or that it was tried."""

    model_config = example(
        outcome="made", how="phone", happened_at="2026-01-06T14:20:00+00:00", note="Spoke to Ada."
    )

    outcome: Literal["made", "attempted"]
    how: Literal["phone", "email", "letter", "visit", "text", "video", "in-person"]
    happened_at: Moment
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


class AnswerRequest(Frozen):
    """The answer to one point."""

    point: PointId
    decision: Decision
    reasons: Words


class PromisedActionRequest(Frozen):
    """Something that the landlord will still do, and by when."""

    what: Words
    by: Day


class RespondRequest(ActionRequest):
    """Answer every point of the acknowledgement (Code 6.6, 6.7, 6.9, 6.17)."""

    model_config = example(
        answers=[
            {"point": "1", "decision": "upheld", "reasons": "The part was ordered late."},
            {"point": "2", "decision": "upheld", "reasons": "Our contractor did not come."},
        ],
        remedy="An apology and £50.",
        actions=[{"what": "Service the boiler", "by": "2026-02-13"}],
    )

    answers: Annotated[tuple[AnswerRequest, ...], Field(min_length=1, max_length=50)]
    remedy: Words | None = None
    actions: Annotated[tuple[PromisedActionRequest, ...], Field(max_length=50)] = ()


class EscalateRequest(ActionRequest):
    """The resident asks for the next stage (Code 6.10); no reasons are needed."""

    model_config = example(requested_at="2026-02-02T10:00:00+00:00")

    requested_at: Moment | None = None
    """When the request came in, if that was before now; the clocks count from it."""


class WithdrawRequest(ActionRequest):
    """The resident takes the complaint back."""

    model_config = example()
