"""What other services may ask of notify: send notices, keep a manager posted, look staff up.

A notice is one message to one person; `contents.py` says what it can hold. Its `key` is its
business identity: the same for every attempt, so that a repeat is recognised and nothing goes out
twice. Whoever is in charge of a complaint is not mailed at every step: they have a caseload, a
workflow of notify's for each person, and the complaint sends it `Word` whenever that changes.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, CancelledError

from services.notify.contents import Content
from services.shared.calendars import Nation
from services.shared.events import ClockName, Frozen, Outcome, Rung

TASK_QUEUE = "notify"

SEND_NOTICES = "send_notices"
DELIVER_NOTICE = "deliver_notice"
KEEP_POSTED = "keep_posted"
FIND_PERSON = "find_person"

NEWS_OF_NOTICE = "news_of_notice"
"""The signal by which a workflow hears what became later of a notice that it sent: a letter was
posted, a mail came back, a digest took it along. Its argument is a `Settled`."""

FIRST_TRY = timedelta(seconds=30)
"""How long a turn of the workflow waits for notices to go out before it goes on without them."""


class Addressee(Frozen):
    """The one person outside that a complaint writes to. Never in ids, logs or search attributes.

    They are mailed, unless they prefer letters; without email and postal address a member of
    staff is asked to ring them, and without a telephone there is nobody to tell.
    """

    name: str | None = None
    email: str | None = None
    address: str | None = None
    """The postal address, a line a line, as it stands on an envelope below the name."""
    phone: str | None = None
    prefers_letters: bool = False
    large_print: bool = False
    texts: bool = False
    """Whether they asked for reminders by text message: these come instead of a mail or letter."""
    language: str = "en-GB"
    """BCP 47. Where a kind of notice has no template in it, it is written in English."""

    @property
    def reachable(self) -> bool:
        """Whether there is any way to tell them something."""
        return any((self.email, self.address, self.phone))


class Signpost(Frozen):
    """Who else the resident can turn to, with contact details (policy data)."""

    name: str
    when: str
    address: str | None = None
    telephone: str | None = None
    email: str | None = None
    website: str | None = None


class Brand(Frozen):
    """How a landlord shows itself and is reached (policy data)."""

    colour: str = Field(default="#1f5a4c", pattern=r"^#[0-9a-f]{6}$")
    """Of lines and links; text stays dark on white."""
    telephone: str | None = None
    email: str | None = None
    website: str | None = None
    address: str | None = None


class Letterhead(Frozen):
    """What every notice says about the complaint, or the feedback, and its landlord."""

    landlord: str
    policy_name: str
    stage: str | None
    """The stage's name for people, such as "Stage 1"; None for feedback that is no complaint, and
    for what is about several complaints."""
    tracking_url: str | None = None
    signposts: tuple[Signpost, ...] = ()
    brand: Brand = Brand()


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
    reference: str | None
    """None for what is about several complaints, such as a digest."""
    stage: str
    """The name of the stage that it belongs to, such as `stage-1`, or `feedback`."""
    to: Annotated[ToResident | ToStaff, Field(discriminator="role")]
    letterhead: Letterhead
    content: Content
    asked_by: str | None = None
    """The id of the workflow that sends it, which hears of it later by `NEWS_OF_NOTICE`."""

    @property
    def caseload(self) -> str | None:
        """The staff id of the manager whose caseload it enters; None when it is sent by itself."""
        if isinstance(self.to, ToResident) or self.to.role != "investigator":
            return None
        return self.to.investigator


class OpenClock(Frozen):
    """What a manager still has to do, and the last day on which it is in time."""

    clock: ClockName
    due: date
    missed: bool


class Standing(Frozen):
    """Where one complaint stands for a manager who is in charge of it."""

    letterhead: Letterhead
    stage: str
    """The name of the stage, such as `stage-1`."""
    service_area: str | None
    nation: Nation
    """By whose bank holidays the days to the due date are counted."""
    closure_days: tuple[date, ...]
    """The landlord's own days off."""
    assigned_at: AwareDatetime
    confirmed: bool
    """Whether the manager has confirmed that it is theirs, or has acted on it."""
    clocks: tuple[OpenClock, ...]


class Word(Frozen):
    """What a manager's caseload learns of one complaint. The newest `sequence` holds."""

    staff_id: str
    reference: str
    sequence: int
    """The number of the complaint's last event."""
    asked_by: str
    """The id of the complaint's workflow, for `NEWS_OF_NOTICE`."""
    standing: Standing | None
    """None: nothing about it is theirs any more."""
    entries: tuple[Notice, ...] = ()
    """What they are to read: at once an assignment or a miss, the rest in the next digest."""


class SendNotices(Frozen):
    """The notices of one turn of a complaint, and its word to managers."""

    notices: tuple[Notice, ...]
    words: tuple[Word, ...] = ()


class Settled(Frozen):
    """What became of a notice, as far as is known now; `at` is when.

    `queued` means that it could not go out yet, and it is the only one that is asked about again.
    What follows later (`posted`, `bounced`, the digest that took an entry along) comes by
    `NEWS_OF_NOTICE`.
    """

    key: str
    outcome: Outcome | Literal["queued"]
    at: AwareDatetime


class Deliveries(Frozen):
    """What became of each notice of a request, and of each entry of its words."""

    settled: tuple[Settled, ...]
    not_posted: tuple[tuple[str, int], ...] = ()
    """The words that did not get through, by staff id and sequence: they go with `keep_posted`."""


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


async def send_notices(
    notices: Sequence[Notice], words: Sequence[Word], *, summary: str
) -> Deliveries | None:
    """From a workflow: tries each once. None when notify did not answer in `FIRST_TRY`.

    What is `queued`, or has no answer, goes on with `deliver_notice` and `keep_posted`: the keys
    make that safe.
    """
    try:
        deliveries: Deliveries = await workflow.execute_activity(
            SEND_NOTICES,
            SendNotices(notices=tuple(notices), words=tuple(words)),
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


async def keep_posted(word: Word, *, summary: str) -> Deliveries:
    """From a workflow: sends word to a manager's caseload, for as long as it takes."""
    deliveries: Deliveries = await workflow.execute_activity(
        KEEP_POSTED,
        word,
        result_type=Deliveries,
        task_queue=TASK_QUEUE,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
        summary=summary,
    )
    return deliveries


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
