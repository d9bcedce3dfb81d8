"""Pages of the register: filters, keyset paging and its cursor."""

import base64
import re
from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries
from services.reporting.register import ClosedReason, RegisterEntry, Status
from services.reporting.tables import RegisterRow
from services.shared.errors import MendRequest
from services.shared.events import Frozen
from services.shared.text import Code, Label, Line

LONDON = ZoneInfo("Europe/London")

EQUAL = (
    *("policy", "stage", "status", "closed_reason", "service_area", "region"),
    *("investigator", "together_with", "overdue"),
)
"""The filters that ask for exactly one value of the field of the same name."""

WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_day(value: object) -> object:
    # Pydantic would take a bare number for seconds since 1970.
    if isinstance(value, str) and WRITTEN_DAY.fullmatch(value) is None:
        raise PydanticCustomError("not-a-day", "write a day, such as 2026-01-05")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]
"""A day in Europe/London, written YYYY-MM-DD."""


class Filters(Frozen):
    """Which complaints to list. What is left out does not narrow the list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    policy: Code | None = Field(default=None, examples=["housing-ombudsman"])
    stage: Code | None = Field(default=None, examples=["stage-1"])
    """The stage that the complaint is at, or ended at."""
    status: Status | None = None
    closed_reason: ClosedReason | None = None
    service_area: Label | None = Field(default=None, examples=["Heating"])
    region: Label | None = Field(default=None, examples=["North"])
    investigator: Code | None = Field(default=None, examples=["amy-smith"])
    """The staff id of the investigator of the present stage."""
    together_with: Code | None = Field(default=None, examples=["kim-lowe"])
    """The staff id of who answers the present stage together with the investigator."""
    overdue: bool | None = None
    """`true`: a clock was missed and what it waits for is still to be done."""
    received_from: Day | None = Field(default=None, examples=["2028-04-01"])
    """Received on this day or later (Europe/London)."""
    received_before: Day | None = Field(default=None, examples=["2029-04-01"])
    """Received before this day (Europe/London)."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=400)] | None = None
    """`next` of the page before, with the same filters."""


class Page(BaseModel):
    """Complaints, the newest received first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    complaints: tuple[RegisterEntry, ...]
    next: str | None
    """The `cursor` of the page after this one; null on the last."""


async def page(session: AsyncSession, filters: Filters) -> Page:
    """Returns one page. A complaint that comes in between two pages moves no other one.

    Raises MendRequest `unknown-cursor` for a cursor that no page gave.
    """
    wanted = select(RegisterRow)
    for name in EQUAL:
        value = getattr(filters, name)
        if value is not None:
            wanted = wanted.where(getattr(RegisterRow, name) == value)
    received, reference = col(RegisterRow.received_at), col(RegisterRow.reference)
    if filters.received_from is not None:
        wanted = wanted.where(received >= _begins(filters.received_from))
    if filters.received_before is not None:
        wanted = wanted.where(received < _begins(filters.received_before))
    if filters.cursor is not None:
        last = _from_cursor(filters.cursor)
        older = and_(received == last.at, reference < last.reference)
        wanted = wanted.where(or_(received < last.at, older))
    newest_first = wanted.order_by(received.desc(), reference.desc())
    found = (await session.exec(newest_first.limit(filters.limit + 1))).all()
    shown = await entries.with_stages(session, found[: filters.limit])
    more = len(found) > len(shown)
    return Page(complaints=shown, next=_to_cursor(shown[-1]) if more else None)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)


class _Cursor(Frozen):
    """The last complaint of a page, as the next page's request names it."""

    at: Annotated[
        AwareDatetime,
        # Far wider than any complaint, and far enough from the ends of what an instant can hold.
        Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
    ]
    reference: Line


def _to_cursor(last: RegisterEntry) -> str:
    text = _Cursor(at=last.received_at, reference=last.reference).model_dump_json()
    return base64.urlsafe_b64encode(text.encode()).decode()


def _from_cursor(cursor: str) -> _Cursor:
    try:
        return _Cursor.model_validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise MendRequest(
            "unknown-cursor", "Take the cursor from the field 'next' of the page before."
        ) from None
