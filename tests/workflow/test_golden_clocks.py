"""The golden tables, an independent reckoning and the product agree in every cell."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal, get_args

import pytest

from services.shared.events import RESIDENTS_TIME, ClockName
from services.workflow import clocks, policies
from services.workflow.clocks import Due, DueQuestion, PutOff, due_date, first_dues
from services.workflow.stages import Window
from tests.days import day, written
from tests.workflow.golden import tables
from tests.workflow.golden.answers import (
    Answer,
    a_day,
    by_reckoning,
    by_the_product,
    differences,
    parts,
    shown,
)
from tests.workflow.golden.reckoning import (
    BANK_HOLIDAYS,
    ONE_HOUR,
    counted,
    in_london,
    in_utc,
    midnight_after,
)
from tests.workflow.golden.second_counting import CLOCKS
from tests.workflow.golden.tables import Agreed, Row, Table, instant

GOLDEN = tables.read()
COUNTED_OUT = tables.rows((tables.HERE / "counted-out.txt").read_text("utf-8"))


# What the tables are ------------------------------------------------------------------------------


def test_every_clock_of_the_six_policies_has_a_table_and_there_are_no_others() -> None:
    """Those of the source documents; a later version may have its tables or go without."""
    with_tables = {(table.policy, table.effective) for table in GOLDEN.tables}
    assert {(name, policies.versions(name)[0].effective) for name in CLOCKS} <= with_tables
    wanted = [
        (rules.name, rules.effective, stage.name, name)
        for rules in (policies.version(*each) for each in with_tables)
        for stage in rules.stages
        for name in get_args(ClockName)
        if stage.clock(name) is not None
    ]
    found = [(table.policy, table.effective, table.stage, table.clock) for table in GOLDEN.tables]
    assert sorted(found) == sorted(wanted), "tests/workflow/golden/README.md says what a table is"


@pytest.mark.parametrize("table", GOLDEN.tables, ids=str)
def test_the_head_of_a_table_says_what_the_policy_says(table: Table) -> None:
    _, stage, clock = parts(table)
    assert (table.within, table.anchor) == (str(clock.within), clock.anchor)
    assert not clock.anchor_is_day_1
    late_within = clock.late_within if isinstance(clock, Window) else None
    assert table.late_within == (str(late_within) if late_within else None)
    stands_in = table.clock == "acknowledge" and stage.respond.anchor == "acknowledged"
    assert table.response == (str(stage.respond.within) if stands_in else None)
    cap = str(stage.extension.at_most) if stage.extension else "none"
    assert table.extension == (cap if table.clock == "respond" else None)


def near_a_clock_change(anchor: date, month: int) -> bool:
    around = (in_utc(anchor + timedelta(days=n), time(12)).hour for n in range(-3, 4))
    return abs(anchor.month - month) <= 1 and any(a != b for a, b in pairwise(around))


KINDS_OF_DAY: dict[str, Callable[[date, date], bool]] = {
    "from a Saturday": lambda anchor, _: anchor.isoweekday() == 6,
    "from a Sunday": lambda anchor, _: anchor.isoweekday() == 7,
    "from a bank holiday": lambda anchor, _: anchor in BANK_HOLIDAYS,
    "near the clock change of spring": lambda anchor, _: near_a_clock_change(anchor, 3),
    "near the clock change of autumn": lambda anchor, _: near_a_clock_change(anchor, 10),
    "over the end of a year": lambda anchor, due: anchor.year < due.year,
    "over Christmas": lambda anchor, due: any(
        anchor <= date(year, 12, 25) <= due for year in (anchor.year, due.year)
    ),
    "over Easter": lambda anchor, due: any(
        anchor <= each <= due and each.month in {3, 4} for each in BANK_HOLIDAYS
    ),
    "over a holiday in May": lambda anchor, due: any(
        anchor <= each <= due and each.month == 5 for each in BANK_HOLIDAYS
    ),
}
KINDS_OF_HOUR: dict[str, Callable[[datetime], bool]] = {
    "late on a summer evening": lambda at: (at.hour, in_london(at).hour) == (22, 23),
    "on what is still the day before in UTC": lambda at: at.date() < in_london(at).date(),
    "in the hour that comes twice": lambda at: in_london(at - ONE_HOUR) == in_london(at),
    "at the close of business": lambda at: shown(at)[-5:] in {"16:59", "17:00", "17:01"},
}


@pytest.mark.parametrize("table", GOLDEN.tables, ids=str)
def test_a_table_has_forty_different_beginnings_of_every_awkward_kind(table: Table) -> None:
    instants = [instant(row) for row in table.rows]
    assert len(set(instants)) == len(instants) >= 40
    runs = [
        (in_london(at).date(), day(row["due"]))
        for at, row in zip(instants, table.rows, strict=True)
    ]
    for kind, holds in KINDS_OF_DAY.items():
        assert any(holds(anchor, due) for anchor, due in runs), f"none {kind}"
    if table.anchor != "heard":  # of a hearing only the day is known
        for kind, is_so in KINDS_OF_HOUR.items():
            assert any(is_so(at) for at in instants), f"none {kind}"


# Data, reckoning and product ----------------------------------------------------------------------


@pytest.mark.parametrize("answer", [by_the_product, by_reckoning])
def test_every_cell_is_what_the_product_and_the_reckoning_say(answer: Answer) -> None:
    for table in GOLDEN.tables:
        columns = list(table.rows[0])
        assert columns == list(answer(table, instant(table.rows[0]))), table
    found = list(differences(answer, GOLDEN.tables))
    assert not found, f"{len(found)} cells differ, the first:\n" + "\n".join(found[:10])


def test_every_weekday_in_the_tables_is_the_right_one() -> None:
    for table in GOLDEN.tables:
        for row in table.rows:
            assert all(
                day(cell[:14])
                for column, cell in row.items()
                if column not in {"UTC", "bank holidays"}
            )


@pytest.mark.parametrize("row", COUNTED_OUT, ids=lambda row: "-".join(row.values())[:60])
def test_what_was_counted_out_by_hand_stands_in_the_tables(row: Row) -> None:
    [table] = [
        each
        for each in GOLDEN.tables
        if (each.policy, each.stage, each.clock) == (row["policy"], row["stage"], row["clock"])
    ]
    found = next(each for each in table.rows if each[table.anchor] == row["from"])
    assert found[row["what"]] == row["date"]
    if row["counted"] != "-":
        since = row["from"] if row["what"] == "due" else found["due"]
        span = {"due": table.within, "latest": table.cap, "response": table.response}[row["what"]]
        days = counted(str(span), day(since[:14]), BANK_HOLIDAYS)
        assert [each.day for each in days] == [int(number) for number in row["counted"].split()]


def test_a_landlords_date_passes_at_the_midnight_in_london_that_ends_it() -> None:
    for table in GOLDEN.tables:
        if table.clock in RESIDENTS_TIME:
            continue
        rules, stage, _ = parts(table)
        for row in table.rows:
            at = instant(row)
            due = due_date(rules, stage, table.clock, at, known_at=at)
            assert due.passes_at == midnight_after(day(row["due"])), (table, row)


def test_a_stage_starts_with_the_very_clocks_that_the_tables_hold() -> None:
    for table in GOLDEN.tables:
        rules, stage, clock = parts(table)
        if clock.anchor != stage.begins:
            continue
        for row in table.rows:
            at = instant(row)
            started = {due.clock: due for due in first_dues(rules, stage, at, at)}
            alone = due_date(rules, stage, table.clock, at, known_at=at)
            assert started[table.clock] == alone, (table, row)


# Other dates for a response -----------------------------------------------------------------------


def put_off(table: Table | Agreed, row: Row, until: str, how: Literal["extended", "agreed"]) -> Due:
    """Returns the response after its date was moved, asked for as the workflow asks."""
    moved = PutOff(was=day(row["due"]), until=day(until), how=how)
    [due] = clocks.answer(
        DueQuestion(
            policy=table.policy,
            policy_effective=table.effective,
            stage=table.stage,
            clock="respond",
            anchored_at=instant(row),
            asked_at=instant(row),
            put_off=moved,
        )
    )
    return due


UNCAPPED = {"manchester", "review-panel"}
"""Manchester sets no cap; the review panel has dates agreed instead of extensions."""


def test_an_extension_runs_to_the_end_of_its_last_day_and_never_moves_the_cap() -> None:
    capped = [table for table in GOLDEN.tables if table.cap is not None]
    assert {table.policy for table in capped} == set(CLOCKS) - UNCAPPED
    for table in capped:
        _, stage, _ = parts(table)
        assert stage.extension is not None
        for row in table.rows:
            latest = day(row["latest"])
            due = put_off(table, row, row["latest"], "extended")
            assert (due.on, due.latest_extension) == (latest, latest)
            assert due.passes_at == midnight_after(latest)
            assert due.day_1 == counted("1 working day", day(row["due"]), BANK_HOLIDAYS)[0]
            assert (due.anchor, a_day(due.anchor_date)) == ("extended", row["due"])
            assert due.clause == stage.extension.clause


@pytest.mark.parametrize("agreed", GOLDEN.agreed, ids=lambda agreed: agreed.policy)
def test_a_date_agreed_with_the_resident_replaces_the_one_that_was_aimed_at(agreed: Agreed) -> None:
    rules = policies.version(agreed.policy, agreed.effective)
    stage = rules.stage(agreed.stage)
    assert stage.agreed_date is not None
    for row in agreed.rows:
        at = instant(row)
        [aimed_at] = first_dues(rules, stage, at, at)
        assert (written(at), a_day(aimed_at.on)) == (row[stage.begins], row["due"])
        due = put_off(agreed, row, row["agreed"], "agreed")
        assert a_day(due.on) == row["agreed"]
        assert due.passes_at == midnight_after(due.on)
        told = [f"{reminder} 08:00" for reminder in row["reminders"].split(", ")]
        assert [written(at) for at in due.reminders] == told
        assert written(due.rungs[0].at) == f"{row['ladder']} 08:00"
        assert (due.anchor, due.anchor_date, due.provisional) == ("agreed", aimed_at.on, False)
        assert due.clause == stage.agreed_date.clause


def test_before_a_hearing_no_response_is_due_and_then_it_counts_from_the_day_heard() -> None:
    [heard] = [table for table in GOLDEN.tables if table.anchor == "heard"]
    rules, stage, _ = parts(heard)
    for row in heard.rows:
        hearing = day(row["heard"][:14])
        noon = clocks.noon(hearing)
        assert noon == instant(row)
        assert [due.clock for due in first_dues(rules, stage, noon, noon)] == ["arrange"]
        due = due_date(rules, stage, "respond", noon, known_at=noon)
        assert (due.on - hearing).days == 21
        assert (due.provisional, due.latest_extension) == (False, None)
