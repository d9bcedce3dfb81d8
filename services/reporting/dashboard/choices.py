"""What a form can be narrowed to: the values in the register, read anew every few minutes."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import literal, select, union
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.dashboard.filters import LABELS
from services.reporting.tables import StageFactsRow

LOOKED_BACK = timedelta(days=366)

MOST = 300
"""As many values of a field as a form offers; whatever else there is can be asked for by links."""

Choices = Mapping[str, tuple[str, ...]]


class KnownChoices:
    """The choices as they were read last: a new area or manager is in the form after a while."""

    def __init__(self) -> None:
        self._choices: Choices | None = None

    async def refresh(self, session: AsyncSession, today: date) -> Choices:
        """Reads the values of each field that stages of the last year have, in order."""
        self._choices = await _read(session, today)
        return self._choices

    async def known(self, session: AsyncSession, today: date) -> Choices:
        """Returns them as last read; reads them if they never were."""
        if self._choices is None:
            return await self.refresh(session, today)
        return self._choices


async def _read(session: AsyncSession, today: date) -> Choices:
    since = f"{today - LOOKED_BACK:%Y-%m}"
    lately = col(StageFactsRow.month) >= since
    each = (
        select(literal(name).label("field"), getattr(StageFactsRow, name).label("value"))
        .where(lately, getattr(StageFactsRow, name).is_not(None))
        .distinct()
        for name in LABELS
    )
    found: dict[str, list[str]] = {name: [] for name in LABELS}
    connection = await session.connection()
    for field, value in await connection.execute(union(*each)):
        found[field].append(value)
    return {name: tuple(sorted(values)[:MOST]) for name, values in found.items()}
