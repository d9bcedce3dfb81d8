"""Reporting's database for a test: migrated, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from services.reporting.app import SERVICE_DIR
from services.shared.database import Database
from tests.databases import copy_migrated


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The service's own tables, made by its migrations."""
    copy_migrated(SERVICE_DIR, database_url)
    database = Database(database_url)
    yield database
    await database.close()
