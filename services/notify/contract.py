"""What other services may ask of notify: send notices, and look a member of staff up.

A notice is one message to one person about one complaint. Its `key` is its business identity:
the same for every attempt, so that a repeat is recognised and nothing goes out twice.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, CancelledError

from services.shared.events import ClockName, Decision, FeedbackKind, Frozen, Rung

TASK_QUEUE = "notify"

SEND_NOTICES = "send_notices"
DELIVER_NOTICE = "deliver_notice"
FIND_PERSON = "find_person"

FIRST_TRY = timedelta(seconds=30)
"""How long a turn of the workflow waits for notices to go out before it goes on without them."""


Need = Literal["reasons", "outcome", "further-evidence"]
"""What a policy asks of a resident who wants the next stage."""


class Addressee(Frozen):
    """The one person outside that a complaint writes to. Never in ids, logs or search attributes.

    Without `email` there is nobody to mail: `postal` says that a letter can reach them, and then
    the complaints officer is asked to post it.
    """

    name: str | None = None
    email: str | None = None
    postal: bool = False


class Signpost(Frozen):
    """Who else the resident can turn to, with contact details (policy data)."""

    name: str
    when: str
    address: str | None = None
    telephone: str | None = None
    email: str | None = None
    website: str | None = None


class Letterhead(Frozen):
    """What every notice says about the complaint, or the feedback, and its landlord."""

    landlord: str
    policy_name: str
    stage: str | None
    """The stage's name for people, such as "Stage 1"; None for feedback that is no complaint."""
    tracking_url: str | None = None
    signposts: tuple[Signpost, ...] = ()


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
    | ThanksLate,
    Field(discriminator="about"),
]


class ToResident(Frozen):
    """The addressee of the complaint."""

    role: Literal["resident"] = "resident"
    addressee: Addressee


class ToStaff(Frozen):
    """A role of the ladder, found through the directory from the investigator and service area.

    With nobody in the role (no investigator yet, no line manager) the complaints officer gets it.
    """

    role: Rung
    investigator: str | None
    service_area: str | None


class Notice(Frozen):
    """One message to one person about one complaint."""

    key: str
    reference: str
    stage: str
    """The name of the stage that it belongs to, such as `stage-1`, or `feedback`."""
    to: Annotated[ToResident | ToStaff, Field(discriminator="role")]
    letterhead: Letterhead
    content: Content


class SendNotices(Frozen):
    """The notices of one turn of a complaint."""

    notices: tuple[Notice, ...]


class Settled(Frozen):
    """What became of a notice. `queued` means that it could not go out yet.

    `by-hand`: mailed to the complaints officer to be posted; `refused`: the address or the mail
    was refused for good; `nobody`: an anonymous complaint, there is nobody to write to.
    """

    key: str
    outcome: Literal["sent", "by-hand", "refused", "nobody", "queued"]
    at: AwareDatetime


class Deliveries(Frozen):
    """What became of each notice of a request, in its order."""

    settled: tuple[Settled, ...]


class FindPerson(Frozen):
    """Asks the directory for one member of staff by id."""

    staff_id: str


class Person(Frozen):
    """What a rule may know of a member of staff: no name, no address."""

    staff_id: str
    role: str
    """The role in the directory, such as `manager` or `head-of-service`."""


class PersonFound(Frozen):
    """The directory's answer; `person` is None when the id is unknown."""

    person: Person | None


async def send_notices(notices: Sequence[Notice], *, summary: str) -> Deliveries | None:
    """From a workflow: tries each notice once. None when notify did not answer in `FIRST_TRY`.

    What is `queued`, or has no answer, goes on with `deliver_notice`: the keys make that safe.
    """
    try:
        deliveries: Deliveries = await workflow.execute_activity(
            SEND_NOTICES,
            SendNotices(notices=tuple(notices)),
            result_type=Deliveries,
            task_queue=TASK_QUEUE,
            schedule_to_close_timeout=FIRST_TRY,
            summary=summary,
        )
    except ActivityError as error:
        _unless_cancelled(error)
        return None
    return deliveries


async def deliver_notice(notice: Notice, *, summary: str) -> Settled:
    """From a workflow: delivers one notice, retried by Temporal for as long as it takes."""
    settled: Settled = await workflow.execute_activity(
        DELIVER_NOTICE,
        notice,
        result_type=Settled,
        task_queue=TASK_QUEUE,
        start_to_close_timeout=timedelta(seconds=60),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5)
        ),
        summary=summary,
    )
    return settled


async def find_person(staff_id: str) -> PersonFound:
    """From a workflow: looks a member of staff up, waiting for the directory if need be."""
    found: PersonFound = await workflow.execute_activity(
        FIND_PERSON,
        FindPerson(staff_id=staff_id),
        result_type=PersonFound,
        task_queue=TASK_QUEUE,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
        summary=f"look {staff_id} up in the directory",
    )
    return found


def _unless_cancelled(error: ActivityError) -> None:
    """Lets any failure count as "no answer yet", save that the caller itself was cancelled."""
    if isinstance(error.cause, CancelledError):
        raise error
