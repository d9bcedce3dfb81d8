"""Entries of the feedback register and their events, as rows and back."""

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.feedback_register import FeedbackEntry
from services.reporting.tables import FeedbackEventRow, FeedbackRow
from services.shared.events import AnyFeedbackEvent

EVENT: TypeAdapter[AnyFeedbackEvent] = TypeAdapter(AnyFeedbackEvent)


async def find(session: AsyncSession, reference: str) -> FeedbackEntry | None:
    """Returns one entry, or None before its first event was told."""
    row = await session.get(FeedbackRow, reference)
    return None if row is None else FeedbackEntry.model_validate(row.model_dump())


async def save(session: AsyncSession, entry: FeedbackEntry) -> None:
    """Puts an entry in the place of the one before it."""
    await session.merge(FeedbackRow(**entry.model_dump()))


async def events(
    session: AsyncSession, reference: str, *, after: int = 0
) -> tuple[AnyFeedbackEvent, ...]:
    """Returns the stored events numbered above `after`, in order, gaps and all."""
    wanted = select(FeedbackEventRow).where(
        FeedbackEventRow.reference == reference, FeedbackEventRow.sequence > after
    )
    rows = await session.exec(wanted.order_by(col(FeedbackEventRow.sequence)))
    return tuple(EVENT.validate_python(row.payload) for row in rows)
