"""Prepared rows in a file of their own until all of them are there, then into SQLite at once.

SQLite has one write lock, and while it is held no live complaint is recorded. So nothing is worked
out meanwhile: one transaction copies the file's tables, in SQLite itself.
"""

import sqlite3
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.importing.preparing import Prepared
from services.reporting.register_rows import Table
from services.shared.database import Database

CACHE_KIB = 128 * 1024
"""Of the database's pages, while they are written: pages of an index come again and again."""

AT_ONCE = 20_000
"""Rows of one statement: after each, Ctrl-C is heard."""

Progress = Callable[[int], None]


class Staged(NamedTuple):
    """How many complaints a file holds, and how many rows of each table, in the order to copy."""

    complaints: int
    rows: dict[Table, int]


async def take_in_by_file(
    database: Database,
    batches: AsyncIterable[Prepared],
    progress: Progress | None,
    preparing: Progress | None,
) -> None:
    """Writes complaints into SQLite: all of them, or none. Each progress is told of complaints.

    The file lies beside the database, where there is room for what is to come, and goes away.
    Raises SQLAlchemy's IntegrityError for a reference that is there already.
    """
    beside = Path(database.engine.url.database or "").parent
    with TemporaryDirectory(prefix="import-", dir=beside, ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "rows.db"
        staged = await _stage(file, batches, preparing)
        async with database.engine.connect() as connection:
            try:
                await _copy(connection, file, staged, progress)
            finally:
                # What was set and attached goes with the connection, and what was not committed.
                await connection.invalidate()


async def _stage(file: Path, batches: AsyncIterable[Prepared], progress: Progress | None) -> Staged:
    complaints, rows = 0, dict[Table, int]()
    with closing(sqlite3.connect(file, isolation_level=None)) as stage:
        # The file is of no use to anybody once this process is gone.
        stage.execute("PRAGMA journal_mode = OFF")
        stage.execute("PRAGMA synchronous = OFF")
        stage.execute("BEGIN")
        async for batch in batches:
            for table, lines in batch.lines.items():
                if table not in rows:
                    stage.execute(f"CREATE TABLE {_name(table)} ({_columns(table)})")
                marks = ", ".join("?" * len(inspect(table).local_table.columns))
                stage.executemany(f"INSERT INTO {_name(table)} VALUES ({marks})", lines)  # noqa: S608 — our own tables
                rows[table] = rows.get(table, 0) + len(lines)
            complaints += batch.complaints
            if progress is not None:
                progress(complaints)
        stage.execute("COMMIT")
    return Staged(complaints, rows)


async def _copy(
    plain: AsyncConnection, file: Path, staged: Staged, progress: Progress | None
) -> None:
    # The driver opens no transaction by itself: none may be open while a file is attached.
    connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
    await connection.exec_driver_sql("ATTACH DATABASE ? AS staged", (str(file),))
    await connection.exec_driver_sql(f"PRAGMA main.cache_size = -{CACHE_KIB}")
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    total, done = sum(staged.rows.values()), 0
    for table, first, last in _some(staged):
        names = _columns(table)
        await connection.exec_driver_sql(
            f"INSERT INTO main.{_name(table)} ({names}) "  # noqa: S608 — our own tables
            f"SELECT {names} FROM staged.{_name(table)} WHERE rowid BETWEEN ? AND ?",
            (first, last),
        )
        done += last - first + 1
        if progress is not None:
            progress(staged.complaints * done // total)
    await connection.exec_driver_sql("COMMIT")


def _some(staged: Staged) -> Iterator[tuple[Table, int, int]]:
    """Yields the first and the last row of each statement."""
    for table, count in staged.rows.items():
        for first in range(1, count + 1, AT_ONCE):
            yield table, first, min(first + AT_ONCE - 1, count)


def _name(table: Table) -> str:
    return f'"{inspect(table).local_table.name}"'


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in inspect(table).local_table.columns)
