"""Letters in the resident's language, as far as there are templates in it.

The language of these tests is made up of marked words: nobody here can write Welsh.
"""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.notify.contents import Content
from services.notify.languages import ENGLISH, WORDING
from services.notify.letters import FOLDER, Letter
from services.notify.rendering import PARTS, Templates
from tests.notify.reading import Words, letter
from tests.notify.samples import (
    FINAL_RESPONSE,
    RECEIPT,
    REFERENCE,
    RESPONSE,
    TO_RESIDENT,
    to_resident,
    to_staff,
)

WORDS = """
tag = "cy"
weekdays = ["w1", "w2", "w3", "w4", "w5", "w6", "w7"]
months = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"]
written_date = "{weekday} {month} {day} {year}"
nobody_by_name = "cy-nobody"
[decisions]
upheld = "cy-upheld"
partially-upheld = "cy-partly"
not-upheld = "cy-not"
[needs]
reasons = "cy-reasons"
outcome = "cy-outcome"
further-evidence = "cy-evidence"
[feedback]
compliment = "cy-compliment"
comment = "cy-comment"
service-request = "cy-request"
anti-social-behaviour = "cy-behaviour"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our templates, and beside them receipt and response in the made-up language."""
    folder = tmp_path_factory.mktemp("templates") / "templates"
    shutil.copytree(FOLDER, folder)
    layouts = folder / "layouts" / "cy"
    layouts.mkdir()
    (layouts / WORDING).write_text(WORDS, "utf-8")
    (layouts / "resident.txt").write_text("CY-LAYOUT {% block body %}{% endblock %}", "utf-8")
    (layouts / "resident.html").write_text(
        '{% extends "layouts/page.html" %}{% block page %}CY-LAYOUT'
        "{% block body %}{% endblock %}{% endblock %}",
        "utf-8",
    )
    day_and_decision = {
        "receipt": "{{ content.received_on | day }}",
        "response": "{{ content.decision | decision }} {{ investigator }}",
    }
    for kind, body in day_and_decision.items():
        place = folder / kind / "cy"
        place.mkdir()
        (place / "subject.txt").write_text("CY-SUBJECT {{ reference }}", "utf-8")
        for name, suffix in (("text.txt", "txt"), ("html.html", "html")):
            (place / name).write_text(
                f'{{% extends "layouts/" ~ layout ~ ".{suffix}" %}}'
                f"{{% block body %}}{body}{{% endblock %}}",
                "utf-8",
            )
    return folder


@pytest.fixture(scope="module")
def templates(folder: Path) -> Templates:
    return Templates(folder)


def language_of(written: Letter) -> str | None:
    """The language that the page says it is in."""
    found = re.search(r'<html lang="([^"]+)"', written.html)
    assert found is not None
    assert found[1] == written.language
    return found[1]


@pytest.mark.parametrize("wanted", ["cy", "CY", "cy-GB", "cy-gb"])
def test_a_letter_is_in_the_language_wanted_or_in_its_main_language(
    templates: Templates, wanted: str
) -> None:
    written = letter(to_resident(RECEIPT, language=wanted), templates=templates)
    assert language_of(written) == "cy"
    assert written.subject == f"CY-SUBJECT {REFERENCE}"
    for words in (written.text, Words(written.html).text):
        assert "CY-LAYOUT" in words
        assert "w1 m12 21 2026" in words


def test_codes_become_words_of_that_language(templates: Templates) -> None:
    content = RESPONSE.model_copy(update={"investigator": None})
    written = letter(to_resident(content, language="cy"), templates=templates)
    assert "cy-partly cy-nobody" in written.text


@pytest.mark.parametrize("wanted", ["en-GB", "fr", "cym", "", "../receipt", "cy/../cy", "layouts"])
def test_in_any_other_language_a_letter_is_in_english_and_says_so(
    templates: Templates, wanted: str
) -> None:
    written = letter(to_resident(RECEIPT, language=wanted), templates=templates)
    assert language_of(written) == "en-GB"
    assert "Thank you for telling us" in written.text


@pytest.mark.parametrize("content", TO_RESIDENT, ids=lambda content: content.about)
def test_a_kind_that_is_not_there_in_a_language_is_whole_in_english(
    templates: Templates, content: Content
) -> None:
    written = letter(to_resident(content, language="cy"), templates=templates)
    there = content.about in {"receipt", "response"}
    assert language_of(written) == ("cy" if there else "en-GB")
    assert ("CY-LAYOUT" in written.text) == there


@pytest.mark.parametrize("part", PARTS)
def test_a_kind_that_lacks_a_part_in_a_language_is_in_english(
    folder: Path, tmp_path: Path, part: str
) -> None:
    copy = shutil.copytree(folder, tmp_path / "templates")
    (copy / "receipt" / "cy" / part).unlink()
    written = letter(to_resident(RECEIPT, language="cy"), templates=Templates(copy))
    assert language_of(written) == "en-GB"


def test_staff_read_english_and_so_does_whoever_is_asked_to_ring(templates: Templates) -> None:
    assert letter(to_staff(), templates=templates).language == "en-GB"
    to_ring = to_resident(RECEIPT, email=None, phone="07700 900123", language="cy")
    written = letter(to_ring, templates=templates)
    assert language_of(written) == "en-GB"
    assert "They asked for another language than English (cy)." in written.text
    to_post = to_resident(RECEIPT, email=None, postal=True, language="cy")
    assert letter(to_post, templates=templates).language == "cy"


@pytest.mark.parametrize("line", ["reasons = ", "upheld = ", "comment = ", "nobody_by_name = "])
def test_a_language_that_lacks_a_word_is_refused_at_the_start(
    folder: Path, tmp_path: Path, line: str
) -> None:
    copy = shutil.copytree(folder, tmp_path / "templates")
    kept = [each for each in WORDS.splitlines() if not each.startswith(line)]
    (copy / "layouts" / "cy" / WORDING).write_text("\n".join(kept), "utf-8")
    with pytest.raises(ValidationError):
        Templates(copy)


def test_a_date_that_names_something_else_is_refused_at_the_start() -> None:
    told = ENGLISH.model_dump() | {"written_date": "{weekday} {hour}"}
    with pytest.raises(ValidationError, match="a date has no 'hour'"):
        type(ENGLISH).model_validate(told)


def test_english_says_every_day_and_month_as_they_are_called() -> None:
    first = date(2027, 1, 1)
    for number in range(365):
        one = first + timedelta(days=number)
        assert ENGLISH.day(one) == f"{one:%A} {one.day} {one:%B %Y}"


def test_every_letter_to_a_resident_says_how_to_ask_for_another_format_or_language() -> None:
    for content in (RECEIPT, RESPONSE, FINAL_RESPONSE):
        written = letter(to_resident(content))
        assert "Would you like this in large print, in another language" in written.text
