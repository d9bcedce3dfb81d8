"""A filled register for the tests of reports."""

import pytest

from services.shared.database import Database
from tests.reporting.reports.filled_register import (
    Filled,
    lives,
    recount,
)


@pytest.fixture
async def filled(database: Database) -> Filled:
    await lives().fill(database)
    return Filled(database, recount())
