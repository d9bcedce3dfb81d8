"""Fixtures of intake's tests: the app over a fresh database, and real Temporal servers."""

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from services.intake import channel_keys
from services.intake.app import SERVICE_DIR, create_app
from services.intake.engine import Patience
from services.intake.settings import IntakeSettings
from services.intake.wiring import Now
from services.shared.database import Database
from services.shared.keys import key_hash
from services.shared.temporal import lazy_client
from tests.databases import copy_migrated
from tests.engine import PAYLOAD_KEYS, DevServer
from tests.intake.desk import PATIENCE, STAFF_KEY, Desk, wall_clock
from tests.intake.workflow_double import worker
from tests.ports import free_port

OpenDesk = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def migrated_url(database_url: str) -> str:
    copy_migrated(SERVICE_DIR, database_url)
    return database_url


@pytest.fixture
def open_desk(migrated_url: str) -> OpenDesk:
    """Opens an app on the test's database; a second one is another replica, or a restart."""

    @asynccontextmanager
    async def opened(
        temporal_address: str,
        patience: Patience = PATIENCE,
        now: Now = wall_clock,
        **more: object,
    ) -> AsyncIterator[Desk]:
        settings = IntakeSettings(
            environment="embedded",
            temporal_address=temporal_address,
            payload_keys=PAYLOAD_KEYS,
            staff_key_hash=key_hash(STAFF_KEY),
            intake_database_url=migrated_url,
            link_secret="the secret of these tests",
            public_url="https://complaints.example",
        ).model_copy(update=more)
        database = Database(migrated_url)
        client = await lazy_client(settings)
        name = f"desk-{datetime.now(UTC):%H%M%S%f}"
        key = await channel_keys.issue(database, name, "*", datetime.now(UTC))
        app = create_app(settings, database, client, now, patience=patience)
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://intake.example"
        )
        async with http:
            yield Desk(app, settings, database, client, http, {"Authorization": f"Bearer {key}"})
        await database.close()

    return opened


@pytest.fixture
async def desk(open_desk: OpenDesk) -> AsyncIterator[Desk]:
    """An app whose engine is away: nothing listens at its Temporal address."""
    async with open_desk(f"127.0.0.1:{free_port()}") as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevServer]:
    """A Temporal server that runs for all of these tests."""
    server = DevServer(tmp_path_factory.mktemp("temporal") / "temporal.db")
    await server.start()
    yield server
    await server.stop(signal.SIGKILL)


@pytest.fixture
async def live_desk(open_desk: OpenDesk, engine: DevServer) -> AsyncIterator[Desk]:
    """An app whose engine is there, with a worker that plays the workflow service."""
    async with open_desk(engine.address) as opened, worker(await engine.connect()):
        yield opened


@pytest.fixture
async def mortal_engine(tmp_path: Path) -> AsyncIterator[DevServer]:
    """A Temporal server, not started yet, for the test to start and stop."""
    server = DevServer(tmp_path / "temporal.db")
    yield server
    await server.stop(signal.SIGKILL)


@pytest.fixture
def shut_database(postgres: str) -> Callable[[str], None]:
    """Makes a PostgreSQL database refuse every new connection."""

    def shut(url: str) -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{make_url(url).database}" ALLOW_CONNECTIONS false')

    return shut
