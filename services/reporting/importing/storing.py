"""Taking past complaints into the register: all of them in one transaction, or none."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import register_rows
from services.reporting.bulk import insert_rows
from services.reporting.fold import fold
from services.reporting.tables import ComplaintRow, EventRow
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.events import AnyEvent, ClockSet

BATCH = 500

EVENTS: TypeAdapter[list[AnyEvent]] = TypeAdapter(list[AnyEvent])

Progress = Callable[[int, int], None]

Life = Sequence[AnyEvent]
"""All the events of one complaint, from its receipt on."""


async def stored(database: Database, references: Sequence[str]) -> AsyncIterator[tuple[str, Life]]:
    """Yields those references that are in the register already, each with its events."""
    for batch in _batches(references):
        reference = col(EventRow.reference)
        chosen = select(EventRow.reference, EventRow.payload).where(reference.in_(batch))
        lives: dict[str, list[object]] = {}
        async with database.session() as session:
            for known, payload in await session.exec(
                chosen.order_by(reference, col(EventRow.sequence))
            ):
                lives.setdefault(known, []).append(payload)
        for known, payloads in lives.items():
            yield known, EVENTS.validate_python(payloads)


def same(one: Life, other: Life) -> bool:
    """Tells whether two lives say the same, by whichever calendar their due dates were counted."""
    return len(one) == len(other) and all(map(_alike, one, other))


async def take_in(
    database: Database,
    lives: Iterable[Life],
    total: int,
    now: datetime,
    progress: Progress | None = None,
) -> None:
    """Records lives that the register does not know, and folds each: all of them, or none.

    `now` is when they are stored (aware). Raises TryLater `imported-meanwhile` when somebody else
    took one of them in since they were looked up, and `calendar-unreadable`.
    """
    done = 0
    async with database.session() as session:
        for batch in _batches(lives):
            try:
                await _insert(session, batch, now)
            except IntegrityError:  # its text would show rows
                raise TryLater(
                    "imported-meanwhile", "Another import took some of these in: look again."
                ) from None
            done += len(batch)
            if progress is not None:
                progress(done, total)


async def _insert(session: AsyncSession, lives: Sequence[Life], now: datetime) -> None:
    await insert_rows(session, ComplaintRow, ({"reference": life[0].reference} for life in lives))
    await insert_rows(session, EventRow, (_event(event, now) for life in lives for event in life))
    entries = (reduce(fold, life, None) for life in lives)
    await register_rows.add(
        session, [register_rows.of_complaint(entry) for entry in entries if entry is not None]
    )


def _event(event: AnyEvent, now: datetime) -> dict[str, Any]:
    return {
        "reference": event.reference,
        "sequence": event.sequence,
        "kind": event.kind,
        "at": event.at,
        "stage": event.stage,
        "by": event.by,
        "payload": event.model_dump_json(),
        "recorded_at": now,
    }


def _alike(one: AnyEvent, other: AnyEvent) -> bool:
    if isinstance(one, ClockSet) and isinstance(other, ClockSet):
        other = other.model_copy(update={"calendar": one.calendar})
    return one == other


def _batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
