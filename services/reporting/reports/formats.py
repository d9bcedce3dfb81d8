"""The formats that a report can be had in. None is made of a report that does not add up."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from services.reporting.reports import csv, excel, html, json, pdf
from services.reporting.reports.adds_up import check
from services.reporting.reports.document import Report

FormatName = Literal["html", "pdf", "xlsx", "csv", "json"]
"""As the command line and the API name them; it is also the ending of the file's name."""


class Format(NamedTuple):
    """How a report becomes a file."""

    media_type: str
    render: Callable[[Report], bytes]


FORMATS: dict[FormatName, Format] = {
    "html": Format("text/html; charset=utf-8", html.render),
    "pdf": Format("application/pdf", pdf.render),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", excel.render
    ),
    "csv": Format("text/csv; charset=utf-8", csv.render),
    "json": Format("application/json", json.render),
}


def render(report: Report, name: FormatName) -> bytes:
    """Returns the report as a file. Raises PutrightError as `adds_up.check` does."""
    check(report)
    return FORMATS[name].render(report)
