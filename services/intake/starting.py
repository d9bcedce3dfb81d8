"""Starts the workflows of what is saved and not known to run. Starting one twice is harmless."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from services.intake.tables import Complaint, Feedback
from services.intake.wiring import Intake
from services.shared.errors import TryLater

Saved = TypeVar("Saved", Complaint, Feedback)

Start = Callable[[Saved], Awaitable[None]]
"""Starts the workflow of one row. Raises TryLater while the engine is away."""

STARTS_IN_FLIGHT = 16
PAGE = 256
"""How many rows are read, started and marked as started together."""

log = structlog.get_logger()


async def start_saved(intake: Intake, table: type[Saved], start: Start[Saved]) -> None:
    """Starts every row of `table` that is not known to run, oldest first.

    Raises TryLater when the engine is away; what was started before that is marked.
    """
    last, full = 0, True
    while full:  # what was saved during a page that is not full has woken the sweep again
        page = await _not_started(intake, table, after=last)
        await _start_page(intake, table, page, start)
        full = len(page) == PAGE
        last = page[-1].id if page else last


async def mark_started(
    intake: Intake, table: type[Complaint] | type[Feedback], ids: Sequence[int]
) -> None:
    """Records that the workflows of these rows run; the first record stands."""
    if not ids:
        return
    now = await intake.now()
    async with intake.database.session() as session:
        await session.exec(
            update(table)
            .where(col(table.id).in_(ids), col(table.started_at).is_(None))
            .values(started_at=now)
        )


async def _not_started(intake: Intake, table: type[Saved], after: int) -> Sequence[Saved]:
    async with intake.database.session() as session:
        waiting = select(table).where(col(table.started_at).is_(None), col(table.id) > after)
        return (await session.exec(waiting.order_by(col(table.id)).limit(PAGE))).all()


@dataclass
class _Round:
    """What came of starting one page."""

    started: list[int]
    away: TryLater | None = None


async def _start_page(
    intake: Intake, table: type[Saved], page: Sequence[Saved], start: Start[Saved]
) -> None:
    waiting = iter(page)
    came = _Round(started=[])

    async def start_in_turn() -> None:
        for row in waiting:
            if came.away is not None:
                return
            try:
                await start(row)
            except TryLater as error:
                came.away = error
            except Exception as error:  # noqa: BLE001 — one that cannot start must not hold others
                said = {"reference": row.reference, "error": type(error).__name__}
                log.error("not started", **said)  # noqa: TRY400 — its text may hold people
            else:
                came.started.append(row.id)

    await asyncio.gather(*(start_in_turn() for _ in range(min(STARTS_IN_FLIGHT, len(page)))))
    await mark_started(intake, table, came.started)
    if came.away is not None:
        raise came.away
