"""Types of the API's fields beyond plain text."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

YEARS = range(1900, 2200)
"""Far wider than any complaint, and far enough from the ends of what dates can hold."""


def _written_day(value: object) -> object:
    # Pydantic would take a bare number for seconds since 1970.
    if not isinstance(value, date) and (
        not isinstance(value, str) or WRITTEN_DAY.fullmatch(value) is None
    ):
        raise PydanticCustomError("not_a_day", "write a day, such as 2026-01-05")
    return value


def _within_years(value: date) -> date:
    if value.year not in YEARS:
        raise PydanticCustomError("impossible_date", "the year is not one of a complaint")
    return value


Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_within_years)]
"""A day in Europe/London, written YYYY-MM-DD."""
