"""Runs several programs as one: each when what it needs is ready, until told to stop.

A child that dies is started again after a pause that grows; one that keeps dying, or is never
ready, ends the whole with a `GaveUp` that says which, why, and what it logged last. A stop goes in
reverse: a child is told to end once every child that needed it has ended. Each child leads a
process group of its own, so a Ctrl-C meant for the supervisor does not reach it by itself, and
whatever the child has started ends with it.
"""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from services.shared.readiness import Ready

MOST_DEATHS = 5
"""So many deaths of one child within `DEATHS_WITHIN` seconds, and it is given up."""

DEATHS_WITHIN = 30.0

FIRST_PAUSE = 0.25
"""Seconds before the first restart; each further death within `DEATHS_WITHIN` doubles it."""

READY_PATIENCE = 60.0
"""Seconds that a child may take from its start until it is ready."""

READY_POLL = 0.1

LINES_TO_SHOW = 12

PR_SET_PDEATHSIG = 1
"""The Linux prctl by which the kernel signals a child when its parent dies."""


@dataclass(frozen=True)
class Child:
    """One program to keep running."""

    name: str
    command: tuple[str, ...]
    ready: Ready | None
    """None for a step that is run once: it is ready when it has ended with 0, and must."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Set on top of the supervisor's own environment."""
    after: tuple[str, ...] = ()
    """The children that must be ready before this one starts, and that end after it."""
    grace: float = 5.0
    """Seconds between being told to end (SIGTERM) and being killed."""


class GaveUp(Exception):
    """A child could not be kept running. `log` holds the last lines that it wrote."""

    def __init__(self, name: str, why: str, log: Sequence[str]) -> None:
        super().__init__(f"{name} {why}")
        self.name = name
        self.log = tuple(log)


class _ToldToStop(Exception):
    """Ctrl-C, SIGTERM or the end of the terminal: not an error, and seen by nobody outside."""


class Supervisor:
    """Keeps `children` running. What they write goes to `logs`/NAME.log, the last run's to .1.

    `say` is told, in one line, of every death, restart and kill.
    """

    def __init__(
        self, children: Sequence[Child], logs: Path, say: Callable[[str], None] = print
    ) -> None:
        self._children = tuple(children)
        self._logs = logs
        self._say = say
        self._ready = {child.name: asyncio.Event() for child in children}
        self._processes: dict[str, Process] = {}
        self._told = asyncio.Event()

    async def run(self, when_ready: Callable[[], None]) -> None:
        """Starts everything, calls `when_ready` once all are ready, returns after a stop.

        Raises GaveUp, with everything stopped, when a child cannot be kept running.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        for child in self._children:
            with suppress(FileNotFoundError):
                self._log(child).rename(self._logs / f"{child.name}.log.1")
        loop = asyncio.get_running_loop()
        signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for sign in signs:
            loop.add_signal_handler(sign, self.stop)
        tasks = [asyncio.create_task(self._keep(child)) for child in self._children]
        tasks += [
            asyncio.create_task(self._announce(when_ready)),
            asyncio.create_task(self._wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_all()
            for sign in signs:
                loop.remove_signal_handler(sign)
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, _ToldToStop):
                raise outcome

    def stop(self) -> None:
        """Makes `run` stop everything and return; SIGINT, SIGTERM and SIGHUP do the same."""
        self._told.set()

    async def _wait(self) -> None:
        await self._told.wait()
        raise _ToldToStop

    async def _announce(self, when_ready: Callable[[], None]) -> None:
        for ready in self._ready.values():
            await ready.wait()
        when_ready()

    async def _keep(self, child: Child) -> None:
        for name in child.after:
            await self._ready[name].wait()
        loop = asyncio.get_running_loop()
        deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        while True:
            process = await self._start(child)
            if child.ready is not None:
                await self._until_ready(child, process, child.ready)
            how = _ended(await process.wait())
            _signal_group(process, signal.SIGKILL)
            if child.ready is None:
                if process.returncode != 0:
                    raise GaveUp(child.name, how, self._last_lines(child))
                self._ready[child.name].set()
                return
            deaths.append(loop.time())
            recent = sum(1 for death in deaths if death > loop.time() - DEATHS_WITHIN)
            if recent == MOST_DEATHS:
                why = (
                    f"keeps dying: {recent} times in {DEATHS_WITHIN:.0f} s; the last time it {how}"
                )
                raise GaveUp(child.name, why, self._last_lines(child))
            self._say(f"{child.name} {how}; starting it again")
            await asyncio.sleep(FIRST_PAUSE * 2 ** (recent - 1))

    async def _start(self, child: Child) -> Process:
        with self._log(child).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                env={**os.environ, **child.environment},
                process_group=0,
                preexec_fn=_die_with_the_supervisor,
            )
        self._processes[child.name] = process
        return process

    async def _until_ready(self, child: Child, process: Process, ready: Ready) -> None:
        try:
            async with asyncio.timeout(READY_PATIENCE):
                while not await ready():
                    if process.returncode is not None:
                        return
                    await asyncio.sleep(READY_POLL)
        except TimeoutError:
            why = f"was not ready within {READY_PATIENCE:.0f} s"
            raise GaveUp(child.name, why, self._last_lines(child)) from None
        self._ready[child.name].set()

    async def _stop_all(self) -> None:
        ended = {child.name: asyncio.Event() for child in self._children}

        async def end(child: Child) -> None:
            for other in self._children:
                if child.name in other.after:
                    await ended[other.name].wait()
            await self._stop(child)
            ended[child.name].set()

        await asyncio.gather(*(end(child) for child in self._children))

    async def _stop(self, child: Child) -> None:
        process = self._processes.get(child.name)
        if process is None or process.returncode is not None:
            return
        _signal_group(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(child.grace):
                await process.wait()
        except TimeoutError:
            self._say(f"{child.name} did not end within {child.grace:g} s and was killed")
        _signal_group(process, signal.SIGKILL)
        await process.wait()

    def _log(self, child: Child) -> Path:
        return self._logs / f"{child.name}.log"

    def _last_lines(self, child: Child) -> list[str]:
        lines = self._log(child).read_text("utf-8", errors="replace").splitlines()
        return lines[-LINES_TO_SHOW:]


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_the_supervisor() -> None:
    """Runs in the child before its program: asks the kernel to kill it when its parent dies.

    A supervisor that is itself killed can stop nothing any more. Only Linux knows this.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _signal_group(process: Process, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, sign)


def _ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
