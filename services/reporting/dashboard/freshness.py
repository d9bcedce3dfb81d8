"""How fresh what is shown is."""

from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.sentences import local_day, on_day
from services.reporting.tables import EventRow
from services.shared.local_time import LONDON

SHORT = (
    "Some complaints are still being counted after an update: until that is done, lists and "
    "figures leave them out."
)


async def last_told(session: AsyncSession) -> datetime | None:
    """Returns when the register was last told of anything about a complaint (UTC)."""
    found = await session.exec(select(func.max(col(EventRow.recorded_at))))
    latest: datetime | None = found.one()
    return latest


def in_words(told_at: datetime | None) -> str:
    """Returns that as a sentence, with the time that clocks in London showed."""
    if told_at is None:
        return "The register has not been told of anything yet."
    time = f"{told_at.astimezone(LONDON):%H:%M}"
    return f"The register was last told of anything at {time} on {on_day(local_day(told_at))}."
