"""The dashboards over a register of varied lives, on the day on which the tests look at them."""

import base64
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import cache, reduce

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from services.reporting import register_rows
from services.reporting.app import create_app
from services.reporting.dashboard import visiting
from services.reporting.fold import fold
from services.reporting.register import RegisterEntry
from services.reporting.settings import ReportingSettings
from services.reporting.tables import ComplaintRow
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash
from services.shared.temporal import lazy_client
from tests.days import london
from tests.ports import free_port
from tests.reporting.dashboard.reading import STAFF_KEY
from tests.reporting.measures.varied_lives import complaints

LOOKED_AT = london("Wed 2028-03-29 10:00")
"""In the middle of what the workflow's own lives live through."""

LIVES = 400


@cache
def entries() -> Sequence[RegisterEntry]:
    """The register as it is then; made once for all tests of a run."""
    told = ([event for event in life if event.at < LOOKED_AT] for life in complaints(LIVES))
    return [entry for life in told if (entry := reduce(fold, life, no_entry())) is not None]


def no_entry() -> RegisterEntry | None:
    """What a fold begins with."""
    return None


@pytest.fixture
def now() -> datetime:
    """When the pages are looked at."""
    return LOOKED_AT


@pytest.fixture
async def visitor(
    database_url: str, database: Database, now: datetime
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has signed in to the dashboards of an empty register."""
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database_url,
    )
    app = create_app(settings, database, await lazy_client(settings))
    app.dependency_overrides[visiting.present] = lambda: now
    signed = base64.b64encode(f"amy:{STAFF_KEY}".encode()).decode()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reporting",
        headers={"Authorization": f"Basic {signed}"},
    ) as client:
        yield client


@pytest.fixture
async def register(database: Database) -> Sequence[RegisterEntry]:
    """A register of varied lives, as it is when the pages are looked at."""
    async with database.session() as session:
        connection = await session.connection()
        references = [{"reference": entry.reference} for entry in entries()]
        await connection.execute(insert(ComplaintRow), references)
        await register_rows.add(session, map(register_rows.of_complaint, entries()))
    return entries()
