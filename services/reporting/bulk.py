"""Many rows at once, past SQLAlchemy's own way of executing, which costs most of the time.

PostgreSQL takes them by COPY, SQLite by one prepared statement, both inside the session's
transaction. What the driver wants of each value is worked out before, in another process perhaps.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, cast

import psycopg
from psycopg import sql
from sqlalchemy import JSON, Column, Date, Dialect, insert, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.tables import ReportingTable
from services.shared.database import UtcDateTime

Kind = Literal["sqlite", "postgresql"]
"""The kind of database."""

Line = tuple[Any, ...]
"""A row as the driver wants it, in the order of the table's columns."""

REMEMBERED = 4096
"""Days and instants come again and again, and writing one as a text takes long."""

COPY = "COPY FROM STDIN"

Way = Callable[[Any], Any]


def kind_of(dialect: Dialect) -> Kind:
    """Returns the kind of database that a dialect is of."""
    return cast(Kind, dialect.name)


def lines(table: type[ReportingTable], rows: Iterable[Mapping[str, Any]], kind: Kind) -> list[Line]:
    """Returns rows, each with every column of the table, as the driver wants them.

    A text in a JSON column is taken for the JSON itself.
    """
    names, ways = _layout(table, kind)
    found = []
    for row in rows:
        values = [row[name] for name in names]
        for at, way in ways:
            if values[at] is not None:
                values[at] = way(values[at])
        found.append(tuple(values))
    return found


async def write(
    session: AsyncSession, table: type[ReportingTable], written: Sequence[Line]
) -> None:
    """Inserts lines. Raises SQLAlchemy's IntegrityError for a key that is there already."""
    if not written:
        return
    connection = await session.connection()
    if kind_of(connection.dialect) == "postgresql":
        await _copy(connection, _columns(table), written)
    else:
        statement = str(insert(table).compile(dialect=connection.dialect))
        await connection.exec_driver_sql(statement, list(written))


async def _copy(
    connection: AsyncConnection, columns: Sequence[Column[Any]], written: Iterable[Line]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(columns[0].table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
    )
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for line in written:
                await copy.write_row(line)
    except psycopg.IntegrityError as error:
        raise IntegrityError(COPY, None, error) from error
    except psycopg.OperationalError as error:
        raise OperationalError(COPY, None, error) from error


def _columns(table: type[ReportingTable]) -> list[Column[Any]]:
    return list(inspect(table).local_table.columns)


@cache
def _layout(table: type[ReportingTable], kind: Kind) -> tuple[list[str], list[tuple[int, Way]]]:
    """Returns a table's columns by name, and the place of each that the driver wants otherwise."""
    columns = _columns(table)
    ways = [(at, way) for at, column in enumerate(columns) if (way := _way(column, kind))]
    return [column.name for column in columns], ways


def _way(column: Column[Any], kind: Kind) -> Way | None:
    """Returns how a value of the column is written; None for just as it is."""
    if isinstance(column.type, JSON):
        return _as_json
    if isinstance(column.type, Date | UtcDateTime):
        return _as_iso if kind == "postgresql" else _for_sqlite(column.type)
    return None


def _as_json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@lru_cache(REMEMBERED)
def _as_iso(value: date) -> str:
    return value.isoformat()


def _for_sqlite(time: TypeEngine[Any]) -> Way | None:
    dialect = sqlite.dialect()
    way = time.dialect_impl(dialect).bind_processor(dialect)
    return None if way is None else lru_cache(REMEMBERED)(way)
