"""Every service as a process of its own over the dev server, so that a test can pull its plug."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client

from services.embedded.keys import Keys
from services.embedded.settings import EmbeddedSettings
from services.embedded.stack import environment
from services.notify.contract import Addressee
from services.shared.encryption import KeyRing
from services.shared.keys import new_key
from services.shared.temporal import data_converter
from services.workflow import contract
from services.workflow.clocks import Due, RungTime
from services.workflow.contract import NewComplaint
from tests.engine import PAYLOAD_KEYS, DevServer
from tests.mail_catcher import MailCatcher
from tests.ports import free_port

SERVICES = ("workflow", "notify", "reporting")
PATIENCE = timedelta(seconds=20)


class Stack:
    """The dev server, a mail catcher in the test, and the services as child processes.

    The server outlives being stopped, unless it is `in_memory`. `settings` are variables that every
    service is told beside the usual ones.
    """

    def __init__(self, folder: Path, *, in_memory: bool = False, **settings: str) -> None:
        self.server = DevServer(None if in_memory else folder / "temporal.db")
        self.catcher = MailCatcher()
        self.web = httpx.AsyncClient()
        self.settings = EmbeddedSettings(
            var=folder,
            smtp_port=self.catcher.port,
            temporal_port=self.server.port,
            workflow_port=free_port(),
            notify_port=free_port(),
            reporting_port=free_port(),
        )
        self.keys = Keys(
            payload_keys=PAYLOAD_KEYS,
            link_secret="a-link-secret",
            staff_key=new_key("staff"),
            channel_key=new_key("channel"),
        )
        self._folder = folder
        self._environment = os.environ | environment(self.settings, self.keys) | settings
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def prepare(self) -> None:
        """Migrates the databases."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.embedded.prepare"), env=self._environment
        )
        assert await process.wait() == 0

    async def start(self, *services: str) -> None:
        """Starts services and returns when they are ready."""
        for service in services:
            with (self._folder / f"{service}.log").open("ab") as log:
                self._processes[service] = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", f"services.{service}"),
                    env=self._environment,
                    stdout=log,
                    stderr=log,
                )
        async with asyncio.timeout(30):
            for service in services:
                port = getattr(self.settings, f"{service}_port")
                while not await _ready(self.web, port):
                    await asyncio.sleep(0.05)

    async def stop(self, *services: str, sign: signal.Signals = signal.SIGTERM) -> None:
        """Sends services a signal and waits for their end."""
        for service in services:
            process = self._processes.pop(service, None)
            if process is not None and process.returncode is None:
                process.send_signal(sign)
                await process.wait()

    async def putright(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        """Starts a command of `putright` on this stack; its output is piped.

        `settings` are variables that it is told beside the usual ones, or in their place.
        """
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services", *arguments),
            env=self._environment | settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def client(self) -> Client:
        """Returns a client of the dev server."""
        converter = data_converter(KeyRing(PAYLOAD_KEYS))
        return await Client.connect(self.server.address, data_converter=converter)

    async def timeline(self, reference: str) -> list[str]:
        """Returns the kinds of what the register tells of a complaint, in order."""
        answer = await self.web.get(
            f"http://127.0.0.1:{self.settings.reporting_port}/api/register/{reference}",
            headers={"Authorization": f"Bearer {self.keys.staff_key}"},
        )
        found: dict[str, Any] = answer.json()
        return [entry["kind"] for entry in found.get("timeline", ())]


async def _ready(web: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await web.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def running(
    folder: Path, *, in_memory: bool = False, **settings: str
) -> AsyncIterator[Stack]:
    """The whole stack, ready; everything is stopped at the end."""
    stack = Stack(folder, in_memory=in_memory, **settings)
    async with AsyncExitStack() as parts:
        await stack.server.start()
        parts.push_async_callback(stack.server.stop)
        await parts.enter_async_context(stack.catcher)
        await parts.enter_async_context(stack.web)
        await stack.prepare()
        parts.push_async_callback(stack.stop, *SERVICES)
        await stack.start(*SERVICES)
        yield stack


def passing(reference: str, passes_at: datetime, rungs_at: Sequence[datetime]) -> NewComplaint:
    """Returns a complaint whose acknowledgement passes, and climbs, at moments of the test's own.

    The response stays far off: one clock is enough to see what a fault does to it.
    """
    now = datetime.now(UTC)
    promise = contract.promise("housing-ombudsman", now, now)
    acknowledge, respond = promise.dues
    tells = [rung.tell for rung in acknowledge.rungs]
    soon: Due = acknowledge.model_copy(
        update={
            "passes_at": passes_at,
            "reminders": (),
            "rungs": tuple(
                RungTime(at=at, tell=tell) for at, tell in zip(rungs_at, tells, strict=True)
            ),
        }
    )
    return NewComplaint(
        reference=reference,
        promise=promise.model_copy(update={"dues": (soon, respond)}),
        received_at=now,
        entered_at=now,
        channel="web",
        entered_by="faults",
        addressee=Addressee(name="Ada Bell", email="ada.bell@example.org"),
        anonymous=False,
        service_area="Repairs",
    )
