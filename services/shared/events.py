"""What has happened to a complaint, in the words every service shares.

Events are facts: frozen, numbered from 1 within a complaint, timed in UTC. They carry ids,
dates and codes only: no names, addresses or words of a person. (A lesson's words are the landlord's
own, and made to be published.)
The pair (`reference`, `sequence`) identifies an event for ever, so storing one twice is harmless.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Decision = Literal["upheld", "partially-upheld", "not-upheld"]
"""The decision on a point or a whole complaint (Code 6.9, 6.17)."""

ClockName = Literal["acknowledge", "contact", "arrange", "respond", "escalate", "reply"]
"""What a clock waits for.

`contact`: the resident spoken to; `arrange`: a hearing with a date. `escalate` and `reply` are the
resident's own time: to ask for the next stage, and to answer a request that was declined.
"""

RESIDENTS_TIME: frozenset[ClockName] = frozenset({"escalate", "reply"})
"""The clocks that nobody of the landlord can miss."""

FeedbackKind = Literal["compliment", "comment", "service-request", "anti-social-behaviour"]
"""What comes in that is no complaint."""

Help = Literal["records", "time", "advice", "decision", "somebody-else"]
"""What somebody in charge can ask for.

`records`: I cannot get at what I need; `time`: my other work leaves me none; `advice`: I do not
know how to go on; `decision`: somebody above me must decide; `somebody-else`: I cannot do it.
"""

Tenure = Literal["rented", "shared-ownership", "other"]
"""How the home is held, as the Tenant Satisfaction Measures tell homes apart.

`rented`: low cost rental accommodation; `shared-ownership`: low cost home ownership; `other`: any
other, or none.
"""

RemedyKind = Literal[
    "acknowledgement",
    "apology",
    "explanation",
    "action",
    "changed-decision",
    "corrected-record",
    "changed-practice",
    "payment",
]
"""What a landlord does to put things right (Code 7.1)."""

Determination = Literal[
    "severe-maladministration",
    "maladministration",
    "service-failure",
    "reasonable-redress",
    "no-maladministration",
    "mediated",
    "outside-jurisdiction",
    "withdrawn",
]
"""What the Housing Ombudsman found; `mediated`: resolved with its help, without a finding."""

Satisfaction = Literal[
    "very-satisfied",
    "fairly-satisfied",
    "neither",
    "fairly-dissatisfied",
    "very-dissatisfied",
]
"""How satisfied somebody is with the landlord's way of handling complaints (measure TP09)."""

Rung = Literal["investigator", "line-manager", "head-of-service", "complaints-officer"]
"""Who can be told by the ladder; the notify service knows which person that is."""


Outcome = Literal[
    "sent",
    "entered",
    "to-print",
    "posted",
    "by-hand",
    "uncertain",
    "refused",
    "bounced",
    "nobody",
]
"""What became of a notice, as far as is known.

`entered`: in the caseload of the manager in charge, who reads of it in their next mail;
`to-print`: a letter in the print queue, until it is `posted`; `by-hand`: a member of staff was
asked to ring; `uncertain`: handed over again and again, and never confirmed; `refused`: the
address or the mail, for good; `bounced`: taken, and sent back later; `nobody`: there is no way to
reach them.
"""


