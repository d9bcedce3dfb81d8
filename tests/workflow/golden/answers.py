"""Answers to the tables beside it, from the product and from the reckoning, cell by cell."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from services.shared.events import RESIDENTS_TIME
from services.workflow import policies
from services.workflow.clocks import due_date, first_dues
from services.workflow.policy import Policy
from services.workflow.stages import Clock, Stage
from tests.days import written
from tests.workflow.golden.reckoning import (
    BANK_HOLIDAYS,
    EIGHT,
    DaysOff,
    counted,
    in_london,
    in_utc,
    next_working_day,
)
from tests.workflow.golden.tables import Row, Table, instant

Answer = Callable[[Table, datetime], Row]
"""Works out what some cells of a row say, from the instant at which its clock begins."""


def a_day(on: date) -> str:
    """Returns a day as the tables have it."""
    return f"{on:%a %Y-%m-%d}"


def listed(days_off: list[date]) -> str:
    """Returns bank holidays as the tables have them."""
    return ", ".join(f"{each.day} {each:%b}" for each in days_off) or "-"


def shown(at: datetime) -> str:
    """Returns what clocks in London show at an instant, by the reckoning's own rule."""
    return f"{in_london(at):%a %Y-%m-%d %H:%M}"


def parts(table: Table) -> tuple[Policy, Stage, Clock]:
    """Returns the policy, the stage and the clock of which a table speaks."""
    rules = policies.version(table.policy, table.effective)
    stage = rules.stage(table.stage)
    clock = stage.clock(table.clock)
    assert clock is not None, f"{table}: the policy has no such clock"
    return rules, stage, clock


def by_the_product(table: Table, at: datetime) -> Row:
    """Returns a whole row as the product works it out."""
    rules, stage, clock = parts(table)
    due = due_date(rules, stage, table.clock, at, known_at=at)
    row = {
        due.anchor: written(due.anchored_at),
        "UTC": f"{due.anchored_at:%Y-%m-%d %H:%MZ}",
        "day 1": a_day(due.day_1),
        "due": a_day(due.on),
    }
    if due.latest_extension is not None:
        row["latest"] = a_day(due.latest_extension)
    if table.clock == "acknowledge":
        *_, respond = first_dues(rules, stage, at, at)
        row |= {"response": a_day(respond.on)} if respond.provisional else {}
    if table.clock in RESIDENTS_TIME:
        row["closes"] = written(due.passes_at)
    if due.moves_on_at is not None:
        row["moves on"] = written(due.moves_on_at)
    if due.late_on is not None:
        row["late"] = a_day(due.late_on)
    if clock.within.unit == "working-days":
        skipped = (entry.split(" ", 1) for entry in due.skipped)
        weekend = {"Saturday", "Sunday"}
        row["bank holidays"] = listed(
            [date.fromisoformat(on) for on, why in skipped if why not in weekend]
        )
    return row


def by_reckoning(table: Table, at: datetime, off: DaysOff = BANK_HOLIDAYS) -> Row:
    """Returns a whole row as reckoned from what the head of the table says."""
    anchor = in_london(at).date()
    days = counted(table.within, anchor, off)
    due = days[-1]
    row = {
        table.anchor: shown(at),
        "UTC": f"{at:%Y-%m-%d %H:%MZ}",
        "day 1": a_day(days[0]),
        "due": a_day(due),
    }
    if table.cap is not None:
        row["latest"] = a_day(counted(table.cap, due, off)[-1])
    if table.response is not None:
        row["response"] = a_day(counted(table.response, due, off)[-1])
    if table.clock in {"escalate", "reply"}:
        row["closes"] = shown(in_utc(next_working_day(due, off), EIGHT))
    if table.moves_on:
        row["moves on"] = shown(in_utc(next_working_day(due, off), EIGHT))
    if table.late_within is not None:
        row["late"] = a_day(counted(table.late_within, anchor, off)[-1])
    if "working" in table.within:
        row["bank holidays"] = listed([on for on in sorted(off) if anchor < on <= due])
    return row


def differences(answer: Answer, among: tuple[Table, ...]) -> Iterator[str]:
    """Yields a line for each cell that is not what the answer says."""
    for table in among:
        for row in table.rows:
            for column, said in answer(table, instant(row)).items():
                if row.get(column) != said:
                    begins = f"{table.anchor} {row[table.anchor]}"
                    yield f"{table}, {begins}: {column} is {said}, not {row.get(column)}"
