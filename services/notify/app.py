"""Notify's HTTP face: the staff directory, the notices that were sent, the letters to print."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI
from temporalio.client import Client

from services.notify import letter_routes, notice_routes, receipts, returned_routes, staff_routes
from services.notify.sending import Now, utc_now
from services.notify.settings import NotifySettings
from services.shared.database import Database, check_migrated
from services.shared.errors import TryLater
from services.shared.web import install

SERVICE = Path(__file__).parent

DESCRIPTION = """
Who works here and who is away, what was sent to whom, and which letters are to be printed. Dates
are days in Europe/London; instants are UTC. Every refusal is a problem details object
(`application/problem+json`) whose `code` is stable.
"""


def create_app(
    settings: NotifySettings, database: Database, client: Client, now: Now = utc_now
) -> FastAPI:
    """Returns the app; it is ready when its database is migrated and Temporal answers."""
    app = FastAPI(title="Putright notify", description=DESCRIPTION, version="1", redoc_url=None)
    app.state.settings = settings
    app.state.database = database
    app.state.client = client
    app.state.now = now
    for part in (staff_routes, notice_routes, letter_routes, returned_routes, receipts):
        app.include_router(part.router)

    async def temporal() -> None:
        if not await client.service_client.check_health():
            raise TryLater("engine-away", "Temporal does not answer.")

    install(app, {"database": partial(check_migrated, database, SERVICE), "temporal": temporal})
    return app
