"""The register is what its events say, however often it is folded again: on both databases."""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, insert, inspect, select, text, update

from services.reporting import entries
from services.reporting.app import create_app
from services.reporting.dashboard.freshness import SHORT
from services.reporting.importing.preparing import Life
from services.reporting.importing.storing import take_in
from services.reporting.rebuilding import BATCH, Fault, check_whole, fill_facts, rebuild
from services.reporting.recording import record
from services.reporting.register_rows import COMPLAINT_TABLES, Table
from services.reporting.settings import ReportingSettings
from services.reporting.tables import (
    EventRow,
    RegisterRow,
    RemedyFactsRow,
    ReportingTable,
    StageFactsRow,
    StageRow,
)
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.errors import TryLater
from services.shared.events import FeedbackEvent, Recordable
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.ports import free_port
from tests.reporting.importing.batches import batches
from tests.reporting.lives import lives
from tests.reporting.told import Told, folded
from tests.reporting.whole_register import TABLES, environment, snapshot

NOW = datetime(2028, 6, 1, tzinfo=UTC)

PATIENCE = 30.0
"""Seconds after which something that should have happened never will."""

COMMAND = (sys.executable, "-m", "services", "register", "rebuild")


async def tell(database: Database, events: Iterable[Recordable]) -> None:
    async with database.session() as session:
        await record(session, events, NOW)


async def do(database: Database, statement: Any) -> None:
    async with database.session() as session:
        await (await session.connection()).execute(statement)


async def count(database: Database, table: type[ReportingTable]) -> int:
    async with database.session() as session:
        counted = await session.exec(select(func.count()).select_from(table))  # type: ignore[call-overload]  # sqlmodel's own select alone is described
        return int(counted.scalar_one())


@pytest.fixture
async def told(database: Database) -> list[list[Recordable]]:
    """A register of random lives, over several batches."""
    told = lives(seed=7, complaints=BATCH + 10, feedback=10)
    await tell(database, [event for life in told for event in life])
    return told


@pytest.mark.usefixtures("told")
async def test_folding_again_changes_nothing_that_was_told(database: Database) -> None:
    before = await snapshot(database)
    assert all(before.values()), "each table has rows"
    rebuilt = await rebuild(database)
    assert (rebuilt.folded, rebuilt.mended, rebuilt.faults) == (BATCH + 20, 0, ())
    assert await snapshot(database) == before


async def wreck(database: Database, references: list[str]) -> None:
    """Changes, takes away and adds rows, in one way for each reference."""
    changed, gone, no_facts, added, extra = references[:5]
    await do(
        database, update(RegisterRow).where(_is(RegisterRow, changed)).values(status="declined")
    )
    await do(database, update(StageRow).where(_is(StageRow, changed)).values(rungs_climbed=9))
    for table in reversed(COMPLAINT_TABLES):
        await do(database, delete(table).where(_is(table, gone)))
    await do(database, delete(StageFactsRow).where(_is(StageFactsRow, no_facts)))
    odd = {"reference": added, "number": 99, "policy": "x", "stage": "stage-1"}
    payment = {"kind": "payment", "pence": 1, "on": NOW.date()}
    await do(database, insert(RemedyFactsRow).values(**odd, **payment))
    await do(
        database,
        text(
            "UPDATE register SET folded_to = 1, remedies = '[]' WHERE reference = :reference"
        ).bindparams(reference=extra),
    )


def _is(table: Table, reference: str) -> Any:
    return inspect(table).primary_key[0] == reference


async def test_a_wrecked_register_is_put_right(
    database: Database, told: list[list[Recordable]]
) -> None:
    before = await snapshot(database)
    await wreck(database, [life[0].reference for life in told if len(life) > 12])
    assert await snapshot(database) != before
    assert (await rebuild(database)).mended == 5
    assert await snapshot(database) == before
    assert (await rebuild(database)).mended == 0


@pytest.mark.usefixtures("told")
async def test_a_register_of_which_nothing_is_left_comes_back_whole(database: Database) -> None:
    before = await snapshot(database)
    for table in reversed(TABLES):
        await do(database, delete(table))
    assert not any((await snapshot(database)).values())
    await rebuild(database)
    assert await snapshot(database) == before


async def test_what_is_told_meanwhile_is_neither_lost_nor_overtaken(
    database: Database, told: list[list[Recordable]]
) -> None:
    late = lives(seed=8, complaints=8)
    pieces = [life[at : at + 4] for life in late for at in range(0, len(life), 4)]
    rest = [piece for at in range(4) for piece in pieces[at::4]]
    telling = asyncio.create_task(_tell_all(database, rest))
    rounds = 0
    while not telling.done() or rounds < 2:
        await do(database, delete(StageFactsRow))
        await rebuild(database)
        rounds += 1
    await telling
    assert (await rebuild(database)).mended == 0
    for life in (*told, *late):
        await _is_folded(database, life)


async def _tell_all(database: Database, pieces: Iterable[list[Recordable]]) -> None:
    for piece in pieces:
        await tell(database, piece)


async def _is_folded(database: Database, life: list[Recordable]) -> None:
    if isinstance(life[0], FeedbackEvent):
        return
    whole: list[Any] = [event for number, event in enumerate(life, 1) if event.sequence == number]
    async with database.session() as session:
        assert await entries.find(session, life[0].reference) == folded(whole)


