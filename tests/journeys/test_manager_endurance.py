"""What a manager's workflow bears: days without mail, long histories, a year of complaints.

Notices are taken by hand here: what mail does is shown elsewhere.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from services.notify import manager_contact, staff
from services.notify.app import SERVICE
from services.notify.contents import Digest
from services.notify.contract import DELIVER_NOTICE, TASK_QUEUE, Notice, Settled, Word
from services.notify.manager_activities import ManagerActivities
from services.notify.manager_messages import OPEN_CASES, OpenCase, workflow_id
from services.notify.manager_process import ManagerProcess
from services.shared.database import Database, migrate
from services.shared.local_time import local_date
from services.shared.working_days import working_days
from tests.days import day, london, written
from tests.engine import CONVERTER, dev_server, skipping_time, workflow_settled
from tests.notify.caseloads import ASSIGNMENT, SAM, WROTE, missed, reminder, standing, word
from tests.notify.samples import STAFF


class Post:
    """Takes every notice once; while it is away, it asks to try again in six hours."""

    def __init__(self, environment: WorkflowEnvironment | None = None) -> None:
        self.away = False
        self.taken: list[tuple[datetime, Notice]] = []
        self._environment = environment

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver(self, notice: Notice) -> Settled:
        if self.away:
            raise ApplicationError("the mail is away", next_retry_delay=timedelta(hours=6))
        now = datetime.now(UTC)
        if self._environment is not None:
            now = await self._environment.get_current_time()
        self.taken.append((now, notice))
        return Settled(key=notice.key, outcome="sent", at=now)

    def lines(self) -> list[str]:
        return [f"{written(at)} {notice.content.about}" for at, notice in self.taken]


@asynccontextmanager
async def manager_worker(client: Client, folder: Path, post: Post) -> AsyncIterator[None]:
    """A worker of managers alone, over a directory of its own."""
    url = f"sqlite+aiosqlite:///{folder}/notify.db"
    migrate(SERVICE, url)
    database = Database(url)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        async with database.session() as session:
            await staff.seed(session, STAFF)
        activities = [post.deliver, *ManagerActivities(database).every()]
        worker = Worker(
            client, task_queue=TASK_QUEUE, workflows=[ManagerProcess], activities=activities
        )
        await stack.enter_async_context(worker)
        yield


async def test_three_days_without_mail_stop_no_clock_and_lose_nothing(tmp_path: Path) -> None:
    async with skipping_time() as env:
        post = Post(env)
        post.away = True
        await env.sleep(london("Mon 2028-04-03 10:00") - await env.get_current_time())
        async with manager_worker(env.client, tmp_path, post):
            asked = standing(("respond", "Fri 2028-04-28"), assigned="Mon 2028-04-03 10:00")
            await manager_contact.tell(env.client, word(asked, ASSIGNMENT))
            await env.sleep(london("Wed 2028-04-05 12:00") - await env.get_current_time())
            await manager_contact.tell(env.client, word(asked, WROTE, sequence=6))
            await env.sleep(london("Thu 2028-04-06 09:00") - await env.get_current_time())
            post.away = False
            await env.sleep(timedelta(hours=7))
            await workflow_settled(env.client, workflow_id(SAM))
        kinds = Counter(notice.content.about for _, notice in post.taken)
        assert kinds == {"assignment": 1, "chase": 1, "offer": 1, "unconfirmed": 1, "digest": 2}
        assert len({notice.key for _, notice in post.taken}) == len(post.taken)


async def test_a_year_with_300_complaints_stays_small(tmp_path: Path) -> None:
    async with skipping_time() as env:
        post = Post(env)
        begin = london("Mon 2028-04-03 09:00")
        await env.sleep(begin - await env.get_current_time())
        import time
        t=time.monotonic()
        async with manager_worker(env.client, tmp_path, post):
            words = sorted(a_year(), key=lambda it: it[0])
            await manager_contact.tell(env.client, words[0][1])
            first = (await env.client.get_workflow_handle(workflow_id(SAM)).describe()).run_id
            for at, one in words:
                left = at - await env.get_current_time()
                if left > timedelta(0):
                    await env.sleep(left)
                await manager_contact.tell(env.client, one)
            await workflow_settled(env.client, workflow_id(SAM))
            print(time.monotonic()-t, len(words), len(post.taken))
            runs = await all_runs(env.client, first)
        for run in runs:
            print(len(run.events), sum(e.ByteSize() for e in run.events), run.events[0].ByteSize())
        print(Counter(n.content.about for _, n in post.taken))


def a_year() -> Iterable[tuple[datetime, Word]]:
    """300 complaints, spread over the working days of a year, each open for two or three weeks."""
    days = working_days("england")
    for number in range(300):
        ref = f"PR-{number:03}"
        taken = days.from_day(day("Mon 2028-04-03") + timedelta(days=number * 364 // 300))
        at = datetime.combine(taken, london("Mon 2028-04-03 10:00").timetz()) + timedelta(minutes=number)
        due, over = days.after(taken, 10), days.after(taken, 14 if number % 5 == 0 else 9)
        def stands(confirmed: bool, late: bool = False):
            one = standing(confirmed=confirmed)
            clocks = tuple(c.model_copy(update={"due": due, "missed": late}) for c in one.clocks)
            return one.model_copy(update={"assigned_at": at, "clocks": clocks})
        yield at, word(stands(False), ASSIGNMENT, ref=ref, sequence=3)
        yield at + timedelta(hours=2), word(stands(True), ref=ref, sequence=4)
        yield at + timedelta(days=1), word(stands(True), ref=ref, sequence=6)
        yield at + timedelta(days=3), word(stands(True), WROTE, ref=ref, sequence=9)
        r = reminder().model_copy(update={"due": due})
        yield datetime.combine(days.before(due, 2), london("Mon 2028-04-03 08:00").timetz()), word(stands(True), r, ref=ref, sequence=11)
        if number % 5 == 0:
            yield datetime.combine(days.after(due, 1), london("Mon 2028-04-03 08:00").timetz()), word(stands(True, True), missed().model_copy(update={"due": due}), ref=ref, sequence=13)
        yield datetime.combine(over, london("Mon 2028-04-03 16:00").timetz()), word(None, ref=ref, sequence=15)


async def all_runs(client: Client, first: str) -> list[WorkflowHistory]:
    """The histories of a manager's workflow, from its first run on."""
    runs, run_id = [], first
    while run_id:
        handle = client.get_workflow_handle(workflow_id(SAM), run_id=run_id)
        runs.append(await handle.fetch_history())
        last = runs[-1].events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return runs
