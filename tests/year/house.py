"""The real workers of workflow, notify and reporting over a server that skips time.

Mail goes to a catcher by SMTP; register and ledger are SQLite files in a folder.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.plugin import SimplePlugin
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import PollerBehaviorSimpleMaximum, WorkerConfig

from services.notify import staff
from services.notify.activities import NotifyActivities
from services.notify.delivery import Mailer
from services.notify.directory import Directory
from services.notify.print_queue import PrintQueue
from services.notify.settings import NotifySettings
from services.notify.ways_of import ways_of
from services.notify.worker import build_worker as notify_worker
from services.reporting.activities import ReportingActivities
from services.reporting.worker import build_worker as reporting_worker
from services.shared.database import Database
from services.workflow.worker import build_worker as workflow_worker
from tests.databases import copy_migrated
from tests.engine import CONVERTER, PAYLOAD_KEYS, server_time, skipping_time
from tests.mail_catcher import MailCatcher

SERVICES = Path(__file__).parents[2] / "services"
SETTINGS: dict[str, Any] = {"environment": "embedded", "payload_keys": PAYLOAD_KEYS}


class SteadyPolling(SimplePlugin):
    """Makes workers ask for work in the one way that this server bears for longer than a minute.

    Pollers that scale by themselves give their calls up after some seconds. This server sometimes
    answers such a call all the same: the connection breaks, and the task in the answer is lost.
    """

    def __init__(self) -> None:
        super().__init__("tests.year.SteadyPolling")

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Has each worker poll with as many calls at once as Temporal's SDK does unasked."""
        polling = PollerBehaviorSimpleMaximum()
        config["workflow_task_poller_behavior"] = polling
        config["activity_task_poller_behavior"] = polling
        return config


@dataclass(frozen=True)
class House:
    """What the year is played in."""

    client: Client
    env: WorkflowEnvironment
    catcher: MailCatcher
    notices: Database
    """Notify's: the staff directory and the ledger."""


@asynccontextmanager
async def open_house(folder: Path, name: str, directory: Directory) -> AsyncIterator[House]:
    """Starts every worker, with the people of a directory.

    `folder` holds the databases: a register, which must be migrated, and a ledger of that name.
    """
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(skipping_time())
        client = await env.connect_client(data_converter=CONVERTER, plugins=[SteadyPolling()])
        catcher = await stack.enter_async_context(MailCatcher())
        register = _open(stack, register_url(folder))
        ledger = f"sqlite+aiosqlite:///{folder}/{name}.db"
        copy_migrated(SERVICES / "notify", ledger)
        notices = _open(stack, ledger)
        async with notices.session() as session:
            await staff.seed(session, directory)
        settings = NotifySettings(**SETTINGS, smtp_port=catcher.port)
        mailer = Mailer(settings)
        stack.push_async_callback(mailer.close)
        now = partial(server_time, env)
        queue = PrintQueue(notices, now)
        ways = ways_of(settings, mail=mailer, print_queue=queue, service=None, now=now)
        for worker in (
            workflow_worker(client),
            notify_worker(client, NotifyActivities(notices, ways, settings, now)),
            reporting_worker(client, ReportingActivities(register)),
        ):
            await stack.enter_async_context(worker)
        yield House(client, env, catcher, notices)


def register_url(folder: Path) -> str:
    """Returns the URL of the register in a folder."""
    return f"sqlite+aiosqlite:///{folder}/register.db"


def _open(stack: AsyncExitStack, url: str) -> Database:
    database = Database(url)
    stack.push_async_callback(database.close)
    return database
