"""(d) Complaints whose clocks pass in the same second, beside as many bare timers.

All of them pass at the same instant, which is harder than any second of a real day. First the
timers, then the complaints, each when everything before has come to rest. Lateness is what a
workflow itself notes: a complaint the moment of its miss, a bare timer the moment it went on.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from rich.table import Table
from temporalio.client import Client

from services.shared.events import Frozen
from services.workflow import contract
from tests.bench import bare
from tests.bench.embedded import ENGINE, TOLD_WHOLE, WORKERS, Rows, running
from tests.bench.figures import Spread, spread
from tests.faults.stack import passing

AT_ONCE = 16

PATIENCE = 600.0
"""Seconds after which what has not happened never will."""

PROBES = 40
"""How many are started beforehand, to learn how long the rest will take."""

MARGIN = 2.0
"""How much longer than that they are given before their moment comes."""

MISSED = "SELECT reference, at, recorded_at FROM events WHERE kind = 'missed'"


class SameSecond(Frozen):
    """How late everything was, in milliseconds after the moment at which it was due."""

    number: int
    bare_timers: Spread
    misses: Spread
    """By the time that stands in the event."""
    on_register: Spread
    """By the time at which reporting had stored the event."""
    missed_once: int
    """Of how many complaints the register tells exactly one miss; it must be all of them."""
    at_rest: bool
    """Whether all complaints were done with their receipt when the moment came."""


async def measure(folder: Path, tell: Callable[[str], None], *, number: int) -> SameSecond:
    """Measures on a fresh stack with every worker running.

    Raises TimeoutError when a timer has not fired, or a miss is not on the register, in time.
    """
    async with running(folder, *ENGINE, *WORKERS) as stack:
        client = await stack.client()
        with closing(Rows(stack.settings.var, "reporting")) as register:
            tell(f"{number} bare timers of one moment")
            bare_timers = await _bare_timers(client, number)
            tell(f"{number} complaints whose clocks pass at one moment")
            passes_at, at_rest = await _complaints(client, register, number)
            misses = register.read(MISSED)
    of_each = Counter(reference for reference, _, _ in misses)
    return SameSecond(
        number=number,
        bare_timers=spread(bare_timers),
        misses=spread([_late(_instant(at), passes_at) for _, at, _ in misses]),
        on_register=spread([_late(_instant(at), passes_at) for _, _, at in misses]),
        missed_once=sum(times == 1 for times in of_each.values()),
        at_rest=at_rest,
    )


async def _bare_timers(client: Client, number: int) -> list[float]:
    """Returns how late each of the timers was."""

    async def start(name: str, until: datetime) -> None:
        await client.start_workflow(bare.BareTimer.run, until, id=name, task_queue=bare.TASK_QUEUE)

    async def result(name: str) -> datetime:
        fired_at: datetime = await client.get_workflow_handle(name, result_type=datetime).result()
        return fired_at

    probes = [f"probe-{turn}" for turn in range(PROBES)]
    began = monotonic()
    await _each(probes, lambda name: start(name, datetime.now(UTC)))
    await asyncio.gather(*(result(name) for name in probes))
    until = _moment(monotonic() - began, number)
    names = [f"timer-{turn}" for turn in range(number)]
    await _each(names, lambda name: start(name, until))
    await _wait_for(until)
    fired: list[datetime] = []

    async def note(name: str) -> None:
        fired.append(await result(name))

    async with asyncio.timeout(PATIENCE):
        await _each(names, note)
    return [_late(at, until) for at in fired]


async def _complaints(client: Client, register: Rows, number: int) -> tuple[datetime, bool]:
    """Returns the moment, once every miss is on the register, and whether all were at rest then."""

    async def start(reference: str, passes_at: datetime) -> None:
        # The ladder is climbed in working hours, not at the stroke of midnight with the miss.
        rungs_at = [passes_at + timedelta(days=day) for day in (1, 2, 3)]
        new = passing(reference, passes_at, rungs_at)
        await contract.start(client, new, patience=timedelta(seconds=60))

    far_off = datetime.now(UTC) + timedelta(days=9)
    began = monotonic()
    await _each((f"PR-PROBE-{turn:04}" for turn in range(PROBES)), lambda ref: start(ref, far_off))
    await register.until(TOLD_WHOLE, PROBES, patience=PATIENCE)
    passes_at = _moment(monotonic() - began, number)
    await _each((f"PR-CLOCK-{turn:04}" for turn in range(number)), lambda r: start(r, passes_at))
    await _wait_for(passes_at - timedelta(seconds=1))
    at_rest = register.count(TOLD_WHOLE) == PROBES + number
    missed = "SELECT count(DISTINCT reference) FROM events WHERE kind = 'missed'"
    await register.until(missed, number, patience=PATIENCE)
    return passes_at, at_rest


async def _each(names: Iterable[str], do: Callable[[str], Awaitable[None]]) -> None:
    turns = iter(names)

    async def in_turn() -> None:
        for name in turns:
            await do(name)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(in_turn())


def _moment(probes_took: float, number: int) -> datetime:
    """Returns when `number` of what the probes were will surely have come to rest."""
    return datetime.now(UTC) + timedelta(seconds=10 + MARGIN * probes_took * number / PROBES)


async def _wait_for(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def _instant(stored: str) -> datetime:
    """Reads an instant as SQLite keeps it: UTC without an offset."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _late(at: datetime, due: datetime) -> float:
    return (at - due) / timedelta(milliseconds=1)


def table(found: SameSecond) -> Table:
    """Returns a row for each kind of lateness."""
    shown = Table(
        title=f"(d) {found.number} clocks that pass at the same moment",
        caption=(
            f"{found.missed_once} of {found.number} misses on the register exactly once; "
            + ("all" if found.at_rest else "not all")
            + " complaints were at rest when the moment came"
        ),
    )
    for heading in ("late by, in ms", "p50", "p99", "most"):
        shown.add_column(heading, justify="left" if "late" in heading else "right")
    for name, late in (
        ("bare timer, in its workflow", found.bare_timers),
        ("miss, in its event", found.misses),
        ("miss, stored on the register", found.on_register),
    ):
        shown.add_row(name, f"{late.p50:.0f}", f"{late.p99:.0f}", f"{late.most:.0f}")
    return shown
