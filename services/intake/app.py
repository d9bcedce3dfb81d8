"""Intake's HTTP face, and the sweeps that run beside it: here everything is put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from temporalio.client import Client

from services.intake import (
    action_routes,
    actions,
    complaints,
    feedback,
    feedback_routes,
    follow,
    mail_routes,
    manager_pages,
    routes,
)
from services.intake.channel_keys import Holders
from services.intake.engine import PATIENCE, Engine, Patience
from services.intake.mail_sweeps import mail_sweeps
from services.intake.saving import Saver
from services.intake.settings import IntakeSettings
from services.intake.tables import Complaint, Feedback
from services.intake.wiring import Intake, Now
from services.shared.database import Database, check_migrated
from services.shared.errors import TryLater
from services.shared.sweep import Sweep, sweeping
from services.shared.web import install, problem
from services.workflow import contract

SERVICE_DIR = Path(__file__).parent

DESCRIPTION = """
Complaints and other feedback come in here, and staff act on complaints. Every refusal is a problem
details object (`application/problem+json`) whose `code` is stable. Times need an offset; dates are
days in Europe/London.
"""


def create_app(
    settings: IntakeSettings,
    database: Database,
    client: Client,
    now: Now,
    *,
    patience: Patience = PATIENCE,
) -> FastAPI:
    """Returns the app. It starts and serves without Temporal: complaints are taken in regardless.

    `now` answers the present instant. While the app runs, what is saved is started and carried
    out as soon as the engine is there.
    """
    intake = Intake(
        settings,
        database,
        Engine(client, patience),
        now,
        Holders(database),
        saver=Saver(database, Complaint),
        feedback_saver=Saver(database, Feedback),
    )
    app = FastAPI(
        title="Putright intake",
        description=DESCRIPTION,
        version="1",
        redoc_url=None,
        lifespan=partial(_running, intake, patience.between_sweeps),
    )
    app.state.intake = intake
    for part in (routes, action_routes, feedback_routes, follow, mail_routes, manager_pages):
        app.include_router(part.router)
    for kind in (OperationalError, InterfaceError):
        app.exception_handler(kind)(_storage_away)
    install(
        app,
        ready={
            "database": partial(check_migrated, database, SERVICE_DIR),
        },
        reported={"engine": intake.engine.check},
    )
    return app


@asynccontextmanager
async def _running(intake: Intake, every: timedelta, _app: FastAPI) -> AsyncIterator[None]:
    """Sweeps as long as the app serves. Raises NotThere for a default policy that is unknown."""
    now = await intake.now()
    contract.promise(intake.settings.default_policy, now, now)
    sweeps = (
        Sweep("start complaints", partial(complaints.start_saved, intake), every, intake.saved),
        Sweep(
            "start feedback", partial(feedback.start_saved, intake), every, intake.feedback_saved
        ),
        Sweep("carry out actions", partial(actions.carry_out_pending, intake), every),
        *mail_sweeps(intake, every),
    )
    async with sweeping(sweeps):
        yield


async def _storage_away(_request: Request, _error: Exception) -> Response:
    return problem(
        TryLater(
            "storage-away",
            "The database did not answer, so this is not confirmed. "
            "Repeat it with the same Idempotency-Key: it is done once.",
        )
    )
