"""A bank holiday arrives while complaints are open: each is moved or left rightly, and once."""

import asyncio
import csv
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Replayer

from services.notify import manager_messages
from services.notify.manager_messages import OpenCase
from services.shared.calendars import Calendar
from services.shared.events import RESIDENTS_TIME
from services.workflow import contract
from services.workflow.complaint import Complaint
from services.workflow.process import ComplaintProcess
from services.workflow.recount_messages import CALENDAR_CHANGED, CalendarChanged
from tests.engine import CONVERTER, settled
from tests.faults.open_complaints import (
    SOMEBODY,
    Lives,
    Outcome,
    WallCalendar,
    climbing_at,
    many,
    passing_at,
    reckoned,
)
from tests.faults.proxy import Proxy
from tests.faults.stack import PATIENCE, Stack, running
from tests.workflow.calendar_files import RELEASED, changed, listed, written

VERSION, LATER = "2026-11-20", "2026-11-21"
"""Both newer than the release's calendar."""

JOY = "A day of joy"

WALL = WallCalendar.of(RELEASED)

Outcomes = dict[str, Outcome]
"""What becomes of each clock of one complaint."""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    shown: str
    said: str


async def ended(command: asyncio.subprocess.Process) -> Ended:
    shown, said = await command.communicate()
    assert command.returncode is not None
    return Ended(command.returncode, shown.decode(), said.decode())


def proclaimed(*days: date, version: str = VERSION) -> Calendar:
    return changed(version, having=dict.fromkeys(days, JOY))


def by_hand(complaint: Complaint, *days: date) -> Outcomes:
    return reckoned(complaint, WallCalendar(WALL.holidays | set(days)))


async def start(
    stack: Stack, kinds: Iterable[Complaint], count: int, *, prefix: str = "PR-OPEN"
) -> dict[str, Complaint]:
    """Starts so many complaints; returns the state in which each began, by its reference."""
    client = await stack.client()
    opened = list(many(kinds, count, prefix))
    places = asyncio.Semaphore(32)

    async def begin(new: contract.NewComplaint) -> None:
        async with places:
            await contract.start(client, new, patience=PATIENCE)

    await asyncio.gather(*(begin(new) for new, _ in opened))
    return {new.reference: complaint for new, complaint in opened}


def lines(report: Path) -> dict[str, Outcomes]:
    """Returns what the report says of each clock of each complaint; each once."""
    found: dict[str, Outcomes] = {}
    with report.open(newline="") as file:
        for line in csv.DictReader(file):
            clocks = found.setdefault(line["reference"], {})
            assert line["clock"] not in clocks
            was, now = date.fromisoformat(line["was"]), date.fromisoformat(line["now"])
            clocks[line["clock"]] = (was, now, line["outcome"])
    return found


def events(folder: Path, *kinds: str) -> Counter[tuple[str, ...]]:
    """Counts what the register was told: reference, kind, clock and, of a climb, the rung."""
    with closing(sqlite3.connect(folder / "reporting.db", timeout=20)) as register:
        rows = register.execute(
            "SELECT reference, kind, payload ->> 'clock', payload ->> 'rung' FROM events"
        )
        return Counter(
            tuple(cell for cell in row if cell is not None) for row in rows if row[1] in kinds
        )


def moved(found: dict[str, Outcomes]) -> set[tuple[str, ...]]:
    """Returns the event that each clock which moved must have left, as `events` counts it."""
    return {
        (reference, "due-moved", clock)
        for reference, clocks in found.items()
        for clock, (_, _, outcome) in clocks.items()
        if outcome == "moved"
    }


class Asked(NamedTuple):
    """What the moves ask for: a letter to each resident, and word to whoever is in charge."""

    letters: int
    in_charge: set[str]
    """The complaints of which somebody in charge is to read in their next digest."""


