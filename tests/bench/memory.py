"""(e) Resident memory of the whole embedded default, at rest and with many open complaints.

`putright up` itself runs, on free ports. Complaints come in over HTTP with all workers running, as
many as these can take up; so a busy stack is measured, not one that has come to rest. The workflow
worker keeps a set number of complaints in its cache: from there on its memory must not grow.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import psutil
from rich.table import Table

from services.embedded import keys
from services.embedded.settings import EmbeddedSettings
from services.shared.events import Frozen
from services.shared.readiness import answers, every
from services.workflow.settings import WorkflowSettings
from tests.bench.embedded import NOT_STARTED, SAVED, TOLD_WHOLE, Rows, free_settings
from tests.bench.posting import Intake, post

CHECKPOINTS = (0.05, 0.1, 0.25, 0.5, 1.0)
"""At which shares of all complaints the memory is looked at, besides at rest."""

SLICE = 100
"""How many are brought in together, and how many may wait for the workers before the next are.

A dev server on which hundreds of workflows wait for their turn is slower than one with few.
"""

AT_ONCE = 16
READY_PATIENCE = 90.0
STARTED_PATIENCE = 600.0
BREATH = 5.0
"""Seconds of rest before the stack without complaints is looked at."""

MEGABYTE = 1024 * 1024


class Resident(Frozen):
    """Memory of one program and whatever it has started, in megabytes."""

    rss: float
    pss: float | None
    """Shared pages divided among those who share them; where the system tells."""


class Footprint(Frozen):
    """The stack at one moment."""

    open_complaints: int
    """Saved, and their workflows started."""
    taken_up: int
    """Of these, how many have had their receipt, and wait for people and their clocks."""
    programs: dict[str, Resident]

    @property
    def rss(self) -> float:
        """The sum of all programs, in megabytes."""
        return sum(program.rss for program in self.programs.values())

    @property
    def pss(self) -> float | None:
        """The sum of all programs, in megabytes, or None where the system does not tell."""
        known = [program.pss for program in self.programs.values() if program.pss is not None]
        return sum(known) if len(known) == len(self.programs) else None


class Memory(Frozen):
    """What the stack held at rest and with ever more open complaints."""

    cached_workflows: int
    """How many complaints the workflow worker may keep in memory."""
    footprints: tuple[Footprint, ...]


class Up:
    """`putright up` as a process of ours."""

    def __init__(self, settings: EmbeddedSettings) -> None:
        self.settings = settings
        names = [name for name in type(settings).model_fields if name.endswith("_port")]
        told = {f"PUTRIGHT_{name.upper()}": str(getattr(settings, name)) for name in names}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services", "up"],
            env={**os.environ, **told, "PUTRIGHT_VAR": str(settings.var)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    async def ready(self) -> None:
        """Returns when every service answers. Raises TimeoutError when one never does."""
        ports = ("workflow_port", "notify_port", "reporting_port", "intake_port")
        check = every(*(answers(getattr(self.settings, port), "/readyz") for port in ports))
        async with asyncio.timeout(READY_PATIENCE):
            while not await check():
                await asyncio.sleep(0.2)

    def intake(self) -> Intake:
        """Returns where to bring complaints in."""
        kept = keys.read(self.settings.var / "dev.env")
        return Intake(self.settings.intake_port, kept["PUTRIGHT_CHANNEL_KEY"])

    def programs(self) -> dict[str, Resident]:
        """Returns what each program holds now, the supervisor among them."""
        supervisor = psutil.Process(self.process.pid)
        found = {"supervisor": _resident([supervisor])}
        for child in supervisor.children():
            found[_name(child.cmdline())] = _resident([child, *child.children(recursive=True)])
        return found

    async def stop(self) -> None:
        """Presses Ctrl-C and waits for the end."""
        self.process.send_signal(signal.SIGINT)
        await asyncio.to_thread(self.process.wait, 60)


def _name(command: list[str]) -> str:
    services = [part for part in command if part.startswith("services.")]
    if services:
        return services[0].removeprefix("services.")
    return "temporal" if "server" in command else "mail"


def _resident(processes: list[psutil.Process]) -> Resident:
    rss = sum(process.memory_info().rss for process in processes)
    try:
        shares = [process.memory_full_info().pss for process in processes]
    except (AttributeError, psutil.AccessDenied):
        return Resident(rss=rss / MEGABYTE, pss=None)
    return Resident(rss=rss / MEGABYTE, pss=sum(shares) / MEGABYTE)


@asynccontextmanager
async def _up(folder: Path) -> AsyncIterator[Up]:
    with TemporaryDirectory(dir=folder) as var:
        up = Up(free_settings(Path(var)))
        try:
            await up.ready()
            yield up
        finally:
            await up.stop()


async def measure(
    folder: Path, tell: Callable[[str], None], *, complaints: int, minutes: float
) -> Memory:
    """Measures a fresh stack while `complaints` come in.

    For `minutes` they come in as the workers take them up; what is left then comes in as fast as
    intake takes it, so the last footprint always has all of them open.
    """
    async with _up(folder) as up:
        var = up.settings.var
        with closing(Rows(var, "intake")) as saved, closing(Rows(var, "reporting")) as register:
            filing = _Filing(up, saved, register, until=monotonic() + minutes * 60)
            tell("the stack at rest")
            await asyncio.sleep(BREATH)
            footprints = [filing.footprint()]
            for share in CHECKPOINTS:
                goal = round(complaints * share)
                tell(f"bringing in complaints until {goal} are open")
                await filing.bring_to(goal)
                footprints.append(filing.footprint())
    return Memory(
        cached_workflows=WorkflowSettings.model_fields["cached_workflows"].default,
        footprints=tuple(footprints),
    )


class _Filing:
    """Brings complaints in at the pace of the workers, as long as there is time for that."""

    def __init__(self, up: Up, saved: Rows, register: Rows, *, until: float) -> None:
        self._up = up
        self._intake = up.intake()
        self._saved = saved
        self._register = register
        self._until = until

    async def bring_to(self, goal: int) -> None:
        """Returns when `goal` complaints are open and, if time allows, the workers are through."""
        while (there := self._saved.count(SAVED)) < goal:
            await post(self._intake, min(SLICE, goal - there), at_once=AT_ONCE)
            await self._workers_are_near(SLICE)
        await self._saved.until(NOT_STARTED, 0, patience=STARTED_PATIENCE)
        await self._workers_are_near(0)

    async def _workers_are_near(self, most_waiting: int) -> None:
        while monotonic() < self._until and self._waiting() > most_waiting:
            await asyncio.sleep(0.1)

    def _waiting(self) -> int:
        return self._saved.count(SAVED) - self._register.count(TOLD_WHOLE)

    def footprint(self) -> Footprint:
        """Looks at the stack now."""
        return Footprint(
            open_complaints=self._saved.count(SAVED) - self._saved.count(NOT_STARTED),
            taken_up=self._register.count(TOLD_WHOLE),
            programs=self._up.programs(),
        )


def table(memory: Memory) -> Table:
    """Returns a column for each look at the stack, and a row for each program."""
    shown = Table(
        title="(e) Resident memory of `putright up`, in MB",
        caption=(
            f"The workflow worker keeps at most {memory.cached_workflows} complaints in memory.\n"
            "Taken up: receipt sent, on the register, waiting for people and clocks."
        ),
    )
    shown.add_column("open complaints")
    for footprint in memory.footprints:
        shown.add_column(f"{footprint.open_complaints}", justify="right")
    shown.add_row("taken up", *(f"{one.taken_up}" for one in memory.footprints), end_section=True)
    for name in sorted(memory.footprints[0].programs):
        shown.add_row(name, *(f"{one.programs[name].rss:.0f}" for one in memory.footprints))
    shown.add_section()
    shown.add_row("all (RSS)", *(f"{one.rss:.0f}" for one in memory.footprints))
    shown.add_row("all (PSS)", *(_known(one.pss) for one in memory.footprints))
    return shown


def _known(megabytes: float | None) -> str:
    return "–" if megabytes is None else f"{megabytes:.0f}"
