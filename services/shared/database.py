"""Storage plumbing: the UTC column type, engines for SQLite and PostgreSQL, migrations.

Each service owns its tables and its migrations. A session is one transaction, committed at the
edge: a request or an activity.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, Dialect, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import async_sessionmaker as sessionmaker
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from services.shared.errors import TryLater

SQLITE_POOL = 4
"""A larger pool on SQLite only makes writers queue inside the file lock: the tail gets worse."""

POSTGRES_POOL = 10


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC and read back aware. Refuses a naive value (ValueError)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 — the base class passes it
    ) -> datetime | None:
        """Checks and turns to UTC; SQLite keeps no offset, so everything stored there is UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is refused: every stored instant is aware")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 — the base class passes it
    ) -> datetime | None:
        """Gives the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One service's database: `session()` is one transaction."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self._sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """One transaction that reads everything as it stood at its first read."""
        async with self.session() as session:
            if self.engine.dialect.name == "postgresql":
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            else:
                # The driver begins a transaction by itself only before it writes.
                connection = await session.connection()
                await connection.exec_driver_sql("BEGIN")
            yield session

    async def close(self) -> None:
        """Gives every connection back."""
        await self.engine.dispose()


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(
            parsed, pool_size=POSTGRES_POOL, pool_pre_ping=True, hide_parameters=True
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        parsed, pool_size=SQLITE_POOL, max_overflow=0, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # FULL: a complaint answered with 201 must survive a power cut, not only a crash.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def insert(session: AsyncSession, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """Returns an insert into `table` that can say what to do `on_conflict`.

    SQLAlchemy knows that clause for each kind of database apart.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def migrations(service_dir: Path, url: str) -> Config:
    """Returns the Alembic configuration of the service whose folder holds `migrations/`."""
    config = Config()
    config.set_main_option("script_location", str(service_dir / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(service_dir: Path, url: str) -> None:
    """Brings the database forward to the newest migration. Repeating it changes nothing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(migrations(service_dir, url), "head")


async def check_migrated(database: Database, service_dir: Path) -> None:
    """Returns when the database answers and is at the newest migration of the service.

    Raises TryLater `not-migrated` otherwise, or the driver's error when there is no database.
    """
    newest = ScriptDirectory.from_config(migrations(service_dir, database.url)).get_current_head()
    async with database.engine.connect() as connection:
        found = await connection.run_sync(
            lambda plain: MigrationContext.configure(plain).get_current_revision()
        )
    if found != newest:
        raise TryLater("not-migrated", f"Run: putright migrate {service_dir.name}")
