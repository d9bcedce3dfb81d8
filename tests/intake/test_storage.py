"""Intake's tables and migrations agree, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from services.intake.app import SERVICE_DIR
from services.intake.tables import IntakeTable
from services.shared.database import Database, migrate
from tests.intake.desk import Desk


async def differences(url: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, IntakeTable.metadata))

    database = Database(url)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(compare)
    await database.close()
    return found


async def test_models_and_migrations_agree(migrated_url: str) -> None:
    assert await differences(migrated_url) == []


async def test_a_column_that_no_migration_made_is_noticed(migrated_url: str) -> None:
    database = Database(migrated_url)
    async with database.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("ALTER TABLE complaints DROP COLUMN region")
    await database.close()
    assert await differences(migrated_url) != []


async def test_migrating_inside_a_running_loop_and_twice(database_url: str) -> None:
    migrate(SERVICE_DIR, database_url)
    migrate(SERVICE_DIR, database_url)
    assert await differences(database_url) == []


async def test_only_intakes_own_tables_are_made(migrated_url: str) -> None:
    database = Database(migrated_url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await database.close()
    assert set(names) == {"complaints", "actions", "channel_keys", "alembic_version"}


async def test_instants_come_back_aware_and_the_promise_whole(desk: Desk) -> None:
    await desk.bring_in(received_at="2026-06-01T09:30:00+01:00")
    [kept] = await desk.complaints()
    assert kept.received_at.isoformat() == "2026-06-01T08:30:00+00:00"
    assert kept.promise["policy"] == "housing-ombudsman"


async def test_no_key_is_stored_in_the_clear(desk: Desk) -> None:
    key = desk.channel["Authorization"].removeprefix("Bearer ")
    async with desk.database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM channel_keys")).all()
    assert len(rows) == 1
    assert key not in str(rows)
