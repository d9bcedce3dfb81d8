"""Letters on paper: what is on the page and how it is tagged, whatever anybody wrote."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from services.notify import paper
from services.notify.contents import Refusal, ResponseNotice
from services.notify.contract import Addressee, Notice, ToResident
from services.notify.letters import compose
from services.notify.office import Office
from services.notify.paper import Pdf
from services.notify.recipients import Recipient
from services.notify.ways import Ready
from services.shared.errors import MendRequest
from tests.days import day
from tests.notify.samples import LETTERHEAD, REFERENCE, RESPONSE, STAFF, TRACKING

WEDNESDAY = day("Wed 2027-01-06")

OFFICE = Office(
    directory=STAFF,
    sender="complaints@example.org",
    public_url="https://complaints.example.org",
    link_secret="of this test",
    now=datetime(2027, 1, 6, 9, tzinfo=UTC),
)

ADDRESS = "Flat 3\n12 Elm Grove\nSometown\nSM1 2AB"

POINTS_A_MM = 72 / 25.4


def letter(
    content: ResponseNotice | Refusal = RESPONSE,
    *,
    name: str | None = "Jo Bloggs",
    address: str = ADDRESS,
    large_print: bool = False,
) -> Ready:
    """A letter on paper to the resident, made ready as the worker does it."""
    notice = Notice(
        key="notice-1",
        reference=REFERENCE,
        stage="stage-1",
        to=ToResident(addressee=Addressee(name=name, address=address, large_print=large_print)),
        letterhead=LETTERHEAD,
        content=content,
    )
    recipient = Recipient(way="letter", name=name, address=address, large_print=large_print)
    return Ready(notice, recipient, compose(notice, recipient, OFFICE), envelope=None)


def saying(words: str) -> Ready:
    """A letter in which somebody wrote these words."""
    return letter(Refusal(reason="It happened over a year ago.", explanation=words))


def read(pdf: Pdf) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.content))


def text(pdf: Pdf) -> str:
    said = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(said.replace(paper.BREAK_HERE, "").split())


def placed(page: PageObject) -> list[tuple[str, float, float]]:
    """Each piece of text with where it begins, in mm from the left and from the top."""
    found: list[tuple[str, float, float]] = []
    height = float(page.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + cm[4]
            y = tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x / POINTS_A_MM, (height - y) / POINTS_A_MM))

    page.extract_text(visitor_text=visit)
    return found


def tags(pdf: Pdf) -> list[str]:
    """The kinds of the elements of the structure tree, in reading order."""

    def walk(element: object) -> Iterator[str]:
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield str(element["/S"])
        if isinstance(element, DictionaryObject) and "/K" in element:
            kids = element["/K"]
            for kid in kids if isinstance(kids, list) else [kids]:
                yield from walk(kid.get_object())

    return [*walk(read(pdf).root_object["/StructTreeRoot"])]


def test_a_letter_says_what_the_mail_would_say_and_is_dated() -> None:
    said = text(paper.render(letter(), WEDNESDAY))
    for words in (
        "Wednesday 6 January 2027",
        f"Our answer to your complaint {REFERENCE} at Stage 1",
        "Dear Jo Bloggs,",
        "Our records show that the visit was never booked.",
        "By Friday 29 January 2027:",
        "Housing Ombudsman Service",
        "PO Box 1484, Unit D, Preston PR2 0ET",
    ):
        assert words in said, words


def test_a_link_shows_its_address_since_paper_cannot_be_followed() -> None:
    assert f"Follow your complaint: {TRACKING}" in text(paper.render(letter(), WEDNESDAY))


def test_its_language_title_and_tags_are_those_of_pdf_ua() -> None:
    pdf = paper.render(letter(), WEDNESDAY)
    root: dict[str, Any] = read(pdf).root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = read(pdf).metadata
    assert metadata is not None
    assert metadata.title == f"Our answer to your complaint {REFERENCE} at Stage 1"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_headings_lists_and_paragraphs_keep_their_structure() -> None:
    found = tags(paper.render(letter(), WEDNESDAY))
    assert found.count("/H1") == 1
    assert found.index("/P") < found.index("/H1") < found.index("/H2")
    assert found.count("/H2") == 9
    assert (found.count("/L"), found.count("/LI"), found.count("/LBody")) == (1, 1, 1)


def test_the_same_letter_of_the_same_day_is_the_same_file() -> None:
    assert paper.render(letter(), WEDNESDAY) == paper.render(letter(), WEDNESDAY)


@pytest.mark.parametrize("large_print", [False, True], ids=["normal", "large print"])
@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "12 Elm Grove",
        "\n".join(f"Line {number} of a long address" for number in range(12)),
        "The Old Schoolhouse by the Green, behind the church of All Saints and St Edmund\n" * 4,
        "x" * 300,
    ],
)
def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(
    address: str,
    large_print: bool,  # noqa: FBT001 — pytest passes it by name
) -> None:
    pdf = paper.render(letter(address=address, large_print=large_print), WEDNESDAY)
    pieces = placed(read(pdf).pages[0])
    name = next(place for place in pieces if place[0].startswith("Jo Bloggs"))
    assert name[1:] == pytest.approx((22, 60), abs=2)
    # As the sheet slips in the envelope, the window lies 46 to 92 mm from the top of the page.
    in_window = [place for place in pieces if 46 < place[2] < 92]
    assert "Dear" not in " ".join(words for words, _, _ in in_window)
    assert [p for p in in_window if not (57 < p[2] < 81.5 and p[1] < 100)] == []
    shown = "".join("".join(words.split()) for words, _, _ in in_window)
    expected = "".join(f"Jo Bloggs{address}".split())
    assert shown.replace(paper.BREAK_HERE, "").replace(",", "") == expected.replace(",", "")


@pytest.mark.parametrize("large_print", [False, True], ids=["normal", "large print"])
def test_a_letter_that_gov_uk_notify_posts_keeps_to_its_page(
    large_print: bool,  # noqa: FBT001 — pytest passes it by name
) -> None:
    pdf = paper.render(letter(large_print=large_print), WEDNESDAY, paper.GOVUK_NOTIFY_WINDOW)
    first, *others = (placed(page) for page in read(pdf).pages)
    assert [words for words, left, top in first if 30 < top < 95] == [
        "Jo Bloggs",
        *ADDRESS.splitlines(),
    ]
    window = [(left, top) for _, left, top in first if 30 < top < 95]
    assert all(24.6 < left < 120 and 39.5 < top < 66.3 for left, top in window)
    everywhere = [place for page in (first, *others) for place in page]
    assert all(15 < left < 195 and 5 < top < 292 for _, left, top in everywhere)


def test_large_print_is_large_and_takes_more_pages() -> None:
    normal, large = (
        paper.render(letter(large_print=print_), WEDNESDAY) for print_ in (False, True)
    )
    assert normal.pages < large.pages == len(read(large).pages)

    def sizes(pdf: Pdf) -> set[float]:
        found: set[float] = set()

        def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
            if text.strip():
                found.add(round(abs(size * tm[3] * cm[3])))

        for page in read(pdf).pages[1:]:
            page.extract_text(visitor_text=visit)
        return found

    assert min(sizes(normal)) >= 10
    assert min(sizes(large)) >= 16
    assert 18 in sizes(large)


MARKUP = [
    '#include "/etc/passwd"',
    "#panic()",
    "#read(sys.inputs.letter)",
    "*bold* _emphasis_ = Heading",
    "] #text(red)[ stop",
    "``` raw ``` `raw`",
    "\\u{0} \\ \\# \\",
    "$ x^2 $ @label <label>",
    '"); #import "@preview/x:0.1.0": *; ("',
    "// no comment /* nor this */",
    "<script>alert(1)</script> &amp; &lt;b&gt;",
    "{{ 7 * 7 }} {% raw %}",
    "https://example.org/a_b*c*",
    "-- --- ... ~ 'quoted' \"quoted\"",
]


@pytest.mark.parametrize("words", MARKUP)
def test_nothing_that_anybody_wrote_is_read_as_markup(words: str) -> None:
    assert words in text(paper.render(saying(f"Before {words} after"), WEDNESDAY))


@pytest.mark.parametrize("words", MARKUP)
def test_nor_is_a_name_or_an_address(words: str) -> None:
    pdf = paper.render(letter(name=words, address=words), WEDNESDAY)
    assert text(pdf).count(words) == 3  # in the window twice, and after "Dear"


@pytest.mark.parametrize(
    "words",
    [
        "Żółć, Ngọc Ánh, Şükrü, Łukasz, Ægir",
        "שלום עולם",
        "السلام عليكم",
        "Здравствуйте",
        "Καλημέρα",
        "ﬁne “quotes” – dashes … £5 ½ °C ✓",
    ],
)
def test_names_and_words_of_many_languages_are_shown(words: str) -> None:
    pdf = paper.render(saying(words), WEDNESDAY)
    assert "\N{WHITE SQUARE}" not in text(pdf)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("angry \N{FIRE} very", "angry □ very"),
        ("family \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN} here", "□"),
        ("nul \0 and bell \a here", "nul and bell here"),
        ("half of a pair \ud83d here", "half of a pair here"),
        ("line\u2028separator", "line separator"),
        ("unassigned \u0378 here", "unassigned □ here"),
        ("right to left \u202eover", "right to left"),
    ],
)
def test_signs_that_cannot_be_shown_never_hold_a_letter_back(words: str, shown: str) -> None:
    assert shown in text(paper.render(saying(words), WEDNESDAY))


@pytest.mark.parametrize("words", ["你好，我的锅炉坏了", "私のボイラー", "안녕하세요"])
def test_letters_that_no_typeface_has_are_for_a_person_and_not_left_out(words: str) -> None:
    with pytest.raises(MendRequest) as refusal:
        paper.render(saying(words), WEDNESDAY)
    assert refusal.value.code == "no-typeface"


@pytest.mark.parametrize("word", ["W" * 2000, "/".join(["path"] * 300), "QW" * 40])
def test_a_very_long_word_stays_on_the_page_whole(word: str) -> None:
    ready = letter(Refusal(reason="Late.", explanation=word), large_print=True)
    pdf = paper.render(ready, WEDNESDAY)
    assert text(pdf).count(word[-1]) >= word.count(word[-1])
    widest = max(
        left + len(words) * 2  # even the narrowest letters take 2 mm at these sizes
        for page in read(pdf).pages
        for words, left, _ in placed(page)
    )
    assert widest < 210


def test_twenty_thousand_characters_go_on_as_many_pages_as_they_take() -> None:
    words = "\n\n".join(["It dripped, and nobody came. " * 20] * 34)
    pdf = paper.render(saying(words[:20_000]), WEDNESDAY)
    assert 5 < pdf.pages < 20
    assert f"{REFERENCE} {pdf.pages}/{pdf.pages}" in text(pdf)
