"""Text as people may send it: refused where it holds what no letter, header or database can.

NUL breaks PostgreSQL, line and paragraph separators break mail headers, and other control
characters show nothing to a reader; so they are refused at the door with a clear code rather
than dropped quietly.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

REFUSED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories: control, surrogate, line separator, paragraph separator."""


def _clean(value: str, allowed: str) -> str:
    plain = value
    for character in allowed:
        plain = plain.replace(character, "")
    if plain.isprintable():  # nearly every text is, and this asks a hundred times faster
        return value
    for position, character in enumerate(value):
        if character not in allowed and unicodedata.category(character) in REFUSED_CATEGORIES:
            raise PydanticCustomError(
                "unprintable-character",
                "character U+{code} at position {position} cannot be stored or printed",
                {"code": f"{ord(character):04X}", "position": position},
            )
    return value


def _one_line(value: str) -> str:
    return _clean(value, allowed="")


def _many_lines(value: str) -> str:
    return _clean(value, allowed="\n\t")


def _newlines(value: object) -> object:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
"""One line, 1 to 200 characters."""

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_many_lines),
    BeforeValidator(_newlines),  # last here, so that it wraps a plain string and runs first
]
"""Running text in paragraphs, 1 to 20,000 characters. CR LF becomes LF."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A stable identifier in lower case: a policy, a stage, a reason, a staff id."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 &'()/,-]{0,62}$")]
"""A short name from a landlord's own list: a service area, a region, a category."""