def asked_for(opened: dict[str, Complaint], found: dict[str, Outcomes]) -> Asked:
    letters, in_charge = 0, set()
    for reference, clocks in found.items():
        names = {clock for clock, (_, _, outcome) in clocks.items() if outcome == "moved"}
        letters += bool(names)
        if names - RESIDENTS_TIME and opened[reference].investigator is not None:
            in_charge.add(reference)
    return Asked(letters, in_charge)


async def told(
    stack: Stack, folder: Path, opened: dict[str, Complaint], found: dict[str, Outcomes]
) -> None:
    """Returns when people and register have heard of the moves; asserts that none did twice."""
    asked = asked_for(opened, found)
    async with asyncio.timeout(60):
        while (
            _told(folder, "resident") < asked.letters
            or events(folder, "due-moved").total() < len(moved(found))
            or not asked.in_charge <= await _read_of_it(stack, folder)
        ):
            await asyncio.sleep(0.2)
    assert _told(folder, "resident") == asked.letters
    assert events(folder, "due-moved") == Counter(moved(found))
    mails = Counter(mail.message_id for mail in stack.catcher.caught)
    assert set(mails.values()) <= {1}


def _told(folder: Path, role: str) -> int:
    with closing(sqlite3.connect(folder / "notify.db", timeout=20)) as ledger:
        rows = ledger.execute(
            "SELECT count(*) FROM notice"
            " WHERE about = 'due-moved' AND state = 'sent' AND to_role = ?",
            (role,),
        )
        (count,) = rows.fetchone()
    return int(count)


async def _read_of_it(stack: Stack, folder: Path) -> set[str]:
    """Returns the complaints whose investigator has word waiting for the next digest, or had it."""
    manager = (await stack.client()).get_workflow_handle(manager_messages.workflow_id(SOMEBODY))
    cases = await manager.query(manager_messages.OPEN_CASES, result_type=list[OpenCase])
    with closing(sqlite3.connect(folder / "reporting.db", timeout=20)) as register:
        rows = register.execute(
            "SELECT reference FROM events WHERE kind = 'notice-settled'"
            " AND payload ->> 'about' = 'due-moved' AND payload ->> 'to' = 'investigator'"
        )
        return {reference for (reference,) in rows} | {
            case.reference for case in cases if case.waiting
        }


async def test_a_thousand_open_complaints_are_moved_or_left_rightly_and_nothing_fires_twice(
    tmp_path: Path,
) -> None:
    """Some climb their ladder meanwhile, and some are on the brink of being missed."""
    now = datetime.now(UTC)
    holiday = WALL.count(now.date(), 3)
    soon = now + timedelta(seconds=30)
    lives = Lives(WALL, now)
    kinds = list(lives.every_kind())
    for kind in kinds:
        climbing_at(kind, soon)
    left = [kind for kind in kinds if not moved({"": by_hand(kind, holiday)})]
    brink = lives.just_received()
    passing_at(brink, soon)
    # Every complaint stays in the worker's memory: waking them all would take most of the time.
    async with running(tmp_path, in_memory=True, PUTRIGHT_CACHED_WORKFLOWS="1000") as stack:
        on_the_brink = await start(stack, [brink], 40, prefix="PR-BRINK")
        # Mostly such as stay: whoever moves writes letters, and those take the time.
        opened = await start(stack, [*kinds, *left * 4], 960)
        file = written(proclaimed(holiday), tmp_path)
        report = tmp_path / "moves.csv"
        command = await stack.putright("calendar", "import", str(file), "--report", str(report))
        result = await ended(command)
        assert result.code == 0, result.said
        assert "Open complaints: 1000" in result.said

        found = lines(report)
        for reference in on_the_brink:
            acknowledged_late = found[reference]["acknowledge"][2] == "left: passed already"
            assert found[reference] == by_hand(
                missed(brink) if acknowledged_late else brink, holiday
            )
            assert ((reference, "missed", "acknowledge") in events(tmp_path, "missed")) == (
                acknowledged_late
            )
        expected = {reference: by_hand(kind, holiday) for reference, kind in opened.items()}
        assert {ref: found[ref] for ref in found if ref in opened} == {
            reference: clocks for reference, clocks in expected.items() if clocks
        }
        await told(stack, tmp_path, opened | on_the_brink, found)
        climbed = events(tmp_path, "climbed", "missed")
        assert climbed.total() > 100
        assert set(climbed.values()) == {1}


