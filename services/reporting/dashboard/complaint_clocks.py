"""What had to be done at a stage of a complaint, by when, and whether it was in time. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple

from services.reporting.register import StageEntry
from services.reporting.sentences import on_day
from services.shared.local_time import local_date

Verdict = Literal["in-time", "late", "overdue", "waiting", "residents-time"]


class ClockLine(NamedTuple):
    """One thing that had to be done by a day."""

    what: str
    due: str | None
    done: str | None
    verdict: Verdict
    in_words: str


class _Clock(NamedTuple):
    what: str
    due: date | None
    done_at: datetime | None
    missed_at: datetime | None
    in_time: bool | None = None
    """None: it was done in time if it was not missed before."""


def clock_lines(stage: StageEntry, today: date, *, ended: bool) -> Iterator[ClockLine]:
    """Yields every clock of a stage, then the resident's own time; `ended`: it waits no more."""
    for clock in _clocks_of(stage):
        if clock.due is not None or clock.done_at is not None:
            yield _line(clock, today, ended=ended)
    for what, until in (
        ("The resident can answer the decline", stage.reply_by),
        ("The resident can ask for the next stage", stage.escalate_by),
    ):
        if until is not None:
            yield ClockLine(what, on_day(until), None, "residents-time", "The resident’s time")


def _clocks_of(stage: StageEntry) -> Iterator[_Clock]:
    yield _Clock(
        "Acknowledgement",
        stage.acknowledge_due,
        stage.acknowledged_at,
        stage.acknowledge_missed_at,
        stage.acknowledged_in_time,
    )
    yield _Clock(
        "Contact with the resident",
        stage.contact_due,
        stage.contacted_at,
        stage.contact_missed_at,
    )
    yield _Clock(
        "A date for the hearing", stage.arrange_due, stage.arranged_at, stage.arrange_missed_at
    )
    yield _Clock(
        "Response",
        stage.respond_due,
        stage.responded_at,
        stage.respond_missed_at,
        stage.responded_in_time,
    )


def _line(clock: _Clock, today: date, *, ended: bool) -> ClockLine:
    due = None if clock.due is None else on_day(clock.due)
    if clock.done_at is None:
        verdict, in_words = _undone(clock, today, ended=ended)
        return ClockLine(clock.what, due, None, verdict, in_words)
    done_on = local_date(clock.done_at)
    if clock.due is None and clock.in_time is None:
        return ClockLine(clock.what, None, on_day(done_on), "in-time", "Done; no day was set")
    in_time = clock.missed_at is None if clock.in_time is None else clock.in_time
    late = 0 if in_time or clock.due is None else (done_on - clock.due).days
    said = "In time" if in_time else f"Late{f', by {_days(late)}' if late > 0 else ''}"
    return ClockLine(clock.what, due, on_day(done_on), "in-time" if in_time else "late", said)


def _undone(clock: _Clock, today: date, *, ended: bool) -> tuple[Verdict, str]:
    late = 0 if clock.due is None else (today - clock.due).days
    if ended:
        return ("late", "Missed, and not done") if clock.missed_at else ("waiting", "Not done")
    if clock.missed_at is not None:
        return "overdue", f"Overdue{f' by {_days(late)}' if late > 0 else ''}"
    if late > 0:
        return "overdue", f"Past its day by {_days(late)}, and no miss is recorded"
    return "waiting", "Due today" if late == 0 else f"To be done, {_days(-late)} left"


def _days(number: int) -> str:
    return f"{number} calendar day{'' if number == 1 else 's'}"