@pytest.mark.usefixtures("told")
async def test_killed_in_the_middle_it_has_done_whole_batches_and_can_be_repeated(
    database: Database, database_url: str
) -> None:
    more = [life for life in lives(seed=9, complaints=6 * BATCH) if life[-1].sequence == len(life)]
    await take_in(database, batches(database, cast(list[Life], more[: 4 * BATCH]), NOW))
    before = await snapshot(database)
    stages = await count(database, StageFactsRow)
    await do(database, delete(StageFactsRow))
    process = await asyncio.create_subprocess_exec(
        *COMMAND, env=environment(database_url), stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(PATIENCE):
        while await count(database, StageFactsRow) == 0:
            await asyncio.sleep(0.005)
    process.kill()
    await process.wait()
    filled = await _filled(database)
    assert filled % BATCH == 0
    assert await count(database, StageFactsRow) < stages, "it was killed too late to show anything"
    assert (await rebuild(database)).mended == 5 * BATCH + 10 - filled
    assert await snapshot(database) == before


async def _filled(database: Database) -> int:
    async with database.session() as session:
        found = await (await session.connection()).execute(
            select(func.count(inspect(StageFactsRow).primary_key[0].distinct()))
        )
        return int(found.scalar_one())


async def test_events_that_do_not_fold_are_named_and_their_entry_stays(
    database: Database, told: list[list[Recordable]]
) -> None:
    misfit, unreadable, *_ = (life[0].reference for life in told if len(life) > 5)
    before = await snapshot(database)
    await do(database, _payload_of(misfit, {"stage": "stage-9"}))
    await do(database, _payload_of(unreadable, {"kind": "no-such-kind"}))
    rebuilt = await rebuild(database)
    assert set(rebuilt.faults) == {
        Fault(misfit, "events-do-not-fit"),
        Fault(unreadable, "event-unreadable"),
    }
    assert rebuilt.mended == 0
    assert await snapshot(database) == before


def _payload_of(reference: str, changes: Mapping[str, str]) -> Any:
    """Another third event than the one that was folded."""
    payload = {
        "reference": reference,
        "sequence": 3,
        "at": "2025-04-01T10:00:00Z",
        "stage": "stage-1",
        "by": "staff",
        "kind": "withdrawn",
        **changes,
    }
    keys = inspect(EventRow).primary_key
    return update(EventRow).where(keys[0] == reference, keys[1] == 3).values(payload=payload)


@pytest.mark.usefixtures("told")
async def test_only_complaints_without_facts_are_given_theirs(database: Database) -> None:
    before = await snapshot(database)
    await do(database, delete(StageFactsRow))
    await do(database, delete(RemedyFactsRow))
    assert (await fill_facts(database)).mended == BATCH + 10
    assert await snapshot(database) == before
    assert (await fill_facts(database)).folded == 0


async def test_an_open_stage_of_an_older_release_is_told_what_it_waits_for(
    database: Database,
) -> None:
    life = Told().received("Mon 2028-03-06 10:00")
    await tell(database, life.clock("Mon 2028-03-06 10:01", "respond", "Fri 2028-03-24").events)
    before = await snapshot(database)
    await do(database, update(StageFactsRow).values(awaited=None, awaited_by=None))
    assert await snapshot(database) != before
    assert (await fill_facts(database)).mended == 1
    assert await snapshot(database) == before
    assert (await fill_facts(database)).folded == 0


@pytest.mark.usefixtures("told")
async def test_no_report_is_made_while_a_complaint_is_not_counted(database: Database) -> None:
    await check_whole(database)
    await do(database, delete(StageFactsRow))
    with pytest.raises(TryLater) as refused:
        await check_whole(database)
    assert refused.value.code == "being-counted"


@pytest.mark.usefixtures("told")
async def test_a_starting_service_is_ready_and_fills_them_in_beside_that(
    database: Database, database_url: str
) -> None:
    before = await snapshot(database)
    await do(database, delete(StageFactsRow))
    key = new_key("staff")
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(key),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database_url,
    )
    app = create_app(settings, database, await lazy_client(settings))
    visitor = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reporting")
    program, browser = {"Authorization": f"Bearer {key}"}, httpx.BasicAuth("any", key)
    async with app.router.lifespan_context(app), asyncio.timeout(PATIENCE), visitor:
        # Until then figures would leave complaints out, and quietly.
        refused = await visitor.get("/api/measures/received", headers=program)
        assert (refused.status_code, refused.json()["code"]) == (503, "being-counted")
        assert SHORT in (await visitor.get("/dashboard", auth=browser)).text
        while app.state.filling.is_short:
            await asyncio.sleep(0.02)
        assert await snapshot(database) == before
        answer = await visitor.get("/api/measures/received", headers=program)
        assert answer.json()["whole"]["met"] > 0
        assert SHORT not in (await visitor.get("/dashboard", auth=browser)).text


@pytest.mark.usefixtures("told")
async def test_the_command_says_how_far_it_is_and_what_it_found(
    database: Database, database_url: str
) -> None:
    await do(database, delete(StageFactsRow))
    done = await asyncio.to_thread(
        subprocess.run, COMMAND, env=environment(database_url), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
    *progress, found = done.stderr.splitlines()
    assert progress[-1] == "Folding: 70 of 70"
    assert found == "Folded 70; 60 were not as their events say."


def test_a_database_of_another_release_is_refused(database_url: str) -> None:
    done = subprocess.run(
        COMMAND, env=environment(database_url), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "not-migrated: Run: putright migrate reporting\n"
