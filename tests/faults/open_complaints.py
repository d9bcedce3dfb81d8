"""Open complaints at different points of their life, and what a new bank holiday does to each.

They are lived through in memory until now, and then go on in a real workflow. What the holiday
does is reckoned here day by day, as one would with a finger on a wall calendar: none of the code
that counts in the product is used for it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import cycle, islice

from services.shared.calendars import Calendar
from services.workflow import handover
from services.workflow.complaint import Complaint, RunningClock
from services.workflow.contract import AgreeDate, NewComplaint
from services.workflow.handover import Handover
from services.workflow.outbox import Unsent
from tests.days import LONDON
from tests.workflow.lives import Life

SOMEBODY = "sam-okafor"

WORKING_DAYS = {
    ("housing-ombudsman", "stage-1", "acknowledge"): 5,
    ("housing-ombudsman", "stage-1", "respond"): 10,
    ("housing-ombudsman", "stage-2", "acknowledge"): 5,
    ("housing-ombudsman", "stage-2", "respond"): 20,
    ("community-support", "stage-1", "escalate"): 20,
    ("community-support", "stage-2", "contact"): 3,
    ("community-support", "stage-2", "acknowledge"): 5,
    ("community-support", "stage-2", "respond"): 20,
    ("review-panel", "first-time-resolution", "respond"): 3,
    ("review-panel", "stage-1", "respond"): 10,
}
"""The clocks that count working days, as the policies' documents have them."""

Outcome = tuple[date, date, str]
"""The due date before, the due date after, and what the report says of it."""


@dataclass(frozen=True)
class WallCalendar:
    """Days off by hand: weekends, and the bank holidays of England."""

    holidays: frozenset[date]

    @classmethod
    def of(cls, calendar: Calendar) -> "WallCalendar":
        """Returns the days off of a calendar."""
        return cls(frozenset(calendar.divisions["england-and-wales"]))

    def is_off(self, day: date) -> bool:
        """Returns whether nobody works on the day."""
        return day.weekday() >= 5 or day in self.holidays

    def count(self, day: date, working_days: int) -> date:
        """Returns the day so many working days after `day`; before it, when negative."""
        step = timedelta(days=1 if working_days > 0 else -1)
        left = abs(working_days)
        while left:
            day += step
            left -= not self.is_off(day)
        return day


class Lives:
    """Makes complaints that have lived until now: received so many working days ago."""

    def __init__(self, wall: WallCalendar, now: datetime) -> None:
        self._wall = wall
        self._today = now.astimezone(LONDON).date()
        self._now = now

    def just_received(self) -> Complaint:
        """Returns a complaint that has yet to be acknowledged, in three working days."""
        return self._received(2).complaint

    def every_kind(self) -> Iterator[Complaint]:
        """Returns complaints at every point of their life, none of them due today."""
        for made, ages in self._kinds():
            for age in ages:
                life = made(age)
                life.run_until(self._now)
                if all(clock.due.on != self._today for clock in life.complaint.clocks):
                    yield life.complaint

    def _kinds(self) -> tuple[tuple[Callable[[int], Life], range], ...]:
        return (
            (self._received, range(1, 9)),
            (self._assigned, range(1, 5)),
            (self._acknowledged, range(1, 13)),
            (self._extended, range(3, 9)),
            (self._answered, range(3, 24)),
            (self._at_stage_2, range(4, 14)),
            (self._first_time, range(1, 8)),
            (self._agreed, range(5, 8)),
        )

    def _day(self, working_days_ago: int) -> date:
        return self._wall.count(self._today, -working_days_ago)

    def _at(self, working_days_ago: int, hour: int) -> str:
        return f"{self._day(working_days_ago):%a %Y-%m-%d} {hour:02}:00"

    def _received(self, age: int, policy: str = "housing-ombudsman") -> Life:
        return Life(policy, self._at(age, 10))

    def _assigned(self, age: int, policy: str = "housing-ombudsman") -> Life:
        life = self._received(age, policy)
        life.assign(self._at(age, 11), SOMEBODY)
        return life

    def _acknowledged(self, age: int, policy: str = "housing-ombudsman") -> Life:
        life = self._assigned(age, policy)
        life.acknowledge(self._at(age, 12))
        life.contact(self._at(age, 13))
        return life

    def _extended(self, age: int) -> Life:
        life = self._acknowledged(age)
        until = self._today + timedelta(days=20)
        life.extend(self._at(1, 10), f"{until:%a %Y-%m-%d}", f"{self._day(1):%a %Y-%m-%d}")
        return life

    def _answered(self, age: int) -> Life:
        policy = "housing-ombudsman" if age % 3 else "community-support"
        life = self._acknowledged(age, policy)
        life.respond(self._at(age - 1, 10), "upheld", "not-upheld")
        return life

    def _at_stage_2(self, age: int) -> Life:
        policy = "housing-ombudsman" if age % 2 else "community-support"
        life = self._acknowledged(age, policy)
        life.respond(self._at(age - 1, 10), "upheld", "not-upheld")
        life.escalate(self._at(age - 2, 10))
        return life

    def _first_time(self, age: int) -> Life:
        """At first-time resolution, or by itself at stage 1 when that has not resolved it."""
        return self._received(age, "review-panel")

    def _agreed(self, age: int) -> Life:
        life = self._received(age, "review-panel")
        agreed = AgreeDate(
            key="agreed",
            by="staff",
            until=self._today + timedelta(days=30),
            agreed_on=self._day(1),
        )
        life.do(self._at(1, 10), agreed)
        return life


