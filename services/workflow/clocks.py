"""When things are due: pure functions over a policy, dates and the working days.

A due date is a date in Europe/London. It passes at the end of that day, or at the policy's close
of business. A clock whose anchor is still to come counts from the day on which that anchor was
due, so being late with one thing buys no time for the next.
"""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import AwareDatetime

from services.shared.events import ClockName, Frozen, Rung, aware
from services.workflow import policies
from services.workflow.counting import add, day_1_and_last
from services.workflow.local_time import LONDON, at, end_of, local_date, morning
from services.workflow.policy import Anchor, Clock, Policy, Stage
from services.workflow.working_days import WorkingDays, working_days

__all__ = [
    "LONDON",
    "Due",
    "DueQuestion",
    "ExtendedBy",
    "RungTime",
    "answer",
    "due_date",
    "first_dues",
    "local_date",
]

NOON = time(12)
"""Stands in for the hour of an anchor that is still to come: policies refuse hours on those."""


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


class ExtendedBy(Frozen):
    """An extension: the due date that it replaces, and the new one."""

    was: date
    until: date


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
    extension: ExtendedBy | None = None


def answer(question: DueQuestion) -> tuple[Due, ...]:
    """Works due dates out, from the published policy and the newest calendar.

    Raises NotThere `unknown-policy`, MendRequest `beyond-the-calendar`.
    """
    rules = policies.version(question.policy, question.policy_effective)
    stage = rules.stage(question.stage)
    if question.clock is None:
        return first_dues(rules, stage, question.anchored_at, question.asked_at)
    due = due_date(rules, stage, question.clock, question.anchored_at, known_at=question.asked_at)
    return (due if question.extension is None else _extended(rules, due, question.extension),)


def first_dues(
    rules: Policy, stage: Stage, started_at: datetime, known_at: datetime
) -> tuple[Due, Due]:
    """Returns the clocks that a stage starts with: acknowledge, and respond.

    `started_at` is the moment of receipt or of the request, `known_at` when it was entered (aware).
    Raises MendRequest `beyond-the-calendar`.
    """
    acknowledge = due_date(rules, stage, "acknowledge", started_at, known_at=known_at)
    if stage.respond.anchor == "acknowledged":
        stand_in = at(acknowledge.on, NOON)
        respond = due_date(rules, stage, "respond", stand_in, known_at=known_at, provisional=True)
    else:
        respond = due_date(rules, stage, "respond", started_at, known_at=known_at)
    return acknowledge, respond


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
    reminders = (at for at in _reminders(rules, name, days, last) if at > anchored_at)
    return Due(
        stage=stage.name,
        clock=name,
        on=last,
        passes_at=_passes_at(rules, clock, name, anchored_at, last),
        reminders=tuple(reminders),
        rungs=_rungs(rules, name, days, max(last, local_date(known_at))),
        latest_extension=add(stage.extension.at_most, days, last) if name == "respond" else None,
        anchor=clock.anchor,
        anchor_date=anchor_date,
        anchored_at=anchored_at,
        provisional=provisional,
        day_1=day_1,
        skipped=_skipped(days, anchor_date, last) if clock.within.unit == "working-days" else (),
        calendar=days.version,
        clause=clock.clause,
    )


def _days(rules: Policy) -> WorkingDays:
    return working_days(rules.nation, rules.closure_days)


def _passes_at(
    rules: Policy, clock: Clock, name: ClockName, anchored_at: datetime, last: date
) -> datetime:
    if clock.within.unit == "hours":
        return anchored_at + timedelta(hours=clock.within.count)
    if name == "escalate":
        # Closing writes to the resident, so it waits for the next working morning.
        return morning(_days(rules).after(last, 1))
    return end_of(last, rules.close_of_business)


def _reminders(
    rules: Policy, name: ClockName, days: WorkingDays, due: date
) -> tuple[datetime, ...]:
    before: dict[ClockName, tuple[int, ...]] = {
        "acknowledge": rules.reminders.acknowledge,
        "respond": rules.reminders.respond,
    }
    return tuple(sorted({morning(days.before(due, count)) for count in before.get(name, ())}))


def _rungs(rules: Policy, name: ClockName, days: WorkingDays, since: date) -> tuple[RungTime, ...]:
    if name == "escalate":  # the resident's own time: letting it pass is nobody's lateness
        return ()
    return tuple(
        RungTime(at=morning(days.after(since, rung.after)), tell=rung.tell) for rung in rules.ladder
    )


def _skipped(days: WorkingDays, after: date, until: date) -> tuple[str, ...]:
    return tuple(f"{day} {reason}" for day, reason in days.skipped(after, until))


def _extended(rules: Policy, due: Due, extension: ExtendedBy) -> Due:
    """Moves a due date to the extension's; reminders and ladder follow, the cap does not."""
    days = _days(rules)
    return due.model_copy(
        update={
            "on": extension.until,
            "passes_at": end_of(extension.until, rules.close_of_business),
            "reminders": _reminders(rules, due.clock, days, extension.until),
            "rungs": _rungs(rules, due.clock, days, extension.until),
            "anchor": "extended",
            "anchor_date": extension.was,
            "provisional": False,
            "day_1": days.after(extension.was, 1),
            "skipped": _skipped(days, extension.was, extension.until),
            "clause": rules.stage(due.stage).extension.clause,
        }
    )