class Frozen(BaseModel):
    """A value: frozen, and refuses fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Frozen):
    """What every event says: which complaint, in which order, when (UTC), at which stage, by whom.

    `by` is a staff id, a channel key's id, or `putright` for what the clocks did by themselves.
    """

    reference: str
    sequence: int = Field(ge=1)
    at: AwareDatetime
    stage: str
    by: str


class Received(Event):
    """A complaint came in. `at` is the moment of receipt, which may be before it was entered."""

    kind: Literal["received"] = "received"
    policy: str
    policy_effective: date
    channel: str
    entered_at: AwareDatetime
    category: str | None = None
    service_area: str | None = None
    region: str | None = None
    tenure: Tenure | None = None
    anonymous: bool = False
    from_feedback: str | None = None
    """The reference of the feedback whose handling is complained of (Code 1.5)."""


class ClockSet(Event):
    """A clock was started or moved: the whole working-out stands here as a fact."""

    kind: Literal["clock-set"] = "clock-set"
    clock: ClockName
    due: date
    passes_at: AwareDatetime
    anchor: str
    anchor_date: date
    provisional: bool
    """True when the anchor is still to come, and the day on which it is due stands in for it."""
    day_1: date
    skipped: tuple[str, ...]
    calendar: str
    clause: str


class DueMoved(Event):
    """A due date moved by itself because the bank holidays changed; the `ClockSet` follows it."""

    kind: Literal["due-moved"] = "due-moved"
    clock: ClockName
    was: date
    due: date
    calendar: str
    """The version of the calendar by which it is counted now."""


class Accepted(Event):
    """Triage took the complaint in (Code 6.1)."""

    kind: Literal["accepted"] = "accepted"
    priority: str


class Refused(Event):
    """Triage refused it for one of the policy's reasons (Code 2.2, 2.4)."""

    kind: Literal["refused"] = "refused"
    reason: str


class SentUpAtOnce(Event):
    """So many of the policy's grounds held at triage that it went up the ladder at once.

    Which they were stays in the case file: they can tell of health or vulnerability.
    """

    kind: Literal["sent-up-at-once"] = "sent-up-at-once"
    grounds: int
    rung: Rung
    told: tuple[Rung, ...]


class Classified(Event):
    """What it is about, where, and how the home is held: these were recorded or put right.

    What is None was left as it was. It goes for the whole complaint, whatever the stage.
    """

    kind: Literal["classified"] = "classified"
    category: str | None = None
    service_area: str | None = None
    region: str | None = None
    tenure: Tenure | None = None


class Assigned(Event):
    """A named investigator was put in charge. A later one replaces the earlier."""

    kind: Literal["assigned"] = "assigned"
    investigator: str
    together_with: str | None = None
    """Who answers the stage together with the investigator, where the policy wants two."""


class Confirmed(Event):
    """Whoever is in charge has confirmed that the complaint is theirs."""

    kind: Literal["confirmed"] = "confirmed"
    investigator: str


class HelpAsked(Event):
    """Whoever is in charge asked for help; their own words are in the notice alone."""

    kind: Literal["help-asked"] = "help-asked"
    help: Help
    told: tuple[Rung, ...]


class ResidentWrote(Event):
    """Mail from the resident was joined to the complaint; its words are in the case file."""

    kind: Literal["resident-wrote"] = "resident-wrote"
    channel: str


class Acknowledged(Event):
    """A person acknowledged the stage with its definition (Code 5.6, 6.2). `points` is how many.

    Without a `due` date the policy promises none for it, and it is in time.
    """

    kind: Literal["acknowledged"] = "acknowledged"
    points: int
    due: date | None
    in_time: bool


class PointsAdded(Event):
    """A further complaint joined this one before its response was out (Code 6.8)."""

    kind: Literal["points-added"] = "points-added"
    points: int
    """How many points it added."""


class Contacted(Event):
    """The resident was spoken to, or an attempt was made, at `happened_at` (UTC).

    `left-out`: there is an exception of the policy for which contact is not needed.
    """

    kind: Literal["contacted"] = "contacted"
    outcome: Literal["made", "attempted", "left-out"]
    how: str | None
    happened_at: AwareDatetime
    exception: str | None = None
    counts: bool = True
    """False when it happened before the stage began: it is no contact of this stage."""


class Reminded(Event):
    """The investigator was reminded that a clock nears its due date."""

    kind: Literal["reminded"] = "reminded"
    clock: ClockName
    due: date


class Missed(Event):
    """A clock passed with the thing it waits for undone. `at` is when that was recorded."""

    kind: Literal["missed"] = "missed"
    clock: ClockName
    due: date
    passed_at: AwareDatetime


class Climbed(Event):
    """A missed clock went one rung up the ladder. `told` are the roles written to."""

    kind: Literal["climbed"] = "climbed"
    clock: ClockName
    due: date
    rung: Rung
    told: tuple[Rung, ...]


