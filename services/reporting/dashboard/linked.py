"""Tables whose figures lead to the complaints that they count."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.reporting.reports.document import Chart, Table

NOT_RECORDED = "Not recorded"
"""Stands where nobody said: an area, a region, a category."""


@dataclass(frozen=True)
class Linked:
    """A table, and where its figures and the headings of its rows lead."""

    table: Table
    figures: Mapping[str, str] = field(default_factory=dict)
    """Addresses by the id of the figure."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Addresses by the heading of the row."""


@dataclass(frozen=True)
class LinkedChart:
    """A chart with its data table, whose figures lead somewhere."""

    chart: Chart
    data: Linked


def spoken(code: str) -> str:
    """Returns a code as people read it: `Stage 1` of "stage-1"."""
    said = code.replace("-", " ")
    return said[:1].upper() + said[1:]
