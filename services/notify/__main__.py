"""Runs notify: `python -m services.notify`."""

import asyncio

from services.notify import directory, staff
from services.notify.activities import NotifyActivities
from services.notify.app import create_app
from services.notify.delivery import Mailer
from services.notify.print_queue import PrintQueue
from services.notify.rounds import rounds
from services.notify.sending import utc_now
from services.notify.settings import NotifySettings
from services.notify.ways_of import govuk_notify, ways_of
from services.notify.worker import build_worker
from services.shared import logs
from services.shared.database import Database
from services.shared.serving import serve
from services.shared.sweep import sweeping
from services.shared.temporal import leave, worker_client


async def main(settings: NotifySettings) -> None:
    """Seeds the directory, then serves until it is told to stop."""
    database = Database(settings.notify_database_url)
    if settings.directory_file is not None:
        async with database.session() as session:
            await staff.seed(session, directory.read(settings.directory_file))
    client = await worker_client(settings)
    mailer = Mailer(settings)
    service = govuk_notify(settings, database)
    queue = PrintQueue(database, utc_now)
    ways = ways_of(settings, mail=mailer, print_queue=queue, service=service, now=utc_now)
    worker = build_worker(client, NotifyActivities(database, ways, settings))
    app = create_app(settings, database, client)
    async with sweeping(rounds(settings, database, client, service, utc_now)):
        await serve(app, host=settings.notify_host, port=settings.notify_port, workers=[worker])
    if service is not None:
        service.close()
    await mailer.close()
    await database.close()


if __name__ == "__main__":
    settings = NotifySettings()
    logs.set_up("notify", settings.log_level)
    asyncio.run(main(settings))
    leave()
