"""A whole table is taken in, or nothing of it; and what is in is what the rows say."""

import asyncio
import csv
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from services.reporting import entries
from services.reporting.importing import command, storing, taking_back
from services.reporting.importing.command import MISTAKES, Order
from services.reporting.importing.preparing import BATCH, Life, Prepared
from services.reporting.importing.retelling import Retelling
from services.reporting.rebuilding import rebuild
from services.reporting.recording import EVENT, record
from services.reporting.tables import ComplaintRow, EventRow, RegisterRow
from services.shared.database import Database
from services.shared.errors import MendRequest, TryLater
from services.shared.working_days import working_days
from tests.reporting.importing.batches import batches
from tests.reporting.importing.made_up import as_csv, rows
from tests.reporting.importing.recount import expected, found
from tests.reporting.importing.tables import PLAIN, checked, column_map, csv_of
from tests.reporting.lives import lives
from tests.reporting.whole_register import environment, snapshot

EXAMPLES = Path(__file__).parents[3] / "deploy" / "import"

MAP = EXAMPLES / "past-complaints.toml"

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


async def take_in(
    database: Database, folder: Path, table: str, *, dry_run: bool = False, report: bool = False
) -> int:
    file, mistakes = folder / "past.csv", folder / "mistakes.csv"
    file.write_bytes(table.encode())
    order = Order(file, MAP, None, mistakes if report else None, dry_run)
    return await command.import_table(order, database)


async def take_back(database: Database, folder: Path, table: str, *, dry_run: bool = False) -> int:
    file = folder / "past.csv"
    file.write_bytes(table.encode())
    return await command.import_table(
        Order(file, MAP, None, None, dry_run, take_back=True), database
    )


async def register(database: Database) -> dict[str, dict[str, Any]]:
    """What the register says of every complaint."""
    async with database.session() as session:
        rows = (await session.exec(select(RegisterRow))).all()
        return {one.reference: found(one) for one in await entries.with_stages(session, rows)}


async def test_the_example_is_taken_in_and_again_changes_nothing(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    order = Order(EXAMPLES / "past-complaints.csv", MAP, None, None, dry_run=False)
    assert await command.import_table(order, database) == 0
    before = await snapshot(database)
    assert len(before["RegisterRow"]) == 5
    assert "Taken in: 5." in capsys.readouterr().err
    assert await command.import_table(order, database) == 0
    shown = capsys.readouterr()
    assert "Taken in: 0." in shown.err
    assert "there already           5\n" in shown.out
    assert await snapshot(database) == before


async def test_a_dry_run_shows_what_would_be_and_takes_nothing_in(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    order = Order(EXAMPLES / "past-complaints.csv", MAP, "nacro", None, dry_run=True)
    assert await command.import_table(order, database) == 0
    shown = capsys.readouterr()
    assert "complaints              5, received 2024-04-08 to 2024-05-20\n" in shown.out
    assert "  partially-upheld      1\n" in shown.out
    assert "stage-1                 5, answered 3; stage 1 of the Code\n" in shown.out
    assert "stage-2                 1, answered 1; stage 2 of the Code\n" in shown.out
    assert "policy nacro of 2024-04-01" in shown.err
    assert "“Complainant”" in shown.err
    assert "had not ended: 1." in shown.err
    assert await register(database) == {}


async def test_what_the_code_does_not_know_is_said_before_it_is_taken_in(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "map.toml").write_text(
        MAP.read_text("utf-8")
        .replace('policy = "housing-ombudsman"', 'policy = "complaints-2019"\nformer_policy = true')
        .replace('name = "stage-1"', 'name = "first-step-resolution"\noutside_code = true'),
        "utf-8",
    )
    file = EXAMPLES / "past-complaints.csv"
    order = Order(file, folder / "map.toml", None, None, dry_run=True)
    assert await command.import_table(order, database) == MISTAKES
    shown = capsys.readouterr()
    assert "policy complaints-2019 of 2024-04-01, a former one" in shown.err
    assert "first-step-resolution is no stage of the Code" in shown.err
    assert "first-step-resolution   4, answered 3; no stage of the Code\n" in shown.out
    # The reason of the one refusal was known by the policy alone.
    assert "column “Why refused”: unknown-value" in shown.err


async def every_reference(database: Database) -> list[str]:
    async with database.session() as session:
        references = set(await session.exec(select(ComplaintRow.reference)))
        told = set(await session.exec(select(EventRow.reference)))
    assert references == told
    return sorted(references)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), number=st.integers(1, 12))
async def test_the_register_says_what_the_rows_say(
    database: Database, folder: Path, seed: int, number: int
) -> None:
    await _empty(database)
    lines = list(rows(seed, number))
    assert await take_in(database, folder, as_csv(lines)) == 0
    says = {one["reference"]: one for one in map(expected, lines)}
    assert await register(database) == says


async def test_folding_again_gives_what_was_taken_in(database: Database, folder: Path) -> None:
    await take_in(database, folder, as_csv(rows(3, 120)))
    before = await snapshot(database)
    assert (await rebuild(database)).mended == 0
    await _empty(database, only_folded=True)
    assert (await rebuild(database)).mended == 120
    assert await snapshot(database) == before


