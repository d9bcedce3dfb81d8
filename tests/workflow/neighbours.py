"""Notify and reporting as a complaint sees them, by hand: they take what they are told."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from services.notify import contract as notify
from services.notify.contract import (
    Deliveries,
    FindPerson,
    Notice,
    Person,
    PersonFound,
    SendNotices,
    Settled,
    Word,
)
from services.reporting import contract as reporting
from services.reporting.contract import RecordEvents
from services.shared.errors import TryLater
from services.shared.events import Recordable
from services.shared.temporal import raise_across

STAFF = {
    "sam-okafor": "manager",
    "lena-hart": "manager",
    "priya-nair": "area-manager",
    "omar-haddad": "director",
    "nina-costa": "senior-manager",
    "paul-whelan": "senior-leader",
    "leo-marsh": "customer-relations",
    "edith-owusu": "independent-member",
}


class Neighbours:
    """Keeps every notice and event; `queue_first_try` makes notices wait, as if mail were away."""

    def __init__(self, now: Callable[[], Awaitable[datetime]] | None = None) -> None:
        self.now = now
        self.notices: list[tuple[datetime, Notice]] = []
        """Every notice that went out, and every entry that a caseload took."""
        self.words: list[Word] = []
        self.events: dict[tuple[str, int], Recordable] = {}
        self.queue_first_try = False
        self.mail_is_away = False
        """Whether no notice can go out, however often it is tried."""
        self.posting_is_away = False
        """Whether words do not get through at the first try."""
        self.refuse: set[str] = set()
        """The roles whose notices are refused for good."""

    def workers(self, client: Client) -> tuple[Worker, Worker]:
        """Returns the workers of both task queues."""
        return (
            Worker(
                client,
                task_queue=notify.TASK_QUEUE,
                activities=[
                    self.send_notices,
                    self.deliver_notice,
                    self.keep_posted,
                    self.find_person,
                ],
            ),
            Worker(client, task_queue=reporting.TASK_QUEUE, activities=[self.record_events]),
        )

    @activity.defn(name=notify.SEND_NOTICES)
    async def send_notices(self, request: SendNotices) -> Deliveries:
        """Takes the notices of a turn."""
        words = () if self.posting_is_away else request.words
        kept_back = () if words else tuple((w.staff_id, w.sequence) for w in request.words)
        entered = [one for word in words for one in (await self.keep_posted(word)).settled]
        if self.queue_first_try or self.mail_is_away:
            at = await self._now()
            queued = [Settled(key=n.key, outcome="queued", at=at) for n in request.notices]
            return Deliveries(settled=(*queued, *entered), not_posted=kept_back)
        sent = [await self.deliver_notice(notice) for notice in request.notices]
        return Deliveries(settled=(*sent, *entered), not_posted=kept_back)

    @activity.defn(name=notify.DELIVER_NOTICE)
    async def deliver_notice(self, notice: Notice) -> Settled:
        """Takes one notice."""
        if self.mail_is_away:
            raise_across(TryLater("notice-queued", "The notice cannot go out yet."))
        at = await self._now()
        if notice.to.role in self.refuse:
            return Settled(key=notice.key, outcome="refused", at=at)
        self.notices.append((at, notice))
        return Settled(key=notice.key, outcome="sent", at=at)

    @activity.defn(name=notify.KEEP_POSTED)
    async def keep_posted(self, word: Word) -> Deliveries:
        """Takes word to a caseload: no mail server is needed for that."""
        at = await self._now()
        self.words.append(word)
        self.notices += [(at, entry) for entry in word.entries]
        return Deliveries(
            settled=tuple(
                Settled(key=entry.key, outcome="entered", at=at) for entry in word.entries
            )
        )

    @activity.defn(name=notify.FIND_PERSON)
    async def find_person(self, request: FindPerson) -> PersonFound:
        """Knows the members of `STAFF`."""
        role = STAFF.get(request.staff_id)
        person = None if role is None else Person(staff_id=request.staff_id, role=role)
        return PersonFound(person=person)

    @activity.defn(name=reporting.RECORD_EVENTS)
    async def record_events(self, request: RecordEvents) -> None:
        """Keeps the events; telling one twice with other content is an error of the workflow."""
        for event in request.events:
            key = (event.reference, event.sequence)
            if self.events.setdefault(key, event) != event:
                raise ValueError(f"{key} was told before and differs")

    async def _now(self) -> datetime:
        return datetime.now(UTC) if self.now is None else await self.now()
