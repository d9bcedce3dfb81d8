"""Runs intake: everything that comes from outside enters here."""

import asyncio
from datetime import UTC, datetime

from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from services.shared import logs
from services.shared.database import Database
from services.shared.serving import serve
from services.shared.temporal import lazy_client, leave


async def wall_clock() -> datetime:
    """Answers the present instant of this machine."""
    return datetime.now(UTC)


async def main() -> None:
    """Serves until it is told to stop."""
    settings = IntakeSettings()
    logs.set_up("intake", settings.log_level)
    database = Database(settings.intake_database_url)
    try:
        app = create_app(settings, database, await lazy_client(settings), wall_clock)
        await serve(app, host=settings.intake_host, port=settings.intake_port)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
    leave()
