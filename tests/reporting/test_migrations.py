"""The migrations make exactly the tables that the code works with, and those hold the register."""

from functools import reduce

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect

from services.reporting import entries
from services.reporting.app import SERVICE_DIR
from services.reporting.fold import fold
from services.reporting.register import RegisterEntry, StageEntry
from services.reporting.tables import ComplaintRow, RegisterRow, ReportingTable, StageRow
from services.shared.database import Database, migrate, migrations
from services.shared.events import AnyEvent
from tests.days import london
from tests.reporting.told import both_stages


async def test_models_and_migrations_agree(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, ReportingTable.metadata)
        return found

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_the_tables_hold_every_field_of_the_register() -> None:
    assert set(RegisterRow.model_fields) == set(RegisterEntry.model_fields) - {"stages"}
    assert set(StageRow.model_fields) == set(StageEntry.model_fields) | {"reference", "position"}


async def test_an_entry_made_before_any_policy_is_as_if_it_were_folded_now(
    database_url: str,
) -> None:
    # Half of the life: the entry is open, at stage 2 and not acknowledged there.
    events = both_stages()[:15]
    entry = reduce(fold, events, None)
    assert entry is not None
    command.upgrade(migrations(SERVICE_DIR, database_url), "0001")
    database = Database(database_url)
    try:
        await _store(database, entry, events)
        migrate(SERVICE_DIR, database_url)
        async with database.session() as session:
            assert await entries.find(session, entry.reference) == entry
    finally:
        await database.close()


async def _store(database: Database, entry: RegisterEntry, events: list[AnyEvent]) -> None:
    """Puts an entry and its events into the tables as an older migration made them."""
    rows = [
        ComplaintRow(reference=entry.reference),
        *(entries.event_row(event, london("Fri 2028-04-14 10:00")) for event in events),
        RegisterRow(**entry.model_dump(exclude={"stages"})),
        *(
            StageRow(reference=entry.reference, position=position, **stage.model_dump())
            for position, stage in enumerate(entry.stages, 1)
        ),
    ]
    async with database.engine.begin() as connection:
        for row in rows:
            table = ReportingTable.metadata.tables[str(row.__tablename__)]
            there = await connection.run_sync(_columns, table.name)
            await connection.execute(insert(table).values(row.model_dump(include=there)))


def _columns(connection: Connection, table: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(table)}
