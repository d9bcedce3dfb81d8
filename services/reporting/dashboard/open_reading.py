"""Reading what waits now from the register: alike stages together, or each for a list."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.dashboard.open_stages import Asked, OpenStage, next_step
from services.reporting.measures.populations import OPEN_STAGES
from services.reporting.measures.scope import Scope
from services.reporting.tables import RegisterRow, StageFactsRow, StageRow


class ListedStage(NamedTuple):
    """One open stage of a list."""

    reference: str
    service_area: str | None
    region: str | None
    open: OpenStage

    @property
    def order(self) -> tuple[date, str]:
        """What is due first, first; what has no date, last."""
        return next_step(self.open).by or date.max, self.reference


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
    declined = col(RegisterRow.status) == "declined"
    return (
        *(col(StageFactsRow.stage), col(RegisterRow.status), col(StageFactsRow.investigator)),
        *(col(StageFactsRow.extended), col(StageFactsRow.overdue)),
        col(StageFactsRow.overdue_since),
        _undone(col(StageRow.acknowledged_at), col(StageRow.acknowledge_due)),
        _undone(col(StageRow.contacted_at), col(StageRow.contact_due)),
        _undone(col(StageRow.arranged_at), col(StageRow.arrange_due)),
        col(StageRow.respond_due),
        case((declined, col(StageRow.reply_by))),
    )


def _undone(done: Mapped[Any], due: Mapped[Any]) -> ColumnElement[Any]:
    return case((done.is_(None), due))


def _open(chosen: Select[*tuple[Any, ...]], scope: Scope) -> Select[*tuple[Any, ...]]:
    facts = StageFactsRow
    same_stage = and_(
        col(StageRow.reference) == facts.reference, col(StageRow.position) == facts.position
    )
    return (
        chosen.select_from(facts)
        .join(StageRow, same_stage)
        .join(RegisterRow, col(RegisterRow.reference) == facts.reference)
        .where(*OPEN_STAGES.conditions(scope), col(facts.decision).is_(None))
    )
