"""Many rows at once, past SQLAlchemy's own way of executing, which costs most of the time.

PostgreSQL takes them by COPY, SQLite by one prepared statement, both inside the session's
transaction. Values become what the driver wants by the types of the columns, as ever.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import JSON, Column, Dialect, insert, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.tables import ReportingTable

REMEMBERED = 4096
"""Days and instants come again and again, and turning one into a text of SQLite's takes long."""

COPY = "COPY FROM STDIN"

Way = Callable[[Any], Any]


async def insert_rows(
    session: AsyncSession, table: type[ReportingTable], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Inserts rows, each with every column of the table.

    A text in a JSON column is taken for the JSON itself. Raises SQLAlchemy's IntegrityError for a
    key that is there already, and its OperationalError.
    """
    connection = await session.connection()
    columns = list(inspect(table).local_table.columns)
    values = list(_values(columns, connection.dialect, rows))
    if not values:
        return
    if connection.dialect.name == "postgresql":
        await _copy(connection, columns, values)
    else:
        statement = str(insert(table).compile(dialect=connection.dialect))
        await connection.exec_driver_sql(statement, values)


def _values(
    columns: Sequence[Column[Any]], dialect: Dialect, rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yields the values of each row in the order of the columns, ready for the driver."""
    ways = [_way(column, dialect) for column in columns]
    changed = [(at, way) for at, way in enumerate(ways) if way is not None]
    names = [column.name for column in columns]
    for row in rows:
        values = [row[name] for name in names]
        for at, way in changed:
            if values[at] is not None:
                values[at] = way(values[at])
        yield tuple(values)


async def _copy(
    connection: AsyncConnection,
    columns: Sequence[Column[Any]],
    values: Iterable[tuple[Any, ...]],
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(columns[0].table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
    )
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in values:
                await copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise IntegrityError(COPY, None, error) from error
    except psycopg.OperationalError as error:
        raise OperationalError(COPY, None, error) from error


def _way(column: Column[Any], dialect: Dialect) -> Way | None:
    """Returns how a value of the column is handed to the driver; None for just as it is."""
    if isinstance(column.type, JSON):
        return _as_json
    way = column.type.dialect_impl(dialect).bind_processor(dialect)
    return None if way is None else lru_cache(REMEMBERED)(way)


def _as_json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
