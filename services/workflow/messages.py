"""The messages of a complaint: what starts it, what people do to it, where it stands.

They are the vocabulary of `contract.py`, through which the other services use them. None holds
the resident's own words; those stay in intake's case file.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from services.notify.contents import Need, PromisedAction
from services.notify.contract import Addressee
from services.shared.events import (
    ClockName,
    Decision,
    Determination,
    Frozen,
    Help,
    Remedy,
    Satisfaction,
    Tenure,
)
from services.workflow.clocks import Due

Status = Literal[
    "received",
    "accepted",
    "escalated",
    "acknowledged",
    "answered",
    "declined",
    "refused",
    "withdrawn",
    "closed",
]
"""Where a complaint stands within its stage.

`received`: waiting for triage or acknowledgement; `escalated`: at a later stage, waiting for its
acknowledgement; `answered`: the response is out and the resident may go further; `declined`: the
stage was asked for and declined, and the resident may answer that. The last three are ends.
"""

Channel = Literal["web", "phone", "email", "letter", "in-person", "social", "member-enquiry"]


def workflow_id(reference: str) -> str:
    """Returns the id under which the workflow of a complaint runs."""
    return f"complaint-{reference}"


class Promise(Frozen):
    """What a complaint received at a given moment is promised under a policy."""

    policy: str
    policy_effective: date
    policy_title: str
    landlord: str
    stage: str
    dues: tuple[Due, ...]

    def due(self, clock: ClockName) -> Due | None:
        """Returns the due date of one clock, or None when the stage has no such clock."""
        return next((due for due in self.dues if due.clock == clock), None)


class NewComplaint(Frozen):
    """Everything the workflow of a complaint is told at its start. No words of the complaint."""

    reference: str
    promise: Promise
    received_at: AwareDatetime
    entered_at: AwareDatetime
    channel: Channel
    entered_by: str
    addressee: Addressee
    anonymous: bool
    tracking_url: str | None = None
    category: str | None = None
    service_area: str | None = None
    region: str | None = None
    tenure: Tenure | None = None
    service: str | None = None
    """The policy's kind of service that it is about, if it is known; chooses the signposts."""
    from_feedback: str | None = None
    """The reference of the feedback whose handling it is about, if it began so (Code 1.5)."""
    carried: dict[str, JsonValue] | None = None
    """What an earlier run of the same workflow hands on; only the workflow itself sets it."""


class Action(Frozen):
    """What every action carries: its idempotency key and who did it."""

    key: str
    by: str


class Triage(Action):
    """Take it in, or refuse it for one of the policy's reasons (Code 2.2 to 2.4, 6.1)."""

    decision: Literal["accept", "refuse"]
    priority: Literal["standard", "high"] = "standard"
    at_once: int = Field(default=0, ge=0)
    """How many grounds hold, where the policy sends a complaint up at once for so many; else 0."""
    reason: str | None = None
    """The policy's reason code; needed to refuse."""
    explanation: str | None = None
    """Goes to the resident; needed to refuse."""
    issue_on: date | None = None
    """The day of the issue, or of becoming aware of it; needed where the reason is its age."""
    concluded_on: date | None = None
    """The day on which the same issue was concluded; needed where the reason is its repetition."""
    no_exception: bool = False
    """That none of the reason's exceptions holds; needed where it has any."""


class Classify(Action):
    """Say what it is about, where, and how the home is held; what is left out stays as it was."""

    category: str | None = None
    service_area: str | None = None
    region: str | None = None
    tenure: Tenure | None = None


class Assign(Action):
    """Put a named investigator in charge, with a second person where the policy wants two."""

    investigator: str
    together_with: str | None = None


class Acknowledge(Action):
    """A person who has read it acknowledges the stage (Code 5.6, 6.2, 6.11)."""

    definition: str
    points: tuple[str, ...] = Field(min_length=1, max_length=50)
    """The separate points; they are numbered "1", "2"… in this order."""
    outcomes_sought: str
    not_ours: str | None = None


class AddPoints(Action):
    """A further complaint joins this one, before its response is out (Code 6.8)."""

    points: tuple[str, ...] = Field(min_length=1, max_length=50)
    """They are numbered on from the points that there are."""


class LogContact(Action):
    """The resident was spoken to, or an attempt was made, or an exception of the policy holds."""

    outcome: Literal["made", "attempted", "left-out"]
    how: Literal["phone", "email", "letter", "visit", "text", "video", "in-person"] | None = None
    """Needed unless it was left out."""
    happened_at: AwareDatetime
    exception: str | None = None
    """The policy's code of the exception; needed to leave contact out."""


class Extend(Action):
    """Take more time to respond (Code 6.4, 6.5, 6.15)."""

    reason: str
    until: date
    agreed_on: date | None = None
    """The day on which the resident agreed; needed beyond the policy's cap."""


class AgreeDate(Action):
    """The resident agreed to another date for the response, where the policy goes by that."""

    until: date
    agreed_on: date


class SetHearing(Action):
    """The hearing has a date, or another one; the response counts from it."""

    on: date
    members: tuple[str, ...] = Field(default=(), max_length=20)
    """The staff ids of the panel, who are told; none leaves those told before."""


class Confirm(Action):
    """Whoever is in charge confirms that the complaint is theirs."""


class AskHelp(Action):
    """Whoever is in charge asks for help with it."""

    help: Help
    note: str | None = None
    """In their own words; it goes to the line manager and the complaints officer."""


