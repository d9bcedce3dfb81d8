"""Real Temporal servers for tests: time skipping, and the dev server with its own process."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from google.protobuf.empty_pb2 import Empty
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from services.shared.encryption import KeyRing, new_key_spec
from services.shared.temporal import data_converter
from services.workflow import contract, search_attributes
from tests.ports import free_port

PAYLOAD_KEYS = new_key_spec("test")
"""The key ring of one test run, as `PUTRIGHT_PAYLOAD_KEYS` would hold it."""

LONGEST = timedelta(minutes=10)
"""How long a sleep may take on our own clock: everything that happens meanwhile is done in it."""

BROKEN_OFF = frozenset({RPCStatusCode.INTERNAL, RPCStatusCode.CANCELLED})
"""How a call ends when its connection breaks, as it does now and then on a busy machine."""

CONVERTER = data_converter(KeyRing(PAYLOAD_KEYS))


def tool(name: str) -> str:
    """Returns the path of a tool installed beside the running Python, or on the PATH."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: run make setup")
    return found


@asynccontextmanager
async def skipping_time(
    converter: DataConverter = CONVERTER,
) -> AsyncIterator[WorkflowEnvironment]:
    """A server on which waiting takes no time. It cannot list, count or reset workflows."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=tool("temporal-test-server"),
        data_converter=converter,
        identity="tests",
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=environment.client.namespace, search_attributes=search_attributes.TYPES
            )
        )
        yield environment


async def server_time(environment: WorkflowEnvironment) -> datetime:
    """Returns what the time is on the server."""
    answer = await environment.client.test_service.get_current_time(Empty(), retry=True)
    return answer.time.ToDatetime(UTC)


async def sleep(environment: WorkflowEnvironment, duration: timedelta) -> None:
    """Lets so much of the server's time pass. Raises RPCError as `sleep_until`."""
    await sleep_until(environment, await server_time(environment) + duration)


async def sleep_until(environment: WorkflowEnvironment, moment: datetime) -> None:
    """Lets the server's time pass until then (aware); returns at once if it has passed already.

    A busy server sometimes breaks a call off: what is left of it is then slept again. Raises
    RPCError when it takes longer than `LONGEST`.
    """
    while (left := moment - await server_time(environment)) > timedelta():
        request = SleepRequest()
        request.duration.FromTimedelta(left)
        try:
            await environment.client.test_service.unlock_time_skipping_with_sleep(
                request, timeout=LONGEST
            )
        except RPCError as error:
            if error.status not in BROKEN_OFF:
                raise


class DevServer:
    """The dev server as a process of its own, so that a test can kill it and start it again.

    Without a `database` it keeps everything in memory: twice as fast, and gone when it stops.
    """

    def __init__(self, database: Path | None, *, options: Sequence[str] = ()) -> None:
        self.port = free_port()
        self._command = (
            *(tool("temporal"), "server", "start-dev", "--headless", "--ip", "127.0.0.1"),
            *("--port", str(self.port), "--log-level", "error"),
            *(() if database is None else ("--db-filename", str(database))),
            *options,
        )
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where the server listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._process is None:
            raise RuntimeError("the dev server is not running")
        return self._process.pid

    async def start(self) -> None:
        """Starts the server and returns when it answers."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(30):
            while True:
                try:
                    client = await self.connect()
                    await search_attributes.register(client)
                except (RuntimeError, RPCError):
                    await asyncio.sleep(0.05)
                else:
                    return

    async def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Stops the server with a signal and waits for its end."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(sign)
            await self._process.wait()
        self._process = None

    async def connect(self) -> Client:
        """Returns a client of its own."""
        return await Client.connect(self.address, data_converter=CONVERTER)


@asynccontextmanager
async def dev_server(folder: Path, *options: str) -> AsyncIterator[DevServer]:
    """A dev server with its database in `folder`, stopped at the end."""
    server = DevServer(folder / "temporal.db", options=options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


UNSETTLED = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_TIMER_FIRED,
}
"""A history whose last event is one of these goes on by itself at once."""


async def settled(client: Client, reference: str) -> None:
    """Returns when the complaint's workflow waits for nobody but people and time."""
    await workflow_settled(client, contract.workflow_id(reference))


async def workflow_settled(client: Client, workflow_id: str) -> None:
    """Returns when a workflow waits for nobody but people and time, or has ended."""
    execution = WorkflowExecution(workflow_id=workflow_id)
    request = DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=execution)
    handle = client.get_workflow_handle(workflow_id)
    seen = 0
    async with asyncio.timeout(30):
        while True:
            # The raw answer: the SDK cannot read a search attribute that was unset here.
            answer = await client.workflow_service.describe_workflow_execution(request)
            last = (await handle.fetch_history()).events[-1]
            if answer.pending_activities or last.event_type in UNSETTLED:
                await asyncio.sleep(0.02)
            elif seen == last.event_id:
                return
            else:
                # It may have gone on between the two questions: what stood twice has settled.
                seen = last.event_id
