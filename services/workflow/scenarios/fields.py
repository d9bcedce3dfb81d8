"""Types of a scenario's fields: moments, days, points and words, as people write them in TOML."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from services.shared.local_time import LONDON
from services.shared.text import Words

YEARS = range(1900, 2200)
"""Far wider than any scenario, and far enough from the ends of what dates can hold."""


def _written_moment(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no date and time such as 2028-03-06T10:00") from None
    if not isinstance(value, datetime):
        raise ValueError(f"{value} is no date and time such as 2028-03-06T10:00")  # noqa: TRY004 — pydantic takes ValueError
    return value


def _in_london(moment: datetime) -> datetime:
    within_years(moment)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    instant = moment.replace(tzinfo=LONDON).astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != moment:
        raise ValueError(f"clocks in London never show {moment:%H:%M} on {moment:%d %B %Y}")
    return instant


def within_years(day: date) -> date:
    """Returns `day`, refusing one that no scenario can mean (ValueError)."""
    if day.year not in YEARS:
        raise ValueError("the year is not one of a complaint")
    return day


Moment = Annotated[datetime, BeforeValidator(_written_moment), AfterValidator(_in_london)]
"""An instant (UTC), written with its offset or as the local time in London."""

Day = Annotated[date, AfterValidator(within_years)]
"""A day in Europe/London."""

Texts = Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]


def _numbered(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return tuple(f"Point {number}" for number in range(1, min(value, 51) + 1))
    return value


Points = Annotated[Texts, BeforeValidator(_numbered)]
"""The separate points in words, or only how many there are."""
