"""Working days of a nation and a landlord, from versioned bank-holiday calendars.

A working day is not a Saturday, a Sunday, a bank holiday of the nation, or a closure day of the
landlord. Beyond the first or last day of its calendar nothing is known, and every question that
reaches there raises `BeyondCalendar`: lack of data is never taken for "working day".
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from services.shared.errors import MendRequest

CALENDARS = Path(__file__).parent / "calendars"

Nation = Literal["england", "wales", "scotland", "northern-ireland"]

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class BeyondCalendar(MendRequest):
    """A day was asked for that the bank-holiday calendar does not reach."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(
            "beyond-the-calendar",
            f"{day} is outside the bank-holiday calendar, which runs from {first} to {last}.",
            first=first.isoformat(),
            last=last.isoformat(),
        )


class WorkingDays:
    """The working days between `first` and `last` (both included), each found by bisection."""

    def __init__(
        self,
        *,
        version: str,
        first: date,
        last: date,
        days_off: dict[date, str],
    ) -> None:
        self.version = version
        """The calendar's version, recorded with every due date worked out from it."""
        self._first = first
        self._last = last
        self._days_off = days_off
        self._days = [day for day in _each(first, last) if self.why_off(day) is None]

    def why_off(self, day: date) -> str | None:
        """Returns why `day` is not a working day ("Saturday", "Good Friday"), or None if it is."""
        self._within(day)
        named = self._days_off.get(day)
        if named is not None:
            return named
        return f"{day:%A}" if day.weekday() >= SATURDAY else None

    def after(self, day: date, count: int) -> date:
        """Returns the `count`-th working day after `day` (count ≥ 1), `day` itself not counted."""
        self._within(day)
        position = bisect_right(self._days, day) + count - 1
        if position >= len(self._days):
            raise BeyondCalendar(self._last + ONE_DAY, self._first, self._last)
        return self._days[position]

    def before(self, day: date, count: int) -> date:
        """Returns the working day `count` before `day`; 0 is `day` or the last one before it."""
        self._within(day)
        position = bisect_right(self._days, day) - 1 - count
        if position < 0:
            raise BeyondCalendar(self._first - ONE_DAY, self._first, self._last)
        return self._days[position]

    def from_day(self, day: date) -> date:
        """Returns `day` if it is a working day, else the next one."""
        self._within(day)
        position = bisect_left(self._days, day)
        if position >= len(self._days):
            raise BeyondCalendar(self._last + ONE_DAY, self._first, self._last)
        return self._days[position]

    def skipped(self, after: date, until: date) -> tuple[tuple[date, str], ...]:
        """Returns the days off after `after` and up to `until`, each with its reason."""
        self._within(until)
        reasons = ((day, self.why_off(day)) for day in _each(after + ONE_DAY, until))
        return tuple((day, reason) for day, reason in reasons if reason is not None)

    def _within(self, day: date) -> None:
        if not self._first <= day <= self._last:
            raise BeyondCalendar(day, self._first, self._last)


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@cache
def newest_calendar() -> str:
    """Returns the version (a date, as its file is named) of the newest calendar here."""
    return max(path.stem for path in CALENDARS.glob("*.json"))


@cache
def working_days(
    nation: Nation, closure_days: frozenset[date] = frozenset(), version: str | None = None
) -> WorkingDays:
    """Returns the working days of a nation without the landlord's closure days.

    `version` names a calendar file; without it, the newest counts.
    """
    version = version or newest_calendar()
    calendar = json.loads((CALENDARS / f"{version}.json").read_text("utf-8"))
    bank_holidays = {
        date.fromisoformat(day): name for day, name in calendar["nations"][nation].items()
    }
    return WorkingDays(
        version=version,
        first=date.fromisoformat(calendar["first"]),
        last=date.fromisoformat(calendar["last"]),
        days_off=dict.fromkeys(_in_order(closure_days), "closure day of the landlord")
        | bank_holidays,
    )


def _in_order(days: Iterable[date]) -> list[date]:
    return sorted(days)
