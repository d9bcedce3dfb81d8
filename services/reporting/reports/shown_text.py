"""Text as a report shows it: what cannot be shown, or turns other text around, is taken out.

Reports hold words from imports, policies and people. A report must not fail for a stray character,
and all formats must say the same; so it is done once, in the document, and not in each renderer.
"""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from services.shared.text import REFUSED_CATEGORIES

LONGEST = 20_000
"""Characters of one text. A cell of a spreadsheet holds 32,767."""

LONGEST_LINE = 500

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: one left open reverses the figures that follow it."""


def _is_no_character(character: str) -> bool:
    """Says whether Unicode keeps the code point free for ever; XML cannot hold all of these."""
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _shown(character: str, allowed: str) -> str:
    if character in allowed:
        return character
    if character in TURNS_TEXT_AROUND:
        return ""
    if _is_no_character(character):
        return REPLACEMENT
    return " " if unicodedata.category(character) in REFUSED_CATEGORIES else character


def _clean(value: object, allowed: str) -> object:
    if not isinstance(value, str) or value.isprintable():  # nearly every text is
        return value
    tidy = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_shown(character, allowed) for character in tidy)


def _words(value: object) -> object:
    return _clean(value, allowed="\n")


def _line(value: object) -> object:
    return _clean(value, allowed="")


ShownLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE),
    BeforeValidator(_line),
]
"""A heading, caption or label: one line, 1 to 500 characters."""

ShownWords = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST),
    BeforeValidator(_words),
]
"""Running text, lines kept, up to 20,000 characters. It may be empty."""
