"""The complaints API: channels bring complaints in, staff read them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.intake import case_files, complaints
from services.intake.access import ShownChannelKey, Staff
from services.intake.channel_keys import check_channel
from services.intake.fields import IdempotencyKey
from services.intake.models import CaseFile, ComplaintReceipt, Filters, NewComplaint, Page
from services.intake.references import parse_reference
from services.intake.wiring import IntakeOf
from services.shared.problems import refusals

router = APIRouter(prefix="/api/complaints", tags=["complaints"])


@router.post("", status_code=201, responses=refusals(400, 401, 403, 404, 413, 422))
async def bring_in(
    intake: IntakeOf,
    key: ShownChannelKey,
    new: NewComplaint,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ComplaintReceipt:
    """Take a complaint in. Once this answers 201 it is saved and its clocks will run."""
    check_channel(key, new.channel)
    received = await complaints.receive(intake, new, key, idempotency_key)
    response.headers["Location"] = f"/api/complaints/{received.reference}"
    link = complaints.link(intake, received.reference)
    return ComplaintReceipt.of(received.reference, received.promise, link)


@router.get("", responses=refusals(401, 422))
async def list_complaints(
    intake: IntakeOf, _staff: Staff, filters: Annotated[Filters, Query()]
) -> Page:
    """List complaints by receipt and classification, the newest received first."""
    return await case_files.page(intake, filters)


@router.get("/{reference}", responses=refusals(401, 404))
async def read_complaint(intake: IntakeOf, _staff: Staff, reference: str) -> CaseFile:
    """Read a case file, with where the complaint stands now."""
    complaint = await complaints.find(intake, parse_reference(reference))
    actions = await case_files.actions_of(intake, complaint.reference)
    position, live = await case_files.position_now(intake, complaint, actions)
    link = complaints.link(intake, complaint.reference)
    mails = await case_files.mails_of(intake, complaint.reference)
    return CaseFile.of(complaint, actions, position, mails=mails, live=live, tracking_url=link)