class Extended(Event):
    """The time to respond was extended (Code 6.4–6.5, 6.15)."""

    kind: Literal["extended"] = "extended"
    was: date
    until: date
    agreed_on: date | None
    """The day on which the resident agreed, needed beyond the cap."""


class DateAgreed(Event):
    """Another date for the response was agreed with the resident."""

    kind: Literal["date-agreed"] = "date-agreed"
    was: date
    until: date
    agreed_on: date


class HearingSet(Event):
    """The hearing has a date, or another one."""

    kind: Literal["hearing-set"] = "hearing-set"
    on: date
    was: date | None


class Finding(Frozen):
    """The decision on one point of the complaint."""

    point: str
    decision: Decision


class Remedy(Frozen):
    """One thing that the response gives or does to put things right (Code 7.1 to 7.4)."""

    kind: RemedyKind
    pence: int | None = Field(default=None, ge=1, le=100_000_000)
    """The amount; of a payment alone, and of each."""

    @model_validator(mode="after")
    def _only_payments_have_amounts(self) -> Self:
        if (self.kind == "payment") != (self.pence is not None):
            raise ValueError("a payment has an amount in pence, and nothing else has")
        return self


class Promise(Frozen):
    """An action that the response promises, by a day; its words are in the letter (Code 6.6)."""

    number: int = Field(ge=1)
    """From 1, within the complaint."""
    by: date


class Responded(Event):
    """Every point was answered (Code 6.7, 6.9). `at` is the moment of the answer."""

    kind: Literal["responded"] = "responded"
    decision: Decision | None
    """None when it was answered outside Putright, and nobody recorded what was decided."""
    findings: tuple[Finding, ...]
    due: date
    in_time: bool
    remedies: tuple[Remedy, ...] = ()
    promises: tuple[Promise, ...] = ()
    outside: bool = False
    """Whether the answer went out by the landlord's own means, and not as a notice."""


class PromiseKept(Event):
    """A promised action was done (Code 6.6, 7.4); `stage` is the one whose response promised it."""

    kind: Literal["promise-kept"] = "promise-kept"
    number: int
    promised_for: date
    done_on: date


class OmbudsmanInvolved(Event):
    """The resident has brought the complaint before the Housing Ombudsman."""

    kind: Literal["ombudsman-involved"] = "ombudsman-involved"
    on: date


class OmbudsmanDetermined(Event):
    """The Housing Ombudsman has determined the case."""

    kind: Literal["ombudsman-determined"] = "ombudsman-determined"
    on: date
    determination: Determination
    orders: int = Field(ge=0)
    recommendations: int = Field(ge=0)
    pence: int = Field(ge=0)
    """The compensation that it ordered."""
    corrected: bool = False
    """Whether this stands in the place of what was recorded of the same case before."""


class SurveyAnswered(Event):
    """The resident has said how satisfied they are with how complaints are handled (TP09).

    The Regulator counts people, so of one complaint the answer recorded last counts alone.
    """

    kind: Literal["survey-answered"] = "survey-answered"
    on: date
    satisfaction: Satisfaction


class LessonLearned(Event):
    """What was learnt from the complaint (Code 9.1 to 9.3), in words meant to be published.

    They are the landlord's own, written without anything about a person: the one event with words.
    """

    kind: Literal["lesson-learned"] = "lesson-learned"
    number: int | None = Field(default=None, ge=1)
    """From 1, within the complaint; a number that was there before is that lesson, put right.
    Without one it is the next."""
    theme: str
    heard: str
    """"You said"."""
    done: str
    """"We did"."""


class LessonWithdrawn(Event):
    """A lesson was taken back: it is published no more."""

    kind: Literal["lesson-withdrawn"] = "lesson-withdrawn"
    number: int


class StageRequested(Event):
    """The resident asked for the next stage; `stage` is the new one (Code 6.10)."""

    kind: Literal["stage-requested"] = "stage-requested"
    from_stage: str
    late: bool = False
    """True when its time had passed, and it was considered as an exception."""


class Declined(Event):
    """The request for this stage was declined for one of the policy's reasons (Code 5.11)."""

    kind: Literal["declined"] = "declined"
    reason: str
    final: bool
    """False while the resident may answer the decline."""


