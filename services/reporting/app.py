"""Reporting's HTTP face."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from temporalio.client import Client

from services.reporting import feedback_routes, measure_routes, report_routes, routes
from services.reporting.dashboard import routes as dashboard
from services.reporting.dashboard.choices import KnownChoices
from services.reporting.rebuilding import Filling
from services.reporting.settings import ReportingSettings
from services.shared.database import Database, check_migrated
from services.shared.errors import TryLater
from services.shared.local_time import local_date
from services.shared.sweep import Sweep, sweeping
from services.shared.web import install

SERVICE_DIR = Path(__file__).parent

BETWEEN_FILLINGS = timedelta(minutes=10)
"""Complaints without facts come of an older release, which may still write beside this one."""

BETWEEN_CHOICES = timedelta(minutes=5)
"""What the dashboards' forms offer lags behind the register by so much."""

DESCRIPTION = """
The register of complaints: one entry each, folded from everything that happened to it. Feedback
that is no complaint has a register of its own, and is never counted among them. Both hold
ids, dates and codes, and nothing about a person. Instants are UTC; dates are days in
Europe/London. Every refusal is a problem details object (`application/problem+json`) whose
`code` is stable.
"""


def create_app(settings: ReportingSettings, database: Database, client: Client) -> FastAPI:
    """Returns the app. It reads without Temporal; only what is new then waits to be told.

    While it runs, complaints that have no facts yet are given theirs, beside the serving; until
    then nothing is counted for the API.
    """
    app = FastAPI(
        title="Putright reporting",
        description=DESCRIPTION,
        version="1",
        redoc_url=None,
        lifespan=_running,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.choices = KnownChoices()
    app.state.filling = Filling(database)
    for part in (routes, feedback_routes, measure_routes, report_routes, dashboard):
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


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    database: Database = app.state.database

    filling: Filling = app.state.filling
    filling.is_short = True  # until it is known that it is not

    async def read_choices() -> None:
        async with database.session() as session:
            await app.state.choices.refresh(session, local_date(datetime.now(UTC)))

    sweeps = (
        Sweep("fill in facts", filling.fill, BETWEEN_FILLINGS),
        Sweep("read choices", read_choices, BETWEEN_CHOICES),
    )
    async with sweeping(sweeps):
        yield
