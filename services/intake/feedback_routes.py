"""The feedback API: channels bring in what is no complaint, and it may become one."""

from fastapi import APIRouter, Response

from services.intake import complaints, feedback
from services.intake.access import ShownChannelKey, Staff, StaffOrChannel
from services.intake.channel_keys import check_channel
from services.intake.feedback_models import (
    Dissatisfaction,
    FeedbackFile,
    FeedbackReceipt,
    NewFeedback,
)
from services.intake.fields import IdempotencyKey
from services.intake.models import ComplaintReceipt
from services.intake.references import parse_reference
from services.intake.wiring import IntakeOf
from services.shared.problems import refusals

router = APIRouter(prefix="/api/feedback", tags=["feedback"])


@router.post("", status_code=201, responses=refusals(400, 401, 403, 404, 413, 422))
async def bring_feedback_in(
    intake: IntakeOf,
    key: ShownChannelKey,
    new: NewFeedback,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> FeedbackReceipt:
    """Take a compliment, comment, service request or report in. After the 201 it is saved."""
    check_channel(key, new.channel)
    received = await feedback.receive(intake, new, key, idempotency_key)
    response.headers["Location"] = f"/api/feedback/{received.reference}"
    return FeedbackReceipt.of(received.reference, received.promise)


@router.get("/{reference}", responses=refusals(401, 404))
async def read_feedback(intake: IntakeOf, _staff: Staff, reference: str) -> FeedbackFile:
    """Read who sent it, their words, and the complaint that it became."""
    return await feedback.read(intake, parse_reference(reference, "FB"))


@router.post(
    "/{reference}/complain", status_code=201, responses=refusals(400, 401, 403, 404, 409, 413, 422)
)
async def complain(
    intake: IntakeOf,
    by: StaffOrChannel,
    reference: str,
    new: Dissatisfaction,
    response: Response,
) -> ComplaintReceipt:
    """File a complaint about how it was handled. Repeated, this gives the same complaint."""
    filed = await feedback.complain(intake, parse_reference(reference, "FB"), new, by)
    response.headers["Location"] = f"/api/complaints/{filed.reference}"
    link = complaints.link(intake, filed.reference)
    return ComplaintReceipt.of(filed.reference, filed.promise, link)
