"""The resident's page: where their complaint stands, behind a link that only they were given."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services.intake import case_files, complaints
from services.intake.fields import london_day
from services.intake.links import may_follow
from services.intake.pages import Pages
from services.intake.references import parse_reference
from services.intake.standing import in_plain_words, stage_title
from services.intake.wiring import IntakeOf
from services.shared.errors import NotThere
from services.workflow.contract import Promise

pages = Pages("page.css", form_action="'none'")

router = APIRouter(include_in_schema=False)


@router.get("/follow/{reference}/{token}")
async def follow(intake: IntakeOf, reference: str, token: str) -> HTMLResponse:
    """The page of one complaint; a wrong link looks the same whatever is wrong with it."""
    try:
        reference = parse_reference(reference)
        if not may_follow(intake.settings.link_secret.get_secret_value(), reference, token):
            return _unknown_link()
        complaint = await complaints.find(intake, reference)
    except NotThere:
        return _unknown_link()
    actions = await case_files.actions_of(intake, reference)
    promise = Promise.model_validate(complaint.promise)
    position, live = await case_files.position_now(intake, complaint, actions)
    received_on, today = london_day(complaint.received_at), london_day(await intake.now())
    promised = case_files.promised_words(position.promises, actions)
    return pages.render(
        "follow.html",
        {
            "reference": reference,
            "landlord": promise.landlord,
            "policy": promise.policy_title,
            "stage": stage_title(position),
            "standing": in_plain_words(position, received_on, today, promised),
            "live": live,
        },
    )


def _unknown_link() -> HTMLResponse:
    return pages.render("unknown_link.html", status=404)
