"""The tables: migrations and models agree, and the directory is seeded and read back."""

from collections.abc import AsyncIterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import func, select

from services.notify import staff
from services.notify.app import SERVICE
from services.notify.contract import Person, PersonFound
from services.notify.directory import Directory
from services.notify.tables import StaffRow, metadata
from services.shared.database import Database, migrate, migrations
from tests.notify.samples import STAFF


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    migrate(SERVICE, database_url)
    database = Database(database_url)
    yield database
    await database.close()


async def differences(database: Database) -> list[object]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )


async def test_models_and_migrations_agree(database: Database) -> None:
    assert await differences(database) == []


async def test_a_model_without_its_migration_would_be_noticed(database: Database) -> None:
    async with database.session() as session:
        await (await session.connection()).exec_driver_sql("ALTER TABLE staff DROP COLUMN role")
    assert await differences(database) != []


def test_migrating_twice_changes_nothing_and_the_way_back_is_free(database_url: str) -> None:
    migrate(SERVICE, database_url)
    migrate(SERVICE, database_url)
    command.downgrade(migrations(SERVICE, database_url), "base")
    migrate(SERVICE, database_url)


async def test_everybody_of_the_file_is_found_again(database: Database) -> None:
    async with database.session() as session:
        await staff.seed(session, STAFF)
    async with database.session() as session:
        stored = await staff.load(session)
    assert sorted(stored.people, key=lambda one: one.id) == sorted(
        STAFF.people, key=lambda one: one.id
    )


async def test_seeding_again_brings_people_up_to_date_and_removes_nobody(
    database: Database,
) -> None:
    sam = STAFF.find("sam-okafor")
    assert sam is not None
    changed = {"email": "sam@example.org", "line_manager": None, "deputy": None}
    moved = sam.model_copy(update=changed)
    async with database.session() as session:
        await staff.seed(session, STAFF)
        await staff.seed(session, Directory(people=(moved,)))
        await staff.seed(session, Directory())
    async with database.session() as session:
        stored = await staff.load(session)
        count = (await session.exec(select(func.count()).select_from(StaffRow))).one()
    assert stored.find("sam-okafor") == moved
    assert count == len(STAFF.people)


async def test_a_person_is_found_by_id_without_name_or_address(database: Database) -> None:
    async with database.session() as session:
        await staff.seed(session, STAFF)
        known = await staff.find(session, "priya-shah")
        unknown = await staff.find(session, "left-long-ago")
    assert known == PersonFound(person=Person(staff_id="priya-shah", role="area-manager"))
    assert unknown == PersonFound(person=None)
