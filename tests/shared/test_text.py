"""Text at the door: what no letter, header or database can hold is refused with a clear code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.shared.text import Code, Label, Line, Words

LINE = TypeAdapter[str](Line)
WORDS = TypeAdapter[str](Words)
CODE = TypeAdapter[str](Code)
LABEL = TypeAdapter[str](Label)

UNPRINTABLE = ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]


def refusal(adapter: TypeAdapter[str], value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(value)
    (error,) = refused.value.errors()
    return str(error["type"])


@pytest.mark.parametrize("character", UNPRINTABLE)
def test_an_unprintable_character_is_refused_in_lines_and_words(character: str) -> None:
    # Surrogates do not even reach our own check: pydantic takes no such text.
    codes = {"unprintable-character", "string_unicode"}
    for adapter in (LINE, WORDS):
        assert refusal(adapter, f"damp{character}wall") in codes


def test_the_refusal_says_which_character_and_where() -> None:
    with pytest.raises(ValidationError) as refused:
        WORDS.validate_python("damp\x00wall")
    message = refused.value.errors()[0]["msg"]
    assert message == "character U+0000 at position 4 cannot be stored or printed"


def test_words_keep_their_paragraphs_and_lose_only_the_carriage_returns() -> None:
    assert WORDS.validate_python("  One.\r\n\r\nTwo.\tThree.\n") == "One.\n\nTwo.\tThree."


def test_a_bare_carriage_return_is_refused() -> None:
    assert refusal(WORDS, "One.\rTwo.") == "unprintable-character"


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\r\nb"])
def test_a_line_is_one_line(value: str) -> None:
    assert refusal(LINE, value) == "unprintable-character"


@pytest.mark.parametrize("adapter", [LINE, WORDS])
@pytest.mark.parametrize("value", ["", "   ", "\n\t ", "\r\n"])
def test_nothing_but_white_space_is_nothing(adapter: TypeAdapter[str], value: str) -> None:
    assert refusal(adapter, value) == "string_too_short"


@pytest.mark.parametrize(("adapter", "longest"), [(LINE, 200), (WORDS, 20_000)])
def test_the_longest_text_is_taken_and_one_more_character_is_not(
    adapter: TypeAdapter[str], longest: int
) -> None:
    assert adapter.validate_python("é" * longest) == "é" * longest
    assert refusal(adapter, "é" * (longest + 1)) == "string_too_long"


@pytest.mark.parametrize("value", ["Zoë Ó Súilleabháin-O'Brien", "شکایت", "家", "🔥 no heat"])
def test_names_and_words_of_any_language_are_taken(value: str) -> None:
    assert LINE.validate_python(value) == value
    assert WORDS.validate_python(value) == value


@given(st.text(max_size=50))
def test_whatever_is_taken_can_be_stored_and_put_into_a_header(value: str) -> None:
    try:
        line = LINE.validate_python(value)
    except ValidationError:
        return
    assert "\x00" not in line
    assert len(line.splitlines()) == 1
    assert line.encode()


@pytest.mark.parametrize("value", ["stage-1", "a", "0", "a" * 63])
def test_codes_are_taken(value: str) -> None:
    assert CODE.validate_python(value) == value


@pytest.mark.parametrize("value", ["", "-a", "A", "a b", "a_b", "a\n", "a\x00", "é", "a" * 64])
def test_what_is_no_code_is_refused(value: str) -> None:
    assert refusal(CODE, value) == "string_pattern_mismatch"


@pytest.mark.parametrize("value", ["Heating", "Homes & land (North), 24/7", "O'Brien"])
def test_labels_are_taken(value: str) -> None:
    assert LABEL.validate_python(value) == value


@pytest.mark.parametrize("value", ["", " Heating", "a\n", "a;b", "<b>", "a" * 64])
def test_what_is_no_label_is_refused(value: str) -> None:
    assert refusal(LABEL, value) == "string_pattern_mismatch"
