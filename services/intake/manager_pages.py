"""The pages behind the links in a manager's mail: confirm, contact, help, extend, take on.

Looking changes nothing, for mail scanners follow links before people do. What is sent is an action
like any other of staff, in the name of whose link it is: saved first, carried out once for each
form, and shown on a page of its own, so that loading that again sends nothing.
"""

import hashlib
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError

from services.intake import (
    actions,
    case_files,
    classification,
    complaints,
    manager_forms,
    manager_standing,
)
from services.intake.classification import Classification
from services.intake.manager_forms import ManagerForm, TakeOnForm, Typed, WrongForm
from services.intake.pages import Pages
from services.intake.standing import stage_title, written
from services.intake.tables import Complaint
from services.intake.wiring import Intake, IntakeOf
from services.shared.errors import NotThere, PutrightError, TryLater
from services.shared.manager_links import PATH, ManagerLink, opened
from services.workflow.contract import Position, Promise

MOST_FIELDS = 20
"""The longest form has six."""

OWN_WORDS = {
    "idempotency-key-reused": (
        "You sent this form before with something else in it, and that counts. "
        "If you meant to send both, send this one now."
    ),
    "not-in-charge": manager_standing.SOMEBODY_ELSES,
    "unknown-staff": "The staff directory lacks you. Please tell the complaints officer.",
    "already-assigned": manager_standing.YOURS_ALREADY,
    "action-failed": "Something went wrong on our side. Please tell the complaints officer.",
}
"""Refusals whose own sentence is meant for programs."""

pages = Pages("page.css", "manager/form.css", form_action="'self'")


class Page(APIRoute):
    """A route for people: whatever is refused is answered with a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Returns the route's handler, with a page in the place of an error."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except NotThere:
                return pages.render("manager/unknown_link.html", status=404)
            except (TryLater, OperationalError, InterfaceError):
                away = {"Retry-After": "5"}
                return pages.render("manager/try_later.html", status=503, headers=away)

        return answer


router = APIRouter(
    prefix=f"/{PATH}/{{purpose}}/{{token}}", include_in_schema=False, route_class=Page
)


@dataclass(frozen=True)
class Visit:
    """Somebody with a good link, and the complaint that it is for."""

    intake: Intake
    link: ManagerLink
    complaint: Complaint
    classified: Classification
    now: datetime

    @property
    def facts(self) -> dict[str, object]:
        """What a page may show of the case file: nothing that a person wrote or is."""
        return {
            "landlord": Promise.model_validate(self.complaint.promise).landlord,
            "purpose": self.link.purpose,
            "reference": self.complaint.reference,
            "subject": self.classified.category or self.classified.service_area,
        }

    def key(self, form: str) -> str:
        """Returns the idempotency key of what is sent with one form of this link."""
        signed = f"{self.link.model_dump_json()} {form}".encode()
        return f"link-{hashlib.sha256(signed).hexdigest()}"

    async def position(self) -> tuple[Position, bool]:
        """Returns where the complaint stands, and whether the workflow said so just now."""
        done = await case_files.actions_of(self.intake, self.complaint.reference)
        return await case_files.position_now(self.intake, self.complaint, done)


async def _visit(intake: IntakeOf, purpose: str, token: str) -> Visit:
    now = await intake.now()
    link = opened(intake.settings.link_secret.get_secret_value(), purpose, token, now)
    complaint = await complaints.find(intake, link.reference)
    classified = await classification.of_all(intake, [complaint])
    return Visit(intake, link, complaint, classified[link.reference], now)


Visiting = Annotated[Visit, Depends(_visit)]
"""Raises NotThere for a link that is not ours, or no longer good."""


@router.api_route("", methods=["GET", "HEAD"])
async def ask(visit: Visiting) -> HTMLResponse:
    """The form; it changes nothing."""
    return await _form_page(visit, manager_forms.fresh(visit.link.purpose, visit.now))


@router.post("")
async def act(visit: Visiting, request: Request, token: str) -> Response:
    """Does what the form asks for, once, and leads to the page that says what became of it."""
    typed = await _typed(request)
    try:
        form = manager_forms.read(visit.link.purpose, typed, visit.now)
        asked = await _asked(visit, form)
        with suppress(TryLater):  # it is saved by then, and the next page says how far it got
            await actions.take(visit.intake, visit.link.reference, asked, visit.key(form.form))
    except PutrightError as refusal:
        return await _form_page(visit, manager_forms.again(typed), refusal)
    return RedirectResponse(f"./{token}/{form.form}", status_code=303)


@router.api_route("/{form}", methods=["GET", "HEAD"])
async def outcome(visit: Visiting, form: str) -> HTMLResponse:
    """What became of one form that was sent."""
    saved = await case_files.action_with(visit.intake, visit.link.reference, visit.key(form))
    if saved is None:
        raise NotThere("unknown-form", "Nothing was sent with this form.")
    shown = {**visit.facts, "outcome": saved.outcome, "refusal": None}
    if saved.outcome == "done":
        shown |= _standing(Position.model_validate(saved.answer))
        shown["logged"] = manager_standing.when_logged(saved.body or {})
    elif saved.outcome == "refused":
        answer: dict[str, Any] = saved.answer or {}
        shown["refusal"] = _in_plain_words(answer["code"], answer["detail"])
    return pages.render("manager/outcome.html", shown)


async def _typed(request: Request) -> Typed:
    """Returns the fields of an HTML form. What is no such form has no fields."""
    sent = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(sent, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


async def _asked(visit: Visit, form: ManagerForm) -> actions.Asked:
    """Returns the action to take."""
    investigator = None
    if isinstance(form, TakeOnForm) and form.seat == "second":
        position, _ = await visit.position()
        investigator = position.investigator
    return manager_forms.asked(form, visit.link.staff_id, investigator)


async def _form_page(
    visit: Visit, typed: Typed, refusal: PutrightError | None = None
) -> HTMLResponse:
    position, live = await visit.position()
    link = visit.link
    latest = manager_standing.latest_extension(position)
    mistakes = refusal.mistakes if isinstance(refusal, WrongForm) else ()
    shown = {
        **visit.facts,
        **_standing(position),
        "live": live,
        "nothing_to_do": manager_standing.nothing_to_do(link, position) if live else None,
        "stands_in": manager_standing.stands_in(link, position),
        "two_in_charge": position.together_with is not None,
        "all_confirmed": manager_standing.all_confirmed(position),
        "latest_extension": written(latest) if latest else None,
        "typed": {"seat": manager_standing.seat(position), **typed},
        "mistakes": {mistake.field: mistake.message for mistake in mistakes},
        "refusal": _in_plain_words(refusal.code, refusal.detail) if refusal else None,
    }
    template = f"manager/{link.purpose}.html"
    return pages.render(template, shown, status=200 if refusal is None else refusal.status)


def _standing(position: Position) -> dict[str, object]:
    due = manager_standing.answer_due(position)
    return {
        "stage": stage_title(position),
        "dates": manager_standing.dates(position),
        "answer_by": written(due.due) if due else None,
    }


def _in_plain_words(code: str, detail: str) -> dict[str, str]:
    return {"code": code, "sentence": OWN_WORDS.get(code, detail)}
