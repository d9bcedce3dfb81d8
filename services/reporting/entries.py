"""Entries of the register, and events, as rows and back."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.register import RegisterEntry, StageEntry
from services.reporting.tables import EventRow, FeedbackEventRow, RegisterRow, StageRow
from services.shared.events import AnyEvent, FeedbackEvent, Recordable

EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)

AFTERCARE = {"remedies", "promises", "ombudsman", "surveys", "lessons"}
"""What an entry holds as lists in one row; measures count it from the tables of `fact_rows.py`."""

STAGE_LISTS = {"extensions"}
"""What a stage of an entry holds as a list in its row."""


async def find(session: AsyncSession, reference: str) -> RegisterEntry | None:
    """Returns one complaint's entry, or None before its first event was told."""
    row = await session.get(RegisterRow, reference)
    if row is None:
        return None
    (entry,) = await with_stages(session, [row])
    return entry


async def with_stages(
    session: AsyncSession, rows: Sequence[RegisterRow]
) -> tuple[RegisterEntry, ...]:
    """Returns the entries of `rows`, in their order, with one more query for all their stages."""
    references = [row.reference for row in rows]
    wanted = select(StageRow).where(col(StageRow.reference).in_(references))
    stages: dict[str, list[StageEntry]] = {reference: [] for reference in references}
    for row in await session.exec(wanted.order_by(col(StageRow.position))):
        held = row.model_dump(exclude={"reference", "position"})
        stages[row.reference].append(StageEntry.model_validate(held))
    return tuple(
        RegisterEntry.model_validate({**row.model_dump(), "stages": stages[row.reference]})
        for row in rows
    )


async def save(session: AsyncSession, entry: RegisterEntry) -> None:
    """Puts an entry in the place of the one before it."""
    listed = entry.model_dump(mode="json", include=AFTERCARE)
    await session.merge(RegisterRow(**entry.model_dump(exclude={"stages", *AFTERCARE}), **listed))
    # Stages point to their entry, so it must be there first.
    await session.flush()
    for position, stage in enumerate(entry.stages, 1):
        listed = stage.model_dump(mode="json", include=STAGE_LISTS)
        held = {**stage.model_dump(exclude=STAGE_LISTS), **listed}
        row = StageRow(reference=entry.reference, position=position, **held)
        await session.merge(row)


async def events(session: AsyncSession, reference: str, *, after: int = 0) -> tuple[AnyEvent, ...]:
    """Returns the stored events of a complaint numbered above `after`, in order, gaps and all."""
    wanted = select(EventRow).where(EventRow.reference == reference, EventRow.sequence > after)
    rows = await session.exec(wanted.order_by(col(EventRow.sequence)))
    return tuple(EVENT.validate_python(row.payload) for row in rows)


def event_row(event: Recordable, now: datetime) -> EventRow | FeedbackEventRow:
    """Returns the row that holds an event; `now` is when it is stored (aware)."""
    table = FeedbackEventRow if isinstance(event, FeedbackEvent) else EventRow
    return table(
        **event.model_dump(include={"reference", "sequence", "kind", "at", "stage", "by"}),
        payload=event.model_dump(mode="json"),
        recorded_at=now,
    )
