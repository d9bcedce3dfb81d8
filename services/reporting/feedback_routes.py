"""The feedback register's API, for staff: what came in that is no complaint, listed and counted."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.reporting import feedback_listing
from services.reporting.feedback_listing import FeedbackFilters, FeedbackPage
from services.reporting.routes import Staff, TheDatabase
from services.shared.problems import refusals

router = APIRouter(prefix="/api/feedback", tags=["feedback"])


@router.get("", responses=refusals(401, 422))
async def list_feedback(
    database: TheDatabase, _staff: Staff, filters: Annotated[FeedbackFilters, Query()]
) -> FeedbackPage:
    """List feedback that is no complaint, with counts by kind, month, policy and service area."""
    async with database.session() as session:
        return await feedback_listing.page(session, filters)
