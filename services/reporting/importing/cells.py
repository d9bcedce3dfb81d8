"""What a cell means: days, money, counts, codes, names from a landlord's list. Pure.

Each function returns what the cell says, None where it says nothing, and raises WrongCell.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.reporting.importing.mistakes import WrongCell
from services.shared.text import Code, Label

Cell = object
"""A text, or what a workbook holds: a number, a day, a formula."""

EARLIEST = date(1990, 1, 1)
"""Before it a date is a mistake, and no complaint."""

EXCEL_DAY_0 = date(1899, 12, 30)
"""From it Excel's numbers of days count, after the leap day of 1900 that there never was."""

EXCEL_DAYS = range((EARLIEST - EXCEL_DAY_0).days, 100_000)

DATES_REMEMBERED = 4096

LARGEST_PENCE = 100_000_000
LARGEST_COUNT = 10_000

REFERENCE = re.compile(
    r"(?=.*\d)(?!.*[A-Za-z] [A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ./_#-]{0,38}[A-Za-z0-9])?"
)
"""A reference of another system, and no name: it has a digit, and no two words in a row."""

BROKEN = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
"""What a spreadsheet shows in place of a result."""

CODE: TypeAdapter[str] = TypeAdapter(Code)
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


def day(cell: Cell, formats: tuple[str, ...]) -> date | None:
    """Returns the day that a cell says: a date, Excel's number of one, or a text in a format."""
    if isinstance(cell, datetime):
        return _possible(cell.date())
    if isinstance(cell, date):
        return _possible(cell)
    if isinstance(cell, timedelta | bool):
        raise _no_day(formats)
    found = text(cell)
    return None if found is None else _written_day(found, formats)


@lru_cache(DATES_REMEMBERED)
def _written_day(found: str, formats: tuple[str, ...]) -> date:
    for each in formats:
        try:
            moment = datetime.strptime(found, each)  # noqa: DTZ007 — of a day, no instant
        except ValueError:
            continue
        return _possible(moment.date())
    try:
        number = int(float(found))
    except (ValueError, OverflowError):
        raise _no_day(formats) from None
    if number not in EXCEL_DAYS:
        raise _no_day(formats)
    return EXCEL_DAY_0 + timedelta(days=number)


def _possible(found: date) -> date:
    if found < EARLIEST:
        raise WrongCell("impossible-date", f"No complaint is older than {EARLIEST.year}.")
    return found


def _no_day(formats: tuple[str, ...]) -> WrongCell:
    written = " or ".join(f"{date(2024, 3, 31):{each}}" for each in formats)
    return WrongCell("not-a-date", f"This is no date that the calendar has, written as {written}.")


def pence(cell: Cell) -> int | None:
    """Returns an amount in pence, of pounds written as 1,250 or £1,250.50; nothing for 0."""
    found = text(cell)
    if found is None:
        return None
    wrong = WrongCell("not-an-amount", "This is no amount in pounds and pence.")
    try:
        amount = Decimal(found.removeprefix("£").replace(",", "")) * 100
    except InvalidOperation:
        raise wrong from None
    # A workbook keeps £12.10 as the nearest number that it has.
    whole = (
        amount.quantize(Decimal(1)) if amount.is_finite() and amount < LARGEST_PENCE + 1 else None
    )
    if whole is None or abs(amount - whole) > Decimal("0.0001") or not 0 <= whole <= LARGEST_PENCE:
        raise wrong
    return int(whole) or None


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
        raise WrongCell(
            "unknown-value",
            f"This is none of {', '.join(sorted(known))}, and the map does not say which it means.",
        )
    return code


def some_of(cell: Cell, known: frozenset[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Returns each of the known codes that is meant, of several apart by `;` or `,`, once."""
    found = text(cell)
    if found is None:
        return ()
    parts = [found] if found.casefold() in values else re.split("[;,]", found)
    meant = (one_of(part, known, values) for part in parts)
    return tuple(dict.fromkeys(each for each in meant if each))


def code(cell: Cell, values: Mapping[str, str]) -> str | None:
    """Returns a code of the landlord's own: a channel, a reason."""
    found = text(cell)
    if found is None:
        return None
    return _checked(CODE, values.get(found.casefold(), as_code(found)))


def label(cell: Cell, values: Mapping[str, str]) -> str | None:
    """Returns a name from the landlord's own list: a category, an area, a region."""
    found = text(cell)
    if found is None:
        return None
    return _checked(LABEL, values.get(found.casefold(), found))


def as_code(written: str) -> str:
    """Returns "Partially upheld" as "partially-upheld"."""
    return re.sub("[^a-z0-9]+", "-", written.casefold()).strip("-")


def _checked(kind: TypeAdapter[str], found: str) -> str | None:
    if found == "":
        return None
    try:
        return kind.validate_python(found)
    except ValidationError:
        raise WrongCell(
            "not-from-a-list",
            "A name from a list has at most 63 letters, digits, spaces and signs such as & and /.",
        ) from None
