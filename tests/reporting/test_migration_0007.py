"""Facts of the release before: only those of complaints that wait for something are made anew."""

import asyncio
from datetime import UTC, datetime

from alembic import command
from sqlmodel import col, select

from services.reporting.app import SERVICE_DIR
from services.reporting.rebuilding import fill_facts
from services.reporting.recording import record
from services.reporting.tables import StageFactsRow
from services.shared.database import Database, migrations
from tests.reporting.told import Told
from tests.reporting.whole_register import snapshot

NOW = datetime(2028, 6, 1, tzinfo=UTC)


def begun(reference: str) -> Told:
    """Returns a complaint whose answer is due on 24 March."""
    told = Told(reference).received("Mon 2028-03-06 10:00")
    return told.clock("Mon 2028-03-06 10:01", "respond", "Fri 2028-03-24")


async def test_back_and_forth_the_facts_come_out_the_same(
    database: Database, database_url: str
) -> None:
    answered = begun("PR-DONE").responded("Wed 2028-03-22 10:00", "upheld", "Fri 2028-03-24")
    async with database.session() as session:
        for told in (begun("PR-OPEN"), answered):
            await record(session, told.events, NOW)
    before = await snapshot(database)
    steps = migrations(SERVICE_DIR, database_url)
    await asyncio.to_thread(command.downgrade, steps, "0006")
    await asyncio.to_thread(command.upgrade, steps, "0007")
    async with database.session() as session:
        kept = await session.exec(select(col(StageFactsRow.reference)))
        assert list(kept) == ["PR-DONE"]
    assert (await fill_facts(database)).mended == 1
    assert await snapshot(database) == before
