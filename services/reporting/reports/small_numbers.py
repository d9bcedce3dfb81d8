"""Small numbers are kept back in what is published, so that nobody can be recognised.

A number that is kept back must not come out by subtracting the others of its sum from their total.
So wherever a declared sum would give one away, the smallest other number of that sum is kept back
too, until none does. Each sum is looked at by itself; what several together tell is not worked out.
"""

from collections.abc import Mapping, Sequence

from services.reporting.reports.adds_up import by_id, gives_away
from services.reporting.reports.document import Chart, Report, Row, Section, Series, Sum, Table
from services.reporting.reports.figures import Cell, Count, Day, Figure, Share, Suppressed, Text


def keep_back(report: Report, among: Sequence[str], below: int = 5) -> Report:
    """Returns the report without the counts and shares under `among` that are 1 to below - 1.

    `among` holds the beginnings of figure ids, such as `themes`. Of a share neither how many met
    it, nor how many did not, nor of how many it is, is told when one of these is as small as that.
    The words of the report are left alone: whoever writes them sees to it that they tell no more.
    """
    figures = by_id(report)
    kept = {
        name: Suppressed(id=name, below=below if isinstance(figure, Count) else None)
        for name, figure in figures.items()
        if _is_under(name, among) and _is_small(figure, below)
    }
    while more := _given_away(report.sums, {**figures, **kept}):
        kept[more] = Suppressed(id=more)
    return _without(report, kept)


def _is_under(name: str, among: Sequence[str]) -> bool:
    return any(name == beginning or name.startswith(f"{beginning}/") for beginning in among)


def _is_small(figure: Figure, below: int) -> bool:
    numbers = [figure.value] if isinstance(figure, Count) else []
    if isinstance(figure, Share):
        numbers = [figure.met, figure.of - figure.met, figure.of]
    return any(0 < number < below for number in numbers)


def _given_away(sums: Sequence[Sum], figures: Mapping[str, Figure]) -> str | None:
    """Returns the next figure to keep back: the smallest that is told of a sum that gives away."""
    for declared in sums:
        if not gives_away(declared, figures):
            continue
        names = (*declared.parts, declared.total)
        told = {
            name: figures[name.partition("#")[0]].quantities[name]
            for name in names
            if not isinstance(figures[name.partition("#")[0]], Suppressed)
        }
        # Nought tells nothing about anybody and hides nothing either.
        least = min(told, key=lambda name: (told[name] == 0, told[name]))
        return least.partition("#")[0]
    return None


def _without(report: Report, kept: Mapping[str, Suppressed]) -> Report:
    sections = tuple(_section(section, kept) for section in report.sections)
    return report.model_copy(update={"sections": sections})


def _section(section: Section, kept: Mapping[str, Suppressed]) -> Section:
    tables = tuple(_table(table, kept) for table in section.tables)
    charts = tuple(_chart(chart, kept) for chart in section.charts)
    return section.model_copy(update={"tables": tables, "charts": charts})


def _table(table: Table, kept: Mapping[str, Suppressed]) -> Table:
    rows = tuple(_row(row, kept) for row in table.rows)
    return table.model_copy(update={"rows": rows})


def _row(row: Row, kept: Mapping[str, Suppressed]) -> Row:
    return row.model_copy(update={"cells": tuple(_cell(cell, kept) for cell in row.cells)})


def _cell(cell: Cell, kept: Mapping[str, Suppressed]) -> Cell:
    return cell if isinstance(cell, Text | Day) else kept.get(cell.id, cell)


def _chart(chart: Chart, kept: Mapping[str, Suppressed]) -> Chart:
    series = tuple(_series(series, kept) for series in chart.series)
    return chart.model_copy(update={"series": series})


def _series(series: Series, kept: Mapping[str, Suppressed]) -> Series:
    figures = tuple(kept.get(figure.id, figure) for figure in series.figures)
    return series.model_copy(update={"figures": figures})
