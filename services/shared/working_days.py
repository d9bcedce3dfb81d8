"""Working days of a nation and a landlord.

A working day is not a Saturday, a Sunday, a bank holiday of the nation, or a closure day of the
landlord. Beyond the first or last day of its calendar nothing is known, and every question that
reaches there raises `BeyondCalendar`: lack of data is never taken for "working day".
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from services.shared import calendars
from services.shared.calendars import Calendar, Edition, Nation
from services.shared.errors import MendRequest

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
    """The working days of a calendar, each found by bisection."""

    def __init__(
        self, calendar: Calendar, nation: Nation, closure_days: frozenset[date] = frozenset()
    ) -> None:
        self.version = calendar.version.isoformat()
        """The calendar's version, recorded with every due date worked out from it."""
        self.published_until = calendar.published_until
        """After this day bank holidays are projected: a later calendar may move them."""
        self._first, self._last = calendar.first, calendar.last
        named = dict.fromkeys(closure_days, "closure day of the landlord")
        named |= calendar.bank_holidays(nation)
        self._working: list[date] = []
        self._off: dict[date, str] = {}
        for day in _each(self._first, self._last):
            reason = named.get(day) or (f"{day:%A}" if day.weekday() >= SATURDAY else None)
            if reason is None:
                self._working.append(day)
            else:
                self._off[day] = reason
        self._days_off = list(self._off)

    def why_off(self, day: date) -> str | None:
        """Returns why `day` is not a working day ("Saturday", "Good Friday"), or None if it is."""
        self.check(day)
        return self._off.get(day)

    def after(self, day: date, count: int) -> date:
        """Returns the `count`-th working day after `day` (count ≥ 1), `day` itself not counted."""
        self.check(day)
        return self._working_day(bisect_right(self._working, day) + count - 1)

    def before(self, day: date, count: int) -> date:
        """Returns the working day `count` before `day`; 0 is `day` or the last one before it."""
        self.check(day)
        return self._working_day(bisect_right(self._working, day) - 1 - count)

    def from_day(self, day: date) -> date:
        """Returns `day` if it is a working day, else the next one."""
        self.check(day)
        return self._working_day(bisect_left(self._working, day))

    def skipped(self, after: date, until: date) -> tuple[tuple[date, str], ...]:
        """Returns the days off after `after` and up to `until`, each with its reason."""
        self.check(after)
        self.check(until)
        start, end = bisect_right(self._days_off, after), bisect_right(self._days_off, until)
        return tuple((day, self._off[day]) for day in self._days_off[start:end])

    def check(self, day: date) -> None:
        """Raises BeyondCalendar when the calendar does not know the day."""
        if not self._first <= day <= self._last:
            raise BeyondCalendar(day, self._first, self._last)

    def _working_day(self, position: int) -> date:
        if position < 0:
            raise BeyondCalendar(self._first - ONE_DAY, self._first, self._last)
        if position >= len(self._working):
            raise BeyondCalendar(self._last + ONE_DAY, self._first, self._last)
        return self._working[position]


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def working_days(nation: Nation, closure_days: frozenset[date] = frozenset()) -> WorkingDays:
    """Returns the working days of a nation without the closure days, by the newest calendar.

    Raises TryLater `calendar-unreadable`.
    """
    return _worked_out(calendars.newest_edition(), nation, closure_days)


@lru_cache(32)
def _worked_out(edition: Edition, nation: Nation, closure_days: frozenset[date]) -> WorkingDays:
    return WorkingDays(calendars.read(edition), nation, closure_days)
