"""One installation with every service of it, over a server that skips time.

Intake, workflow, notify and reporting run as `__main__` of each wires them, with real workers,
databases and mail; nothing is left out but the processes and the sockets between them.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from services.intake import app as intake_app
from services.intake import channel_keys
from services.intake.settings import IntakeSettings
from services.notify import app as notify_app
from services.notify import directory, staff
from services.notify.activities import NotifyActivities
from services.notify.delivery import Mailer
from services.notify.print_queue import PrintQueue
from services.notify.settings import NotifySettings
from services.notify.ways import Ways
from services.notify.ways_of import ways_of
from services.notify.worker import build_worker as notify_worker
from services.reporting import app as reporting_app
from services.reporting.activities import ReportingActivities
from services.reporting.settings import ReportingSettings
from services.reporting.worker import build_worker as reporting_worker
from services.shared.database import Database
from services.shared.keys import key_hash, new_key
from services.workflow.worker import build_worker as workflow_worker
from tests.databases import copy_migrated
from tests.days import london
from tests.engine import PAYLOAD_KEYS, server_time, skipping_time, sleep_until
from tests.mail_catcher import MailCatcher
from tests.raw_mailbox import RawMailbox

ROOT = Path(__file__).parents[2]
DIRECTORY = directory.read(ROOT / "deploy" / "directory.example.toml")
STAFF_KEY = new_key("staff")
COMMON: dict[str, Any] = {
    "environment": "embedded",
    "payload_keys": PAYLOAD_KEYS,
    "staff_key_hash": key_hash(STAFF_KEY),
}


@dataclass(frozen=True)
class House:
    """What a story needs of an installation."""

    env: WorkflowEnvironment
    catcher: MailCatcher
    intake: httpx.AsyncClient
    """Like the two that follow it signs in as staff."""
    register: httpx.AsyncClient
    notify: httpx.AsyncClient
    channel_key: str
    """Of a channel that may bring in whatever there is."""
    notices: Database
    """Notify's."""


@asynccontextmanager
async def open_house(begin: str, extra: Ways, mailbox: RawMailbox | None) -> AsyncIterator[House]:
    """Starts every service at a moment of 2028, with `extra` ways beside those of this house.

    With a `mailbox`, its mail is taken in. Raises ValueError for a moment that has passed.
    """
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(skipping_time())
        now = partial(server_time, env)
        if london(begin) < await now():
            raise ValueError(f"{begin} is past: move the stories to a later year")
        await sleep_until(env, london(begin))
        catcher = await stack.enter_async_context(MailCatcher())
        databases = _databases(stack)
        notices = databases["notify"]
        async with notices.session() as session:
            await staff.seed(session, DIRECTORY)
        settings = NotifySettings(**COMMON, smtp_port=catcher.port)
        mailer = Mailer(settings)
        stack.push_async_callback(mailer.close)
        queue = PrintQueue(notices, now)
        ways = ways_of(settings, mail=mailer, print_queue=queue, service=None, now=now)
        for worker in (
            workflow_worker(env.client),
            notify_worker(env.client, NotifyActivities(notices, {**ways, **extra}, settings, now)),
            reporting_worker(env.client, ReportingActivities(databases["reporting"])),
        ):
            await stack.enter_async_context(worker)
        intake = intake_app.create_app(
            IntakeSettings(**COMMON, **_reading(mailbox)), databases["intake"], env.client, now
        )
        register = reporting_app.create_app(
            ReportingSettings(**COMMON), databases["reporting"], env.client
        )
        notify = notify_app.create_app(settings, notices, env.client, now)
        channel_key = await channel_keys.issue(databases["intake"], "stories", "*", await now())
        await stack.enter_async_context(intake.router.lifespan_context(intake))
        yield House(
            env,
            catcher,
            intake=await _client(stack, intake),
            register=await _client(stack, register),
            notify=await _client(stack, notify),
            channel_key=channel_key,
            notices=notices,
        )


def _databases(stack: AsyncExitStack) -> dict[str, Database]:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    databases = {}
    for service in ("intake", "notify", "reporting"):
        url = f"sqlite+aiosqlite:///{folder}/{service}.db"
        copy_migrated(ROOT / "services" / service, url)
        databases[service] = Database(url)
        stack.push_async_callback(databases[service].close)
    return databases


def _reading(mailbox: RawMailbox | None) -> dict[str, Any]:
    told = {} if mailbox is None else mailbox.told
    return {name.removeprefix("PUTRIGHT_").lower(): value for name, value in told.items()}


async def _client(stack: AsyncExitStack, app: FastAPI) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://putright.test",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    )
    return await stack.enter_async_context(client)
