"""Delivery receipts of GOV.UK Notify: `POST /receipts/govuk-notify` on notify's own app.

It shows the bearer token that was given to it and repeats a receipt that is answered with 5xx.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlmodel import col, or_, select

from services.notify.govuk_settings import GovUkSettings
from services.notify.govuk_status import GovUkStatus
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.errors import NotThere, SignIn
from services.shared.keys import same_key
from services.shared.web import bearer_key

router = APIRouter(include_in_schema=False)

Short = Annotated[str, StringConstraints(max_length=200)]


class GovUkReceipt(BaseModel):
    """What GOV.UK Notify says of one notification; whom it went to is left unread."""

    id: Short
    reference: Short | None = None
    status: Short
    completed_at: AwareDatetime | None = None


def _theirs(request: Request) -> None:
    settings: GovUkSettings = request.app.state.settings
    token = settings.govuk_notify_receipt_hash
    if not token or not same_key(bearer_key(request), token):
        raise SignIn("unknown-key", "That is not the token of GOV.UK Notify's receipts.")


@router.post("/receipts/govuk-notify", status_code=204, dependencies=[Depends(_theirs)])
async def take_receipt(receipt: GovUkReceipt, request: Request) -> Response:
    """Takes one receipt in; the same again changes nothing.

    Refuses a token that is not theirs (`unknown-key`) and a notification that is not ours
    (`unknown-notification`); while the notice is still on its way it is to come again (503).
    """
    state = request.app.state
    database: Database = state.database
    async with database.session() as session:
        query = select(NoticeRow).where(
            or_(
                col(NoticeRow.provider_id) == receipt.id,
                col(NoticeRow.mark) == (receipt.reference or receipt.id),
            )
        )
        row = (await session.exec(query)).first()
    if row is None:
        raise NotThere("unknown-notification", "No notice went out under this id.")
    status = GovUkStatus(database, state.client, state.now)
    await status.heard(row, receipt.status, receipt.completed_at)
    return Response(status_code=204)
