"""Whatever a report holds, every figure of it stands in every format, and the formats agree."""

import csv as csv_files
import io
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from services.reporting.reports import csv, excel, html, json, pdf
from services.reporting.reports.document import Report, Table
from services.reporting.reports.excel_names import sheet_names
from services.reporting.reports.figures import Cell, Count, Day, Money, Share
from services.reporting.reports.flat import Line
from services.reporting.reports.formats import FORMATS, FormatName, render
from services.shared import typefaces
from tests.reporting.reports import reading
from tests.reporting.reports.documents import annual, random_reports, report, saying


def tables(of: Report) -> list[Table]:
    return [
        table
        for section in of.sections
        for table in (*(chart.table for chart in section.charts), *section.tables)
    ]


@settings(max_examples=20)
@given(random_reports())
def test_html_has_every_figure_in_its_place(made: Report) -> None:
    page = reading.page(html.render(made))
    cells = [cell.text(strip=True) for cell in page.css("td.figure")]
    assert cells == [figure.shown for figure in made.figures()]


@settings(max_examples=20)
@given(random_reports())
def test_csv_has_every_figure_under_its_id(made: Report) -> None:
    found = {line["figure"]: line for line in reading.lines(csv.render(made)) if line["figure"]}
    assert list(found) == [figure.id for figure in made.figures()]
    for figure in made.figures():
        line = found[figure.id]
        assert line["shown"].removeprefix("'") == figure.shown
        if isinstance(figure, Count):
            assert (line["value"], line["unit"]) == (str(figure.value), "number")
        elif isinstance(figure, Money):
            assert (Decimal(line["value"]), line["unit"]) == (figure.pounds, "£")
        elif isinstance(figure, Share):
            assert (int(line["met"]), int(line["of"])) == (figure.met, figure.of)


@settings(max_examples=20)
@given(random_reports())
def test_json_is_the_report(made: Report) -> None:
    assert json.Exported.model_validate_json(json.render(made)).report == made


@settings(max_examples=20)
@given(random_reports())
def test_excel_has_every_cell_of_every_table(made: Report) -> None:
    book = reading.workbook(excel.render(made))
    names = book.sheetnames[1 : 1 + len(made.sections)]
    found = [
        [cell.value for cell in row]
        for name in names
        for row in book[name].iter_rows()
        if any(cell.value is not None for cell in row)
    ]
    for table in tables(made):
        width = len(table.columns)
        for row in table.rows:
            expected = [row.heading, *map(in_excel, row.cells)]
            assert expected in [line[:width] for line in found]


def in_excel(cell: Cell) -> object:
    if isinstance(cell, Count):
        return cell.value
    if isinstance(cell, Money):
        return float(cell.pounds)
    if isinstance(cell, Day) and cell.day and cell.day.year >= 1900:
        return datetime.combine(cell.day, time(0))
    return cell.shown or None


@settings(max_examples=20)
@given(random_reports())
def test_the_last_sheet_has_every_figure_as_a_number(made: Report) -> None:
    sheet = reading.workbook(excel.render(made)).worksheets[-1]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head == list(Line._fields)
    found = {row[-1]: dict(zip(Line._fields, row, strict=True)) for row in rows if row[-1]}
    assert list(found) == [figure.id for figure in made.figures()]
    for figure in made.figures():
        if isinstance(figure, Count):
            assert found[figure.id]["value"] == figure.value
        elif isinstance(figure, Share):
            assert (found[figure.id]["met"], found[figure.id]["of"]) == (figure.met, figure.of)


@settings(max_examples=20)
@given(random_reports())
def test_pdf_says_every_figure_in_the_order_of_reading(made: Report) -> None:
    said = reading.said(pdf.render(made))
    at = 0
    for figure in made.figures():
        at = said.index(reading.unspaced(figure.shown), at)
    assert at < len(said)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_is_the_same_file(name: FormatName) -> None:
    assert render(annual(), name) == render(annual(), name)


def test_html_is_one_page_in_order_that_a_screen_reader_can_follow() -> None:
    page = reading.page(html.render(annual()))
    html_tag = page.css_first("html")
    assert html_tag is not None
    assert html_tag.attributes["lang"] == "en-GB"
    levels = [node.tag for node in page.css("h1, h2, h3, h4")]
    assert levels == ["h1", *["h2"] * (len(levels) - 1)]
    assert len(page.css("table")) == len(page.css("table > caption")) == 5
    assert {node.attributes["scope"] for node in page.css("thead th")} == {"col"}
    assert {node.attributes["scope"] for node in page.css("tbody th")} == {"row"}
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert page.css("script, img, link, iframe, [style]") == []


def test_every_format_says_what_the_report_counts_and_by_which_rules() -> None:
    for content in (html.render(annual()).decode(), reading.said(pdf.render(annual()))):
        said = reading.unspaced(content)
        for words in (
            "1 April 2024 to 31 March 2025",
            "what had happened by 6 May 2025 at 10:30 (London time)",
            "Within 5 working days of receipt (Code 6.2).",
        ):
            assert reading.unspaced(words) in said


def test_pdf_is_tagged_and_says_its_language_and_title_as_pdf_ua_asks() -> None:
    found = reading.pdf(pdf.render(annual()))
    root: dict[str, Any] = found.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert found.metadata is not None
    assert found.metadata.title == "Complaints 2024/25"
    tags = reading.tags(found)
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 3
    assert tags.count("/Table") == 5
    assert tags.count("/Figure") == 3
    assert tags.count("/TH") == 3 + 2 + 2 + 6 + 3
    assert [alt for alt in reading.alternatives(found) if "In time. North 75%" in alt]


def test_excel_begins_with_its_contents_each_a_link_to_its_sheet() -> None:
    book = reading.workbook(excel.render(annual()))
    assert book.sheetnames == ["Contents", "Volume", "Performance", "About this report", "Figures"]
    links = [
        cell.hyperlink.location
        for row in book["Contents"].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_names_of_sheets_are_short_whole_and_different() -> None:
    names = sheet_names(
        [
            "Stage 1: received/answered [all]?*\\",
            "x" * 40,
            "X" * 40,
            "'quoted'",
            "History",
            "contents",
            "///",
            "\N{FIRE}" * 20,
        ],
        {"Contents"},
    )
    assert names == [
        "Stage 1 received answered all",
        "x" * 31,
        "X" * 27 + " (2)",
        "quoted",
        "History (2)",
        "contents (2)",
        "Section",
        "\N{FIRE}" * 15,
    ]


def test_a_sign_that_no_typeface_has_is_a_square_in_the_pdf_and_whole_elsewhere() -> None:
    made = saying("你好 \N{FIRE} café")
    assert "□□□café" in reading.said(pdf.render(made))
    assert "你好 \N{FIRE} café" in html.render(made).decode()
    assert typefaces.only_known("Żółć \N{TAG SPACE}") == "Żółć "


def test_a_report_of_nothing_can_be_had_in_every_format() -> None:
    for name in FORMATS:
        assert render(report(), name)


def test_csv_is_taken_for_utf_8_by_spreadsheets() -> None:
    assert csv.render(annual()).startswith(b"\xef\xbb\xbfsection,table,row,column,value,unit,")
    rows = list(csv_files.reader(io.StringIO(csv.render(annual()).decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {10}
