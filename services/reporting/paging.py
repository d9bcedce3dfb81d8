"""Keyset paging, newest received first, and the days between which a list is asked for."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped

from services.shared.cursors import KnownInstant, cursor_of, from_cursor
from services.shared.events import Frozen
from services.shared.text import Line

LONDON = ZoneInfo("Europe/London")

WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_day(value: object) -> object:
    # Pydantic would take a bare number for seconds since 1970.
    if isinstance(value, str) and WRITTEN_DAY.fullmatch(value) is None:
        raise PydanticCustomError("not-a-day", "write a day, such as 2026-01-05")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]
"""A day in Europe/London, written YYYY-MM-DD."""


class Entry(Protocol):
    """Whatever is listed by when it was received."""

    @property
    def reference(self) -> str:
        """Tells entries received at the same moment apart."""

    @property
    def received_at(self) -> datetime:
        """The moment of receipt (aware)."""


def within(
    received: Mapped[datetime], first: date | None, before: date | None
) -> Iterator[ColumnElement[bool]]:
    """Returns the conditions of being received on `first` or later and before the day `before`."""
    if first is not None:
        yield received >= _begins(first)
    if before is not None:
        yield received < _begins(before)


def after(
    cursor: str | None, received: Mapped[datetime], reference: Mapped[str]
) -> Iterator[ColumnElement[bool]]:
    """Returns the condition of coming after the page that gave `cursor`; none on the first page.

    Raises MendRequest `unknown-cursor` for a cursor that no page gave.
    """
    if cursor is not None:
        last = from_cursor(cursor, _Last)
        older = and_(received == last.at, reference < last.reference)
        yield or_(received < last.at, older)


def next_cursor(shown: Sequence[Entry], *, more: bool) -> str | None:
    """Returns the cursor of the page after the one that shows these, or None on the last."""
    if not more:
        return None
    return cursor_of(_Last(at=shown[-1].received_at, reference=shown[-1].reference))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)


class _Last(Frozen):
    """The last entry of a page, as the next page's request names it."""

    at: KnownInstant
    reference: Line
