"""How a table writes its dates: formats that can be read, and of which no date has two readings."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import combinations

from pydantic_core import PydanticCustomError

DIRECTIVE = re.compile("%(.)")

MISLEADING = (date(2005, 4, 3), date(2010, 12, 11))
"""Days whose day, month and year can be taken for each other, with and without a leading zero."""


def readable(written: str) -> str:
    """Returns a format in which a day can be read, as Python writes formats.

    Raises PydanticCustomError `no_date_format`.
    """
    parts = set(DIRECTIVE.findall(written))
    if not ("d" in parts and parts & set("mbB") and parts & set("Yy")):
        raise PydanticCustomError(
            "no_date_format", "a date has a day, a month and a year: %d/%m/%Y"
        )
    if any(_read(f"{day:{written}}", written) != day for day in MISLEADING):
        raise PydanticCustomError("no_date_format", "no date can be read by this format")
    return written


def ambiguous(formats: Sequence[str]) -> bool:
    """Tells whether a date could be either of two days, by two of the formats."""
    return any(_misread(one, other) for one, other in combinations(formats, 2))


def _misread(one: str, other: str) -> bool:
    if any(_read(text, by) not in {None, day} for day, text, by in _written(one, other)):
        return True
    # Whoever writes 31-03-2024 and 03/31/2024 into one table has written 03/04/2024 as well.
    first, second = _order(one), _order(other)
    return {first, second} in ({"dmy", "mdy"}, {"ymd", "ydm"})


def _written(one: str, other: str) -> Iterator[tuple[date, str, str]]:
    """Yields days as one format writes them, with the other by which they could be read."""
    for day in MISLEADING:
        yield day, f"{day:{one}}", other
        yield day, f"{day:{other}}", one


def _order(written: str) -> str:
    """Returns in which order day, month and year stand as numbers: "dmy"."""
    return "".join(part.lower() for part in DIRECTIVE.findall(written) if part in "dmyY")


def _read(text: str, by: str) -> date | None:
    try:
        return datetime.strptime(text, by).date()  # noqa: DTZ007 — of a day, no instant
    except (ValueError, re.error):  # re.error: the same part twice
        return None
