"""A report on paper: an accessible PDF (PDF/UA-1) on A4.

Typst sets it from `report.typ`. Whatever the report says goes there as data, so nothing that
anybody wrote is ever read as markup, and the same report is the same file.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import typst

from services.reporting.reports import charts
from services.reporting.reports.about import about
from services.reporting.reports.document import Chart, Report, Section, Table
from services.reporting.reports.figures import FIGURES
from services.shared.typefaces import FONTS, only_known

PAGE = Path(__file__).with_name("report.typ").read_bytes()

LONGEST_WORD = 20
"""Characters after which a word may be broken, so that none runs out of its column."""

Widths = Mapping[tuple[str, ...], tuple[int, list[int]]]
"""By the columns of a table: the characters that its row needs, and the weights of its columns."""

BREAK_HERE = "\N{ZERO WIDTH SPACE}"

MOST_WEIGHT = 40
"""Characters beyond which a column gets no more of the width."""

AIR = 3
"""Characters between two columns; headers are bold, and so a little wider than they count."""

FITS_UPRIGHT = 86
"""Characters in a row of a table on an upright page; wider ones lie on a page of their own."""

READS_UPRIGHT = 150
"""Characters that the texts of a row would like to have on an upright page; more lie across."""

STAYS_WHOLE = 16
"""Lines of figures up to which a table is never cut in two: no total stands alone on a page."""

FITS_ACROSS = 126
"""Characters in a row of a table that lies across; in wider ones the letters are smaller."""

SIZE, SMALLEST = 9.0, 5.0
"""Points of the text in tables."""

STAYS_TOGETHER = 1200
"""Characters of a cell up to which its row is never cut in two by the end of a page."""


def render(report: Report) -> bytes:
    """Returns the PDF. A character that no typeface here has stands as a square."""
    data = json.dumps(_contents(report), ensure_ascii=False)
    try:
        return _set(data, report)
    except typst.TypstError:
        return _set(only_known(data), report)


def _set(data: str, report: Report) -> bytes:
    return typst.compile(
        PAGE,
        font_paths=FONTS,
        sys_inputs={"report": data},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=report.made_at,
    )


def _contents(report: Report) -> dict[str, object]:
    """Returns all that `report.typ` asks for."""
    return {
        "title": _breakable(report.title),
        "subtitle": _breakable(report.subtitle),
        "landlord": _breakable(report.landlord),
        "period": report.period.shown,
        "runs": _runs((*report.sections, about(report))),
    }


def _runs(sections: Sequence[Section]) -> list[dict[str, object]]:
    """Returns the sections, those that lie across together: they share pages."""
    widths = _shared_widths(sections)
    return [
        {"across": across, "sections": [_section(one, widths, across=across) for one in held]}
        for across, held in groupby(sections, lambda one: _lies_across(one, widths))
    ]


def _lies_across(section: Section, widths: Widths) -> bool:
    """Says whether all that a section shows is wide; else only its wide tables lie across."""
    return (
        bool(section.tables)
        and not section.charts
        and all(_is_wide(table, widths) for table in section.tables)
    )


def _section(section: Section, widths: Widths, *, across: bool) -> dict[str, object]:
    return {
        "heading": _breakable(section.heading),
        "paragraphs": [_breakable(paragraph) for paragraph in section.paragraphs],
        "charts": [_chart(chart, widths) for chart in section.charts],
        "tables": [_table(table, widths, across=across) for table in section.tables],
    }


def _chart(chart: Chart, widths: Widths) -> dict[str, object]:
    return {
        "title": _breakable(chart.title),
        "description": _breakable(chart.description),
        "svg": charts.svg(chart, "chart"),
        "alt": f"{chart.title}. {chart.description}",
        "table": _table(chart.table, widths),
    }


def _table(table: Table, widths: Widths, *, across: bool = False) -> dict[str, object]:
    """`across` says that the page lies across already."""
    needed, weights = widths[table.columns]
    return {
        "caption": _breakable(table.caption),
        "columns": [_breakable(column) for column in table.columns],
        "right": table.figure_columns,
        "weights": weights,
        "wide": _is_wide(table, widths) and not across,
        "whole": len(table.rows) <= STAYS_WHOLE
        and all(isinstance(cell, FIGURES) for row in table.rows for cell in row.cells),
        "size": max(SIZE * min(1.0, FITS_ACROSS / needed), SMALLEST),
        "cut": any(len(cell.shown) > STAYS_TOGETHER for row in table.rows for cell in row.cells),
        "rows": [
            {
                "heading": _breakable(row.heading),
                "total": row.total,
                "cells": [
                    {"text": _breakable(cell.shown), "right": isinstance(cell, FIGURES)}
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
        "notes": [_breakable(note) for note in table.notes],
    }


def _is_wide(table: Table, widths: Widths) -> bool:
    needed, weights = widths[table.columns]
    return needed > FITS_UPRIGHT or sum(weights) > READS_UPRIGHT


def _shared_widths(sections: Sequence[Section]) -> Widths:
    """Returns the widths of every table: tables with the same columns have them alike."""
    found: dict[tuple[str, ...], tuple[int, list[int]]] = {}
    for section in sections:
        for table in (*(chart.table for chart in section.charts), *section.tables):
            needed, weights = _widths(table)
            least, so_far = found.get(table.columns, (0, [0] * len(weights)))
            found[table.columns] = (
                max(needed, least),
                [max(pair) for pair in zip(weights, so_far, strict=True)],
            )
    return found


def _widths(table: Table) -> tuple[int, list[int]]:
    """Returns how many characters a row takes at least, and what part of it each column gets.

    Columns of figures are all as wide as the widest of them: figures are compared across.
    """
    columns = [_Column(table, at) for at in range(len(table.columns))]
    figures = max((one.least for one in columns if one.figures), default=0)
    least = [figures if one.figures else one.least for one in columns]
    most = [0 if one.figures else one.most for one in columns]
    return sum(least), [max(pair) for pair in zip(least, most, strict=True)]


class _Column:
    """How many characters wide a column must be for its longest word, and may be for its text."""

    def __init__(self, table: Table, at: int) -> None:
        self.figures = table.figure_columns[at]
        if at:
            cells = [row.cells[at - 1] for row in table.rows]
            # A figure stays in one line.
            words = [len(one.shown) for one in cells if isinstance(one, FIGURES)]
            texts = [one.shown for one in cells if not isinstance(one, FIGURES)]
        else:
            words, texts = [], [row.heading for row in table.rows]
        words += [len(word) for text in (table.columns[at], *texts) for word in text.split()]
        if self.figures:
            words.append(_in_two_lines(table.columns[at]))
        self.least = min(max(words), LONGEST_WORD) + AIR
        self.most = min(max(map(len, texts), default=0), MOST_WEIGHT) + AIR


def _in_two_lines(text: str) -> int:
    """Returns how many characters a line needs for the text to stand in two."""
    words = text.split()
    return min(
        max(len(" ".join(words[:at])), len(" ".join(words[at:]))) for at in range(len(words) + 1)
    )


def _breakable(text: str) -> str:
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", rf"\1{BREAK_HERE}", text)
