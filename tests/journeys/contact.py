"""Contact with managers through the real worker, ledger, directory and mail, in skipped time.

    async with contact("Mon 2028-03-06 10:00") as managers:
        await managers.tell(word(standing(), ASSIGNMENT))
        await managers.at("Tue 2028-03-07 12:00")
        assert managers.mails_to("sam-okafor") == ["Mon 2028-03-06 10:00 assignment", …]

The complaints are made up: they send words, and hear what became of their entries.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from services.notify import manager_contact, staff
    from services.notify.absences import Absence
    from services.notify.activities import NotifyActivities
    from services.notify.app import SERVICE
    from services.notify.contract import NEWS_OF_NOTICE, Settled, Word
    from services.notify.delivery import Mailer
    from services.notify.manager_messages import OPEN_CASES, OpenCase, workflow_id
    from services.notify.settings import NotifySettings
    from services.notify.ways import Ways
    from services.notify.worker import build_worker
    from services.shared.database import Database
    from tests.databases import copy_migrated
    from tests.days import london, written
    from tests.engine import server_time, skipping_time, sleep_until, workflow_settled
    from tests.mail_catcher import Caught, MailCatcher
    from tests.notify.post import enter
    from tests.notify.samples import STAFF

EARS = "ears"
"""The task queue of the made-up complaints."""


@workflow.defn(name="Ears")
class Ears:
    """A complaint that hears what became of its notices, and does nothing else."""

    def __init__(self) -> None:
        self._heard: list[Settled] = []

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.signal(name=NEWS_OF_NOTICE)
    def news(self, settled: Settled) -> None:
        self._heard.append(settled)

    @workflow.query
    def heard(self) -> list[Settled]:
        return self._heard


class Managers:
    """The managers of one landlord, and what complaints tell them."""

    def __init__(self, env: WorkflowEnvironment, database: Database, catcher: MailCatcher) -> None:
        self.env = env
        self.catcher = catcher
        self._database = database
        self._addresses = {person.id: person.email for person in STAFF.people}
        self.known: set[str] = set()
        """Who was ever told something."""

    async def at(self, moment: str) -> None:
        """Lets time pass until then, and lets everything that follows be sent."""
        await self.sleep_until(moment)
        for staff_id in self.known:
            await workflow_settled(self.env.client, workflow_id(staff_id))

    async def sleep_until(self, moment: str | datetime) -> None:
        """Lets time pass until then, while a mail may wait on and on."""
        until = london(moment) if isinstance(moment, str) else moment
        await sleep_until(self.env, until)

    async def tell(self, *words: Word, settle: bool = True) -> None:
        """Sends words as complaints do, now; with `settle`, all that follows is sent as well."""
        for word in words:
            self.known.add(word.staff_id)
            await manager_contact.tell(self.env.client, word)
        if settle:
            for word in words:
                await workflow_settled(self.env.client, workflow_id(word.staff_id))

    async def away(self, *absences: Absence) -> None:
        """Enters absences in the directory, now."""
        now = await server_time(self.env)
        for one in absences:
            await enter(self._database, one, now)
            await manager_contact.absence_changed(self.env.client, one.staff_id)
            if one.staff_id in self.known:
                await workflow_settled(self.env.client, workflow_id(one.staff_id))

    async def begin_complaint(self, reference: str) -> None:
        """Starts the workflow of a made-up complaint, which hears of its entries."""
        await self.env.client.start_workflow(Ears.run, id=f"complaint-{reference}", task_queue=EARS)

    async def heard(self, reference: str) -> list[tuple[str, str]]:
        """Returns what a complaint heard: which entry, and what became of it."""
        handle = self.env.client.get_workflow_handle(f"complaint-{reference}")
        return [(one.key, one.outcome) for one in await handle.query(Ears.heard)]

    async def open_cases(self, staff_id: str) -> list[str]:
        """Returns the references that are open for a manager."""
        cases = await self.handle(staff_id).query(OPEN_CASES, result_type=list[OpenCase])
        return [case.reference for case in cases]

    def handle(self, staff_id: str) -> WorkflowHandle[Any, Any]:
        """Returns the manager's workflow, whichever run it is in."""
        return self.env.client.get_workflow_handle(workflow_id(staff_id))

    async def history(self, staff_id: str) -> WorkflowHistory:
        """Returns the history of the newest run."""
        return await self.handle(staff_id).fetch_history()

    def mails_to(self, who: str) -> list[str]:
        """Returns the mails to a member of staff: when, and what about."""
        return [
            f"{written(parsedate_to_datetime(mail.message['Date']))} {self._about(mail)}"
            for mail in self.catcher.to(self._addresses[who])
        ]

    def letters(self, who: str, about: str) -> list[Caught]:
        """Returns the mails of that kind to somebody, oldest first."""
        mails = self.catcher.to(self._addresses[who])
        return [mail for mail in mails if self._about(mail) == about]

    def _about(self, mail: Caught) -> str:
        path = self._database.url.removeprefix("sqlite+aiosqlite:///")
        with closing(sqlite3.connect(path)) as ledger:
            rows = ledger.execute(
                "SELECT about FROM notice WHERE message_id = ?", (mail.message_id,)
            )
            [(about,)] = rows.fetchall()
        return str(about)


@asynccontextmanager
async def contact(begin: str) -> AsyncIterator[Managers]:
    """Starts notify over a server that skips time, at a moment of 2028."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = await stack.enter_async_context(skipping_time())
        now = partial(server_time, env)
        await sleep_until(env, london(begin))
        catcher = await stack.enter_async_context(MailCatcher())
        url = f"sqlite+aiosqlite:///{folder}/notify.db"
        await asyncio.to_thread(copy_migrated, SERVICE, url)
        database = Database(url)
        stack.push_async_callback(database.close)
        async with database.session() as session:
            await staff.seed(session, STAFF)
        settings = NotifySettings(environment="embedded", smtp_port=catcher.port)
        mailer = Mailer(settings)
        stack.push_async_callback(mailer.close)
        ways: Ways = {"email": mailer, "by-hand": mailer}
        activities = NotifyActivities(database, ways, settings, now)
        await stack.enter_async_context(build_worker(env.client, activities))
        await stack.enter_async_context(Worker(env.client, task_queue=EARS, workflows=[Ears]))
        yield Managers(env, database, catcher)
