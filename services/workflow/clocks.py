"""When things are due: pure functions over a policy, dates and the working days.

A due date is a date in Europe/London. It passes at the end of that day, or at the policy's close
of business. A clock whose anchor is still to come counts from the day on which that anchor was
due, so being late with one thing buys no time for the next.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pydantic import AwareDatetime

from services.shared.events import RESIDENTS_TIME, ClockName, Frozen, Rung, aware
from services.shared.local_time import LONDON, at, end_of, local_date, morning
from services.shared.working_days import WorkingDays, working_days
from services.workflow import policies
from services.workflow.counting import add, day_1_and_last
from services.workflow.policy import Policy
from services.workflow.stages import Anchor, Clock, Stage, Window

__all__ = [
    "LONDON",
    "Due",
    "DueQuestion",
    "PutOff",
    "RungTime",
    "answer",
    "due_date",
    "first_dues",
    "local_date",
    "noon",
    "put_off",
]

NOON = time(12)
"""Stands in for the hour of an anchor known only by its day: policies refuse hours on those."""


FIRST: tuple[ClockName, ...] = ("acknowledge", "contact", "arrange", "respond")
"""The clocks that a stage can start with, in the order in which people meet them."""


ENTERED_WITHIN = 10
"""Working days in which a request that came in time, but lay unread, can still be entered."""


class RungTime(Frozen):
    """When the ladder reaches a rung, should the clock be missed."""

    at: AwareDatetime
    tell: Rung


class Due(Frozen):
    """When one clock is due, everything that follows from it, and how it was worked out.

    Instants are UTC; dates are days in Europe/London.
    """

    stage: str
    clock: ClockName
    on: date
    passes_at: AwareDatetime
    reminders: tuple[AwareDatetime, ...]
    rungs: tuple[RungTime, ...]
    latest_extension: date | None
    """The last date to which the response may be extended without the resident's agreement."""
    late_on: date | None = None
    """The last day on which a request is still considered after the time for it has passed."""
    entered_by: date | None = None
    """The last day on which a request that came in time can still be entered."""
    moves_on_at: AwareDatetime | None = None
    """When the complaint goes to the next stage by itself, should this clock be missed."""
    anchor: Anchor | str
    anchor_date: date
    anchored_at: AwareDatetime
    provisional: bool
    """True when the anchor is still to come and the day on which it is due stands in for it."""
    day_1: date
    skipped: tuple[str, ...]
    """The days off between anchor and due date, such as "2026-12-25 Christmas Day"."""
    calendar: str
    clause: str


class PutOff(Frozen):
    """Another date for the response: the due date that it replaces, and the new one.

    `extended` by the landlord under the policy's cap, or `agreed` with the resident.
    """

    was: date
    until: date
    how: Literal["extended", "agreed"]


class DueQuestion(Frozen):
    """Asks when clocks are due: what `answer` needs to know, and nothing that can change.

    `clock` names one clock of the stage; None asks for those that the stage starts with.
    """

    policy: str
    policy_effective: date
    stage: str
    clock: ClockName | None
    anchored_at: AwareDatetime
    asked_at: AwareDatetime
    """When the answer becomes known: nobody can be told of a miss before it is."""
    put_off: PutOff | None = None


def answer(question: DueQuestion) -> tuple[Due, ...]:
    """Works due dates out, from the published policy and the newest calendar.

    Raises NotThere `unknown-policy`, MendRequest `beyond-the-calendar`.
    """
    rules = policies.version(question.policy, question.policy_effective)
    stage = rules.stage(question.stage)
    if question.clock is None:
        return first_dues(rules, stage, question.anchored_at, question.asked_at)
    due = due_date(rules, stage, question.clock, question.anchored_at, known_at=question.asked_at)
    return (due if question.put_off is None else put_off(rules, due, question.put_off),)


def first_dues(
    rules: Policy, stage: Stage, started_at: datetime, known_at: datetime
) -> tuple[Due, ...]:
    """Returns the clocks that a stage starts with.

    Those that count from its beginning, and the response: provisionally, while it counts from an
    acknowledgement to come, and not at all before a hearing has a date.

    `started_at` is the moment at which the stage began, `known_at` when that was entered (aware).
    Raises MendRequest `beyond-the-calendar`.
    """
    dues = {
        name: due_date(rules, stage, name, started_at, known_at=known_at)
        for name in FIRST
        if (clock := stage.clock(name)) is not None and clock.anchor == stage.begins
    }
    if stage.respond.anchor == "acknowledged":
        dues["respond"] = due_date(
            rules,
            stage,
            "respond",
            noon(dues["acknowledge"].on),
            known_at=known_at,
            provisional=True,
        )
    return tuple(dues.values())


def noon(day: date) -> datetime:
    """Returns the instant (UTC) that stands in for an anchor known only by its day."""
    return at(day, NOON)


