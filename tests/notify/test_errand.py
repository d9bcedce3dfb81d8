"""Notify's worker as a workflow meets it, on a real server on which waiting takes no time."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from services.notify import contract
from services.notify.contract import SendNotices
from services.notify.manager_messages import OPEN_CASES, OpenCase, workflow_id
from tests.engine import skipping_time
from tests.mail_catcher import MailCatcher
from tests.notify.caseloads import SAM, standing, word
from tests.notify.errands import ERRANDS, Errand, KeepPosted, Lookup, migrated, notify_at
from tests.notify.samples import REMINDER, to_resident, to_staff


async def test_a_workflow_gets_its_notices_sent_and_its_people_found(tmp_path: Path) -> None:
    notices = SendNotices(notices=(to_resident(key="a"), to_staff(key="b")))
    async with (
        skipping_time() as environment,
        MailCatcher() as catcher,
        notify_at(environment, tmp_path, catcher.port),
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
        notify_at(environment, tmp_path, catcher.port),
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
        notify_at(environment, tmp_path, catcher.port),
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
        notify_at(environment, tmp_path, catcher.port, with_database=False),
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
