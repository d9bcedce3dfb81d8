"""Notify's worker on a server that skips time, and workflows that ask things of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from services.notify import contract, staff
    from services.notify.activities import NotifyActivities
    from services.notify.app import SERVICE
    from services.notify.contract import Deliveries, PersonFound, SendNotices, Settled, Word
    from services.notify.delivery import Mailer
    from services.notify.recipients import WayName
    from services.notify.settings import NotifySettings
    from services.notify.ways import Way
    from services.notify.worker import build_worker
    from services.shared.database import Database
    from tests.databases import copy_migrated
    from tests.engine import server_time
    from tests.notify.samples import STAFF

ERRANDS = "errands"


@workflow.defn
class Errand:
    """Asks notify as a complaint does: tries once, then delivers what is still queued.

    Returns what became of its notices, then of the entries of its words.
    """

    @workflow.run
    async def run(self, request: SendNotices) -> list[Settled]:
        tried = await contract.send_notices(
            request.notices, request.words, summary="try once"
        ) or Deliveries(settled=())
        settled = {one.key: one for one in tried.settled}
        return [
            settled[notice.key]
            if notice.key in settled and settled[notice.key].outcome != "queued"
            else await contract.deliver_notice(notice, summary="deliver")
            for notice in request.notices
        ] + [settled[entry.key] for word in request.words for entry in word.entries]


@workflow.defn
class KeepPosted:
    """Sends one word for as long as it takes."""

    @workflow.run
    async def run(self, tidings: Word) -> list[Settled]:
        return list((await contract.keep_posted(tidings, summary="keep posted")).settled)


@workflow.defn
class Lookup:
    """Asks the directory."""

    @workflow.run
    async def run(self, staff_id: str) -> PersonFound:
        return await contract.find_person(staff_id)


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/notify.db"


async def migrated(folder: Path) -> None:
    """Brings notify's database about, with everybody of the example in its directory."""
    await asyncio.to_thread(copy_migrated, SERVICE, url(folder))
    database = Database(url(folder))
    async with database.session() as session:
        await staff.seed(session, STAFF)
    await database.close()


@asynccontextmanager
async def notify_at(
    environment: WorkflowEnvironment,
    folder: Path,
    smtp_port: int,
    *,
    with_database: bool = True,
) -> AsyncIterator[None]:
    """Notify's worker, by the server's own clock, and a worker for the errands."""
    if with_database:
        await migrated(folder)
    settings = NotifySettings(
        environment="embedded", smtp_port=smtp_port, mail_from="complaints@example.org"
    )
    database = Database(url(folder))
    mailer = Mailer(settings)
    ways: dict[WayName, Way] = {"email": mailer, "by-hand": mailer}
    activities = NotifyActivities(database, ways, settings, now=partial(server_time, environment))
    client = environment.client
    try:
        async with build_worker(client, activities), errands(client):
            yield
    finally:
        await mailer.close()
        await database.close()


def errands(client: Client) -> Worker:
    return Worker(client, task_queue=ERRANDS, workflows=[Errand, KeepPosted, Lookup])
