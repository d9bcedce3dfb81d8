"""The clock on the wall: days and hours in Europe/London, instants in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.shared.events import aware

LONDON = ZoneInfo("Europe/London")

MORNING = time(8, 0)
"""Local time at which reminders and the ladder write to people, on working days only."""

DAYS_REMEMBERED = 4096
"""About eleven years: the days that open complaints turn on are asked for again and again."""


def local_date(moment: datetime) -> date:
    """Returns the day in Europe/London of an instant (aware)."""
    return aware(moment).astimezone(LONDON).date()


@lru_cache(DAYS_REMEMBERED)
def at(day: date, local: time) -> datetime:
    """Returns the instant (UTC) at which clocks in London show `local` on `day`."""
    return datetime.combine(day, local, LONDON).astimezone(UTC)


def morning(day: date) -> datetime:
    """Returns the instant (UTC) of 08:00 local on `day`."""
    return at(day, MORNING)


def end_of(day: date, close_of_business: time | None) -> datetime:
    """Returns when `day` has passed (UTC): at the close of business, or at the next midnight."""
    if close_of_business is None:
        return at(day + timedelta(days=1), time(0))
    return at(day, close_of_business)
