"""Counting a complaint anew by a newer calendar: which dates move, and which stay. Pure.

A date moves when it has not passed, was worked out by the policy, and comes out as another day. A
date that was given for an extension or agreed with the resident stays; its reminders and its
ladder follow the calendar. A response that counts from an acknowledgement to come follows the new
date of that. What was met, missed or stopped is history.

As with an action, `question` says what must be worked out, `answer` does so, and `carry_out`
changes the complaint.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple, cast

from pydantic import AwareDatetime

from services.notify.contents import DueMovedNotice, MovedDate, NewHoliday
from services.shared import calendars
from services.shared.errors import TryLater
from services.shared.events import RESIDENTS_TIME, DueMoved, Frozen
from services.workflow import policies
from services.workflow.clocks import Due, PutOff, due_date, noon, put_off
from services.workflow.complaint import ITSELF, Complaint, RunningClock
from services.workflow.policy import Policy
from services.workflow.recount_messages import ClockMove, Counting, Left, Recount
from services.workflow.turn import Turn


class RecountQuestion(Frozen):
    """Asks for the due dates of running clocks by a calendar of at least this version."""

    policy: str
    policy_effective: date
    calendar: str
    asked_at: AwareDatetime
    dues: tuple[Due, ...]


class Recounted(Frozen):
    """What one clock goes by from now on, and why its date stayed if it did."""

    due: Due
    left: Left | None


class RecountAnswer(Frozen):
    """The due dates by the newest calendar, in the question's order."""

    calendar: str
    clocks: tuple[Recounted, ...]


class Moved(NamedTuple):
    """One clock before and after."""

    was: Due
    now: Due


def question(complaint: Complaint, calendar: str, now: datetime) -> RecountQuestion | None:
    """Returns what must be worked out for a calendar, or None when it is counted by it already."""
    counted_by = counting(complaint, calendar).calendar
    if counted_by is None or counted_by >= calendar:
        return None
    return RecountQuestion(
        policy=complaint.rules.name,
        policy_effective=complaint.rules.effective,
        calendar=calendar,
        asked_at=now,
        dues=tuple(clock.due for clock in _in_time(complaint)),
    )


def answer(question: RecountQuestion) -> RecountAnswer:
    """Works the dates out by the newest calendar here.

    Raises TryLater `calendar-not-here` while the calendar asked about has not arrived, NotThere
    `unknown-policy`, MendRequest `beyond-the-calendar`.
    """
    newest = calendars.newest().version.isoformat()
    if newest < question.calendar:
        raise TryLater(
            "calendar-not-here",
            f"The newest calendar of this worker is of {newest}, not of {question.calendar}.",
        )
    rules = policies.version(question.policy, question.policy_effective)
    return RecountAnswer(calendar=newest, clocks=recount(rules, question.dues, question.asked_at))


def recount(rules: Policy, dues: Sequence[Due], now: datetime) -> tuple[Recounted, ...]:
    """Works out anew when running clocks are due, in their order; `now` is aware."""
    acknowledged_by = {
        due.stage: _recounted(rules, due, due.anchored_at, now).due.on
        for due in dues
        if due.clock == "acknowledge"
    }
    return tuple(_recounted(rules, due, _anchored_at(due, acknowledged_by), now) for due in dues)


def carry_out(complaint: Complaint, answer: RecountAnswer, now: datetime) -> Turn:
    """Moves the clocks, records it, and tells whoever was given a date that moved, once."""
    turn = Turn(complaint, now, ITSELF)
    moved: list[Moved] = []
    lines = [_line(clock, clock.due, "passed-already") for clock in _missed(complaint)]
    for clock, found in zip(_in_time(complaint), answer.clocks, strict=True):
        lines.append(_line(clock, found.due, found.left))
        if clock.due.on != found.due.on:
            moved.append(Moved(clock.due, found.due))
        _set(turn, clock, found.due)
    complaint.recounts.append(Recount(calendar=answer.calendar, clocks=tuple(lines)))
    _tell(turn, moved)
    return turn


def counting(complaint: Complaint, calendar: str) -> Counting:
    """Returns how the complaint is counted, and what the recount for a calendar did to it."""
    done = next((one for one in complaint.recounts if one.calendar >= calendar), None)
    lines = list(done.clocks) if done else []
    told = {(line.stage, line.clock) for line in lines}
    for clocks, left in ((_missed, "passed-already"), (_in_time, "counted-already")):
        lines += [
            _line(clock, clock.due, cast(Left, left))
            for clock in clocks(complaint)
            if (clock.due.stage, clock.due.clock) not in told
        ]
    counted_by = (_counted_by(complaint, clock.due) for clock in _in_time(complaint))
    return Counting(calendar=min(counted_by, default=None), clocks=tuple(lines))


