"""What staff do to a complaint, each by a verb: `POST /api/complaints/{reference}/{verb}`."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.intake import actions
from services.intake.access import Staff
from services.intake.action_models import (
    AcknowledgeRequest,
    ActionRequest,
    AgreeDateRequest,
    AssignRequest,
    ClassifyRequest,
    ConfirmRequest,
    ContactRequest,
    DeclineRequest,
    DeterminationRequest,
    EscalateRequest,
    ExtendRequest,
    HearingRequest,
    HelpRequest,
    KeepPromiseRequest,
    LessonRequest,
    LogResponseRequest,
    OmbudsmanRequest,
    PointsRequest,
    ReferRequest,
    RespondRequest,
    SendOnRequest,
    SurveyRequest,
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
    """Take the complaint in, as urgently as its grounds say, or refuse it for a reason."""
    today = london_day(await complaint.now())
    check_past(body.issue_on, today, "issue_on", "not-then")
    check_past(body.concluded_on, today, "concluded_on", "not-then")
    return await complaint.take("triage", body)


@router.post("/classify")
async def classify(complaint: OnComplaint, body: ClassifyRequest) -> Position:
    """Record or put right what the complaint is about, where, and how the home is held."""
    return await complaint.take("classify", body)


@router.post("/assign")
async def assign(complaint: OnComplaint, body: AssignRequest) -> Position:
    """Put a named investigator in charge, alone or together with a second person."""
    return await complaint.take("assign", body)


@router.post("/acknowledge")
async def acknowledge(complaint: OnComplaint, body: AcknowledgeRequest) -> Position:
    """Acknowledge the stage with its definition, points and the outcomes sought."""
    return await complaint.take("acknowledge", body)


@router.post("/points")
async def add_points(complaint: OnComplaint, body: PointsRequest) -> Position:
    """Join a further complaint to this one, with a notice to the resident."""
    return await complaint.take("points", body)


@router.post("/contacts")
async def log_contact(complaint: OnComplaint, body: ContactRequest) -> Position:
    """Log a contact, made or attempted, or the policy's exception for leaving it out."""
    check_past(body.happened_at, await complaint.now(), "happened_at", "happened-in-future")
    return await complaint.take("contacts", body)


@router.post("/extend")
async def extend(complaint: OnComplaint, body: ExtendRequest) -> Position:
    """Take more time to respond, with a notice to the resident."""
    check_past(body.agreed_on, london_day(await complaint.now()), "agreed_on", "not-agreed-then")
    return await complaint.take("extend", body)


@router.post("/agree-date")
async def agree_date(complaint: OnComplaint, body: AgreeDateRequest) -> Position:
    """Go by a date for the response that the resident agreed to, and confirm it to them."""
    check_past(body.agreed_on, london_day(await complaint.now()), "agreed_on", "not-agreed-then")
    return await complaint.take("agree-date", body)


@router.post("/hearing")
async def set_hearing(complaint: OnComplaint, body: HearingRequest) -> Position:
    """Give the hearing a date, or another one, and tell the resident."""
    return await complaint.take("hearing", body)


@router.post("/respond")
async def respond(complaint: OnComplaint, body: RespondRequest) -> Position:
    """Answer every point of the stage."""
    return await complaint.take("respond", body)


@router.post("/log-response")
async def log_response(complaint: OnComplaint, body: LogResponseRequest) -> Position:
    """Log a response that went out by your own means; the resident is not written to."""
    now = await complaint.now()
    check_past(body.responded_at, now, "responded_at", "not-then")
    return await complaint.take("log-response", body)


@router.post("/promises-kept")
async def keep_promise(complaint: OnComplaint, body: KeepPromiseRequest) -> Position:
    """Record that an action that a response promised was done, also after the complaint's end."""
    check_past(body.done_on, london_day(await complaint.now()), "done_on", "not-then")
    return await complaint.take("promises-kept", body)


@router.post("/ombudsman")
async def involve_ombudsman(complaint: OnComplaint, body: OmbudsmanRequest) -> Position:
    """Record that the resident has brought the complaint before the Housing Ombudsman."""
    check_past(body.on, london_day(await complaint.now()), "on", "not-then")
    return await complaint.take("ombudsman", body)


@router.post("/determination")
async def record_determination(complaint: OnComplaint, body: DeterminationRequest) -> Position:
    """Record what the Housing Ombudsman found."""
    check_past(body.on, london_day(await complaint.now()), "on", "not-then")
    return await complaint.take("determination", body)


@router.post("/survey")
async def answer_survey(complaint: OnComplaint, body: SurveyRequest) -> Position:
    """Record how satisfied the resident is with how complaints are handled."""
    check_past(body.on, london_day(await complaint.now()), "on", "not-then")
    return await complaint.take("survey", body)


@router.post("/lessons")
async def learn_lesson(complaint: OnComplaint, body: LessonRequest) -> Position:
    """Record, replace or take back what was learnt, in words that reports publish."""
    return await complaint.take("lessons", body)


@router.post("/escalate")
async def escalate(complaint: OnComplaint, body: EscalateRequest = EscalateRequest()) -> Position:  # noqa: B008 — frozen, so shared safely
    """Go to the next stage as the resident asked, or consider again what was declined."""
    check_past(body.requested_at, await complaint.now(), "requested_at", "not-requested-then")
    return await complaint.take("escalate", body)


@router.post("/decline")
async def decline(complaint: OnComplaint, body: DeclineRequest) -> Position:
    """Decline the resident's request for this stage, for a reason of the policy."""
    return await complaint.take("decline", body)


@router.post("/refer")
async def refer(complaint: OnComplaint, body: ReferRequest = ReferRequest()) -> Position:  # noqa: B008 — as above
    """Pass the complaint on to the next stage instead of answering this one."""
    return await complaint.take("refer", body)


@router.post("/send-on")
async def send_on(complaint: OnComplaint, body: SendOnRequest) -> Position:
    """End the procedure after this stage's response: straight to the Ombudsman."""
    return await complaint.take("send-on", body)


@router.post("/withdraw")
async def withdraw(complaint: OnComplaint, body: WithdrawRequest = WithdrawRequest()) -> Position:  # noqa: B008 — as above
    """Close the complaint because the resident takes it back."""
    return await complaint.take("withdraw", body)


@router.post("/confirm")
async def confirm(complaint: OnComplaint, body: ConfirmRequest) -> Position:
    """Confirm, as whoever is in charge, that the complaint is yours."""
    return await complaint.take("confirm", body)


@router.post("/help")
async def ask_help(complaint: OnComplaint, body: HelpRequest) -> Position:
    """Ask for help with the complaint; the line manager and the complaints officer are told."""
    return await complaint.take("help", body)
