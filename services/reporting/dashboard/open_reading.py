"""Reading what waits now from the register: alike stages together, or each for a list."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.dashboard.open_stages import Asked, OpenStage
from services.reporting.measures.populations import OPEN_STAGES
from services.reporting.measures.scope import Scope
from services.reporting.tables import StageFactsRow


class ListedStage(NamedTuple):
    """One open stage of a list."""

    reference: str
    service_area: str | None
    region: str | None
    open: OpenStage

    @property
    def order(self) -> tuple[date, str]:
        """What is due first, first; what has no date, last."""
        return self.open.by or date.max, self.reference


async def alike(session: AsyncSession, scope: Scope) -> list[tuple[OpenStage, int]]:
    """Returns the open stages that are not answered, each kind with its number.

    Raises MendRequest `cannot-be-narrowed`.
    """
    columns = _columns()
    chosen = _open(select(*columns, func.count()), scope).group_by(*columns)
    connection = await session.connection()
    rows = (await connection.execute(chosen)).all()
    return [(OpenStage(*values), number) for *values, number in rows]


async def listed(
    session: AsyncSession, scope: Scope, asked: Asked, today: date
) -> list[ListedStage]:
    """Lists the open stages that are meant, by when they are due.

    Raises MendRequest `cannot-be-narrowed`.
    """
    of_list = (StageFactsRow.reference, StageFactsRow.service_area, StageFactsRow.region)
    chosen = _open(select(*map(col, of_list), *_columns()), scope)
    if asked.due == "overdue":  # few, so the others need not be judged
        chosen = chosen.where(col(StageFactsRow.overdue))
    connection = await session.connection()
    found = [
        ListedStage(reference, service_area, region, OpenStage(*values))
        for reference, service_area, region, *values in (await connection.execute(chosen)).all()
    ]
    return sorted((one for one in found if asked.holds(one.open, today)), key=lambda one: one.order)


def _columns() -> Sequence[Mapped[Any] | ColumnElement[Any]]:
    """The columns of an `OpenStage`, in its order."""
    facts = StageFactsRow
    return (
        *(col(facts.stage), col(facts.investigator), col(facts.extended), col(facts.overdue)),
        # Of a stage that an older release wrote, until it is filled in.
        *(col(facts.overdue_since), func.coalesce(facts.awaited, "undated")),
        col(facts.awaited_by),
    )


def _open(chosen: Select[*tuple[Any, ...]], scope: Scope) -> Select[*tuple[Any, ...]]:
    undecided = col(StageFactsRow.decision).is_(None)
    return chosen.where(*OPEN_STAGES.conditions(scope), undecided)
