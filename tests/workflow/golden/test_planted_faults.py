"""Faults planted in the counting, to show that the golden tables would find each of them."""

from datetime import date, datetime
from functools import partial

import pytest

from services.shared import calendars
from services.shared.working_days import WorkingDays
from services.workflow import clocks
from services.workflow.counting import day_1_and_last
from services.workflow.stages import Clock
from tests.workflow.golden import tables
from tests.workflow.golden.answers import Answer, a_day, differences, parts
from tests.workflow.golden.reckoning import BANK_HOLIDAYS, ONE_DAY
from tests.workflow.golden.tables import Row, Table, instant

GOLDEN = tables.read()


def count(clock: Clock, days: WorkingDays, at: datetime) -> Row:
    """Returns what the product's counting says, for a clock and days that a fault may be in."""
    day_1, last = day_1_and_last(clock, days, at)
    return {"day 1": a_day(day_1), "due": a_day(last)}


def england(*, ignoring: frozenset[date] = frozenset()) -> WorkingDays:
    """Returns England's working days, as if some bank holidays were none."""
    calendar = calendars.newest()
    kept = {
        on: name for on, name in calendar.bank_holidays("england").items() if on not in ignoring
    }
    divisions = calendar.divisions | {"england-and-wales": kept}
    return WorkingDays(calendar.model_copy(update={"divisions": divisions}), "england")


ENGLAND = england()


def on_days(days: WorkingDays, table: Table, at: datetime) -> Row:
    return count(parts(table)[2], days, at)


def own_day_is_day_1(table: Table, at: datetime) -> Row:
    return count(parts(table)[2].model_copy(update={"anchor_is_day_1": True}), ENGLAND, at)


def day_1_is_a_day_late(table: Table, at: datetime) -> Row:
    return count(parts(table)[2], ENGLAND, at + ONE_DAY)


def one_more(table: Table, at: datetime) -> Row:
    clock = parts(table)[2]
    longer = clock.within.model_copy(update={"count": clock.within.count + 1})
    return count(clock.model_copy(update={"within": longer}), ENGLAND, at)


def date_in_utc(table: Table, at: datetime) -> Row:
    return count(parts(table)[2], ENGLAND, clocks.noon(at.date()))


def hours_as_in_winter(table: Table, at: datetime) -> Row:
    return {table.anchor: f"{at:%a %Y-%m-%d %H:%M}"}


@pytest.mark.parametrize(
    "fault", [own_day_is_day_1, day_1_is_a_day_late, one_more, date_in_utc, hours_as_in_winter]
)
def test_each_table_alone_would_find_a_planted_fault(fault: Answer) -> None:
    for table in GOLDEN.tables:
        found = list(differences(fault, (table,)))
        knows_the_hour = table.anchor != "heard"
        assert found or (fault is date_in_utc and not knows_the_hour), f"{table} does not notice"


def test_without_a_fault_the_same_counting_differs_nowhere() -> None:
    assert not list(differences(partial(on_days, ENGLAND), GOLDEN.tables))


def test_together_they_would_find_any_bank_holiday_that_is_ignored() -> None:
    last = max(instant(row) for table in GOLDEN.tables for row in table.rows).date()
    unnoticed = []
    for holiday in sorted(each for each in BANK_HOLIDAYS if each <= last):
        days = england(ignoring=frozenset({holiday}))
        if next(differences(partial(on_days, days), GOLDEN.tables), None) is None:
            unnoticed.append(a_day(holiday))
    assert not unnoticed


def test_each_table_of_working_days_would_find_that_bank_holidays_are_ignored() -> None:
    fault = partial(on_days, england(ignoring=BANK_HOLIDAYS))
    for table in GOLDEN.tables:
        if "working" in table.within:
            assert next(differences(fault, (table,)), None), f"{table} does not notice"
