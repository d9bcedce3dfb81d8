"""Due dates reckoned as a person does it: one day after the other, a finger on the calendar.

The second opinion on the tables beside it. It shares nothing with the product: not its policies,
its bank holidays, its way of counting, nor the time zone database.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from tests.days import day

LIST = Path(__file__).parent / "bank-holidays.txt"

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
SATURDAY = 5
EIGHT = time(8)

DaysOff = frozenset[date]


def bank_holidays() -> DaysOff:
    """Returns the bank holidays of the list beside this file."""
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(day(line[:14]) for line in lines if line and not line.startswith("#"))


BANK_HOLIDAYS = bank_holidays()


def works(each: date, off: DaysOff) -> bool:
    """Returns whether people work on a day. Raises LookupError for years that the list lacks."""
    if each.year not in _known_years(off):
        raise LookupError(f"the list of bank holidays says nothing of {each.year}")
    return each.weekday() < SATURDAY and each not in off


@cache
def _known_years(off: DaysOff) -> range:
    return range(min(off).year, max(off).year + 1)


def next_working_day(after: date, off: DaysOff) -> date:
    """Returns the first working day after a day."""
    return counted("1 working day", after, off)[0]


def counted(span: str, anchor: date, off: DaysOff) -> list[date]:
    """Returns the days that count towards "5 working days" from a day, in order.

    The first of them is day 1 and the last the due date. The day of the anchor never counts.
    """
    number, unit = span.removesuffix("s").split(" ", 1)
    days, each = list[date](), anchor
    while not _enough(days, anchor, int(number), unit):
        each += ONE_DAY
        if unit != "working day" or works(each, off):
            days.append(each)
    return days


def _enough(days: list[date], anchor: date, number: int, unit: str) -> bool:
    match unit:
        case "working day" | "day":
            return len(days) == number
        case "week":
            return len(days) == number * 7
        case "month":
            last = days[-1] if days else anchor
            months = (last.year - anchor.year) * 12 + last.month - anchor.month
            ends_month = (last + ONE_DAY).month != last.month
            return months == number and (last.day == anchor.day or ends_month)
    raise ValueError(f"days are not counted by the {unit}")


def _last_sunday(year: int, month: int) -> date:
    each = date(year, month, 31)  # March and October both have one
    while each.isoweekday() != 7:
        each -= ONE_DAY
    return each


def in_london(moment: datetime) -> datetime:
    """Returns what clocks in London show (naive) at an instant in UTC.

    Summer time runs from the last Sunday of March to the last Sunday of October, 01:00 UTC each.
    """
    one_o_clock = time(1, tzinfo=UTC)
    begins = datetime.combine(_last_sunday(moment.year, 3), one_o_clock)
    ends = datetime.combine(_last_sunday(moment.year, 10), one_o_clock)
    shown = moment + ONE_HOUR if begins <= moment < ends else moment
    return shown.replace(tzinfo=None)


def in_utc(on: date, at: time) -> datetime:
    """Returns the instant (UTC) at which clocks in London first show a time on a day."""
    in_winter = datetime.combine(on, at, UTC)
    in_summer = in_winter - ONE_HOUR
    return in_summer if in_london(in_summer) == in_winter.replace(tzinfo=None) else in_winter


def midnight_after(on: date) -> datetime:
    """Returns the instant (UTC) at which a day has passed in London."""
    return in_utc(on + ONE_DAY, time(0))
