"""Words that would do something in a spreadsheet, a browser or a typesetter are only words."""

from typing import Any

import pytest

from services.reporting.reports import csv, excel, html, json, pdf
from services.reporting.reports.document import Report
from tests.reporting.reports import reading
from tests.reporting.reports.documents import saying

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://example.org/?"&A1,"Click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    '","=1+1',
    "'=1+1",
    "{=1+1}",
    "_x003D_1+1",
    "https://example.org/a?b=c",
    "mailto:somebody@example.org",
    "internal:'Contents'!A1",
]

PAGES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title></svg><script>alert(1)</script>",
    "]]><svg onload=alert(1)>",
    "<!-- -->&amp;&lt;b&gt;&#x3C;",
    "javascript:alert(1)",
    "{{ 7 * 7 }} {% raw %} {# #}",
]

TYPESETTING = [
    '#eval("1 + 1")',
    "#read(sys.inputs.report)",
    '#include "/etc/passwd"',
    '"); #import "@preview/x:0.1.0": *; ("',
    "$ x^2 $ @label <label> [content] {code}",
    "\\u{0} \\ \\# \\\\ \\n",
    "*bold* _emphasis_ = Heading - item + item / term: x",
    "``` raw ``` `raw` // comment /* comment */",
    "-- --- ... ~ 'quoted' \"quoted\"",
]

SIGNS = [
    "nul \0, bell \a, escape \x1b[31m, delete \x7f, C1 \x85",
    "no characters \ufffe \uffff \ufdd0",
    "half of a pair \ud83d",
    "line\u2028and paragraph\u2029separators",
    "\u202egnp.exe and \u2067isolate",
    "combining e\u0301\u0327 and zero\u200bwidth\u200djoiner",
    "emoji \N{FIRE} \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN} and private \ue000",
    "Żółć, Ngọc Ánh, Şükrü, Ægir",
    "W" * 450,
    "/".join(["path"] * 90),
]

CORPUS = [*FORMULAS, *PAGES, *TYPESETTING, *SIGNS]

RIGHT_TO_LEFT = ["שלום עולם", "السلام عليكم"]


@pytest.mark.parametrize("words", CORPUS)
def test_in_csv_no_field_begins_a_formula(words: str) -> None:
    made = saying(words)
    found = reading.lines(csv.render(made))
    for line in found:
        assert None not in line, "a text must not become a field of its own"
        for name in ("section", "table", "row", "column", "unit", "shown"):
            assert not line[name].startswith(tuple("=+-@\t\r\n＝＋－＠")), line
    shown = [line["shown"].removeprefix("'") for line in found if line["row"] == "Title"]
    assert shown == [made.title.removeprefix("'")]


@pytest.mark.parametrize("words", CORPUS)
def test_in_excel_every_text_is_a_text(words: str) -> None:
    made = saying(words)
    book = reading.workbook(excel.render(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert sum(cell.value == made.title for cell in cells) > 10
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {"'" + name.replace("'", "''") + "'!A1" for name in book.sheetnames[1:]}
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]


def shape(made: Report) -> list[str]:
    """The elements of a report's page, and their attributes, without the drawings."""
    page = reading.page(html.render(made))
    for drawing in page.css("svg"):
        drawing.decompose()
    return [f"{node.tag} {sorted(node.attributes)}" for node in page.css("*")]


HARMLESS = shape(saying("harmless"))


@pytest.mark.parametrize("words", [*CORPUS, *RIGHT_TO_LEFT])
def test_in_html_no_text_becomes_an_element(words: str) -> None:
    made = saying(words)
    assert shape(made) == HARMLESS
    page = reading.page(html.render(made))
    drawn = {node.tag for node in page.css("svg, svg *")}
    assert drawn <= {"svg", "title", "desc", "rect", "path", "line", "text"}
    assert all((link.attributes["href"] or "").startswith("#section-") for link in page.css("a"))
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == made.title
    assert [node.text() for node in page.css("svg > desc")] == [made.title] * 3


@pytest.mark.parametrize("words", [*CORPUS, *RIGHT_TO_LEFT])
def test_json_gives_back_what_was_said(words: str) -> None:
    made = saying(words)
    assert json.Exported.model_validate_json(json.render(made)).report == made


SHOWN_OTHERWISE = ("emoji", "combining", "no characters", "half", "＝")
"""The beginnings of what the typeface does not have, or puts together from two characters."""


@pytest.mark.parametrize("words", [*CORPUS, *RIGHT_TO_LEFT])
def test_in_a_pdf_nothing_is_read_as_markup(words: str) -> None:
    made = saying(words)
    content = pdf.render(made)
    found = reading.pdf(content)
    root: dict[str, Any] = found.root_object
    assert root["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    for page in found.pages:
        for note in page.get("/Annots", []):
            assert "/URI" not in str(note.get_object()), "an address must not become a link"
    assert reading.tags(found).count("/H2") == 2
    if words not in RIGHT_TO_LEFT and not words.startswith(SHOWN_OTHERWISE):
        assert reading.said(content).count(reading.unspaced(made.title)) > 10