def _anchored_at(due: Due, acknowledged_by: Mapping[str, date]) -> datetime:
    if due.provisional and due.stage in acknowledged_by:
        return noon(acknowledged_by[due.stage])
    return due.anchored_at


def _recounted(rules: Policy, due: Due, anchored_at: datetime, now: datetime) -> Recounted:
    found = due_date(
        rules,
        rules.stage(due.stage),
        due.clock,
        anchored_at,
        known_at=now,
        provisional=due.provisional,
    )
    if due.anchor in {"extended", "agreed"}:
        how = cast(Literal["extended", "agreed"], due.anchor)
        stands = put_off(rules, found, PutOff(was=due.anchor_date, until=due.on, how=how))
        return Recounted(due=stands, left="extended-date" if how == "extended" else "agreed-date")
    if found.passes_at <= now:
        return Recounted(due=due, left="would-pass")
    if found.on == due.on:
        before = due.calendar == found.calendar
        return Recounted(due=found, left="counted-already" if before else "not-across")
    return Recounted(due=found, left=None)


def _set(turn: Turn, clock: RunningClock, due: Due) -> None:
    """Moves a clock; a reminder that lies behind is not sent again for the new date."""
    was, behind = clock.due, clock.reminders_past
    ahead = len(was.reminders) - behind
    if was.on != due.on:
        turn.record(
            DueMoved,
            stage=due.stage,
            clock=due.clock,
            was=was.on,
            due=due.on,
            calendar=due.calendar,
        )
    if (was.on, was.passes_at) == (due.on, due.passes_at):
        clock.set_to(due, turn.now)
    else:
        turn.start_clock(due)
    if behind:
        clock.reminders_past = max(clock.reminders_past, len(due.reminders) - ahead)


def _tell(turn: Turn, moved: Sequence[Moved]) -> None:
    """Writes one notice to each person who was given a date that moved.

    The resident's page shows every clock of the stage; the investigator is given those that
    staff must keep.
    """
    complaint = turn.complaint
    if not moved:
        return
    turn.write_to_resident(_notice(moved))
    staffs = [one for one in moved if one.now.clock not in RESIDENTS_TIME]
    if not staffs or complaint.investigator is None:
        return
    turn.write_to_staff("investigator", _notice(staffs))
    if complaint.together_with is not None:
        turn.write_to_staff("investigator", _notice(staffs), instead=complaint.together_with)


def _notice(moved: Sequence[Moved]) -> DueMovedNotice:
    new = {holiday.day: holiday for one in moved for holiday in _new_holidays(one)}
    return DueMovedNotice(
        dates=tuple(MovedDate(clock=now.clock, was=was.on, due=now.on) for was, now in moved),
        new_holidays=tuple(new[day] for day in sorted(new)),
    )


def _new_holidays(moved: Moved) -> list[NewHoliday]:
    """Returns the days of the former time that have become bank holidays since."""
    known = {entry.partition(" ")[0] for entry in moved.was.skipped}
    skipped = (entry.split(" ", 1) for entry in moved.now.skipped)
    found = [NewHoliday(day=date.fromisoformat(day), name=name) for day, name in skipped]
    return [
        one
        for one in found
        if one.day.isoformat() not in known and moved.was.anchor_date < one.day <= moved.was.on
    ]


def _line(clock: RunningClock, due: Due, left: Left | None) -> ClockMove:
    was = clock.due
    return ClockMove(stage=was.stage, clock=was.clock, was=was.on, now=due.on, left=left)


def _in_time(complaint: Complaint) -> list[RunningClock]:
    return [clock for clock in complaint.clocks if clock.running and clock.missed_at is None]


def _missed(complaint: Complaint) -> list[RunningClock]:
    return [clock for clock in complaint.clocks if clock.running and clock.missed_at is not None]


def _counted_by(complaint: Complaint, due: Due) -> str:
    """A date that stayed under a newer calendar is counted by that."""
    seen = [
        one.calendar
        for one in complaint.recounts
        if any((c.stage, c.clock, c.now) == (due.stage, due.clock, due.on) for c in one.clocks)
    ]
    return max([due.calendar, *seen])
