"""What a notice can say: one frozen model for each kind, told apart by its `about`.

Part of notify's contract: whoever sends a notice fills one of these in.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.shared.events import ClockName, Decision, FeedbackKind, Frozen, Help, Rung

Need = Literal["reasons", "outcome", "further-evidence"]
"""What a policy asks of a resident who wants the next stage."""


class Point(Frozen):
    """One separate point of a complaint, by its number within it ("1", "2")."""

    point: str
    text: str


class PointAnswer(Frozen):
    """The answer to one point: its decision and the reasons (Code 6.7)."""

    point: str
    text: str
    decision: Decision
    reasons: str


class PromisedAction(Frozen):
    """Something the landlord will still do, and by when (Code 6.6, 7)."""

    what: str
    by: date


class Receipt(Frozen):
    """To the resident, at once and by itself: we have it, this is what happens next."""

    about: Literal["receipt"] = "receipt"
    received_on: date
    entered_on: date
    """The day on which it was entered: what was due before it can no longer be promised."""
    acknowledge_by: date | None
    respond_by: date | None


class Acknowledgement(Frozen):
    """To the resident from a person who has read it: definition, points, outcomes (Code 5.6).

    The later stage's acknowledgement holds the same facts in another letter (Code 6.11).
    """

    about: Literal["acknowledgement", "stage-acknowledgement"]
    definition: str
    points: tuple[Point, ...]
    outcomes_sought: str
    not_ours: str | None = None
    """Which parts are not the landlord's to answer (Code 5.7)."""
    investigator: str | None
    respond_by: date | None
    """None while the response waits for a hearing to be arranged."""


class AddedPoints(Frozen):
    """To the resident: what you have added is answered with the rest (Code 6.8)."""

    about: Literal["points-added"] = "points-added"
    points: tuple[Point, ...]
    respond_by: date


class Refusal(Frozen):
    """To the resident: not taken as a complaint, why, and whom to turn to (Code 2.4)."""

    about: Literal["refusal"] = "refusal"
    reason: str
    """The policy's wording of the reason."""
    explanation: str


class Assignment(Frozen):
    """To the investigator, or to whoever answers together with them: this complaint is yours."""

    about: Literal["assignment"] = "assignment"
    together_with: str | None = None
    """The staff id of whom it is answered together with."""
    arrange_by: date | None = None
    """By when a hearing needs a date."""
    acknowledge_by: date | None
    respond_by: date | None
    respond_sooner: bool = False
    """Whether the response is due sooner once the complaint is acknowledged sooner."""


class Reminder(Frozen):
    """To the investigator: a clock is near its due date."""

    about: Literal["reminder"] = "reminder"
    clock: ClockName
    due: date


class Escalation(Frozen):
    """To a rung of the ladder: a clock has passed and the thing is still undone."""

    about: Literal["escalation"] = "escalation"
    clock: ClockName
    due: date
    rung: Rung
    """The rung that was reached; the complaints officer is told of every one."""
    investigator: str | None


class ExtensionNotice(Frozen):
    """To the resident: more time is needed, why, and the new date (Code 6.5)."""

    about: Literal["extension"] = "extension"
    reason: str
    was: date
    until: date
    agreed_on: date | None


class Urgent(Frozen):
    """To a rung of the ladder: this complaint needs you now, before any clock has passed."""

    about: Literal["urgent"] = "urgent"
    grounds: int
    """How many of the policy's grounds hold; which they are stands in the case file."""
    rung: Rung
    investigator: str | None


class AgreedDateNotice(Frozen):
    """To the resident: the date for the response, as agreed with you."""

    about: Literal["agreed-date"] = "agreed-date"
    was: date
    until: date
    agreed_on: date


class HearingNotice(Frozen):
    """To the resident: when the panel hears your complaint, and when it will answer."""

    about: Literal["hearing"] = "hearing"
    on: date
    was: date | None
    """The date that it replaces."""
    respond_by: date


class MovedDate(Frozen):
    """A date that somebody was given, and the one that takes its place."""

    clock: ClockName
    was: date
    due: date


