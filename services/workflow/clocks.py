"""When things are due: pure functions over a policy, dates and the working days.

A due date is a date in Europe/London. It passes at the end of that day, or at the policy's close
of business. Day 1 is the first working day after the day of the anchor, whatever day that was.
A clock whose anchor is still to come counts from the day on which that anchor was due, so being
late with one thing buys no time for the next.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from services.shared.events import ClockName, Frozen, Rung, aware
from services.workflow import policies
from services.workflow.policy import Anchor, Clock, Policy, Span, Stage
from services.workflow.working_days import WorkingDays, working_days

LONDON = ZoneInfo("Europe/London")

MORNING = time(8, 0)
"""Local time at which reminders and the ladder write to people, on working days only."""


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
) -> tuple[Due, ...]:
    """Returns the clocks that a stage starts with: acknowledge, and respond.

    `started_at` is the moment of receipt or of the request, `known_at` when it was entered (aware).
    """
    acknowledge = due_date(rules, stage, "acknowledge", started_at, known_at=known_at)
    if stage.respond.anchor == "acknowledged":
        stand_in = datetime.combine(acknowledge.on, time(12), LONDON)
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
    days = _days(rules)
    anchor_day = local_date(anchored_at)
    day_1, last = _count(clock, days, aware(anchored_at))
    watched = name != "escalate"
    if clock.within.unit == "hours":
        passes_at = aware(anchored_at).astimezone(UTC) + timedelta(hours=clock.within.count)
    elif watched:
        passes_at = _end_of(last, rules.close_of_business)
    else:
        # Closing writes to the resident, so it waits for the next working morning.
        passes_at = _morning(days.after(last, 1))
    return Due(
        stage=stage.name,
        clock=name,
        on=last,
        passes_at=passes_at,
        reminders=_reminders(rules, name, days, last) if watched else (),
        rungs=_rungs(rules, days, max(last, local_date(known_at))) if watched else (),
        latest_extension=(_add(stage.extension.at_most, days, last) if name == "respond" else None),
        anchor=clock.anchor,
        anchor_date=anchor_day,
        anchored_at=aware(anchored_at).astimezone(UTC),
        provisional=provisional,
        day_1=day_1,
        skipped=(
            tuple(f"{day} {reason}" for day, reason in days.skipped(anchor_day, last))
            if clock.within.unit == "working-days"
            else ()
        ),
        calendar=days.version,
        clause=clock.clause,
    )


def local_date(moment: datetime) -> date:
    """Returns the day in Europe/London of an instant (aware)."""
    return aware(moment).astimezone(LONDON).date()


def _days(rules: Policy) -> WorkingDays:
    return working_days(rules.nation, rules.closure_days)


def _count(clock: Clock, days: WorkingDays, anchored_at: datetime) -> tuple[date, date]:
    """Returns day 1 and the due date."""
    anchor_day = local_date(anchored_at)
    span = clock.within
    if span.unit == "hours":
        return anchor_day, local_date(anchored_at + timedelta(hours=span.count))
    if span.unit == "working-days":
        start = anchor_day
        if clock.anchor_is_day_1:
            start = days.from_day(anchor_day) - timedelta(days=1)
        return days.after(start, 1), days.after(start, max(span.count, 1))
    if clock.anchor_is_day_1:
        before = anchor_day - timedelta(days=1)
        return anchor_day, _add(span, days, before)
    return anchor_day + timedelta(days=1), _add(span, days, anchor_day)


def _add(span: Span, days: WorkingDays, day: date) -> date:
    """Returns the day that lies `span` after `day`. A month ends on its last day if need be."""
    match span.unit:
        case "working-days":
            return days.after(day, span.count) if span.count else day
        case "hours":
            return day + timedelta(hours=span.count)
        case "days":
            return day + timedelta(days=span.count)
        case "weeks":
            return day + timedelta(weeks=span.count)
        case "months":
            months = day.year * 12 + day.month - 1 + span.count
            year, month = divmod(months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return date(year, month + 1, min(day.day, last))


def _end_of(day: date, close_of_business: time | None) -> datetime:
    local = (
        datetime.combine(day + timedelta(days=1), time(0), LONDON)
        if close_of_business is None
        else datetime.combine(day, close_of_business, LONDON)
    )
    return local.astimezone(UTC)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, LONDON).astimezone(UTC)


def _reminders(
    rules: Policy, name: ClockName, days: WorkingDays, due: date
) -> tuple[datetime, ...]:
    before = rules.reminders.acknowledge if name == "acknowledge" else rules.reminders.respond
    return tuple(sorted({_morning(days.before(due, count)) for count in before}))


def _rungs(rules: Policy, days: WorkingDays, since: date) -> tuple[RungTime, ...]:
    return tuple(
        RungTime(at=_morning(days.after(since, rung.after)), tell=rung.tell)
        for rung in rules.ladder
    )


def _extended(rules: Policy, due: Due, extension: ExtendedBy) -> Due:
    """Moves a due date to the extension's; reminders and ladder follow, the cap does not."""
    days = _days(rules)
    return due.model_copy(
        update={
            "on": extension.until,
            "passes_at": _end_of(extension.until, rules.close_of_business),
            "reminders": _reminders(rules, due.clock, days, extension.until),
            "rungs": _rungs(rules, days, extension.until),
            "anchor": "extended",
            "anchor_date": extension.was,
            "provisional": False,
            "day_1": days.after(extension.was, 1),
            "skipped": tuple(
                f"{day} {reason}" for day, reason in days.skipped(extension.was, extension.until)
            ),
            "clause": rules.stage(due.stage).extension.clause,
        }
    )
