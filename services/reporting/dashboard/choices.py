"""What a form can be narrowed to: the values that the register holds, read anew now and then."""

import time
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import literal, select, union
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.dashboard.filters import LABELS
from services.reporting.tables import StageFactsRow

GOOD_FOR = 300.0
"""Seconds: a new service area or manager may be missing from the form for as long."""

LOOKED_BACK = timedelta(days=366)

MOST = 300
"""As many values of a field as a form offers; whatever else there is can be asked for by links."""

Choices = Mapping[str, tuple[str, ...]]


class KnownChoices:
    """The choices as they were read last."""

    def __init__(self) -> None:
        self._choices: Choices = {}
        self._good_until = 0.0

    async def read(self, session: AsyncSession, today: date) -> Choices:
        """Returns the values of each field that stages of the last year have, in order."""
        if time.monotonic() >= self._good_until:
            self._choices = await _read(session, today)
            self._good_until = time.monotonic() + GOOD_FOR
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
    for field, value in await session.execute(union(*each)):
        found[field].append(value)
    return {name: tuple(sorted(values)[:MOST]) for name, values in found.items()}
