"""What a caseload asks of the calendars and the directory before it goes on, and the answer. Pure.

The answer stands in the history of the manager's workflow as a fact; a replay never asks again.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from pydantic import AwareDatetime

from services.notify.directory import Directory
from services.shared.calendars import Nation
from services.shared.events import Frozen
from services.shared.local_time import LONDON, MORNING, at, local_date
from services.shared.working_days import ONE_DAY, BeyondCalendar, WorkingDays, working_days

DIGEST = time(8, 10)
"""Local time of the digest: what the clocks of complaints say at 08:00 is to be in it."""

CLOSING = time(18, 0)
"""Local time until which people are written to about what can wait until the next morning."""


class AskedCase(Frozen):
    """What is asked about one open complaint."""

    reference: str
    nation: Nation
    closure_days: tuple[date, ...]
    due: date
    """What is due first: how many working days are left?"""
    since: AwareDatetime | None
    """When is it a working day later than this? None where nobody has to know."""


class PlanQuestion(Frozen):
    """What is asked at one moment about everything that is open for one manager."""

    staff_id: str
    at: AwareDatetime
    cases: tuple[AskedCase, ...]


class Absent(Frozen):
    """That a manager is away: their last day away, and the staff id of who covers, if anybody."""

    until: date
    deputy: str | None


class Plan(Frozen):
    """The answer, as it stood at the moment of the question."""

    at: AwareDatetime
    open_now: bool
    """Whether it is between 08:00 and 18:00 of a working day."""
    morning: AwareDatetime
    """When the next digest can go: always later than `at`."""
    deputy: str | None
    """Who is offered what the manager does not confirm."""
    absent: Absent | None
    """None while the manager is here."""
    absent_changes_at: AwareDatetime | None
    """The working morning on which `absent` will be another, by what is entered now."""
    days_left: dict[str, int]
    """Working days after today up to the due date, by reference; below 0 it is late."""
    day_later: dict[str, AwareDatetime]
    """By reference, where it was asked."""


def answer(question: PlanQuestion, directory: Directory) -> Plan:
    """Answers a question about at least one case.

    A complaint has the working days of its nation and landlord. Where a manager's complaints
    differ in that, a day on which one of them is worked on is a working day of the manager's.
    Raises BeyondCalendar, and TryLater `calendar-unreadable`.
    """
    moment, today = question.at, local_date(question.at)
    days = {case.reference: _days(case) for case in question.cases}
    every = list(dict.fromkeys(days.values()))
    deputy = directory.deputy_of(question.staff_id, today)
    return Plan(
        at=moment,
        open_now=any(_is_open(one, moment) for one in every),
        morning=_next_morning(every, moment),
        deputy=None if deputy is None else deputy.id,
        absent=_absent(directory, question.staff_id, today),
        absent_changes_at=_absent_changes_at(directory, question.staff_id, today, every),
        days_left={
            case.reference: _days_left(days[case.reference], today, case.due)
            for case in question.cases
        },
        day_later={
            case.reference: _a_working_day_later(days[case.reference], case.since, moment)
            for case in question.cases
            if case.since is not None
        },
    )


def _days(case: AskedCase) -> WorkingDays:
    return working_days(case.nation, frozenset(case.closure_days))


def _is_open(days: WorkingDays, moment: datetime) -> bool:
    local = moment.astimezone(LONDON)
    return days.why_off(local.date()) is None and MORNING <= local.time() < CLOSING


def _next_morning(every: list[WorkingDays], moment: datetime) -> datetime:
    today = local_date(moment)
    day = min(days.from_day(today) for days in every)
    if at(day, DIGEST) <= moment:
        day = min(days.after(today, 1) for days in every)
    return at(day, DIGEST)


def _a_working_day_later(days: WorkingDays, since: datetime, now: datetime) -> datetime:
    """Counts from now where that would lie in the past: whoever is asked late has their time."""
    later = _next_day_same_time(days, since)
    return later if later > now else _next_day_same_time(days, now)


def _next_day_same_time(days: WorkingDays, moment: datetime) -> datetime:
    """What comes while nobody works counts as if it had come at the next opening."""
    local = moment.astimezone(LONDON)
    day, hour = days.from_day(local.date()), local.time()
    if day != local.date() or hour < MORNING:
        hour = MORNING
    elif hour >= CLOSING:
        day, hour = days.after(day, 1), MORNING
    return at(days.after(day, 1), hour)


def _days_left(days: WorkingDays, today: date, due: date) -> int:
    """Counts to the end of the calendar where a date lies beyond it: more cannot be known."""
    try:
        days.check(due)
    except BeyondCalendar as error:
        due = date.fromisoformat(str(error.facts["last" if due > today else "first"]))
    if due < today:
        # On a day off after it there may be no working day between, and late it is all the same.
        return min(-_working_days_between(days, due, today), -1)
    return _working_days_between(days, today, due)


def _working_days_between(days: WorkingDays, after: date, until: date) -> int:
    return (until - after).days - len(days.skipped(after, until))


def _absent(directory: Directory, staff_id: str, on: date) -> Absent | None:
    absence = directory.away(staff_id, on)
    if absence is None:
        return None
    until = absence.until_on
    while (following := directory.away(staff_id, until + ONE_DAY)) is not None:
        until = following.until_on
    deputy = directory.deputy_of(staff_id, on)
    return Absent(until=until, deputy=None if deputy is None else deputy.id)


def _absent_changes_at(
    directory: Directory, staff_id: str, today: date, every: list[WorkingDays]
) -> datetime | None:
    if not any(absence.staff_id == staff_id for absence in directory.absences):
        return None
    now = _absent(directory, staff_id, today)
    # Nobody knows the working days beyond the calendar; until then it is asked again.
    with suppress(BeyondCalendar):
        for change in sorted({day for day in _changes(directory) if day > today}):
            day = min(days.from_day(change) for days in every)
            if _absent(directory, staff_id, day) != now:
                return at(day, DIGEST)
    return None


def _changes(directory: Directory) -> Iterator[date]:
    """Yields the days on which somebody, who may be a deputy, goes or comes back."""
    for absence in directory.absences:
        yield absence.from_on
        yield absence.until_on + timedelta(days=1)
