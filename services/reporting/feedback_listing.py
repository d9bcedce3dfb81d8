"""Pages of the feedback register, with counts of everything that the filters let through."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.feedback_register import FeedbackEntry
from services.reporting.paging import Day, after, next_cursor, within
from services.reporting.tables import FeedbackRow, RegisterRow
from services.shared.events import FeedbackKind, Frozen
from services.shared.text import Code, Label

EQUAL = ("kind", "policy", "service_area", "region")
"""The filters that ask for exactly one value of the field of the same name."""

COUNTED_BY = ("kind", "month", "policy", "service_area")
"""The first fields of a count, in their order."""


class FeedbackFilters(Frozen):
    """Which feedback to list and count. What is left out does not narrow the list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: FeedbackKind | None = None
    policy: Code | None = Field(default=None, examples=["nacro"])
    service_area: Label | None = Field(default=None, examples=["Heating"])
    region: Label | None = Field(default=None, examples=["North"])
    received_from: Day | None = Field(default=None, examples=["2028-04-01"])
    """Received on this day or later (Europe/London)."""
    received_before: Day | None = Field(default=None, examples=["2029-04-01"])
    """Received before this day (Europe/London)."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=400)] | None = None
    """`next` of the page before, with the same filters."""


class Listed(FeedbackEntry):
    """One piece of feedback, with the complaint that it became."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    complaint: str | None
    """The reference of the complaint about how it was handled, if there is one (Code 1.5)."""


class Count(Frozen):
    """How much feedback of one kind came in, in one month, under one policy, for one area."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: FeedbackKind
    month: str = Field(examples=["2028-03"])
    policy: str
    service_area: str | None
    received: int
    thanked_late: int
    """How many were not thanked by the day that the policy promises."""
    became_complaints: int


class FeedbackPage(BaseModel):
    """Feedback, the newest received first, and the counts of all that the filters let through."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    feedback: tuple[Listed, ...]
    counts: tuple[Count, ...]
    """The newest month first."""
    next: str | None
    """The `cursor` of the page after this one; null on the last."""


async def page(session: AsyncSession, filters: FeedbackFilters) -> FeedbackPage:
    """Returns one page. Feedback that comes in between two pages moves no other one.

    Raises MendRequest `unknown-cursor` for a cursor that no page gave.
    """
    received, reference = col(FeedbackRow.received_at), col(FeedbackRow.reference)
    wanted = (
        select(FeedbackRow, RegisterRow.reference)
        .outerjoin(RegisterRow, col(RegisterRow.from_feedback) == reference)
        .where(*_narrowed(filters), *after(filters.cursor, received, reference))
        .order_by(received.desc(), reference.desc())
        .limit(filters.limit + 1)
    )
    found = (await session.exec(wanted)).all()
    shown = tuple(
        Listed.model_validate({**row.model_dump(), "complaint": complaint})
        for row, complaint in found[: filters.limit]
    )
    return FeedbackPage(
        feedback=shown,
        counts=await _counts(session, filters),
        next=next_cursor(shown, more=len(found) > len(shown)),
    )


async def _counts(session: AsyncSession, filters: FeedbackFilters) -> tuple[Count, ...]:
    by: list[Any] = [getattr(FeedbackRow, name) for name in COUNTED_BY]
    late = case((col(FeedbackRow.thanked_in_time).is_(False), 1), else_=0)
    sums: list[Any] = [func.count(), func.sum(late), func.count(col(RegisterRow.reference))]
    counted = (
        select(*by, *sums)
        .select_from(FeedbackRow)
        .outerjoin(RegisterRow, col(RegisterRow.from_feedback) == col(FeedbackRow.reference))
        .where(*_narrowed(filters))
        .group_by(*by)
        .order_by(col(FeedbackRow.month).desc(), *by)
    )
    rows = (await session.exec(counted)).all()
    return tuple(Count(**dict(zip(Count.model_fields, row, strict=True))) for row in rows)


def _narrowed(filters: FeedbackFilters) -> tuple[ColumnElement[bool], ...]:
    asked = {name: getattr(filters, name) for name in EQUAL}
    return (
        *(
            getattr(FeedbackRow, name) == value
            for name, value in asked.items()
            if value is not None
        ),
        *within(col(FeedbackRow.received_at), filters.received_from, filters.received_before),
    )
