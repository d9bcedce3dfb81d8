"""Reads a large register in a process of its own: an annual report's figures, each dashboard.

    python -m tests.bench.register_reading URL LAST_DAY ROUNDS

The one line on stdout is a `Reading`.
"""

import asyncio
import base64
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import event

from services.reporting.app import create_app
from services.reporting.dashboard import visiting
from services.reporting.dashboard.addresses import AREAS, CASES, INVESTIGATORS, NOW, TREND
from services.reporting.landlord import Landlord
from services.reporting.reports import html, performance
from services.reporting.reports.adds_up import check
from services.reporting.reports.gathering import gather
from services.reporting.reports.making import Asked, scope_of
from services.reporting.reports.material import Material
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.events import Frozen
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.ports import free_port

STAFF_KEY = new_key("staff")

PAGES = {
    "now": NOW,
    "trend": TREND,
    "areas": AREAS,
    "categories": f"{AREAS}?by=category",
    "investigators": INVESTIGATORS,
    "late answers of a year": f"{CASES}?measure=responded&standing=not-met"
    "&from_on={year}-04-01&until={until}",
}
"""The dashboards' pages; what a page without a period shows is its own choice."""

Statement = tuple[str, tuple[str | int | None, ...]]


class Reading(Frozen):
    """What reading took, and the questions that the figures asked of the database."""

    figures_seconds: float
    """The median of gathering all figures of an annual report."""
    report_seconds: float
    """The same with building, checking and writing it as HTML."""
    page_ms: dict[str, float]
    """The median of each dashboard page."""
    megabytes_before: float
    """What the process held before it read anything, at most."""
    megabytes: float
    """What it held in the end, at most."""
    statements: tuple[Statement, ...]


async def read(url: str, last_day: date, rounds: int) -> Reading:
    """Reads the register at `url` as it stands on `last_day`, each thing so often and once more."""
    database = Database(url)
    async with database.session() as session:
        await session.connection()
    before = _most_megabytes()
    with _statements(database) as asked:
        await _figures(database, last_day)
        statements = tuple(asked)
    figures = await _median(rounds, partial(_figures, database, last_day))
    report = await _median(rounds, partial(_report, database, last_day))
    pages = await _pages(database, last_day, rounds)
    await database.close()
    return Reading(
        figures_seconds=figures,
        report_seconds=report,
        page_ms=pages,
        megabytes_before=before,
        megabytes=_most_megabytes(),
        statements=statements,
    )


async def _figures(database: Database, last_day: date) -> Material:
    asks = performance.PLANS["annual"].asks
    scope = scope_of("annual", Asked(from_on=date(last_day.year - 1, 4, 1)))
    async with database.session() as session:
        return await gather(session, Landlord(), scope, asks, _noon(last_day))


async def _report(database: Database, last_day: date) -> None:
    material = await _figures(database, last_day)
    report = performance.build(performance.PLANS["annual"], material, _noon(last_day))
    check(report)
    html.render(report)


async def _pages(database: Database, last_day: date, rounds: int) -> dict[str, float]:
    settings = ReportingSettings(
        environment="embedded",
        payload_keys=SecretStr(new_key_spec("bench")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database.url,
    )
    app = create_app(settings, database, await lazy_client(settings))
    app.dependency_overrides[visiting.present] = lambda: _noon(last_day)
    signed = base64.b64encode(f"bench:{STAFF_KEY}".encode()).decode()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reporting",
        headers={"Authorization": f"Basic {signed}"},
        timeout=120,
    ) as client:

        async def look(address: str) -> None:
            answer = await client.get(address)
            answer.raise_for_status()

        addresses = {
            page: address.format(year=last_day.year - 1, until=last_day)
            for page, address in PAGES.items()
        }
        return {
            page: 1000 * await _median(rounds, partial(look, address))
            for page, address in addresses.items()
        }


async def _median(rounds: int, work: Callable[[], Coroutine[Any, Any, Any]]) -> float:
    """Returns the median seconds; a first time, in which caches fill, is not counted."""
    await work()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        await work()
        taken.append(time.perf_counter() - began)
    return median(taken)


@contextmanager
def _statements(database: Database) -> Iterator[list[Statement]]:
    asked: list[Statement] = []

    def note(_conn: object, _cursor: object, text: str, values: Any, *_: object) -> None:
        asked.append((text, tuple(values) if isinstance(values, tuple) else ()))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


def _noon(day: date) -> datetime:
    return datetime.combine(day, clock(12), UTC)


def _most_megabytes() -> float:
    """Returns the most that this program held; what it was started from does not count."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    where, until, times = sys.argv[1:]
    found = asyncio.run(read(where, date.fromisoformat(until), int(times)))
    sys.stdout.write(found.model_dump_json())
