"""Pages for people behind secret links: one inline style, no script, and nothing that leaks."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates with the named style sheets, under headers that allow those alone.

    The link is the key: nothing may store a page, index it, frame it or pass its address on.
    """

    def __init__(self, *styles: str, form_action: Literal["'none'", "'self'"]) -> None:
        style = "".join((TEMPLATES / name).read_text("utf-8") for name in styles)
        allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; "
                f"form-action {form_action}; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["style"] = style

    def render(
        self,
        template: str,
        shown: Mapping[str, object] | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Returns a page. `shown` must name everything that the template shows."""
        html = self._templates.get_template(template).render(shown or {})
        return HTMLResponse(html, status, {**self._headers, **(headers or {})})