async def test_one_mistake_in_the_last_row_keeps_everything_out(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(rows(3, 40))
    lines[-1]["S1 outcome"] = "Ada Bell was right"
    lines[-1]["Date received"] = "31/02/2024"
    assert await take_in(database, folder, as_csv(lines), report=True) == 1
    shown = capsys.readouterr().err
    assert "row 41, column “S1 outcome”: unknown-value" in shown
    assert "Nothing was taken in." in shown
    assert "Ada" not in shown
    with (folder / "mistakes.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [(one["row"], one["column"], one["code"]) for one in csv.DictReader(file)]
    assert written == [
        ("41", "Date received", "not-a-date"),
        ("41", "S1 outcome", "unknown-value"),
    ]
    assert await register(database) == {}


async def test_a_row_that_changed_is_refused_and_what_it_said_stays(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(rows(3, 6))
    await take_in(database, folder, as_csv(lines))
    before = await snapshot(database)
    lines[2]["Area"] = "East"
    assert await take_in(database, folder, as_csv([*lines, *rows(4, 9)])) == 1
    assert "row 4, column “Case number”: changed-row" in capsys.readouterr().err
    assert await snapshot(database) == before


async def test_more_rows_of_a_growing_table_are_taken_in(database: Database, folder: Path) -> None:
    lines = list(rows(3, 20))
    await take_in(database, folder, as_csv(lines[:8]))
    assert await take_in(database, folder, as_csv(lines)) == 0
    assert len(await register(database)) == 20


async def test_what_a_table_brought_in_is_taken_back_and_nothing_else(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    living = lives(seed=7, complaints=20, feedback=5)
    async with database.session() as session:
        await record(session, [event for life in living for event in life], NOW)
    await take_in(database, folder, as_csv(list(rows(3, 10))))
    before, known = await snapshot(database), await every_reference(database)
    first, *lines = list(rows(4, 60))
    later = [{**row, "Case number": f"D/{at}"} for at, row in enumerate((first, *lines))]
    assert await take_in(database, folder, as_csv(later)) == 0
    assert await take_back(database, folder, as_csv(later), dry_run=True) == 0
    assert len(await every_reference(database)) == len(known) + 60
    assert await take_back(database, folder, as_csv(later)) == 0
    assert "Taken back: 60." in capsys.readouterr().err
    assert (await snapshot(database), await every_reference(database)) == (before, known)
    assert await take_back(database, folder, as_csv(later)) == 0
    assert "Taken back: 0." in capsys.readouterr().err
    assert await take_in(database, folder, as_csv(later)) == 0
    assert (await rebuild(database)).mended == 0


async def test_a_row_that_was_corrected_is_taken_back_and_comes_in_as_it_is_now(
    database: Database, folder: Path
) -> None:
    lines = list(rows(3, 30))
    await take_in(database, folder, as_csv(lines))
    answered = next(row for row in lines if row.get("S1 response"))
    answered["S1 outcome"] = "Upheld" if answered["S1 outcome"] != "Upheld" else "Not upheld"
    assert await take_in(database, folder, as_csv(lines)) == MISTAKES
    assert await take_back(database, folder, as_csv(lines)) == 0
    assert await take_in(database, folder, as_csv(lines)) == 0
    says = {one["reference"]: one for one in map(expected, lines)}
    assert await register(database) == says


async def test_nothing_is_taken_back_while_one_row_is_not_what_came_in_under_its_number(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(rows(3, 12))
    await take_in(database, folder, as_csv(lines))
    before = await snapshot(database)
    # Another year's table, numbered from 1 again.
    other = [{**row, "Area": "East"} if row is lines[4] else row for row in lines]
    assert await take_back(database, folder, as_csv(other)) == MISTAKES
    shown = capsys.readouterr().err
    assert "row 6, column “Case number”: not-brought-in" in shown
    assert "Nothing was taken back." in shown
    assert await snapshot(database) == before


async def test_what_lives_is_never_taken_back_even_under_the_prefix_of_a_table(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = list(rows(3, 12))
    await take_in(database, folder, as_csv(lines))
    reference = expected(lines[3])["reference"]
    async with database.session() as session:
        last = (await entries.events(session, reference))[-1]
        added = {"sequence": last.sequence + 1, "by": "ben", "kind": "ombudsman-involved"}
        event = {
            **last.model_dump(include={"reference", "at", "stage"}),
            **added,
            "on": last.at.date(),
        }
        await record(session, [EVENT.validate_python(event)], NOW)
    before = await snapshot(database)
    assert await take_back(database, folder, as_csv(lines)) == MISTAKES
    assert "row 5, column “Case number”: not-brought-in" in capsys.readouterr().err
    with pytest.raises(TryLater) as refused:
        await taking_back.take_back(database, [expected(row)["reference"] for row in lines])
    assert refused.value.code == "told-meanwhile"
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("table", "code"), [("Ref,Date\r\n1,2\r\n", "missing-column"), ("", "empty-file")]
)
async def test_the_report_says_why_a_table_was_refused_as_a_whole(
    database: Database, folder: Path, table: str, code: str
) -> None:
    with pytest.raises(MendRequest):
        await take_in(database, folder, table, report=True)
    with (folder / "mistakes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(one["row"], one["code"]) for one in csv.DictReader(file)] == [("0", code)]


async def test_a_row_of_too_many_cells_is_one_line_of_the_report(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = as_csv(rows(3, 5)).rstrip() + ",more\r\n"
    assert await take_in(database, folder, table, report=True) == MISTAKES
    assert "  row 6: wrong-number-of-cells: " in capsys.readouterr().err
    with (folder / "mistakes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(one["row"], one["column"]) for one in csv.DictReader(file)] == [("6", "")]


async def test_live_complaints_are_recorded_while_an_import_is_prepared(
    database: Database, folder: Path
) -> None:
    living = lives(seed=7, complaints=3, feedback=0)
    told = iter(living)

    async def preparing() -> AsyncIterator[Prepared]:
        async for batch in batches(database, _lives(folder, 3 * BATCH), NOW):
            async with database.session() as session:
                await record(session, next(told), NOW)
            yield batch

    await storing.take_in(database, preparing())
    assert len(await every_reference(database)) == 3 * BATCH + len(living)
    assert not list(folder.glob("import-*"))  # noqa: ASYNC240 — a folder of three files


async def test_a_newer_calendar_makes_no_changed_row_of_an_old_one(folder: Path) -> None:
    (complaint,) = checked(folder, csv_of(PLAIN)).complaints
    life = Retelling(column_map(), working_days("england")).events(complaint)
    later = [
        event.model_copy(update={"calendar": "2027-01-01"}) if event.kind == "clock-set" else event
        for event in life
    ]
    assert storing.same(life, later)
    moved = [
        event.model_copy(update={"due": event.anchor_date}) if event.kind == "clock-set" else event
        for event in life
    ]
    assert not storing.same(life, moved)
    assert not storing.same(life, life[:-1])


async def test_two_imports_at_once_take_it_in_once_and_whole(
    database: Database, folder: Path
) -> None:
    lives = _lives(folder, 30)

    async def one() -> None:
        await storing.take_in(database, batches(database, lives, NOW))

    outcomes = await asyncio.gather(one(), one(), return_exceptions=True)
    (refusal,) = (outcome for outcome in outcomes if outcome is not None)
    assert isinstance(refusal, TryLater)
    assert refusal.code == "imported-meanwhile"
    assert len(await register(database)) == 30


async def test_what_fails_in_the_middle_leaves_nothing_behind(
    database: Database, folder: Path
) -> None:
    lives = _lives(folder, BATCH + 5)

    async def failing() -> AsyncIterator[Prepared]:
        async for batch in batches(database, lives, NOW):
            yield batch
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await storing.take_in(database, failing())
    assert not any((await snapshot(database)).values())


async def test_what_is_cancelled_while_it_is_written_leaves_nothing_behind(
    database: Database, folder: Path
) -> None:
    past = _lives(folder, BATCH + 5)

    async def cancelled() -> None:
        def cancel(_: int) -> None:
            task.cancel()

        await storing.take_in(database, batches(database, past, NOW), cancel)

    task = asyncio.create_task(cancelled())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any((await snapshot(database)).values())
    assert await every_reference(database) == []
    await storing.take_in(database, batches(database, past, NOW))
    assert len(await every_reference(database)) == BATCH + 5


def _lives(folder: Path, number: int) -> Sequence[Life]:
    table = csv_of(*({**PLAIN, "Ref": str(at)} for at in range(number)))
    retelling = Retelling(column_map(), working_days("england"))
    return [retelling.events(complaint) for complaint in checked(folder, table).complaints]


async def _empty(database: Database, *, only_folded: bool = False) -> None:
    tables = ["survey_facts", "ombudsman_facts", "remedy_facts", "stage_facts"]
    tables += ["register_stages", "register"]
    tables += [] if only_folded else ["events", "complaints"]
    async with database.session() as session:
        connection = await session.connection()
        for table in tables:
            await connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 — named above


def run(database_url: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    told: Mapping[str, str] = {**environment(database_url), **variables}
    return subprocess.run(
        [sys.executable, "-m", "services", "register", "import", *arguments],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("database")
async def test_the_command_takes_a_table_in_and_refuses_one_as_a_whole(
    database_url: str, folder: Path
) -> None:
    example = str(EXAMPLES / "past-complaints.csv")
    done = await asyncio.to_thread(run, database_url, example, "--map", str(MAP))
    assert done.returncode == 0
    assert done.stderr.splitlines()[-2:] == ["Taking in: 5 of 5", "Taken in: 5."]
    (folder / "nothing.csv").touch()
    done = await asyncio.to_thread(
        run, database_url, str(folder / "nothing.csv"), "--map", str(MAP)
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("empty-file: ")
