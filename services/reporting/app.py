"""Reporting's HTTP face."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI
from temporalio.client import Client

from services.reporting import feedback_routes, routes
from services.reporting.settings import ReportingSettings
from services.shared.database import Database, check_migrated
from services.shared.errors import TryLater
from services.shared.web import install

SERVICE_DIR = Path(__file__).parent

DESCRIPTION = """
The register of complaints: one entry each, folded from everything that happened to it. Feedback
that is no complaint has a register of its own, and is never counted among them. Both hold
ids, dates and codes, and nothing about a person. Instants are UTC; dates are days in
Europe/London. Every refusal is a problem details object (`application/problem+json`) whose
`code` is stable.
"""


def create_app(settings: ReportingSettings, database: Database, client: Client) -> FastAPI:
    """Returns the app. It reads without Temporal; only what is new then waits to be told."""
    app = FastAPI(title="Putright reporting", description=DESCRIPTION, version="1", redoc_url=None)
    app.state.settings = settings
    app.state.database = database
    for part in (routes, feedback_routes):
        app.include_router(part.router)

    async def engine() -> None:
        if not await client.service_client.check_health():
            raise TryLater("engine-away", "Temporal does not answer.")

    install(
        app,
        ready={"database": partial(check_migrated, database, SERVICE_DIR)},
        reported={"engine": engine},
    )
    return app
