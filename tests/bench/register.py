"""(i) A register of a million complaints: an annual report's figures and the dashboards.

On SQLite and PostgreSQL, each read by a process of its own; and how long DuckDB takes to answer the
same questions from the same rows in its memory.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb
from rich.table import Table

from services.shared.events import Frozen
from tests.bench.register_databases import YEARS, make_duckdb, make_postgresql, make_sqlite, sizes
from tests.bench.register_reading import Reading, Statement

LAST_DAY = date(2028, 3, 31)
"""The last day of the made-up register: a complaints year ends."""

FIGURES_SECONDS = 1.0
PAGE_MS = 300.0
MEGABYTES = 64
"""What reading may add to the memory that the program takes anyhow, however large the register is:
groups and single pages. The stages of one year of a million complaints would take twice as much."""

ROOT = Path(__file__).parents[2]


class Register(Frozen):
    """What was read, from which database, and how long DuckDB took for the same questions."""

    rows: dict[str, int]
    """How many rows each table has."""
    readings: dict[str, Reading]
    duckdb_seconds: float


async def measure(
    folder: Path, tell: Callable[[str], None], *, complaints: int, rounds: int
) -> Register:
    """Makes the register up, and reads it. Takes some minutes, most of them for making it."""
    readings: dict[str, Reading] = {}
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        url = await asyncio.to_thread(make_sqlite, place, complaints, LAST_DAY, tell)
        rows = sizes(place)
        tell("reading it from SQLite")
        readings["SQLite"] = await _read(url, rounds)
        with make_postgresql(place, tell) as url:
            tell("reading it from PostgreSQL")
            readings["PostgreSQL"] = await _read(url, rounds)
        tell("reading it from DuckDB")
        statements = readings["SQLite"].statements
        other = make_duckdb(place)
        check_same(place / "register.db", other, statements)
        seconds = scan(other, statements, rounds)
    return Register(rows=rows, readings=readings, duckdb_seconds=seconds)


def check_same(
    sqlite: Path, other: duckdb.DuckDBPyConnection, statements: Sequence[Statement]
) -> None:
    """Raises RuntimeError where SQLite and DuckDB answer a question differently."""
    with closing(sqlite3.connect(sqlite)) as register:
        for text, values in statements:
            one, another = (
                Counter(tuple(map(_plain, row)) for row in answer.fetchall())
                for answer in (register.execute(text, values), other.execute(text, values))
            )
            if one != another:
                raise RuntimeError(f"SQLite and DuckDB do not agree on: {text}")


def _plain(value: object) -> Hashable:
    """Returns a value as both have it: SQLite keeps days as text, and truth as 0 and 1.

    A number stays as it is; True is 1.
    """
    return value if value is None or isinstance(value, int | float | Decimal) else str(value)


def scan(
    database: duckdb.DuckDBPyConnection, statements: Sequence[Statement], rounds: int
) -> float:
    """Returns the median seconds in which DuckDB answers all the questions, after a first time."""
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        for text, values in statements:
            database.execute(text, values).fetchall()
        taken.append(time.perf_counter() - began)
    return median(taken[1:])


def table(found: Register) -> Table:
    """Returns a row for each database, beside the limits."""
    shown = Table(
        title=f"(i) A register of {found.rows['register']:,} complaints over {YEARS} years",
        caption=f"DuckDB answers the same questions from memory in {found.duckdb_seconds:.3f} s; "
        "the ratio is of all figures to that. Rows: "
        + ", ".join(f"{name} {number:,}" for name, number in found.rows.items()),
    )
    for heading in ("", *found.readings, "at most"):
        shown.add_column(heading, justify="right" if heading else "left")
    readings = found.readings.values()
    shown.add_row(
        "annual report's figures, s",
        *(f"{one.figures_seconds:.2f}" for one in readings),
        f"{FIGURES_SECONDS:.2f}",
    )
    shown.add_row("  ratio to DuckDB", *(_ratio(one, found) for one in readings), "")
    shown.add_row("the whole report as HTML, s", *(f"{r.report_seconds:.2f}" for r in readings), "")
    for page in next(iter(readings)).page_ms:
        times = (f"{one.page_ms[page]:.0f}" for one in readings)
        shown.add_row(f"dashboard: {page}, ms", *times, f"{PAGE_MS:.0f}")
    before = (f"{one.megabytes_before:.0f}" for one in readings)
    shown.add_row("memory before reading, MB", *before, "")
    more = (f"{one.megabytes - one.megabytes_before:.0f}" for one in readings)
    shown.add_row("  more while reading, MB", *more, f"{MEGABYTES}")
    return shown


def _ratio(reading: Reading, found: Register) -> str:
    return f"{reading.figures_seconds / found.duckdb_seconds:.1f}"


async def _read(url: str, rounds: int) -> Reading:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.register_reading"),
        *(url, LAST_DAY.isoformat(), str(rounds)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode())
    return Reading.model_validate_json(told)
