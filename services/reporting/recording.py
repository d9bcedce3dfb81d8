"""Storing what is told, once, and folding it into the register: one transaction.

Events may come twice, in any order and many at once. All are stored; the register holds the fold
of the first ones up to the first gap, and goes on when the gap is filled.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries
from services.reporting.fold import fold
from services.reporting.tables import ComplaintRow, EventRow
from services.shared.database import insert
from services.shared.errors import MendRequest
from services.shared.events import AnyEvent


async def record(session: AsyncSession, events: Iterable[AnyEvent], now: datetime) -> None:
    """Stores events of any number of complaints and brings the register forward.

    `now` is when they are stored (aware). Raises MendRequest `told-otherwise` when another event
    is stored under the same reference and number, and `events-do-not-fit` as `fold`.
    """
    told: dict[str, list[AnyEvent]] = {}
    for event in events:
        told.setdefault(event.reference, []).append(event)
    # In one order everywhere, so that no two transactions wait for each other's complaints.
    for reference in sorted(told):
        await _lock(session, reference)
        await _store(session, reference, told[reference], now)
        await _fold_on(session, reference)


async def _lock(session: AsyncSession, reference: str) -> None:
    """Lets one transaction at a time add to a complaint.

    On SQLite the insert does that by itself: it takes the one write lock before anything is read.
    """
    adding = insert(session, ComplaintRow).values(reference=reference)
    await session.exec(adding.on_conflict_do_nothing())
    chosen = select(ComplaintRow).where(ComplaintRow.reference == reference)
    await session.exec(chosen.with_for_update())


async def _store(
    session: AsyncSession, reference: str, events: Sequence[AnyEvent], now: datetime
) -> None:
    numbers = [event.sequence for event in events]
    chosen = select(EventRow.sequence, EventRow.payload).where(
        EventRow.reference == reference, col(EventRow.sequence).in_(numbers)
    )
    stored = {
        sequence: entries.EVENT.validate_python(payload)
        for sequence, payload in await session.exec(chosen)
    }
    for event in events:
        if event.sequence not in stored:
            stored[event.sequence] = event
            session.add(entries.event_row(event, now))
        elif stored[event.sequence] != event:
            raise MendRequest(
                "told-otherwise",
                f"{reference}: another event {event.sequence} is stored already, and it stays.",
            )
    await session.flush()


async def _fold_on(session: AsyncSession, reference: str) -> None:
    entry = await entries.find(session, reference)
    before = entry.folded_to if entry else 0
    waiting = await entries.events(session, reference, after=before)
    for sequence, event in enumerate(waiting, before + 1):
        if event.sequence != sequence:
            break
        entry = fold(entry, event)
    if entry is not None and entry.folded_to > before:
        await entries.save(session, entry)