def climbing_at(complaint: Complaint, at: datetime) -> None:
    """Lets the next rung of every missed clock be reached at a moment of the test's own."""
    for clock in complaint.clocks:
        if (
            clock.running
            and clock.missed_at is not None
            and clock.rungs_climbed < len(clock.due.rungs)
        ):
            rungs = list(clock.due.rungs)
            rungs[clock.rungs_climbed] = rungs[clock.rungs_climbed].model_copy(update={"at": at})
            clock.due = clock.due.model_copy(update={"rungs": tuple(rungs)})


def passing_at(complaint: Complaint, at: datetime) -> None:
    """Lets the acknowledgement pass at a moment of the test's own."""
    clock = complaint.clock("acknowledge")
    assert clock is not None
    clock.due = clock.due.model_copy(update={"passes_at": at, "reminders": ()})


def many(
    kinds: Iterable[Complaint], count: int, prefix: str
) -> Iterator[tuple[NewComplaint, Complaint]]:
    """Returns so many complaints: what starts each workflow, and the state that it begins with."""
    for number, complaint in enumerate(islice(cycle(kinds), count)):
        reference = f"{prefix}-{number:04}"
        facts = complaint.facts.model_copy(update={"reference": reference})
        written = handover.write(Handover(replace(complaint, facts=facts), Unsent()))
        yield facts.model_copy(update={"carried": written}), complaint


def reckoned(complaint: Complaint, wall: WallCalendar) -> dict[str, Outcome]:
    """Returns what a calendar does to each running clock, by hand."""
    found: dict[str, Outcome] = {}
    for clock in complaint.clocks:
        if clock.running:
            found[clock.due.clock] = _outcome(complaint, clock, wall)
    return found


def _outcome(complaint: Complaint, clock: RunningClock, wall: WallCalendar) -> Outcome:
    due = clock.due
    key = (complaint.facts.promise.policy, due.stage, due.clock)
    if clock.missed_at is not None:
        return due.on, due.on, "left: passed already"
    if due.anchor in {"extended", "agreed"}:
        return due.on, due.on, f"left: {due.anchor} date"
    on = due.on
    if key in WORKING_DAYS:
        on = wall.count(_counted_from(complaint, clock, wall), WORKING_DAYS[key])
    return due.on, on, "left: does not count across the new day" if on == due.on else "moved"


def _counted_from(complaint: Complaint, clock: RunningClock, wall: WallCalendar) -> date:
    """A response before its acknowledgement counts from the day on which that is due."""
    if clock.due.provisional:
        for other in complaint.clocks:
            due = other.due
            same = (due.stage, due.clock) == (clock.due.stage, "acknowledge")
            if same and other.running and other.missed_at is None:
                key = (complaint.facts.promise.policy, due.stage, "acknowledge")
                return wall.count(due.anchor_date, WORKING_DAYS[key])
    return clock.due.anchor_date