def missed(complaint: Complaint) -> Complaint:
    """Returns the complaint with its acknowledgement missed."""
    clocks = [
        replace(clock, missed_at=clock.due.passes_at) if clock.due.clock == "acknowledge" else clock
        for clock in complaint.clocks
    ]
    return replace(complaint, clocks=clocks)


async def test_an_import_that_was_interrupted_is_finished_by_repeating_it(tmp_path: Path) -> None:
    """It is cut off from Temporal when some complaints have heard of the holiday, and killed."""
    now = datetime.now(UTC)
    holiday = WALL.count(now.date(), 3)
    kinds = list(Lives(WALL, now).every_kind())
    async with running(tmp_path, in_memory=True) as stack:
        opened = await start(stack, kinds, 100)
        file = written(proclaimed(holiday), tmp_path)
        report = tmp_path / "moves.csv"
        command = ("calendar", "import", str(file), "--report", str(report))
        await interrupted(stack, *command)
        await at_rest(stack, opened)
        checked = await ended(await stack.putright("calendar", "check"))
        assert checked.code == 1
        older = {line.split("\t")[0] for line in checked.shown.splitlines()}
        expected = {reference: by_hand(kind, holiday) for reference, kind in opened.items()}
        concerned = {ref for ref, clocks in expected.items() if in_time(clocks)}
        heard = await have_heard(stack, opened)
        assert older == concerned - heard
        assert set() < older < concerned

        again = await ended(await stack.putright(*command))
        assert again.code == 0, again.said
        assert f"The calendar of {VERSION} says all that already." in again.said
        assert lines(report) == {ref: clocks for ref, clocks in expected.items() if clocks}
        await told(stack, tmp_path, opened, expected)
        checked = await ended(await stack.putright("calendar", "check"))
        assert (checked.code, checked.shown) == (0, "")


def in_time(clocks: Outcomes) -> bool:
    """Returns whether any clock has not passed: only such a complaint is counted anew."""
    return any(outcome != "left: passed already" for _, _, outcome in clocks.values())