class DeclineAnswered(Event):
    """The resident answered the decline, so the request is considered again."""

    kind: Literal["decline-answered"] = "decline-answered"


class MovedOn(Event):
    """The complaint went on without a request; `stage` is the new one."""

    kind: Literal["moved-on"] = "moved-on"
    from_stage: str
    because: Literal["not-resolved", "referred"]


class Withdrawn(Event):
    """The resident took the complaint back."""

    kind: Literal["withdrawn"] = "withdrawn"


class Closed(Event):
    """The procedure is at its end."""

    kind: Literal["closed"] = "closed"
    reason: Literal["final-response", "not-escalated", "declined", "sent-on"]


class NoticeSettled(Event):
    """What became of a notice: proof that it was sent, or that it could not be."""

    kind: Literal["notice-settled"] = "notice-settled"
    notice: str
    """The notice's key: unique, and the same for every attempt."""
    about: str
    """The kind of notice: receipt, acknowledgement, reminder…"""
    to: str
    """`resident`, or the role written to."""
    outcome: Outcome
    settled_at: AwareDatetime
    was: Outcome | None = None
    """The outcome that this replaces, where it was learnt later."""


AnyEvent = Annotated[
    Received
    | ClockSet
    | DueMoved
    | Accepted
    | Refused
    | SentUpAtOnce
    | Classified
    | Assigned
    | Acknowledged
    | PointsAdded
    | Contacted
    | Reminded
    | Missed
    | Climbed
    | Extended
    | DateAgreed
    | HearingSet
    | Confirmed
    | HelpAsked
    | ResidentWrote
    | Responded
    | PromiseKept
    | OmbudsmanInvolved
    | OmbudsmanDetermined
    | SurveyAnswered
    | LessonLearned
    | LessonWithdrawn
    | StageRequested
    | Declined
    | DeclineAnswered
    | MovedOn
    | Withdrawn
    | Closed
    | NoticeSettled,
    Field(discriminator="kind"),
]
"""Any event, told apart by its `kind`."""


class ThanksPromised(Frozen):
    """By when the sender of feedback is thanked, and how that date was worked out."""

    on: date
    """The last day in Europe/London on which the thanks are in time."""
    passes_at: AwareDatetime
    day_1: date
    skipped: tuple[str, ...]
    calendar: str
    clause: str


class FeedbackEvent(Frozen):
    """What every event of feedback that is no complaint says: which, in which order, when, by whom.

    It is never counted among complaints; (`reference`, `sequence`) identifies it as theirs does.
    """

    reference: str
    sequence: int = Field(ge=1)
    at: AwareDatetime
    by: str


class FeedbackReceived(FeedbackEvent):
    """Feedback came in. `at` is the moment of receipt, which may be before it was entered."""

    kind: Literal["feedback-received"] = "feedback-received"
    feedback_kind: FeedbackKind
    policy: str
    policy_effective: date
    channel: str
    entered_at: AwareDatetime
    service_area: str | None
    region: str | None
    anonymous: bool
    """Whether there is nobody to write to."""
    thanks: ThanksPromised | None
    """None where the policy promises no date, or there is nobody to thank."""


class FeedbackLate(FeedbackEvent):
    """The time to thank the sender passed without it. `at` is when that was recorded."""

    kind: Literal["feedback-late"] = "feedback-late"
    due: date
    passed_at: AwareDatetime


class FeedbackNoticeSettled(FeedbackEvent):
    """What became of a notice about feedback: the fields are those of `NoticeSettled`."""

    kind: Literal["feedback-notice-settled"] = "feedback-notice-settled"
    notice: str
    about: str
    to: str
    outcome: Outcome
    settled_at: AwareDatetime


AnyFeedbackEvent = Annotated[
    FeedbackReceived | FeedbackLate | FeedbackNoticeSettled, Field(discriminator="kind")
]
"""Any event of feedback that is no complaint."""

Recordable = Annotated[AnyEvent | AnyFeedbackEvent, Field(discriminator="kind")]
"""Whatever the register is told."""


def aware(moment: datetime) -> datetime:
    """Returns `moment`, refusing one without an offset (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is refused: say which instant is meant")
    return moment
