"""The resident's page: where their complaint stands, behind a link that only they were given."""

import base64
import hashlib
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.intake import case_files, complaints
from services.intake.fields import london_day
from services.intake.links import may_follow
from services.intake.references import parse_reference
from services.intake.standing import in_plain_words, stage_title
from services.intake.wiring import IntakeOf
from services.shared.errors import NotThere
from services.workflow.contract import Promise

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "page.css").read_text("utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""The link is the key: nothing may store the page, index it or pass its address on."""

pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.globals["style"] = STYLE

router = APIRouter(include_in_schema=False)


@router.get("/follow/{reference}/{token}")
async def follow(intake: IntakeOf, reference: str, token: str) -> HTMLResponse:
    """The page of one complaint; a wrong link looks the same whatever is wrong with it."""
    try:
        reference = parse_reference(reference)
        if not may_follow(intake.settings.link_secret.get_secret_value(), reference, token):
            return _page("unknown_link.html", status=404)
        complaint = await complaints.find(intake, reference)
    except NotThere:
        return _page("unknown_link.html", status=404)
    actions = await case_files.actions_of(intake, reference)
    promise = Promise.model_validate(complaint.promise)
    position, live = await case_files.position_now(intake, complaint, actions)
    return _page(
        "follow.html",
        reference=reference,
        landlord=promise.landlord,
        policy=promise.policy_title,
        stage=stage_title(position),
        standing=in_plain_words(
            position, london_day(complaint.received_at), london_day(await intake.now())
        ),
        live=live,
    )


def _page(template: str, *, status: int = 200, **shown: object) -> HTMLResponse:
    html = pages.get_template(template).render(**shown)
    return HTMLResponse(html, status_code=status, headers=HEADERS)
