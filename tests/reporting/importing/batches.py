"""Lives as batches of an import, made ready here and now."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from services.reporting.bulk import kind_of
from services.reporting.importing.preparing import BATCH, Life, Prepared, prepare
from services.shared.database import Database


async def batches(
    database: Database, lives: Sequence[Life], now: datetime
) -> AsyncIterator[Prepared]:
    """Yields lives in batches, stored `now`, as an import into this database would."""
    kind = kind_of(database.engine.dialect)
    for at in range(0, len(lives), BATCH):
        yield prepare(lives[at : at + BATCH], now, kind)
