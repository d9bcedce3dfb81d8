"""How the cells of a workbook look."""

from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK, QUIET, RULE = "#12436d", "#505a5f", "#b1b4b6"


class CellLooks(NamedTuple):
    """How the cells in one line of a table look."""

    text: Format
    shown: Format
    """A figure that stands as people read it."""
    number: Format
    money: Format
    day: Format


class Looks(NamedTuple):
    """How everything looks."""

    title: Format
    heading: Format
    words: Format
    note: Format
    link: Format
    caption: Format
    head: Format
    head_right: Format
    cell: CellLooks
    total: CellLooks


def looks_of(book: Workbook) -> Looks:
    """Adds the formats to the workbook."""
    wrapped = {"valign": "top", "text_wrap": True}
    head = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "bottom_color": INK}
    return Looks(
        title=book.add_format({"bold": True, "font_size": 18, "font_color": INK}),
        heading=book.add_format({"bold": True, "font_size": 14, "font_color": INK}),
        words=book.add_format(wrapped),
        note=book.add_format({**wrapped, "font_color": QUIET}),
        link=book.add_format({"font_color": INK, "underline": 1}),
        caption=book.add_format({"bold": True}),
        head=book.add_format(head),
        head_right=book.add_format({**head, "align": "right"}),
        cell=_cells(book, {}),
        total=_cells(book, {"bold": True, "top": 2, "top_color": INK}),
    )


def _cells(book: Workbook, line: dict[str, Any]) -> CellLooks:
    ruled = {"valign": "top", "bottom": 1, "bottom_color": RULE, **line}
    return CellLooks(
        text=book.add_format({**ruled, "text_wrap": True}),
        shown=book.add_format({**ruled, "align": "right"}),
        number=book.add_format({**ruled, "num_format": "#,##0"}),
        money=book.add_format({**ruled, "num_format": "£#,##0.00"}),
        day=book.add_format({**ruled, "num_format": "d mmmm yyyy", "align": "left"}),
    )
