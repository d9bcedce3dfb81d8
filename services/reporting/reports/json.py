"""A report as JSON: the model itself, for programs that know its fields."""

from typing import Literal

from services.reporting.reports.document import Report
from services.shared.events import Frozen


class Exported(Frozen):
    """What the file holds. `version` changes when a reader of the version before would go wrong."""

    schema_name: Literal["putright-report"] = "putright-report"
    version: Literal[1] = 1
    report: Report


def render(report: Report) -> bytes:
    """Returns the file in UTF-8: money in pence, numbers with decimals as text."""
    return Exported(report=report).model_dump_json(indent=2).encode()
