"""The programs of the embedded default, each started and stopped by itself.

They are the same commands as `putright up` runs; it would start a stopped worker again at once.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from temporalio.client import Client

from services.embedded import checks
from services.embedded.keys import Keys, keep
from services.embedded.settings import EmbeddedSettings
from services.embedded.stack import children, environment, histories
from services.shared.encryption import KeyRing
from services.shared.readiness import answers
from services.shared.supervisor import Child
from services.shared.temporal import data_converter
from tests.ports import free_port

ENGINE = ("temporal", "mail", "prepare")
WORKERS = ("workflow", "notify", "reporting", "bare")

START_PATIENCE = 60.0
STOP_PATIENCE = 20.0


def free_settings(var: Path) -> EmbeddedSettings:
    """Returns settings that keep their data in `var` and listen on ports that are free now."""
    ports = {port.setting: free_port() for port in EmbeddedSettings().ports}
    chosen = {name.removeprefix("PUTRIGHT_").lower(): port for name, port in ports.items()}
    return EmbeddedSettings.model_validate({**chosen, "var": var})


class Stack:
    """The embedded default on free ports with its data in `var`."""

    def __init__(self, var: Path) -> None:
        self.settings = free_settings(var)
        self.keys: Keys = keep(var, histories(self.settings))
        programs = (
            *children(self.settings, self.keys, checks.temporal()),
            _bare_worker(free_port(), environment(self.settings, self.keys)),
        )
        self._children = {child.name: child for child in programs}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    async def start(self, *names: str) -> None:
        """Starts programs in turn: each is ready, or a step at its end, before the next.

        Raises RuntimeError with what it logged when one ends too early.
        """
        for name in names:
            await self._start(self._children[name])

    async def _start(self, child: Child) -> None:
        log = self.settings.var / f"{child.name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: ASYNC220 — starting a program takes milliseconds
                child.command,
                env={**os.environ, **child.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._processes[child.name] = process
        async with asyncio.timeout(START_PATIENCE):
            while not (await child.ready() if child.ready else process.poll() == 0):
                if process.poll():
                    raise RuntimeError(f"{child.name} ended at its start: {log.read_text()}")
                await asyncio.sleep(0.05)

    async def stop(self, *names: str) -> None:
        """Tells programs to end, all at once, and waits for it."""
        ending = [self._processes.pop(name) for name in names if name in self._processes]
        for process in ending:
            process.terminate()
        for process in ending:
            await asyncio.to_thread(process.wait, STOP_PATIENCE)

    async def stop_all(self) -> None:
        """Ends everything: first the services, then what they need."""
        await self.stop(*(name for name in self._processes if name not in ENGINE))
        await self.stop(*self._processes)

    async def client(self) -> Client:
        """Returns a client with the services' converter and key."""
        address = f"127.0.0.1:{self.settings.temporal_port}"
        converter = data_converter(KeyRing(self.keys.payload_keys))
        return await Client.connect(address, data_converter=converter)


def _bare_worker(port: int, told: Mapping[str, str]) -> Child:
    return Child(
        "bare",
        (sys.executable, "-m", "tests.bench.bare_worker"),
        ready=answers(port, "/readyz"),
        environment={**told, "PUTRIGHT_WORKFLOW_PORT": str(port)},
    )


@asynccontextmanager
async def running(folder: Path, *names: str) -> AsyncIterator[Stack]:
    """A fresh stack with these programs running; all is stopped, and its data gone, at the end."""
    with TemporaryDirectory(dir=folder) as var:
        stack = Stack(Path(var))
        try:
            await stack.start(*names)
            yield stack
        finally:
            await stack.stop_all()


class Rows:
    """Reads a service's SQLite database beside the running service.

    The database is in WAL mode, so a reader and the service do not wait for each other.
    """

    def __init__(self, var: Path, service: str) -> None:
        file = (var / f"{service}.db").resolve()
        self._connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Returns every row that a query finds."""
        return self._connection.execute(query).fetchall()

    def count(self, query: str) -> int:
        """Returns the one number that a query answers."""
        [(found,)] = self.read(query)
        return int(found)

    async def until(self, query: str, wanted: int, *, patience: float) -> None:
        """Returns when the query answers `wanted`. Raises TimeoutError after `patience` seconds.

        It looks fifty times a second: often enough for rounds of seconds, seldom enough not to
        take the processor from what is measured.
        """
        async with asyncio.timeout(patience):
            while self.count(query) != wanted:
                await asyncio.sleep(0.02)

    def close(self) -> None:
        """Gives the database back."""
        self._connection.close()


SAVED = "SELECT count(*) FROM complaints"
"""Of intake: every complaint brought in."""

NOT_STARTED = "SELECT count(*) FROM complaints WHERE started_at IS NULL"
"""Of intake: saved, and not yet known to be started."""

TOLD_WHOLE = "SELECT count(*) FROM register WHERE notices_sent > 0"
"""Of reporting: complaints whose receipt has gone out and is on the register. It is the last that
a new complaint does by itself; from then on it waits for people and for its clocks."""
