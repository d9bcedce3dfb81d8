"""A report as an Excel workbook: its contents, a sheet for each section, and all figures flat.

Counts, money and days are what Excel calculates with. A share and a number with its unit stand in
their table as people read them, and on the last sheet as numbers: the percentage, how many, of how
many. Nothing that anybody wrote becomes a formula or a link.
"""

import io
from datetime import UTC, datetime, time

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.reporting.reports import flat
from services.reporting.reports.about import about
from services.reporting.reports.document import Chart, Report, Row, Section, Table
from services.reporting.reports.excel_looks import CellLooks, Looks, looks_of
from services.reporting.reports.excel_names import sheet_names
from services.reporting.reports.figures import FIGURES, Cell, Count, Day, Money

CONTENTS, FLAT = "Contents", "Figures"

HEADINGS_WIDE, FIGURES_WIDE, WORDS_WIDE = 44, 18, 48
"""Characters: the headings of rows, a column of figures, a column with words in it."""

PARAGRAPH_WIDE = 100
"""Characters of a paragraph in a line, over the first few columns."""

PARAGRAPH_COLUMNS = 4

LINE_HIGH = 15
"""Points."""

MOST_HIGH = 400
"""Points; Excel takes no row higher than 409."""

FIRST_YEAR = 1900
"""Excel knows no earlier day."""


def render(report: Report) -> bytes:
    """Returns the workbook (.xlsx)."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(out, options)
    created = report.made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties(
        {"title": report.title[:255], "company": report.landlord[:255], "created": created}
    )
    looks = looks_of(book)
    sections = (*report.sections, about(report))
    names = sheet_names([section.heading for section in sections], {CONTENTS, FLAT})
    _contents(book.add_worksheet(CONTENTS), report, [*names, FLAT], looks)
    for name, section in zip(names, sections, strict=True):
        _SectionSheet(book.add_worksheet(name), looks).fill(section)
    _flat(book.add_worksheet(FLAT), report, looks)
    book.close()
    return out.getvalue()


def _contents(sheet: Worksheet, report: Report, names: list[str], looks: Looks) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, PARAGRAPH_WIDE)
    sheet.write_string(0, 0, report.title, looks.title)
    for at, line in enumerate((report.landlord, report.subtitle, report.period.shown), start=1):
        sheet.write_string(at, 0, line, looks.words)
    for at, name in enumerate(names, start=5):
        quoted = name.replace("'", "''")
        sheet.write_url(at, 0, f"internal:'{quoted}'!A1", looks.link, string=name)


class _SectionSheet:
    """One section, from the top of its sheet down."""

    def __init__(self, sheet: Worksheet, looks: Looks) -> None:
        self._sheet = sheet
        self._looks = looks
        self._at = 0

    def fill(self, section: Section) -> None:
        """Writes all of it."""
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._set_widths(section)
        self._sheet.write_string(0, 0, section.heading, self._looks.heading)
        self._at = 2
        for paragraph in section.paragraphs:
            self._words(paragraph, self._looks.words)
        for chart in section.charts:
            self._chart(chart)
        for table in section.tables:
            self._table(table)

    def _set_widths(self, section: Section) -> None:
        tables = (*(chart.table for chart in section.charts), *section.tables)
        words = {
            at
            for table in tables
            for at, figures in enumerate(table.figure_columns)
            if at and not figures
        }
        columns = max((len(table.columns) for table in tables), default=1)
        self._sheet.set_column(0, 0, HEADINGS_WIDE)
        for at in range(1, max(columns, PARAGRAPH_COLUMNS)):
            self._sheet.set_column(at, at, WORDS_WIDE if at in words else FIGURES_WIDE)

    def _words(self, words: str, look: Format) -> None:
        lines = sum(1 + len(line) // PARAGRAPH_WIDE for line in words.split("\n"))
        self._sheet.set_row(self._at, min(LINE_HIGH * lines, MOST_HIGH))
        self._sheet.merge_range(self._at, 0, self._at, PARAGRAPH_COLUMNS - 1, "", look)
        self._sheet.write_string(self._at, 0, words, look)
        self._at += 1

    def _chart(self, chart: Chart) -> None:
        self._table(chart.table, chart.description)

    def _table(self, table: Table, description: str = "") -> None:
        self._at += 1
        self._sheet.write_string(self._at, 0, table.caption, self._looks.caption)
        self._at += 1
        if description:
            self._words(description, self._looks.words)
        for at, (column, figures) in enumerate(
            zip(table.columns, table.figure_columns, strict=True)
        ):
            look = self._looks.head_right if figures else self._looks.head
            self._sheet.write_string(self._at, at, column, look)
        self._at += 1
        for row in table.rows:
            self._row(row)
        for note in table.notes:
            self._words(note, self._looks.note)

    def _row(self, row: Row) -> None:
        looks = self._looks.total if row.total else self._looks.cell
        self._sheet.write_string(self._at, 0, row.heading, looks.text)
        for at, cell in enumerate(row.cells, start=1):
            self._cell(at, cell, looks)
        self._at += 1

    def _cell(self, at: int, cell: Cell, looks: CellLooks) -> None:
        place = (self._at, at)
        match cell:
            case Count():
                self._sheet.write_number(*place, cell.value, looks.number)
            case Money():
                self._sheet.write_number(*place, float(cell.pounds), looks.money)
            case Day(day=day) if day is not None and day.year >= FIRST_YEAR:
                self._sheet.write_datetime(*place, datetime.combine(day, time(0)), looks.day)
            case _:
                look = looks.shown if isinstance(cell, FIGURES) else looks.text
                self._sheet.write_string(*place, cell.shown, look)


def _flat(sheet: Worksheet, report: Report, looks: Looks) -> None:
    lines = list(flat.lines(report))
    for at, name in enumerate(flat.Line._fields):
        sheet.write_string(0, at, name, looks.head)
    for row, line in enumerate(lines, start=1):
        for at, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            elif value is not None:
                sheet.write_number(row, at, float(value))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(flat.Line._fields) - 1)
    sheet.set_column(0, 3, 28)
    sheet.set_column(4, len(flat.Line._fields) - 1, 14)