def due_date(  # noqa: PLR0913 — each is a separate fact of the question
    rules: Policy,
    stage: Stage,
    name: ClockName,
    anchored_at: datetime,
    *,
    known_at: datetime,
    provisional: bool = False,
) -> Due:
    """Works out when a clock of a stage is due, counted from `anchored_at` (aware).

    `known_at` (aware) is when the complaint was entered or the action taken: a due date that had
    passed by then climbs its ladder from the next working day on.

    Raises MendRequest `beyond-the-calendar`, and KeyError when the stage has no such clock.
    """
    clock = stage.clock(name)
    if clock is None:
        raise KeyError(f"{rules.name}: stage {stage.name} has no clock {name}")
    anchored_at = aware(anchored_at).astimezone(UTC)
    days = _days(rules)
    day_1, last = day_1_and_last(clock, days, anchored_at)
    anchor_date = local_date(anchored_at)
    known_on = max(last, local_date(known_at))
    moves_on = name == "respond" and _moves_on_by_itself(rules, stage)
    reminders = (at for at in _reminders(rules, name, days, last) if at > anchored_at)
    return Due(
        stage=stage.name,
        clock=name,
        on=last,
        passes_at=_passes_at(rules, clock, name, anchored_at, last),
        reminders=tuple(reminders),
        # Where the next stage takes over by itself there is nobody to climb to about this one.
        rungs=() if moves_on else _rungs(rules, name, days, known_on),
        latest_extension=_cap(stage, days, last) if name == "respond" else None,
        late_on=_late_on(clock, days, anchor_date),
        entered_by=days.after(last, ENTERED_WITHIN) if name in RESIDENTS_TIME else None,
        moves_on_at=morning(days.after(known_on, 1)) if moves_on else None,
        anchor=clock.anchor,
        anchor_date=anchor_date,
        anchored_at=anchored_at,
        provisional=provisional,
        day_1=day_1,
        skipped=_skipped(days, anchor_date, last) if clock.within.unit == "working-days" else (),
        calendar=days.version,
        clause=clock.clause,
    )


def put_off(rules: Policy, due: Due, to: PutOff) -> Due:
    """Moves a due date to another; reminders and ladder follow, the cap does not."""
    days = _days(rules)
    stage = rules.stage(due.stage)
    rule = stage.extension if to.how == "extended" else stage.agreed_date
    return due.model_copy(
        update={
            "on": to.until,
            "passes_at": end_of(to.until, rules.close_of_business),
            "reminders": _reminders(rules, due.clock, days, to.until),
            "rungs": _rungs(rules, due.clock, days, to.until) if due.rungs else (),
            "moves_on_at": due.moves_on_at and morning(days.after(to.until, 1)),
            "anchor": to.how,
            "anchor_date": to.was,
            "provisional": False,
            # A date agreed on may also be an earlier one.
            "day_1": min(days.after(to.was, 1), to.until),
            "skipped": _skipped(days, to.was, to.until),
            "clause": due.clause if rule is None else rule.clause,
        }
    )


def _days(rules: Policy) -> WorkingDays:
    return working_days(rules.nation, rules.closure_days)


def _moves_on_by_itself(rules: Policy, stage: Stage) -> bool:
    following = rules.next_stage(stage.name)
    return following is not None and following.admission == "when-not-resolved"


def _cap(stage: Stage, days: WorkingDays, due: date) -> date | None:
    if stage.extension is None or stage.extension.at_most == "uncapped":
        return None
    return add(stage.extension.at_most, days, due)


def _late_on(clock: Clock, days: WorkingDays, anchor_date: date) -> date | None:
    if not isinstance(clock, Window) or clock.late_within is None:
        return None
    return add(clock.late_within, days, anchor_date)


def _passes_at(
    rules: Policy, clock: Clock, name: ClockName, anchored_at: datetime, last: date
) -> datetime:
    if clock.within.unit == "hours":
        return anchored_at + timedelta(hours=clock.within.count)
    if name in RESIDENTS_TIME:
        # Closing writes to the resident, so it waits for the next working morning.
        return morning(_days(rules).after(last, 1))
    return end_of(last, rules.close_of_business)


def _reminders(
    rules: Policy, name: ClockName, days: WorkingDays, due: date
) -> tuple[datetime, ...]:
    before = rules.reminders.model_dump()
    counts = before["window" if name in RESIDENTS_TIME else name]
    return tuple(sorted({morning(days.before(due, count)) for count in counts}))


def _rungs(rules: Policy, name: ClockName, days: WorkingDays, since: date) -> tuple[RungTime, ...]:
    if name in RESIDENTS_TIME:  # letting it pass is nobody's lateness
        return ()
    return tuple(
        RungTime(at=morning(days.after(since, rung.after)), tell=rung.tell) for rung in rules.ladder
    )


def _skipped(days: WorkingDays, after: date, until: date) -> tuple[str, ...]:
    return tuple(f"{day} {reason}" for day, reason in days.skipped(after, until))
