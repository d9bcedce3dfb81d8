"""What staff do to a complaint, each by a verb: `POST /api/complaints/{reference}/{verb}`."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.intake import actions
from services.intake.access import Staff
from services.intake.action_models import (
    AcknowledgeRequest,
    ActionRequest,
    AssignRequest,
    ContactRequest,
    EscalateRequest,
    ExtendRequest,
    RespondRequest,
    TriageRequest,
    WithdrawRequest,
)
from services.intake.fields import IdempotencyKey, check_past, london_day
from services.intake.references import parse_reference
from services.intake.wiring import Intake, IntakeOf
from services.shared.problems import refusals
from services.workflow.contract import Position

router = APIRouter(
    prefix="/api/complaints/{reference}",
    tags=["actions"],
    responses=refusals(400, 401, 404, 409, 413, 422, 503),
)


class OneComplaint:
    """The complaint that a request acts on, who acts, and the caller's id of the request."""

    def __init__(self, intake: Intake, staff: str, reference: str, key: str | None) -> None:
        self._intake = intake
        self._staff = staff
        self._reference = reference
        self._key = key
        self.now = intake.now

    async def take(self, verb: str, body: ActionRequest) -> Position:
        """Has the action carried out and returns where the complaint then stands."""
        asked = actions.Asked(
            verb=verb,
            by=body.by or self._staff,
            body=body.model_dump(mode="json", exclude={"by"}, exclude_none=True),
        )
        return await actions.take(self._intake, parse_reference(self._reference), asked, self._key)


async def _one_complaint(
    intake: IntakeOf, staff: Staff, reference: str, idempotency_key: IdempotencyKey = None
) -> OneComplaint:
    return OneComplaint(intake, staff, reference, idempotency_key)


OnComplaint = Annotated[OneComplaint, Depends(_one_complaint)]


@router.post("/triage")
async def triage(complaint: OnComplaint, body: TriageRequest) -> Position:
    """Take the complaint in, or refuse it for a reason of the policy."""
    return await complaint.take("triage", body)


@router.post("/assign")
async def assign(complaint: OnComplaint, body: AssignRequest) -> Position:
    """Put a named investigator in charge."""
    return await complaint.take("assign", body)


@router.post("/acknowledge")
async def acknowledge(complaint: OnComplaint, body: AcknowledgeRequest) -> Position:
    """Acknowledge the stage with its definition, points and the outcomes sought."""
    return await complaint.take("acknowledge", body)


@router.post("/contacts")
async def log_contact(complaint: OnComplaint, body: ContactRequest) -> Position:
    """Log a contact, made or attempted."""
    check_past(body.happened_at, await complaint.now(), "happened_at", "happened-in-future")
    return await complaint.take("contacts", body)


@router.post("/extend")
async def extend(complaint: OnComplaint, body: ExtendRequest) -> Position:
    """Take more time to respond, with a notice to the resident."""
    check_past(body.agreed_on, london_day(await complaint.now()), "agreed_on", "not-agreed-then")
    return await complaint.take("extend", body)


@router.post("/respond")
async def respond(complaint: OnComplaint, body: RespondRequest) -> Position:
    """Answer every point of the stage's acknowledgement."""
    return await complaint.take("respond", body)


@router.post("/escalate")
async def escalate(complaint: OnComplaint, body: EscalateRequest = EscalateRequest()) -> Position:  # noqa: B008 — frozen, so shared safely
    """Go to the next stage, as the resident asked."""
    check_past(body.requested_at, await complaint.now(), "requested_at", "not-requested-then")
    return await complaint.take("escalate", body)


@router.post("/withdraw")
async def withdraw(complaint: OnComplaint, body: WithdrawRequest = WithdrawRequest()) -> Position:  # noqa: B008 — as above
    """Close the complaint because the resident takes it back."""
    return await complaint.take("withdraw", body)
