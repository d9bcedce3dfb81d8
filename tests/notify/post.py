"""A worker of managers whose notices are taken by hand: what mail does is shown elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from temporalio import activity
from temporalio.client import Client, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from services.notify import staff
from services.notify.absences import Absence
from services.notify.app import SERVICE
from services.notify.caseload_plan import Plan, PlanQuestion
from services.notify.contract import DELIVER_NOTICE, TASK_QUEUE, Notice, Settled
from services.notify.manager_activities import ManagerActivities
from services.notify.manager_messages import PLAN_CASELOAD, workflow_id
from services.notify.manager_process import ManagerProcess
from services.notify.tables import AbsenceRow
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.temporal import raise_across
from tests.databases import copy_migrated
from tests.engine import server_time
from tests.notify.caseloads import SAM
from tests.notify.samples import STAFF


class Post:
    """Takes every notice once; while it is away, it asks to try again in six hours."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self.away = False
        self.no_plans = False
        """Whether calendars and directory give no answer."""
        self.refuse: set[str] = set()
        """The kinds of notice that are refused for good."""
        self.taken: list[Notice] = []
        self._environment = environment

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver(self, notice: Notice) -> Settled:
        if self.away:
            raise ApplicationError("the mail is away", next_retry_delay=timedelta(hours=6))
        self.taken.append(notice)
        refused = notice.content.about in self.refuse
        now = await server_time(self._environment)
        return Settled(key=notice.key, outcome="refused" if refused else "sent", at=now)


class Plans(ManagerActivities):
    """Answers from the directory, unless the test wants no answer."""

    def __init__(self, database: Database, post: Post) -> None:
        super().__init__(database)
        self._post = post

    @activity.defn(name=PLAN_CASELOAD)
    async def plan_caseload(self, question: PlanQuestion) -> Plan:
        if self._post.no_plans:
            raise_across(TryLater("directory-away", "The directory does not answer."))
        return await super().plan_caseload(question)


@asynccontextmanager
async def manager_worker(client: Client, folder: Path, post: Post) -> AsyncIterator[Database]:
    """A worker of managers alone, over a directory of its own, which it gives."""
    url = f"sqlite+aiosqlite:///{folder}/notify.db"
    await asyncio.to_thread(copy_migrated, SERVICE, url)
    database = Database(url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        async with database.session() as session:
            await staff.seed(session, STAFF)
        activities = [post.deliver, *Plans(database, post).every()]
        worker = Worker(
            client, task_queue=TASK_QUEUE, workflows=[ManagerProcess], activities=activities
        )
        await stack.enter_async_context(worker)
        yield database


async def enter(database: Database, absence: Absence, at: datetime) -> None:
    """Enters an absence in the directory."""
    async with database.session() as session:
        row = AbsenceRow(
            **absence.model_dump(), id=absence.id, entered_at=at, entered_by="ruth-ellis-jones"
        )
        session.add(row)


async def all_runs(client: Client) -> list[WorkflowHistory]:
    """The histories of a manager's workflow, from its first run on."""
    newest = client.get_workflow_handle(workflow_id(SAM))
    begun = (await newest.fetch_history()).events[0].workflow_execution_started_event_attributes
    runs, run_id = [], begun.first_execution_run_id
    while run_id:
        handle = client.get_workflow_handle(workflow_id(SAM), run_id=run_id)
        runs.append(await handle.fetch_history())
        last = runs[-1].events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return runs
