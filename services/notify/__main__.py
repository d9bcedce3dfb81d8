"""Runs notify: `python -m services.notify`."""

import asyncio

from services.notify import directory, staff
from services.notify.activities import NotifyActivities
from services.notify.app import create_app
from services.notify.delivery import Mailer
from services.notify.settings import NotifySettings
from services.notify.worker import build_worker
from services.shared import logs
from services.shared.database import Database
from services.shared.serving import serve
from services.shared.temporal import leave, worker_client


async def main(settings: NotifySettings) -> None:
    """Seeds the directory, then serves until it is told to stop."""
    database = Database(settings.notify_database_url)
    if settings.directory_file is not None:
        async with database.session() as session:
            await staff.seed(session, directory.read(settings.directory_file))
    client = await worker_client(settings)
    mailer = Mailer(settings)
    activities = NotifyActivities(database, {"email": mailer, "by-hand": mailer}, settings)
    worker = build_worker(client, activities)
    app = create_app(database, client)
    await serve(app, host=settings.notify_host, port=settings.notify_port, workers=[worker])
    await mailer.close()
    await database.close()


if __name__ == "__main__":
    settings = NotifySettings()
    logs.set_up("notify", settings.log_level)
    asyncio.run(main(settings))
    leave()
