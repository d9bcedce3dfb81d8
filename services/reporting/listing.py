"""Pages of the register and what narrows them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries
from services.reporting.paging import Day, after, next_cursor, within
from services.reporting.register import ClosedReason, RegisterEntry, Status
from services.reporting.tables import RegisterRow
from services.shared.events import Frozen
from services.shared.text import Code, Label

EQUAL = (
    *("policy", "stage", "status", "closed_reason", "service_area", "region"),
    *("investigator", "together_with", "overdue"),
)
"""The filters that ask for exactly one value of the field of the same name."""


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
    wanted = wanted.where(
        *within(received, filters.received_from, filters.received_before),
        *after(filters.cursor, received, reference),
    )
    newest_first = wanted.order_by(received.desc(), reference.desc())
    found = (await session.exec(newest_first.limit(filters.limit + 1))).all()
    shown = await entries.with_stages(session, found[: filters.limit])
    return Page(complaints=shown, next=next_cursor(shown, more=len(found) > len(shown)))
