"""Storing what is told, once, and folding it into the register: one transaction.

Events may come twice, in any order and many at once. All are stored; the register holds the fold
of the first ones up to the first gap, and goes on when the gap is filled.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries, fact_rows, feedback_entries, feedback_register
from services.reporting.fold import fold
from services.reporting.tables import (
    ComplaintRow,
    EventRow,
    FeedbackEventRow,
    FeedbackReferenceRow,
)
from services.shared.database import insert
from services.shared.errors import MendRequest
from services.shared.events import FeedbackEvent, Recordable

EVENT: TypeAdapter[Recordable] = TypeAdapter(Recordable)


@dataclass(frozen=True)
class Book:
    """Where one sort of thing is recorded: the row to lock, its events, and how they fold."""

    things: type[ComplaintRow] | type[FeedbackReferenceRow]
    events: type[EventRow] | type[FeedbackEventRow]
    fold_on: Callable[[AsyncSession, str], Awaitable[None]]


async def record(session: AsyncSession, events: Iterable[Recordable], now: datetime) -> None:
    """Stores events of any number of complaints and feedback, and brings the registers forward.

    `now` is when they are stored (aware). Raises MendRequest `told-otherwise` when another event
    is stored under the same reference and number, and `events-do-not-fit` as `fold`.
    """
    told: dict[tuple[str, bool], list[Recordable]] = {}
    for event in events:
        told.setdefault((event.reference, isinstance(event, FeedbackEvent)), []).append(event)
    # In one order everywhere, so that no two transactions wait for each other's complaints.
    for reference, of_feedback in sorted(told):
        book = FEEDBACK if of_feedback else COMPLAINTS
        await _lock(session, book, reference)
        await _store(session, book, told[reference, of_feedback], now)
        await book.fold_on(session, reference)


async def _lock(session: AsyncSession, book: Book, reference: str) -> None:
    """Lets one transaction at a time add to a complaint, or to feedback.

    On SQLite the insert does that by itself: it takes the one write lock before anything is read.
    """
    adding = insert(session, book.things).values(reference=reference)
    await session.exec(adding.on_conflict_do_nothing())
    chosen = select(book.things.reference).where(book.things.reference == reference)
    await session.exec(chosen.with_for_update())


async def _store(
    session: AsyncSession, book: Book, events: Sequence[Recordable], now: datetime
) -> None:
    reference, numbers = events[0].reference, [event.sequence for event in events]
    chosen = select(book.events.sequence, book.events.payload).where(
        book.events.reference == reference, col(book.events.sequence).in_(numbers)
    )
    stored = {
        sequence: EVENT.validate_python(payload) for sequence, payload in await session.exec(chosen)
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


async def _fold_complaint(session: AsyncSession, reference: str) -> None:
    entry = await entries.find(session, reference)
    before = entry.folded_to if entry else 0
    waiting = await entries.events(session, reference, after=before)
    for sequence, event in enumerate(waiting, before + 1):
        if event.sequence != sequence:
            break
        entry = fold(entry, event)
    if entry is not None and entry.folded_to > before:
        await entries.save(session, entry)
        await fact_rows.save(session, entry)


async def _fold_feedback(session: AsyncSession, reference: str) -> None:
    entry = await feedback_entries.find(session, reference)
    before = entry.folded_to if entry else 0
    waiting = await feedback_entries.events(session, reference, after=before)
    for sequence, event in enumerate(waiting, before + 1):
        if event.sequence != sequence:
            break
        entry = feedback_register.fold(entry, event)
    if entry is not None and entry.folded_to > before:
        await feedback_entries.save(session, entry)


COMPLAINTS = Book(ComplaintRow, EventRow, _fold_complaint)
FEEDBACK = Book(FeedbackReferenceRow, FeedbackEventRow, _fold_feedback)
