"""Runs reporting: `python -m services.reporting`."""

import asyncio

from services.reporting.activities import ReportingActivities
from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from services.reporting.worker import build_worker
from services.shared import logs
from services.shared.database import Database
from services.shared.serving import serve
from services.shared.temporal import leave, worker_client


async def main(settings: ReportingSettings) -> None:
    """Serves and records until it is told to stop."""
    database = Database(settings.reporting_database_url)
    client = await worker_client(settings)
    worker = build_worker(client, ReportingActivities(database))
    app = create_app(settings, database, client)
    await serve(app, host=settings.reporting_host, port=settings.reporting_port, workers=[worker])
    await database.close()


if __name__ == "__main__":
    settings = ReportingSettings()
    logs.set_up("reporting", settings.log_level)
    asyncio.run(main(settings))
    leave()
