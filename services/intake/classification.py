"""What a complaint is about, where, and how the home is held: as brought in, and as it stands.

The complaint's row keeps what was brought in. Staff put it right by the action `classify`; what
stands is read from those that were carried out, so that nothing is kept twice.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from services.intake.tables import Complaint, SavedAction
from services.intake.wiring import Intake
from services.shared.events import Tenure

VERB = "classify"


class Classification(BaseModel):
    """What complaints are counted and found by, in the landlord's own words."""

    model_config = ConfigDict(from_attributes=True)

    category: str | None
    service_area: str | None
    region: str | None
    tenure: Tenure | None


def as_it_stands(complaint: Complaint, actions: Iterable[SavedAction]) -> Classification:
    """Returns what was brought in, with what was put right since.

    `actions` are the complaint's, oldest first; only those that were carried out count.
    """
    put_right: dict[str, Any] = {}
    for action in actions:
        if action.verb == VERB and action.outcome == "done":
            put_right |= action.body or {}
    return Classification.model_validate(complaint).model_copy(update=put_right)


async def of_all(intake: Intake, complaints: Collection[Complaint]) -> dict[str, Classification]:
    """Returns what stands of each of the complaints, by its reference, with one query."""
    references = [complaint.reference for complaint in complaints]
    wanted = select(SavedAction).where(
        col(SavedAction.reference).in_(references), SavedAction.verb == VERB
    )
    async with intake.database.session() as session:
        found = (await session.exec(wanted.order_by(col(SavedAction.id)))).all()
    return {
        complaint.reference: as_it_stands(complaint, _of(complaint, found))
        for complaint in complaints
    }


def standing(field: str) -> ColumnElement[str | None]:
    """Returns what stands in one field of `Classification`, for a query of complaints."""
    put_right = col(SavedAction.body)[field].as_string()
    newest = (
        select(put_right)
        .where(
            SavedAction.reference == Complaint.reference,
            SavedAction.verb == VERB,
            SavedAction.outcome == "done",
            put_right.is_not(None),
        )
        .order_by(col(SavedAction.id).desc())
        .limit(1)
        .correlate(Complaint)
        .scalar_subquery()
    )
    return func.coalesce(newest, col(getattr(Complaint, field)))


def _of(complaint: Complaint, actions: Sequence[SavedAction]) -> Iterable[SavedAction]:
    return (action for action in actions if action.reference == complaint.reference)