class NewHoliday(Frozen):
    """A day that has become a bank holiday, and its name."""

    day: date
    name: str


class DueMovedNotice(Frozen):
    """To the resident, and to whoever answers: dates moved because the bank holidays changed."""

    about: Literal["due-moved"] = "due-moved"
    dates: tuple[MovedDate, ...] = Field(min_length=1)
    new_holidays: tuple[NewHoliday, ...]
    """The new bank holidays that moved them; none where one was taken off the calendar."""


class ResponseNotice(Frozen):
    """To the resident: the answer to every point, what follows, how to go further (Code 6.9)."""

    about: Literal["response"] = "response"
    definition: str
    answers: tuple[PointAnswer, ...]
    decision: Decision
    remedy: str | None
    actions: tuple[PromisedAction, ...]
    investigator: str | None
    next_stage: str | None
    """The next stage's name, or None when this is the final response."""
    next_stage_needs: tuple[Need, ...] = ()
    """What the policy asks for with a request for it."""
    escalate_by: date | None


class MovedOnNotice(Frozen):
    """To the resident: your complaint is now at another stage, asked for or not."""

    about: Literal["moved-on"] = "moved-on"
    from_stage: str
    """The name of the stage that it has left, for people."""
    because: Literal["requested", "not-resolved", "referred"]
    acknowledge_by: date | None
    respond_by: date | None


class ToAssign(Frozen):
    """To the complaints officer: a stage has begun by itself, and nobody is in charge of it."""

    about: Literal["to-assign"] = "to-assign"
    from_stage: str
    """The name of the stage that it has left, for people."""
    acknowledge_by: date | None
    arrange_by: date | None = None
    """By when a hearing needs a date."""
    respond_by: date | None


class Decline(Frozen):
    """To the resident: the next stage is declined, why, and what they can do (Code 5.11)."""

    about: Literal["decline"] = "decline"
    reason: str
    """The policy's wording of the reason."""
    explanation: str
    reply_by: date | None
    """Until when they can answer; None where the decline ends the procedure."""


class Closing(Frozen):
    """To the resident: the procedure has ended without a further response."""

    about: Literal["closing"] = "closing"
    reason: Literal["not-escalated", "withdrawn", "declined", "sent-on"]
    explanation: str | None = None
    late_until: date | None = None
    """Until when a late request for the next stage is still considered."""


class Undeliverable(Frozen):
    """To the complaints officer: a notice to somebody was refused for good."""

    about: Literal["undeliverable"] = "undeliverable"
    notice: str
    notice_about: str
    notice_to: str
    outcome: Literal["refused", "uncertain", "bounced"] | None = None
    """What became of it; None where that was not kept."""
    reader: str | None = None
    """The staff id of the manager whose caseload it is of."""


class Thanks(Frozen):
    """To whoever sent feedback: thank you, we have it (for a compliment or a comment)."""

    about: Literal["thanks"] = "thanks"
    feedback: FeedbackKind
    received_on: date
    passed_on: bool
    """Whether the team concerned is told."""


class Directed(Frozen):
    """To whoever sent feedback: it goes to a procedure of its own, not to complaints (Code 1.4)."""

    about: Literal["directed"] = "directed"
    feedback: FeedbackKind
    received_on: date
    procedure: str
    """The policy's wording of what it is directed to."""
    team: str | None
    """The service area whose team has been told, if it is known."""
    may_complain: bool
    """Whether dissatisfaction with its handling becomes a complaint (Code 1.5)."""


class PassedOn(Frozen):
    """To the team: feedback about your service; its words are in the case file."""

    about: Literal["passed-on"] = "passed-on"
    feedback: FeedbackKind
    received_on: date
    procedure: str | None
    """What its sender was told that it is directed to; None where nothing follows from it."""


class ThanksLate(Frozen):
    """To the complaints officer: the time to thank the sender of feedback passed without it."""

    about: Literal["thanks-late"] = "thanks-late"
    feedback: FeedbackKind
    due: date
    thanked_on: date | None
    """The day on which the thanks went out after all; None while they wait."""


