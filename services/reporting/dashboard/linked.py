"""Tables whose figures lead to the complaints that they count."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.reporting.reports.document import Chart, Table
from services.reporting.reports.figures import Figure

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

    def address(self, figure: Figure) -> str | None:
        """Returns where a figure leads; one that counts nothing leads nowhere."""
        return self.figures.get(figure.id) if any(figure.quantities.values()) else None


@dataclass(frozen=True)
class LinkedChart:
    """A chart with its data table, whose figures lead somewhere."""

    chart: Chart
    data: Linked


def spoken(code: str) -> str:
    """Returns a code as people read it: `Stage 1` of "stage-1"."""
    said = code.replace("-", " ")
    return said[:1].upper() + said[1:]
