"""The figures of a report one after the other: what a program, or a pivot table, reads."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from services.reporting.reports.about import moment
from services.reporting.reports.document import Report, Section, Table
from services.reporting.reports.figures import (
    Cell,
    Count,
    Day,
    Money,
    Quantity,
    Share,
    Suppressed,
    Text,
)

NO_VALUE = {"suppressed": "kept back", "day": "date", "text": "text"}


class Line(NamedTuple):
    """One cell of one table. `value` is a number where there is one to calculate with."""

    section: str
    table: str
    row: str
    column: str
    value: int | Decimal | None
    """A count, pounds, a percentage to four decimals, or a number in its own unit."""
    unit: str
    """`number`, `£`, `%` or another; `date`, `text` and `kept back` stand in `shown` alone."""
    met: int | None
    """Of a share: how many of …"""
    of: int | None
    """… how many."""
    shown: str
    """As the report shows it."""
    figure: str
    """The figure's id."""


def lines(report: Report) -> Iterator[Line]:
    """Yields what the report is, then a line for each cell in the order of reading."""
    about = {
        "Title": report.title,
        "Landlord": report.landlord,
        **({"Policy": report.policy} if report.policy else {}),
        "Period": report.period.shown,
        "Counts what had happened by": moment(report.as_at),
        "Made on": moment(report.made_at),
    }
    for row, text in about.items():
        yield _line(("About this report", "", row, ""), Text(text=text))
    for section in report.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[Line]:
    for table in (*(chart.table for chart in section.charts), *section.tables):
        yield from _table(section, table)


def _table(section: Section, table: Table) -> Iterator[Line]:
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row.cells, strict=True):
            yield _line((section.heading, table.caption, row.heading, column), cell)


def _line(place: tuple[str, str, str, str], cell: Cell) -> Line:
    value, unit = _value(cell)
    met, of = (cell.met, cell.of) if isinstance(cell, Share) else (None, None)
    figure = "" if isinstance(cell, Text | Day) else cell.id
    return Line(*place, value, unit, met, of, cell.shown, figure)


def _value(cell: Cell) -> tuple[int | Decimal | None, str]:
    match cell:
        case Count():
            return cell.value, "number"
        case Money():
            return cell.pounds, "£"
        case Share():
            return cell.exact, "%"
        case Quantity():
            return cell.value, cell.unit
        case Suppressed() | Day() | Text():
            return None, NO_VALUE[cell.kind]