class WindowReminder(Frozen):
    """To the resident, by text if they asked for that: your time to go further is ending."""

    about: Literal["window-reminder"] = "window-reminder"
    next_stage: str
    """The next stage's name, for people."""
    next_stage_needs: tuple[Need, ...] = ()
    ask_by: date


class HelpWanted(Frozen):
    """To the line manager and the complaints officer: whoever is in charge asks for help."""

    about: Literal["help-wanted"] = "help-wanted"
    help: Help
    note: str | None
    """In their own words."""
    investigator: str
    asked_by: str | None = None
    """The staff id of who asks: a deputy can, for whoever is in charge."""
    rung: Rung
    """The rung that is to help; the complaints officer is told of it."""


class FromResident(Frozen):
    """To whoever is in charge: the resident has written; it is in the case file."""

    about: Literal["from-resident"] = "from-resident"
    received_on: date


class PanelHearing(Frozen):
    """To a member of the panel: when you hear this complaint."""

    about: Literal["panel-hearing"] = "panel-hearing"
    on: date
    was: date | None
    """The date that it replaces."""
    respond_by: date


class LetterToPost(Frozen):
    """To the complaints officer: a letter is in the print queue."""

    about: Literal["letter-to-post"] = "letter-to-post"
    notice: str
    """The key of the notice that is the letter."""
    notice_about: str


class DigestLine(Frozen):
    """One complaint in a digest: what comes next for it, and what is new."""

    reference: str
    landlord: str
    stage: str
    """The stage's name for people."""
    service_area: str | None = None
    clock: ClockName
    """What is due first."""
    due: date
    days_left: int
    """Working days after today up to the due date; 0 is today, below it is late."""
    news: tuple[Literal["new", "date-moved", "reminder", "resident-wrote", "overdue"], ...]
    confirmed: bool


class Digest(Frozen):
    """To a manager, on a working morning with news: what is open, the most urgent first."""

    about: Literal["digest"] = "digest"
    day: date
    lines: tuple[DigestLine, ...] = Field(min_length=1)


class Chase(Frozen):
    """To a manager: you have not confirmed yet that this complaint is yours."""

    about: Literal["chase"] = "chase"
    assigned_on: date
    clock: ClockName
    """What is due first."""
    due: date


class Offer(Frozen):
    """To the deputy: this complaint's manager does not answer; you can take it on."""

    about: Literal["offer"] = "offer"
    manager: str
    """The staff id of whom it was assigned to."""
    assigned_on: date
    clock: ClockName
    due: date


class Unconfirmed(Frozen):
    """To the complaints officer: a manager has not confirmed a complaint in two working days."""

    about: Literal["unconfirmed"] = "unconfirmed"
    manager: str
    assigned_on: date
    offered_to: str | None
    """The staff id of the deputy, or None where there is none to offer it to."""


class Cover(Frozen):
    """To the complaints officer: a manager is away, and this is who is written to meanwhile."""

    about: Literal["cover"] = "cover"
    manager: str
    deputy: str | None
    """None where nobody covers: then it is the complaints officer who gets their mail."""
    away_until: date
    """The last day away."""
    open_complaints: int


class HeldMail(Frozen):
    """To the complaints officer: mail came in that Putright could not take by itself."""

    about: Literal["held-mail"] = "held-mail"
    received_on: date
    why: str
    """In a few words for people, with nothing from the mail itself."""
    returned: bool = False
    """Whether it came back to our return path, and so lies with notify and not with intake."""


Content = Annotated[
    Receipt
    | Acknowledgement
    | AddedPoints
    | Refusal
    | Assignment
    | Urgent
    | Reminder
    | Escalation
    | ExtensionNotice
    | AgreedDateNotice
    | HearingNotice
    | DueMovedNotice
    | ResponseNotice
    | MovedOnNotice
    | ToAssign
    | Decline
    | Closing
    | Undeliverable
    | Thanks
    | Directed
    | PassedOn
    | ThanksLate
    | WindowReminder
    | HelpWanted
    | FromResident
    | PanelHearing
    | LetterToPost
    | Digest
    | Chase
    | Offer
    | Unconfirmed
    | Cover
    | HeldMail,
    Field(discriminator="about"),
]
