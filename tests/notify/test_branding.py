"""A landlord's colour: where it shows, and that links can always be read."""

import re

import pytest

from services.notify.branding import PAPER, READABLE, TEXT, contrast, link_colour
from services.notify.contract import Brand
from tests.notify.reading import both, letter
from tests.notify.samples import LETTERHEAD, RECEIPT, to_resident


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # Greys on either side of the line, as WCAG's own explanations name them.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("colour", ["#1f5a4c", "#767676", "#00008b"])
def test_a_colour_that_can_be_read_is_that_of_links(colour: str) -> None:
    assert link_colour(colour) == colour


@pytest.mark.parametrize("colour", ["#777777", "#ffdd00", "#ffffff", "#9acd32"])
def test_a_colour_too_light_leaves_links_dark_and_the_line_as_it_is(colour: str) -> None:
    assert link_colour(colour) == TEXT
    assert contrast(TEXT, PAPER) >= READABLE
    head = LETTERHEAD.model_copy(update={"brand": Brand(colour=colour)})
    page = letter(to_resident(RECEIPT, letterhead=head)).html
    assert re.search(rf'class="landlord" style="[^"]*solid {colour}', page)
    assert set(re.findall(r'<a [^>]*style="color: (#\w+)', page)) == {TEXT}


def test_text_is_never_in_the_landlords_colour() -> None:
    head = LETTERHEAD.model_copy(update={"brand": Brand(colour="#00008b")})
    page = letter(to_resident(RECEIPT, letterhead=head)).html
    assert page.count("#00008b") == page.count("<a ") + 1
    assert f"color: {TEXT}" in page


def test_the_landlords_own_contact_lines_stand_in_the_footer_where_there_are_any() -> None:
    for words in both(letter(to_resident(RECEIPT))):
        reached = words.upper().partition("HOW TO REACH US")[2]
        for detail in LETTERHEAD.brand.model_dump(exclude={"colour"}).values():
            assert detail.upper() in reached
    head = LETTERHEAD.model_copy(update={"brand": Brand()})
    for words in both(letter(to_resident(RECEIPT, letterhead=head))):
        assert "HOW TO REACH US" not in words.upper()
    partly = LETTERHEAD.model_copy(update={"brand": Brand(telephone="0300 000 0000")})
    for words in both(letter(to_resident(RECEIPT, letterhead=partly))):
        assert "Telephone: 0300 000 0000" in words
        assert "None" not in words
