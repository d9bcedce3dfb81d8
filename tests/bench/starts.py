"""(a) Bare starts of an empty workflow beside (b) complaints brought in until all are started.

Both on one server with a database file, in one run, taking turns in the order a, b, b, a: what
slows the machine down slows both, and what grows meets both. The bare start takes no input: it is
the least that can be asked of the server, and whatever a complaint's start carries beyond that
(its input, search attributes and summary) counts against intake, like its own saving.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from rich.table import Table
from temporalio.client import Client

from services.shared.events import Frozen
from services.workflow.contract import WORKFLOW
from tests.bench import bare
from tests.bench.embedded import (
    ENGINE,
    NOT_STARTED,
    SAVED,
    TOLD_WHOLE,
    WORKERS,
    Rows,
    Stack,
    running,
)
from tests.bench.figures import Spread, spread
from tests.bench.posting import Intake, post

ENOUGH = 0.7
"""At least this share of the bare starts' throughput must be left."""

PATIENCE = 300.0
"""Seconds after which a round, or what it leaves the workers to do, counts as stuck."""

WARM_UP = 20


class Round(Frozen):
    """Starts of one kind, so many of them and so many at once."""

    number: int
    seconds: float
    """From the first call until the last workflow was started."""
    calls: tuple[float, ...]
    """The seconds of each call: of the bare start, or of the POST until its 201."""


class Lane(Frozen):
    """What came of all rounds of one kind."""

    per_second: float
    milliseconds: Spread
    """Of one call."""


class Pace(Frozen):
    """Both kinds with so many calls at once."""

    at_once: int
    each_round: int
    bare: Lane
    complaints: Lane
    ratio: float
    """The throughput of complaints as a share of that of bare starts."""
    ratios: tuple[float, ...]
    """The same of each pair of neighbouring rounds: how far the one figure is to be trusted."""


class Starts(Frozen):
    """Every pace, with the workers stopped or running."""

    workers_running: bool
    paces: tuple[Pace, ...]


class Starter:
    """Makes rounds of both kinds on one stack, and lets its workers finish after each."""

    def __init__(self, stack: Stack, client: Client, *, workers: bool) -> None:
        self._client = client
        self._intake = Intake(stack.settings.intake_port, stack.keys.channel_key)
        self._saved = Rows(stack.settings.var, "intake")
        self._register = Rows(stack.settings.var, "reporting")
        self._workers = workers

    async def bare(self, number: int, at_once: int) -> Round:
        """Starts empty workflows."""
        turns = iter(range(number))
        calls: list[float] = []

        async def start_in_turn() -> None:
            for _ in turns:
                began = time.perf_counter()
                await self._client.start_workflow(
                    bare.Empty.run, id=f"empty-{uuid4()}", task_queue=bare.TASK_QUEUE
                )
                calls.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(start_in_turn() for _ in range(at_once)))
        seconds = time.perf_counter() - began
        await self._calm()
        return Round(number=number, seconds=seconds, calls=tuple(calls))

    async def complaints(self, number: int, at_once: int) -> Round:
        """Brings complaints in, and waits until intake knows that each has been started."""
        began = time.perf_counter()
        calls = await post(self._intake, number, at_once=at_once)
        await self._saved.until(NOT_STARTED, 0, patience=PATIENCE)
        seconds = time.perf_counter() - began
        await self._calm()
        return Round(number=number, seconds=seconds, calls=tuple(calls))

    async def check(self) -> None:
        """Returns when the server knows of every complaint brought in; TimeoutError if never."""
        await self._until(f"WorkflowType = '{WORKFLOW}'", self._saved.count(SAVED))

    async def _calm(self) -> None:
        """Returns when the workers, if any run, have nothing left to do."""
        if self._workers:
            await self._register.until(TOLD_WHOLE, self._saved.count(SAVED), patience=PATIENCE)
            await self._until("WorkflowType = 'Empty' AND ExecutionStatus = 'Running'", 0)

    async def _until(self, query: str, wanted: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self._client.count_workflows(query)).count != wanted:
                await asyncio.sleep(0.2)

    def close(self) -> None:
        """Gives the databases back."""
        self._saved.close()
        self._register.close()


async def measure(
    folder: Path,
    tell: Callable[[str], None],
    *,
    paces: Sequence[tuple[int, int]],
    rounds: int,
    workers: bool,
) -> Starts:
    """Measures on a fresh stack, each kind `rounds` times at every pace.

    `paces` are pairs of calls at once and starts in each round. Raises TimeoutError when a
    complaint was not started, or the server does not know of it.
    """
    programs = (*ENGINE, "intake", *(WORKERS if workers else ()))
    async with running(folder, *programs) as stack:
        client = await stack.client()
        with closing(Starter(stack, client, workers=workers)) as starter:
            measured = [
                await _pace(starter, tell, at_once=at_once, each=each, rounds=rounds)
                for at_once, each in paces
            ]
            await starter.check()
    return Starts(workers_running=workers, paces=tuple(measured))


async def _pace(
    starter: Starter, tell: Callable[[str], None], *, at_once: int, each: int, rounds: int
) -> Pace:
    tell(f"warming up with {at_once} at once")
    await starter.bare(WARM_UP, at_once)
    await starter.complaints(WARM_UP, at_once)
    bare_rounds: list[Round] = []
    complaints: list[Round] = []
    for turn in islice(cycle("abba"), 2 * rounds):
        if turn == "a":
            tell(f"{each} bare starts, {at_once} at once")
            bare_rounds.append(await starter.bare(each, at_once))
        else:
            tell(f"{each} complaints, {at_once} at once")
            complaints.append(await starter.complaints(each, at_once))
    a, b = _lane(bare_rounds), _lane(complaints)
    pairs = zip(bare_rounds, complaints, strict=True)
    return Pace(
        at_once=at_once,
        each_round=each,
        bare=a,
        complaints=b,
        ratio=b.per_second / a.per_second,
        ratios=tuple(one.seconds / other.seconds for one, other in pairs),
    )


def _lane(rounds: Sequence[Round]) -> Lane:
    calls = [call * 1000 for one in rounds for call in one.calls]
    started = sum(one.number for one in rounds)
    return Lane(per_second=started / sum(one.seconds for one in rounds), milliseconds=spread(calls))


def table(starts: Starts) -> Table:
    """Returns a row for each pace."""
    workers = "all workers running" if starts.workers_running else "workers stopped"
    shown = Table(
        title=f"(a, b) Bare starts, and complaints until all are started: {workers}",
        caption=f"b/a at least {ENOUGH}; in brackets that of each pair of rounds",
    )
    for heading in ("at once", "a: starts/s", "p50/p99 ms", "b: started/s", "p50/p99 ms", "b/a"):
        shown.add_column(heading, justify="right")
    for pace in starts.paces:
        pairs = " ".join(f"{ratio:.2f}" for ratio in pace.ratios)
        shown.add_row(
            f"{pace.at_once}",
            f"{pace.bare.per_second:.0f}",
            _milliseconds(pace.bare),
            f"{pace.complaints.per_second:.0f}",
            _milliseconds(pace.complaints),
            f"{pace.ratio:.2f} ({pairs})",
        )
    return shown


def _milliseconds(lane: Lane) -> str:
    return f"{lane.milliseconds.p50:.0f} / {lane.milliseconds.p99:.0f}"