class TellOfMail(Action):
    """The resident has written: it is in the case file."""

    channel: Literal["email"] = "email"


class Answer(Frozen):
    """The answer to one point: decision and reasons. `text` is the point, for the letter."""

    point: str
    text: str
    decision: Decision
    reasons: str


class Respond(Action):
    """Answer every point of the stage (Code 6.6, 6.7, 6.9, 6.17)."""

    definition: str
    answers: tuple[Answer, ...]
    remedy: str | None = None
    """In words, for the letter."""
    remedies: tuple[Remedy, ...] = Field(default=(), max_length=20)
    """What that comes to, to be counted."""
    actions: tuple[PromisedAction, ...] = ()
    """What is promised; they are numbered on from those of the stage before."""


class LogResponse(Action):
    """The stage was answered by the landlord's own means, in a letter that Putright did not send.

    What it decided may not be known. It is no way round the rules of a response.
    """

    responded_at: AwareDatetime
    decision: Decision | None = None


class KeepPromise(Action):
    """An action that a response promised was done (Code 6.6, 7.4)."""

    number: int = Field(ge=1)
    done_on: date


class InvolveOmbudsman(Action):
    """The resident has brought the complaint before the Housing Ombudsman."""

    on: date


class RecordDetermination(Action):
    """The Housing Ombudsman has determined the case; recorded again, it puts that right."""

    on: date
    determination: Determination
    orders: int = Field(default=0, ge=0, le=100)
    recommendations: int = Field(default=0, ge=0, le=100)
    pence: int = Field(default=0, ge=0)
    """The compensation ordered."""


class AnswerSurvey(Action):
    """The resident has answered the survey on how complaints are handled (TP09)."""

    on: date
    satisfaction: Satisfaction


class LearnLesson(Action):
    """What was learnt from it, in words to be published (Code 9.1 to 9.3)."""

    theme: str | None = None
    heard: str | None = None
    done: str | None = None
    """All three are needed unless it is taken back."""
    number: int | None = None
    """The lesson in whose place this one stands; without it, it is a new one."""
    withdraw: bool = False
    """That the lesson of that number is taken back."""


class Escalate(Action):
    """The resident asks for the next stage (Code 6.10), or answers that it was declined."""

    requested_at: AwareDatetime | None = None
    """When the request came in, if that was before it was entered; the clocks count from it."""
    offers: tuple[Need, ...] = ()
    """What the resident gave with it; without it the request counts all the same."""
    considered_late: bool = False
    """That a request after its time is considered as an exception; why stays in the case file."""


class Decline(Action):
    """Decline the request for this stage, for one of the policy's reasons (Code 5.11)."""

    reason: str
    explanation: str
    """Goes to the resident."""


class Refer(Action):
    """Pass the complaint on to the next stage instead of answering this one."""


class SendOn(Action):
    """End the procedure after this stage's response: straight to the Ombudsman."""

    authorised_by: str
    """The staff id of whoever has the policy's authority for it."""
    explanation: str
    """Goes to the resident."""


class Withdraw(Action):
    """The resident takes the complaint back."""


AnyAction = (
    Triage
    | Classify
    | Assign
    | Acknowledge
    | AddPoints
    | LogContact
    | Extend
    | AgreeDate
    | SetHearing
    | Respond
    | Escalate
    | Decline
    | Refer
    | SendOn
    | Withdraw
    | Confirm
    | AskHelp
    | TellOfMail
    | LogResponse
    | KeepPromise
    | InvolveOmbudsman
    | RecordDetermination
    | AnswerSurvey
    | LearnLesson
)


class ClockPosition(Frozen):
    """One clock as it stands. `state` is `running` until it is `met`, `missed` or `stopped`.

    What was done after its time is `met-late`; `missed_at` stays when it was only logged late.
    """

    stage: str
    clock: ClockName
    due: date
    passes_at: AwareDatetime
    state: Literal["running", "met", "missed", "met-late", "stopped"]
    met_at: AwareDatetime | None
    missed_at: AwareDatetime | None
    reminders_sent: int
    rungs_climbed: int
    latest_extension: date | None


class PromisePosition(Frozen):
    """One promised action, and whether it was done."""

    number: int
    stage: str
    by: date
    done_on: date | None


class Position(Frozen):
    """Where a complaint stands: what an action answers with and what a query reads."""

    reference: str
    policy: str
    policy_effective: date
    stage: str
    stage_title: str = ""
    """The policy's title of the stage; empty where it is not known."""
    status: Status
    priority: str
    investigator: str | None
    together_with: str | None = None
    confirmed: tuple[str, ...] = ()
    """Who of those in charge has confirmed that it is theirs, or has acted on it."""
    points: tuple[str, ...]
    contacts: int
    hearing_on: date | None = None
    late_requests_until: AwareDatetime | None = None
    """Until when a closed complaint may still go on, by a request considered as an exception."""
    next_stage_needs: tuple[Need, ...] = ()
    """What the policy wants given with a request for the next stage."""
    promises: tuple[PromisePosition, ...] = ()
    """The actions that responses promised."""
    with_ombudsman: bool = False
    """Whether the Housing Ombudsman has it and has not determined it."""
    determined: bool = False
    """Whether the Housing Ombudsman has determined the newest case about it."""
    lessons: tuple[int, ...] = ()
    """The numbers of the lessons that stand."""
    clocks: tuple[ClockPosition, ...]
    next_due: AwareDatetime | None
    overdue: bool