async def interrupted(stack: Stack, *command: str) -> None:
    """Runs an import whose way to Temporal ends half-way, and kills it there.

    Where half-way is: asking every complaint how it is counted takes so many bytes, and the import
    has yet to tell each of the holiday besides. When half of them have gone, it has told some.
    """
    async with Proxy(stack.server.port) as way:
        through = {"PUTRIGHT_TEMPORAL_ADDRESS": f"127.0.0.1:{way.port}"}
        asked = await ended(await stack.putright("calendar", "check", **through))
        assert asked.code == 0, asked.said
        way.hold(after=way.passed["sent"] // 2)
        cut_off = await stack.putright(*command, **through)
        async with asyncio.timeout(60):
            await way.reached()
        cut_off.kill()
        assert (await ended(cut_off)).code == -signal.SIGKILL


async def at_rest(stack: Stack, opened: Iterable[str]) -> None:
    """Returns when every complaint has dealt with whatever reached it."""
    client = await stack.client()
    for reference in opened:
        await settled(client, reference)


async def have_heard(stack: Stack, opened: Iterable[str]) -> set[str]:
    """Returns which complaints have the signal of the holiday in their history."""
    client = await stack.client()
    heard = set()
    for reference in opened:
        history = await _handle(client, reference).fetch_history()
        if any(
            event.workflow_execution_signaled_event_attributes.signal_name == CALENDAR_CHANGED
            for event in history.events
        ):
            heard.add(reference)
    return heard


async def test_two_calendars_imported_at_once_end_with_everything_counted_by_the_newer(
    tmp_path: Path,
) -> None:
    """The later list holds the day of the earlier; whichever is first, no day is lost."""
    now = datetime.now(UTC)
    one, other = WALL.count(now.date(), 3), WALL.count(now.date(), 7)
    kinds = list(Lives(WALL, now).every_kind())
    async with running(tmp_path, in_memory=True) as stack:
        opened = await start(stack, kinds, 70)
        commands = []
        for version, days in ((VERSION, [one]), (LATER, [one, other])):
            file = listed(proclaimed(*days), tmp_path / version)
            report = str(tmp_path / f"{version}.csv")
            commands.append(
                await stack.putright(
                    *("calendar", "import", str(file), "--version", version, "--report", report)
                )
            )
        earlier, later = await asyncio.gather(*map(ended, commands))
        assert later.code == 0, later.said
        overtaken = earlier.code == 2 and "not-newer" in earlier.said
        assert overtaken or earlier.code == 0, earlier.said

        expected = {reference: by_hand(kind, one, other) for reference, kind in opened.items()}
        found = lines(tmp_path / f"{LATER}.csv")
        now_due = {ref: {c: line[1] for c, line in clocks.items()} for ref, clocks in found.items()}
        assert now_due == {
            reference: {clock: line[1] for clock, line in clocks.items()}
            for reference, clocks in expected.items()
            if clocks
        }
        if not overtaken:
            assert lines(tmp_path / f"{VERSION}.csv").keys() == found.keys()
        async with asyncio.timeout(60):
            while not moved(expected) <= (times := events(tmp_path, "due-moved")).keys():
                await asyncio.sleep(0.2)
        assert max(times.values()) <= 2  # once for each calendar
        checked = await ended(await stack.putright("calendar", "check"))
        assert (checked.code, checked.shown) == (0, "")


async def test_complaints_whose_worker_is_away_are_listed_and_counted_later(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    holiday = WALL.count(now.date(), 3)
    kinds = list(Lives(WALL, now).every_kind())
    async with running(tmp_path, in_memory=True) as stack:
        opened = await start(stack, kinds, 10)
        await stack.stop("workflow")
        file = written(proclaimed(holiday), tmp_path)
        command = ("calendar", "import", str(file), "--patience", "2")
        result = await ended(await stack.putright(*command))
        assert result.code == 1
        assert "10  did not answer" in result.said
        assert {line.split("\t")[0] for line in result.shown.splitlines()} == set(opened)
        assert {line.split("\t")[-1] for line in result.shown.splitlines()} == {"did not answer"}

        await stack.start("workflow")
        report = tmp_path / "moves.csv"
        result = await ended(await stack.putright("calendar", "recount", "--report", str(report)))
        assert result.code == 0, result.said
        expected = {reference: by_hand(kind, holiday) for reference, kind in opened.items()}
        assert lines(report) == {ref: clocks for ref, clocks in expected.items() if clocks}


async def test_a_question_beside_the_signal_leaves_a_history_that_replays(tmp_path: Path) -> None:
    """A query cuts the workflow task of the recount in two, also when that is the first of all."""
    now = datetime.now(UTC)
    kinds = list(Lives(WALL, now).every_kind())
    async with running(tmp_path, in_memory=True) as stack:
        await stack.stop("workflow")
        written(proclaimed(WALL.count(now.date(), 3)), tmp_path / "calendars")
        opened = await start(stack, kinds, 40)
        client = await stack.client()
        change = CalendarChanged(version=VERSION)
        for reference in opened:
            await _handle(client, reference).signal(CALENDAR_CHANGED, change)
        asked = asyncio.gather(
            *(contract.position(client, each, patience=timedelta(seconds=60)) for each in opened)
        )
        await stack.start("workflow")
        await asked
        replayer = Replayer(workflows=[ComplaintProcess], data_converter=CONVERTER)
        for reference in opened:
            await replayer.replay_workflow(await _handle(client, reference).fetch_history())


def _handle(client: Client, reference: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(contract.workflow_id(reference))
