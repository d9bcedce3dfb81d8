"""How a response was late, and who was told of it when: read from the complaint's events. Pure.

Whether a response is late is judged as the measure `responded-unextended` does it from the
register, so the two must come to one number. Every answer of the year goes by mail: of a letter
that waits to be posted nothing is known here.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from services.shared.events import (
    AnyEvent,
    Climbed,
    ClockName,
    Closed,
    DateAgreed,
    Extended,
    Frozen,
    Missed,
    MovedOn,
    Received,
    Refused,
    Reminded,
    Responded,
    Rung,
    StageRequested,
    Withdrawn,
)
from services.shared.local_time import local_date
from services.shared.working_days import WorkingDays


class Telling(Frozen):
    """One reminder, or one rung of the ladder: on which day who was told of which clock."""

    on: date
    clock: ClockName
    how: Literal["reminder", "rung"]
    told: tuple[Rung, ...] = ()
    """Who was told at a rung. A reminder goes to whoever is in charge."""


class LateResponse(Frozen):
    """One response that was late, or still is. Days are in Europe/London."""

    received_on: date
    """When the complaint came in, or the stage was asked for."""
    due: date
    """By the first date that was promised, as if nothing had been put off."""
    put_off_until: date | None
    """The last date to which it was extended or agreed; None where it never was."""
    answered_on: date | None
    working_days_late: int
    """From the due date to the answer; without one, to the day of the report."""
    tellings: tuple[Telling, ...]
    """Every reminder and rung at this stage, in order."""

    @property
    def before(self) -> tuple[Telling, ...]:
        """Who was told up to the due date, that day included."""
        return tuple(one for one in self.tellings if one.on <= self.due)

    @property
    def after(self) -> tuple[Telling, ...]:
        """Who was told after the due date."""
        return tuple(one for one in self.tellings if one.on > self.due)


def late_response(
    events: Iterable[AnyEvent], stage: str, days: WorkingDays, today: date
) -> LateResponse | None:
    """Returns how one stage of a complaint was late, from its events in order; None if it was not.

    `days` are the working days by which lateness is counted, up to `today` while unanswered.
    Raises BeyondCalendar.
    """
    events = list(events)
    told = [event for event in events if event.stage == stage]
    begins = Received | StageRequested | MovedOn
    begun = next((event for event in told if isinstance(event, begins)), None)
    answer = next((event for event in told if isinstance(event, Responded)), None)
    put_off = [event for event in told if isinstance(event, Extended | DateAgreed)]
    if begun is None:
        return None
    until = today if answer is None else local_date(answer.at)
    due = _due(told, answer, put_off, _left_on(events, begun) or today)
    if due is None:
        return None
    return LateResponse(
        received_on=local_date(begun.at),
        due=due,
        put_off_until=put_off[-1].until if put_off else None,
        answered_on=None if answer is None else until,
        working_days_late=(until - due).days - len(days.skipped(due, until)),
        tellings=tuple(_tellings(told)),
    )


def _left_on(events: Sequence[AnyEvent], begun: AnyEvent) -> date | None:
    """Returns when a stage was left for the next, or over with the complaint; None: it is open."""
    ends = StageRequested | MovedOn | Closed | Withdrawn | Refused
    later = (one for one in events if one.sequence > begun.sequence and isinstance(one, ends))
    return next((local_date(one.at) for one in later), None)


def _due(
    told: Sequence[AnyEvent],
    answer: Responded | None,
    put_off: Sequence[Extended | DateAgreed],
    until: date,
) -> date | None:
    """Returns the first date that was promised, where it was not kept `until` then."""
    # Of each way the first: a date agreed later may replace one that was earlier still.
    firsts = {type(event): event.was for event in reversed(put_off)}
    first = min(firsts.values(), default=None)
    if answer is not None:
        if first is None:
            return None if answer.in_time else answer.due
        return first if local_date(answer.at) > first else None
    missed = (one for one in told if isinstance(one, Missed) and one.clock == "respond")
    passed = next(missed, None)
    if first is not None:
        return first if until > first else None
    return None if passed is None else passed.due


def _tellings(told: Iterable[AnyEvent]) -> Iterator[Telling]:
    for event in told:
        match event:
            case Reminded():
                on = local_date(event.at)
                yield Telling(on=on, clock=event.clock, how="reminder")
            case Climbed():
                on = local_date(event.at)
                yield Telling(on=on, clock=event.clock, how="rung", told=event.told)
