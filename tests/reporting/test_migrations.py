"""The migrations make exactly the tables that the code works with, and those hold the register."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from services.reporting.register import RegisterEntry, StageEntry
from services.reporting.tables import RegisterRow, ReportingTable, StageRow
from services.shared.database import Database


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
