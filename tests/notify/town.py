"""A ledger of notices, a Temporal server, a complaint that hears news, and a complaints officer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import select
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from services.notify.app import SERVICE
from services.notify.contract import DELIVER_NOTICE, NEWS_OF_NOTICE, TASK_QUEUE, Notice, Settled
from services.notify.ledger import Entry, Ledger
from services.notify.message import mark, message_id
from services.notify.news import learnt
from services.notify.news_workflow import NoticeNews
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.events import Outcome
from tests.databases import copy_migrated
from tests.days import london
from tests.engine import skipping_time

KEY = "PR-7K2M-9QXT:4"
COMPLAINT = "complaint-PR-7K2M-9QXT"
SENT_AT = london("Wed 2027-01-06 09:30")
LATER = SENT_AT + timedelta(hours=3)
ENTRY = Entry(
    key=KEY,
    reference="PR-7K2M-9QXT",
    about="response",
    to_role="resident",
    asked_by=COMPLAINT,
    way="email",
    staff_id=None,
    language="en-GB",
    mark=mark(KEY),
    recipient="jo.bloggs@example.org",
    subject="Our answer",
    text="Dear Jo",
    message_id=message_id(KEY, "complaints@example.org"),
    stage="stage-1",
    letterhead={"landlord": "Elmfield Homes", "policy_name": "Complaints", "stage": "Stage 1"},
)


@workflow.defn
class Complaint:
    """A complaint, as far as news is concerned: it keeps what it hears, until it is to end."""

    def __init__(self) -> None:
        self.heard: list[Settled] = []
        self.over = False

    @workflow.run
    async def run(self) -> None:
        """Lives until it is told to end."""
        await workflow.wait_condition(lambda: self.over)

    @workflow.signal(name=NEWS_OF_NOTICE)
    def news_of_notice(self, news: Settled) -> None:
        """Keeps it."""
        self.heard.append(news)

    @workflow.query
    def everything(self) -> list[Settled]:
        """What it has heard."""
        return self.heard

    @workflow.signal
    def end(self) -> None:
        """Ends it."""
        self.over = True


@dataclass
class Town:
    """A ledger, a Temporal server, a complaint, and the mail of the complaints officer."""

    database: Database
    environment: WorkflowEnvironment
    delivered: list[Notice] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return self.environment.client

    async def settle(
        self, entry: Entry = ENTRY, outcome: Outcome = "sent", provider_id: str | None = None
    ) -> None:
        ledger = Ledger(self.database)
        claim = await ledger.claim(entry, SENT_AT)
        assert claim is not None
        await ledger.settle(claim, outcome, SENT_AT, "250 OK", provider_id)

    async def now(self) -> datetime:
        return LATER

    async def learn(
        self, outcome: Outcome = "bounced", key: str = KEY, at: datetime = LATER
    ) -> None:
        await learnt(
            self.database, self.client, key, outcome=outcome, at=at, answer="550 5.1.1 no such user"
        )

    async def row(self, key: str = KEY) -> NoticeRow:
        async with self.database.session() as session:
            query = select(NoticeRow).where(NoticeRow.key == key)
            return (await session.exec(query)).one()

    async def told(self, outcome: str = "bounced", key: str = KEY) -> None:
        """Returns when the news has been told."""
        await self.client.get_workflow_handle(f"news-{mark(key)}-{outcome}").result()

    async def heard(self) -> list[Settled]:
        handle = self.client.get_workflow_handle(COMPLAINT)
        heard: list[Settled] = await handle.query(Complaint.everything)
        return heard

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver(self, notice: Notice) -> Settled:
        self.delivered.append(notice)
        return Settled(key=notice.key, outcome="sent", at=LATER)


@asynccontextmanager
async def town_with(url: str) -> AsyncIterator[Town]:
    """A town whose ledger is at `url`."""
    copy_migrated(SERVICE, url)
    database = Database(url)
    async with skipping_time() as environment:
        town = Town(database, environment)
        news = Worker(
            environment.client,
            task_queue=TASK_QUEUE,
            workflows=[NoticeNews],
            activities=[town.deliver],
        )
        complaints = Worker(
            environment.client,
            task_queue="complaints",
            workflows=[Complaint],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with news, complaints:
            await environment.client.start_workflow(
                Complaint.run, id=COMPLAINT, task_queue="complaints"
            )
            yield town
    await database.close()
