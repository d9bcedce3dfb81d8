"""Taking past complaints into the register: all of them in one transaction, or none."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Sequence

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.reporting import bulk
from services.reporting.importing.preparing import Life, Prepared
from services.reporting.importing.staging import Progress, take_in_by_file
from services.reporting.tables import EventRow
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.events import AnyEvent, ClockSet

LOOKED_UP = 500
"""References that are asked for at a time."""

EVENTS: TypeAdapter[list[AnyEvent]] = TypeAdapter(list[AnyEvent])


async def stored(database: Database, references: Sequence[str]) -> AsyncIterator[tuple[str, Life]]:
    """Yields those references that are in the register already, each with its events."""
    reference = col(EventRow.reference)
    for at in range(0, len(references), LOOKED_UP):
        some = references[at : at + LOOKED_UP]
        chosen = select(EventRow.reference, EventRow.payload).where(reference.in_(some))
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
    batches: AsyncIterable[Prepared],
    progress: Progress | None = None,
    preparing: Progress | None = None,
) -> None:
    """Writes complaints that the register does not know: all of them, or none.

    `progress` is told how many are written; `preparing`, on SQLite, how many wait for that. Raises
    TryLater `imported-meanwhile` when somebody else took one of them in since they were looked up,
    and whatever preparing them raises.
    """
    try:
        if bulk.kind_of(database.engine.dialect) == "sqlite":
            await take_in_by_file(database, batches, progress, preparing)
        else:
            await _stream(database, batches, progress)
    except IntegrityError:  # its text would show rows
        raise TryLater(
            "imported-meanwhile", "Another import took some of these in: look again."
        ) from None


async def _stream(
    database: Database, batches: AsyncIterable[Prepared], progress: Progress | None
) -> None:
    """Writes each batch as it comes: nobody waits for an open transaction on other rows."""
    done = 0
    async with database.session() as session:
        async for batch in batches:
            try:
                for table, lines in batch.lines.items():
                    await bulk.write(session, table, lines)
            except (asyncio.CancelledError, KeyboardInterrupt):
                # In the middle of a COPY a connection takes no rollback; without it all is undone.
                await session.invalidate()
                raise
            done += batch.complaints
            if progress is not None:
                progress(done)


def _alike(one: AnyEvent, other: AnyEvent) -> bool:
    if isinstance(one, ClockSet) and isinstance(other, ClockSet):
        other = other.model_copy(update={"calendar": one.calendar})
    return one == other
