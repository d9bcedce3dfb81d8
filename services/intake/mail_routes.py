"""The API of mail: staff list what came in, look at what is held, and decide about it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from services.intake import mail_desk
from services.intake.access import Staff
from services.intake.mail_models import DealWith, MailFacts, MailFilters, MailPage
from services.intake.wiring import IntakeOf
from services.shared.problems import refusals

router = APIRouter(prefix="/api/mail", tags=["mail"])

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Anybody may have written it: no browser may show it, run it, or take it for something else."""

MailId = Annotated[int, Path(ge=1)]


@router.get("", responses=refusals(401, 404, 422))
async def list_mail(
    intake: IntakeOf, _staff: Staff, filters: Annotated[MailFilters, Query()]
) -> MailPage:
    """List mail, the newest first; `state=held` is what waits for a person."""
    return await mail_desk.page(intake, filters)


@router.get("/{mail_id}", responses=refusals(401, 404, 422))
async def read_mail(intake: IntakeOf, _staff: Staff, mail_id: MailId) -> MailFacts:
    """Read one mail: who wrote it, what they wrote, what came with it."""
    return await mail_desk.facts(intake, await mail_desk.find(intake, mail_id))


@router.get("/{mail_id}/raw", response_class=Response, responses=refusals(401, 404, 422))
async def download_mail(intake: IntakeOf, _staff: Staff, mail_id: MailId) -> Response:
    """Download a mail as it came in, to be opened in a mail program."""
    row = await mail_desk.find(intake, mail_id)
    return _download(row.raw, f"mail-{row.id}.eml", "message/rfc822")


@router.get(
    "/{mail_id}/attachments/{name}", response_class=Response, responses=refusals(401, 404, 422)
)
async def download_attachment(
    intake: IntakeOf, _staff: Staff, mail_id: MailId, name: str
) -> Response:
    """Download an attachment as it came in. Nobody has looked whether it does harm."""
    content = await mail_desk.attachment(intake, mail_id, name)
    return _download(content, f"{name}.bin", "application/octet-stream")


@router.post("/{mail_id}/deal-with", responses=refusals(400, 401, 404, 409, 413, 422, 503))
async def deal_with(
    intake: IntakeOf, staff: Staff, mail_id: MailId, decided: DealWith
) -> MailFacts:
    """Decide about a mail that is held or was ignored: dealt with, a complaint, or a reply."""
    row = await mail_desk.find(intake, mail_id)
    return await mail_desk.deal_with(intake, row, decided, by=staff)


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
