"""What a cell means: days, money, counts, codes, names from a landlord's list. Pure.

Each function returns what the cell says, None where it says nothing, and raises WrongCell.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.reporting.importing.mistakes import WrongCell
from services.shared.text import Label

Cell = object
"""A text, or what a workbook holds: a number, a day, a formula."""

EARLIEST = date(1990, 1, 1)
"""Before it a date is a mistake, and no complaint."""

DAY_0 = date(1899, 12, 30)
"""From it Excel's numbers of days count, after the leap day of 1900 that there never was."""

DAY_0_OF_1904 = date(1904, 1, 1)
"""From it those of a workbook count that was begun in an old Excel for the Mac."""

DAY_NUMBER = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
"""A day of our time as Excel numbers it, and perhaps the hour."""

DATES_REMEMBERED = 4096

AMOUNT = re.compile(r"(?:£ ?)?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?)")
"""Pounds and perhaps pence. Commas part thousands, never the pence: "12,50" is no amount."""

NEAR = Decimal("0.0001")
"""A workbook keeps £12.10 as the nearest number that it has; so near a penny is that penny."""

LARGEST_PENCE = 100_000_000
LONGEST_AMOUNT = 20
LARGEST_COUNT = 10_000

REFERENCE = re.compile(
    r"(?=.*\d)(?!.*[A-Za-z] [A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ./_#-]{0,38}[A-Za-z0-9])?"
)
"""A reference of another system, and no name: it has a digit, and no two words in a row."""

BROKEN = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
"""What a spreadsheet shows in place of a result."""

LABEL: TypeAdapter[str] = TypeAdapter(Label)

Parser = Callable[[Cell], Any]


def text(cell: Cell) -> str | None:
    """Returns the cell as one line; a whole number without its ".0"."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) or not isinstance(cell, str | int | float):
        if isinstance(cell, date):  # a datetime is one too
            raise WrongCell("unexpected-date", "This is a date, where a text is expected.")
        raise WrongCell("formula-cell", "This is a formula: paste its value in its place.")
    found = " ".join(str(cell).split())
    if found.startswith("="):
        raise WrongCell("formula-cell", "This is a formula: paste its value in its place.")
    if found in BROKEN:
        raise WrongCell("error-cell", "This is the error of a formula, and no value.")
    if not found.isprintable():
        raise WrongCell(
            "unprintable-character", "A character of this can be neither kept nor seen."
        )
    return found or None


def reference(cell: Cell, prefix: str) -> str | None:
    """Returns our reference of theirs: capitals and digits, joined by hyphens, after the prefix."""
    found = text(cell)
    if found is None:
        return None
    if not REFERENCE.fullmatch(found):
        raise WrongCell(
            "not-a-reference",
            "A reference has at most 40 letters, digits and signs such as / and -; one is a digit.",
        )
    return f"{prefix}-{re.sub('[^A-Z0-9]+', '-', found.upper())}"


def day(cell: Cell, formats: tuple[str, ...], day_0: date = DAY_0) -> date | None:
    """Returns the day that a cell says: a date, a text in a format, or Excel's number of a day.

    Such numbers count from `day_0`.
    """
    if isinstance(cell, datetime):
        return _possible(cell.date())
    if isinstance(cell, date):
        return _possible(cell)
    if isinstance(cell, timedelta | bool):
        raise _no_day(formats)
    found = text(cell)
    return None if found is None else _written_day(found, formats, day_0)


@lru_cache(DATES_REMEMBERED)
def _written_day(found: str, formats: tuple[str, ...], day_0: date) -> date:
    for each in formats:
        try:
            moment = datetime.strptime(found, each)  # noqa: DTZ007 — of a day, no instant
        except ValueError:
            continue
        return _possible(moment.date())
    numbered = DAY_NUMBER.fullmatch(found)
    if numbered is None:
        raise _no_day(formats)
    return _possible(day_0 + timedelta(days=int(numbered[1])))


def _possible(found: date) -> date:
    if found < EARLIEST:
        raise WrongCell("impossible-date", f"No complaint is older than {EARLIEST.year}.")
    return found


def _no_day(formats: tuple[str, ...]) -> WrongCell:
    written = " or ".join(f"{date(2024, 3, 31):{each}}" for each in formats)
    return WrongCell("not-a-date", f"This is no date that the calendar has, written as {written}.")


def pence(cell: Cell) -> int | None:
    """Returns an amount in pence, of pounds written as 1250, 1,250 or £1,250.50; nothing for 0."""
    pounds = _pounds(cell)
    if pounds is None:
        return None
    whole = (100 * pounds).quantize(Decimal(1))
    if not 0 <= whole <= LARGEST_PENCE or abs(100 * pounds - whole) > NEAR:
        raise _no_amount()
    return int(whole) or None


def _pounds(cell: Cell) -> Decimal | None:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if not abs(cell) <= LARGEST_PENCE:  # nor is it what is no number at all
            raise _no_amount()
        return Decimal(cell)
    found = text(cell)
    if found is None:
        return None
    written = AMOUNT.fullmatch(found)
    if written is None or len(found) > LONGEST_AMOUNT:
        raise _no_amount()
    return Decimal(written[1].replace(",", ""))


def _no_amount() -> WrongCell:
    words = "This is no amount in pounds: commas part thousands only, a full stop the pence."
    return WrongCell("not-an-amount", words)


def count(cell: Cell) -> int | None:
    """Returns a whole number from 0 on."""
    found = text(cell)
    if found is None:
        return None
    if not (found.isascii() and found.isdigit()) or int(found[:9]) > LARGEST_COUNT:
        raise WrongCell("not-a-number", f"This is no whole number from 0 to {LARGEST_COUNT:,}.")
    return int(found)


def one_of(cell: Cell, known: frozenset[str], values: Mapping[str, str]) -> str | None:
    """Returns the one of the known codes that is meant, by the map or written as it is."""
    found = text(cell)
    if found is None:
        return None
    code = values.get(found.casefold(), as_code(found))
    if code == "":
        return None
    if code not in known:
        codes = ", ".join(sorted(known)) or "the codes, for none is known"
        words = f"This is none of {codes}, and the map does not say which it means."
        raise WrongCell("unknown-value", words)
    return code


def some_of(cell: Cell, known: frozenset[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Returns each of the known codes that is meant, of several apart by `;` or `,`, once."""
    found = text(cell)
    if found is None:
        return ()
    parts = [found] if found.casefold() in values else re.split("[;,]", found)
    meant = (one_of(part, known, values) for part in parts)
    return tuple(dict.fromkeys(each for each in meant if each))


def label(cell: Cell, values: Mapping[str, str]) -> str | None:
    """Returns a name from the landlord's own list: a category, an area, a region."""
    found = text(cell)
    if found is None or (meant := values.get(found.casefold(), found)) == "":
        return None
    try:
        return LABEL.validate_python(meant)
    except ValidationError:
        raise WrongCell(
            "not-from-a-list",
            "A name from a list has at most 63 letters, digits, spaces and signs such as & and /.",
        ) from None


def as_code(written: str) -> str:
    """Returns "Partially upheld" as "partially-upheld"."""
    return re.sub("[^a-z0-9]+", "-", written.casefold()).strip("-")
