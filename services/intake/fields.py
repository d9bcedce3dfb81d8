"""Types of the API's fields beyond plain text: instants, days and the idempotency key."""

import re
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Header
from pydantic import AfterValidator, BeforeValidator, JsonValue
from pydantic_core import PydanticCustomError

from services.shared.errors import MendRequest

LONDON = ZoneInfo("Europe/London")

WRITTEN_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", re.ASCII)
WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

YEARS = range(1900, 2200)
"""Far wider than any complaint, and far enough from the ends of what dates can hold."""


def _written_moment(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or WRITTEN_MOMENT.fullmatch(value) is None:
        raise PydanticCustomError(
            "not_a_time", "write a date, a time and an offset, such as 2026-01-05T09:30:00+00:00"
        )
    return value


def _written_day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or WRITTEN_DAY.fullmatch(value) is None:
        raise PydanticCustomError("not_a_day", "write a day, such as 2026-01-05")
    return value


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError(
            "naive_time", "say which instant is meant: add an offset such as Z or +01:00"
        )
    _within_years(value)
    return value.astimezone(UTC)


def _within_years(value: date) -> date:
    if value.year not in YEARS:
        raise PydanticCustomError("impossible_date", "the year is not one of a complaint")
    return value


Moment = Annotated[datetime, BeforeValidator(_written_moment), AfterValidator(_in_utc)]
"""An instant, written in ISO 8601 with an offset; in UTC from here on."""

Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_within_years)]
"""A day in Europe/London, written YYYY-MM-DD."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x20-\x7e]+$",
        description="Your own id of this request: repeated with it, the request is done once.",
    ),
]
"""1 to 200 printable ASCII characters, or None."""


def check_past(moment: datetime | date | None, now: datetime | date, field: str, code: str) -> None:
    """Refuses a moment or day after `now` with MendRequest of that code, naming the field."""
    if moment is not None and moment > now:
        message = "it lies in the future"
        error: JsonValue = {"field": field, "code": code, "message": message}
        raise MendRequest(code, f"Mend {field}: {message}.", errors=[error])


def london_day(moment: datetime) -> date:
    """Returns the day in Europe/London of an instant (aware)."""
    return moment.astimezone(LONDON).date()
