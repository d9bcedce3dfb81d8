"""What was answered with 201 is never lost: the engine away, crashes, replicas, restarts."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from services.intake import complaints
from services.workflow import contract
from tests.engine import DevServer
from tests.intake.conftest import OpenDesk
from tests.intake.desk import LITTLE_PATIENCE, PATIENCE, Desk, eventually
from tests.intake.workflow_double import worker
from tests.ports import free_port


async def all_started(desk: Desk) -> bool:
    return all(kept.started_at is not None for kept in await desk.complaints())


async def runs_of(desk: Desk, reference: str) -> int:
    """How many workflows the engine has ever run for a complaint."""
    listed = desk.client.list_workflows(f"WorkflowId = 'complaint-{reference}'")
    return len([found async for found in listed])


async def test_the_engine_stops_and_comes_back_and_everything_is_started_once(
    open_desk: OpenDesk, mortal_engine: DevServer
) -> None:
    await mortal_engine.start()
    async with open_desk(mortal_engine.address, LITTLE_PATIENCE) as desk, desk.sweeping():
        before = [await desk.bring_in() for _ in range(3)]
        await eventually(partial(all_started, desk))
        await mortal_engine.stop(signal.SIGKILL)
        during = await asyncio.gather(*(desk.bring_in() for _ in range(20)))
        assert not await all_started(desk)
        ready = await desk.http.get("/readyz")
        assert (ready.status_code, ready.json()["engine"]) == (200, "not ready: TryLater")
        await mortal_engine.start()
        await eventually(partial(all_started, desk), seconds=30)
        for reference in (*before, *during):
            await eventually(partial(runs_of, desk, reference))
            assert await runs_of(desk, reference) == 1


async def test_a_crash_between_commit_and_start_is_made_good_by_the_next_process(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    async with open_desk(engine.address) as crashed:
        references = [await crashed.bring_in() for _ in range(3)]  # it never sweeps
    async with open_desk(engine.address) as restarted:
        assert not await all_started(restarted)
        async with restarted.sweeping():
            await eventually(partial(all_started, restarted))
        for reference in references:
            await eventually(partial(runs_of, restarted, reference))


async def test_a_crash_between_start_and_mark_does_not_start_twice(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    async with open_desk(engine.address) as desk:
        reference = await desk.bring_in()
        [kept] = await desk.complaints()
        intake = desk.app.state.intake
        await intake.engine.start(complaints.for_workflow(intake, kept))
        async with desk.sweeping():
            await eventually(partial(all_started, desk))
        await eventually(lambda: runs_of(desk, reference))
        assert await runs_of(desk, reference) == 1


async def test_three_replicas_start_everything_once(open_desk: OpenDesk, engine: DevServer) -> None:
    async with (
        open_desk(engine.address) as one,
        open_desk(engine.address) as two,
        open_desk(engine.address) as three,
        one.sweeping(),
        two.sweeping(),
        three.sweeping(),
    ):
        desks = [one, two, three] * 10
        references = await asyncio.gather(*(desk.bring_in() for desk in desks))
        await eventually(partial(all_started, one))
        for reference in references[::10]:
            await eventually(partial(runs_of, one, reference))
            assert await runs_of(one, reference) == 1


async def test_one_complaint_that_cannot_start_holds_no_other_up(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    async with open_desk(engine.address) as desk:
        await desk.bring_in()
        [bad] = await desk.complaints()
        async with desk.database.session() as session:
            bad.promise = {"spoilt": True}
            session.add(bad)
        good = await desk.bring_in()
        async with desk.sweeping():

            async def good_started() -> bool:
                kept = {row.reference: row.started_at for row in await desk.complaints()}
                assert kept[bad.reference] is None
                return kept[good] is not None

            await eventually(good_started)


@pytest.mark.parametrize("started", [True, False], ids=["started before", "not started"])
async def test_an_action_while_the_engine_is_away_is_carried_out_when_it_is_back(
    open_desk: OpenDesk, mortal_engine: DevServer, *, started: bool
) -> None:
    if started:
        await mortal_engine.start()
    async with open_desk(mortal_engine.address, LITTLE_PATIENCE) as desk, desk.sweeping():
        reference = await desk.bring_in()
        if started:
            await eventually(partial(all_started, desk))
            await mortal_engine.stop(signal.SIGKILL)
        first = await desk.act(reference, "triage", "k1", decision="accept")
        second = await desk.act(reference, "assign", "k2", investigator="ivy")
        for answer in (first, second):
            assert (answer.status_code, answer.json()["code"]) == (503, "engine-away")
            assert answer.headers["retry-after"]
        [letter, other] = (await desk.read(reference))["letters"]
        assert (letter["outcome"], other["outcome"]) == ("pending", "pending")
        await mortal_engine.start()
        async with worker(await mortal_engine.connect()):

            async def both_done() -> bool:
                return {saved.outcome for saved in await desk.actions()} == {"done"}

            await eventually(both_done, seconds=30)
            handle = desk.client.get_workflow_handle(f"complaint-{reference}")
            log = await handle.query("log")
        assert [entry.split("(")[0] for entry in log] == ["Triage", "Assign"]
        again = await desk.act(reference, "assign", "k2", investigator="ivy")
        assert (again.status_code, again.json()["investigator"]) == (200, "ivy")


async def test_while_no_worker_answers_the_last_known_position_stands_in(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    patience = replace(PATIENCE, read=timedelta(seconds=1))
    async with open_desk(engine.address, patience) as desk:
        async with worker(await engine.connect()):
            reference = await desk.bring_in()
            assert (await desk.act(reference, "triage", decision="accept")).is_success
        shown = await desk.read(reference)
        assert (shown["live"], shown["position"]["status"]) == (False, "accepted")


async def test_a_repeat_while_pending_waits_for_the_same_action(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    contact = {"outcome": "made", "how": "phone", "happened_at": "2026-01-06T10:00:00Z"}
    async with open_desk(f"127.0.0.1:{free_port()}") as away:
        reference = await away.bring_in()
        answer = await away.act(reference, "contacts", "k", **contact)
        assert answer.status_code == 503
    async with open_desk(engine.address) as desk, worker(await engine.connect()):
        again = await desk.act(reference, "contacts", "k", **contact)
        assert (again.status_code, again.json()["contacts"]) == (200, 1)
        position = await contract.position(desk.client, reference, patience=timedelta(seconds=10))
        assert position.contacts == 1


async def test_readiness_hangs_on_the_database_and_its_migrations(desk: Desk) -> None:
    ready = await desk.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"database": "ready", "engine": "not ready: TryLater"}
    async with desk.database.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    ready = await desk.http.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, "not ready: TryLater")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_the_caller_is_told_to_come_back(
    desk: Desk, migrated_url: str, shut_database: Callable[[str], None]
) -> None:
    await desk.database.close()
    shut_database(migrated_url)
    body = {"channel": "web", "words": "x"}
    answer = await desk.http.post("/api/complaints", json=body, headers=desk.channel)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage-away")
    assert (await desk.http.get("/livez")).status_code == 200
