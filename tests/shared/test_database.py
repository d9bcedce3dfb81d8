"""Storage plumbing on both databases: UTC instants, one transaction, migrations, quiet errors."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from services.shared.database import Database, UtcDateTime, check_migrated, insert, migrate
from services.shared.errors import TryLater
from tests.days import london

INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 — the zone is the strategy's
    max_value=datetime(2199, 12, 31),  # noqa: DTZ001 — so here
    timezones=st.timezones(),
)


class Base(SQLModel, registry=registry()):
    """Tables of this test only."""


class Moment(Base, table=True):
    """An instant with a name."""

    name: str = Field(primary_key=True)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


async def stored(database: Database, name: str) -> Moment | None:
    async with database.session() as session:
        return await session.get(Moment, name)


async def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    async with database.session() as session:
        session.add(Moment(name="summer", at=london("Sat 2028-07-01 00:30")))
    found = await stored(database, "summer")
    assert found is not None
    assert found.at == datetime(2028, 6, 30, 23, 30, tzinfo=UTC)
    assert found.at.tzinfo is UTC


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=INSTANTS)
async def test_any_instant_of_any_zone_comes_back(database: Database, at: datetime) -> None:
    async with database.session() as session:
        await session.merge(Moment(name="any", at=at))
    found = await stored(database, "any")
    assert found is not None
    # In UTC: in an hour that a clock change repeats or leaves out, Python calls no two equal.
    assert found.at == at.astimezone(UTC)


async def test_instants_are_compared_as_instants_whatever_zone_they_came_in(
    database: Database,
) -> None:
    async with database.session() as session:
        session.add(Moment(name="first", at=london("Sun 2028-10-29 00:30")))  # summer time
        session.add(Moment(name="second", at=datetime(2028, 10, 29, 0, 15, tzinfo=UTC)))
    async with database.session() as session:
        found = await session.exec(select(Moment.name).order_by("at"))
        assert list(found) == ["first", "second"]


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime is refused"):
        async with database.session() as session:
            session.add(Moment(name="naive", at=datetime(2028, 3, 6)))  # noqa: DTZ001 — on purpose
    assert await stored(database, "naive") is None


async def test_no_instant_is_no_instant(database: Database) -> None:
    async with database.session() as session:
        session.add(Moment(name="never"))
    found = await stored(database, "never")
    assert found is not None
    assert found.at is None


async def test_a_session_that_raises_leaves_nothing(database: Database) -> None:
    async def half() -> None:
        async with database.session() as session:
            session.add(Moment(name="half"))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await half()
    assert await stored(database, "half") is None


async def test_a_snapshot_sees_nothing_that_comes_after_its_first_read(database: Database) -> None:
    names = select(Moment.name)
    async with database.snapshot() as reading:
        assert list(await reading.exec(names)) == []
        async with database.session() as session:
            session.add(Moment(name="later"))
        assert list(await reading.exec(names)) == []
    async with database.snapshot() as reading:
        assert list(await reading.exec(names)) == ["later"]


async def test_after_a_snapshot_a_session_is_as_ever(database: Database) -> None:
    """Also on the connection that the snapshot gave back."""
    async with database.snapshot() as reading:
        await reading.exec(select(Moment.name))
    async with database.session() as session:
        assert (await session.exec(select(Moment))).all() == []
        async with database.session() as other:
            other.add(Moment(name="meanwhile"))
        assert (await session.exec(select(Moment.name))).all() == ["meanwhile"]


async def test_an_error_of_the_database_shows_no_value_that_was_bound(database: Database) -> None:
    async with database.session() as session:
        session.add(Moment(name="Ada Bell"))
    with pytest.raises(IntegrityError) as refused:
        async with database.session() as session:
            session.add_all([Moment(name="Ada Bell"), Moment(name="Ben Cole")])
    assert "Ben Cole" not in str(refused.value)


async def test_an_insert_can_leave_alone_what_is_there(database: Database) -> None:
    for _ in range(2):
        async with database.session() as session:
            adding = insert(session, Moment).values(name="once")
            await session.exec(adding.on_conflict_do_nothing())
    assert await stored(database, "once") is not None


def test_sqlite_files_get_their_folder(tmp_path: Path) -> None:
    Database(f"sqlite+aiosqlite:///{tmp_path}/var/new/test.db")
    assert (tmp_path / "var" / "new").is_dir()


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A service's folder with one migration, which makes one table."""
    folder = tmp_path / "parish"
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text(
        "from alembic import context\n"
        "from sqlalchemy import create_engine\n"
        'url = context.config.get_main_option("sqlalchemy.url").replace("+aiosqlite", "")\n'
        "with create_engine(url).connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
        "connection.engine.dispose()\n"
    )
    (versions / "0001_first.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        'revision = "0001"\n'
        "down_revision = None\n"
        "def upgrade():\n"
        '    op.create_table("parish", sa.Column("name", sa.String(), primary_key=True))\n'
    )
    return folder


async def test_a_database_is_migrated_once_and_says_so(database_url: str, service: Path) -> None:
    database = Database(database_url)
    with pytest.raises(TryLater, match="putright migrate parish"):
        await check_migrated(database, service)
    migrate(service, database_url)
    migrate(service, database_url)
    await check_migrated(database, service)
    await database.close()
