"""Taking past complaints into the register: all of them in one transaction, or none."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.reporting import bulk
from services.reporting.importing.preparing import Life, Prepared
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
    progress: Callable[[int], None] | None = None,
) -> None:
    """Writes complaints that the register does not know: all of them, or none.

    `progress` is told how many are written. Raises TryLater `imported-meanwhile` when somebody
    else took one of them in since they were looked up, and whatever preparing them raises.
    """
    done = 0
    async with database.session() as session:
        async for batch in batches:
            try:
                for table, lines in batch.lines.items():
                    await bulk.write(session, table, lines)
            except IntegrityError:  # its text would show rows
                raise TryLater(
                    "imported-meanwhile", "Another import took some of these in: look again."
                ) from None
            done += batch.complaints
            if progress is not None:
                progress(done)


def _alike(one: AnyEvent, other: AnyEvent) -> bool:
    if isinstance(one, ClockSet) and isinstance(other, ClockSet):
        other = other.model_copy(update={"calendar": one.calendar})
    return one == other
