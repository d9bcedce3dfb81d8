"""A report as one page of HTML that needs nothing else: no script, no picture, no other file.

It forbids itself everything but its own style, so that it stays harmless wherever it is kept.
"""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.reporting.reports import charts
from services.reporting.reports.about import about
from services.reporting.reports.document import Chart, Report, Table
from services.reporting.reports.figures import FIGURES, Cell

TEMPLATES = Path(__file__).parent / "templates"

FIGURES_STYLE = (TEMPLATES / "figures.css").read_text("utf-8")
"""The style of tables and charts, for whichever page shows them."""

STYLE = (TEMPLATES / "report.css").read_text("utf-8") + FIGURES_STYLE


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, FIGURES)


def _svg(chart: Chart, name: str) -> Markup:
    return Markup(charts.svg(chart, name))  # noqa: S704 — made of elements, never of text


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["svg"] = _svg
    environment.tests["figure"] = _is_figure
    return environment


_TEMPLATES = _environment()


def render(report: Report) -> bytes:
    """Returns the page in UTF-8."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    page = _TEMPLATES.get_template("report.html").render(
        report=report,
        sections=(*report.sections, about(report)),
        style=Markup(STYLE),  # noqa: S704 — our own file
        allowed=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
    )
    return page.encode()


def table_html(table: Table, name: str) -> Markup:
    """Returns a table for another page, styled by `FIGURES_STYLE`.

    `name` begins its ids: a code, unique on the page.
    """
    return _macro("table", table, name)


def chart_html(chart: Chart, name: str) -> Markup:
    """Returns a chart with its data table for another page, likewise."""
    return _macro("chart", chart, name)


def _macro(macro: str, shown: Table | Chart, name: str) -> Markup:
    module = _TEMPLATES.get_template("figures.html").module
    html: Markup = getattr(module, macro)(shown, name)
    return html
