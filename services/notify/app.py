"""The HTTP face of notify: whether it lives, and whether it is ready. Nothing else."""

from pathlib import Path

from fastapi import FastAPI
from temporalio.client import Client

from services.shared.database import Database, check_migrated
from services.shared.errors import TryLater
from services.shared.web import install

SERVICE = Path(__file__).parent


def create_app(database: Database, client: Client) -> FastAPI:
    """Returns the app; it is ready when its database is migrated and Temporal answers."""
    app = FastAPI(title="Putright notify", docs_url=None, redoc_url=None, openapi_url=None)

    async def migrated() -> None:
        await check_migrated(database, SERVICE)

    async def temporal() -> None:
        if not await client.service_client.check_health():
            raise TryLater("engine-away", "Temporal does not answer.")

    install(app, {"database": migrated, "temporal": temporal})
    return app
