"""Renders the dashboards' pages: one inline style, no script, and nothing that leaks."""

import base64
import hashlib
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError

from services.reporting.dashboard.filters import LABELS, said
from services.reporting.dashboard.sign_in import CHALLENGE
from services.reporting.reports import charts
from services.reporting.reports.document import Chart
from services.reporting.reports.figures import FIGURES, Cell, day_in_words
from services.reporting.reports.html import FIGURES_STYLE
from services.shared.errors import PutrightError, SignIn, TryLater

TEMPLATES = Path(__file__).parent / "templates"

STYLE = FIGURES_STYLE + (TEMPLATES / "dashboard.css").read_text("utf-8")


def _headers() -> dict[str, str]:
    allowed = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


HEADERS = _headers()


def _svg(chart: Chart, name: str) -> Markup:
    return Markup(charts.svg(chart, name))  # noqa: S704 — made of elements, never of text


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, FIGURES)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "style": Markup(STYLE),  # noqa: S704 — our own files
        "svg": _svg,
        "said": said,
        "in_words": day_in_words,
    }
    environment.tests["figure"] = _is_figure
    return environment


_TEMPLATES = _environment()


def render(
    template: str,
    shown: Mapping[str, object],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Returns a page. `shown` must name everything that the template shows."""
    html = _TEMPLATES.get_template(template).render(shown)
    return HTMLResponse(html, status, {**HEADERS, **(headers or {})})


class Page(APIRoute):
    """A route for people: whatever is refused is answered with a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Returns the route's handler, with a page in the place of an error."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except SignIn as refusal:
                return _refused(refusal, "Sign in to see the complaints", CHALLENGE)
            except RequestValidationError as error:
                return _to_mend(error)
            except PutrightError as refusal:
                return _refused(refusal, TITLES.get(refusal.status, "This cannot be shown"))
            except (OperationalError, InterfaceError):
                return _refused(AWAY, TITLES[503], {"Retry-After": "5"})

        return answer


TITLES = {
    404: "There is no such page",
    422: "That cannot be shown",
    503: "Please try again in a moment",
}

FIELDS = {**LABELS, "from_on": "The first day", "until": "The last day"}

AWAY = TryLater("storage-away", "The database does not answer.")


def _refused(
    refusal: PutrightError, title: str, headers: Mapping[str, str] | None = None
) -> Response:
    shown = {"title": title, "sentences": [refusal.detail], "code": refusal.code}
    return render("refusal.html", shown, status=refusal.status, headers=headers)


def _to_mend(error: RequestValidationError) -> Response:
    """Names what is wrong; what was sent is not shown again."""
    sentences = dict.fromkeys(map(_mistake, error.errors()))
    shown = {"title": TITLES[422], "sentences": sentences, "code": "invalid-request"}
    return render("refusal.html", shown, status=422)


def _mistake(found: Mapping[str, Any]) -> str:
    if found["type"] == "period-empty":
        return "The last day comes before the first."
    field = str(found["loc"][-1])
    return f"{FIELDS.get(field, 'Something in the address')} is not what can be asked for."
