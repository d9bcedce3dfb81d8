"""Notify's worker as a workflow meets it, on a real server on which waiting takes no time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from services.notify import contract, staff
    from services.notify.activities import NotifyActivities
    from services.notify.app import SERVICE
    from services.notify.contract import Deliveries, PersonFound, SendNotices, Settled, Word
    from services.notify.delivery import Mailer
    from services.notify.manager_messages import OPEN_CASES, OpenCase, workflow_id
    from services.notify.recipients import WayName
    from services.notify.settings import NotifySettings
    from services.notify.ways import Way
    from services.notify.worker import build_worker
    from services.shared.database import Database, migrate
    from tests.engine import skipping_time
    from tests.mail_catcher import MailCatcher
    from tests.notify.caseloads import SAM, standing, word
    from tests.notify.samples import REMINDER, STAFF, to_resident, to_staff

ERRANDS = "errands"


@workflow.defn
class Errand:
    """Asks notify as a complaint does: tries once, then delivers what is still queued.

    Returns what became of its notices, then of the entries of its words.
    """

    @workflow.run
    async def run(self, request: SendNotices) -> list[Settled]:
        tried = await contract.send_notices(
            request.notices, request.words, summary="try once"
        ) or Deliveries(settled=())
        settled = {one.key: one for one in tried.settled}
        return [
            settled[notice.key]
            if notice.key in settled and settled[notice.key].outcome != "queued"
            else await contract.deliver_notice(notice, summary="deliver")
            for notice in request.notices
        ] + [settled[entry.key] for word in request.words for entry in word.entries]


@workflow.defn
class KeepPosted:
    """Sends one word for as long as it takes."""

    @workflow.run
    async def run(self, tidings: Word) -> list[Settled]:
        return list((await contract.keep_posted(tidings, summary="keep posted")).settled)


@workflow.defn
class Lookup:
    """Asks the directory."""

    @workflow.run
    async def run(self, staff_id: str) -> PersonFound:
        return await contract.find_person(staff_id)


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/notify.db"


async def migrated(folder: Path) -> None:
    """Brings notify's database about, with everybody of the example in its directory."""
    await asyncio.to_thread(migrate, SERVICE, url(folder))
    database = Database(url(folder))
    async with database.session() as session:
        await staff.seed(session, STAFF)
    await database.close()


@asynccontextmanager
async def notify_at(
    environment: WorkflowEnvironment,
    folder: Path,
    catcher: MailCatcher,
    *,
    with_database: bool = True,
) -> AsyncIterator[None]:
    """Notify's worker, by the server's own clock, and a worker for the errands."""
    if with_database:
        await migrated(folder)
    settings = NotifySettings(
        environment="embedded", smtp_port=catcher.port, mail_from="complaints@example.org"
    )
    database = Database(url(folder))
    mailer = Mailer(settings)
    ways: dict[WayName, Way] = {"email": mailer, "by-hand": mailer}
    activities = NotifyActivities(database, ways, settings, now=environment.get_current_time)
    client = environment.client
    async with build_worker(client, activities), errands(client):
        yield
    await mailer.close()
    await database.close()


def errands(client: Client) -> Worker:
    return Worker(client, task_queue=ERRANDS, workflows=[Errand, KeepPosted, Lookup])


async def test_a_workflow_gets_its_notices_sent_and_its_people_found(tmp_path: Path) -> None:
    notices = SendNotices(notices=(to_resident(key="a"), to_staff(key="b")))
    async with (
        skipping_time() as environment,
        MailCatcher() as catcher,
        notify_at(environment, tmp_path, catcher),
    ):
        run = environment.client.execute_workflow
        settled = await run(Errand.run, notices, id="errand", task_queue=ERRANDS)
        found = await run(Lookup.run, "sam-okafor", id="lookup", task_queue=ERRANDS)
    assert [one.outcome for one in settled] == ["sent", "sent"]
    assert len(catcher.caught) == 2
    assert found.person is not None
    assert found.person.role == "manager"


async def test_a_mail_server_that_comes_back_gets_every_notice_once(tmp_path: Path) -> None:
    notices = SendNotices(notices=(to_resident(key="a"), to_staff(key="b")))
    async with (
        skipping_time() as environment,
        MailCatcher() as catcher,
        notify_at(environment, tmp_path, catcher),
    ):
        await catcher.stop()
        handle = await environment.client.start_workflow(
            Errand.run, notices, id="errand", task_queue=ERRANDS
        )
        await environment.sleep(3600)
        assert catcher.caught == []
        await catcher.start()
        settled = await handle.result()
    assert [one.outcome for one in settled] == ["sent", "sent"]
    assert len(catcher.caught) == 2
    assert len({mail.message_id for mail in catcher.caught}) == 2


async def test_a_word_reaches_the_managers_caseload_and_its_entries_are_entered(
    tmp_path: Path,
) -> None:
    tidings = word(standing(assigned="Mon 2028-03-06 10:00"), REMINDER)
    async with (
        skipping_time() as environment,
        MailCatcher() as catcher,
        notify_at(environment, tmp_path, catcher),
    ):
        client = environment.client
        told = SendNotices(notices=(to_resident(key="a"),), words=(tidings,))
        settled = await client.execute_workflow(Errand.run, told, id="errand", task_queue=ERRANDS)
        manager = client.get_workflow_handle(workflow_id(SAM))
        cases = await manager.query(OPEN_CASES, result_type=list[OpenCase])
        again = await client.execute_workflow(
            KeepPosted.run, tidings, id="again", task_queue=ERRANDS
        )
        assert (await manager.query(OPEN_CASES, result_type=list[OpenCase])) == cases
    [entry] = tidings.entries
    assert [(one.key, one.outcome) for one in settled] == [("a", "sent"), (entry.key, "entered")]
    assert [(one.key, one.outcome) for one in again] == [(entry.key, "entered")]
    assert [case.reference for case in cases] == [tidings.reference]


async def waiting_for(handle: WorkflowHandle[Any, Any]) -> set[str]:
    """The activities that a workflow waits for."""
    description = await handle.describe()
    return {
        pending.activity_type.name for pending in description.raw_description.pending_activities
    }


async def test_with_its_database_away_a_lookup_and_a_notice_wait_for_it(tmp_path: Path) -> None:
    notices = SendNotices(notices=(to_resident(key="a"),))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with (
        skipping_time() as environment,
        MailCatcher() as catcher,
        notify_at(environment, tmp_path, catcher, with_database=False),
    ):
        start = environment.client.start_workflow
        lookup = await start(Lookup.run, "sam-okafor", id="lookup", task_queue=ERRANDS)
        handle = await start(Errand.run, notices, id="errand", task_queue=ERRANDS)
        # Waiting for a result is what lets this server skip time.
        result = asyncio.create_task(handle.result())
        async with asyncio.timeout(10):
            while await waiting_for(handle) != {contract.DELIVER_NOTICE}:
                await asyncio.sleep(0.05)
        await migrated(elsewhere)
        # It comes back whole: a lookup between migrating and seeding would rightly find nobody.
        with (
            closing(sqlite3.connect(elsewhere / "notify.db")) as whole,
            closing(sqlite3.connect(tmp_path / "notify.db")) as away,
        ):
            whole.backup(away)
        settled = await result
        found = await lookup.result()
    assert found.person is not None
    assert [one.outcome for one in settled] == ["sent"]
    assert len(catcher.caught) == 1
