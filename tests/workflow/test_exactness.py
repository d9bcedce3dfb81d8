"""Every due date of eleven years, counted a second time by another method from another source.

Ours bisects a table made from our calendar files. The second counting walks day by day and asks
the `holidays` package. They must not differ once, for any policy, nation and day of receipt, nor
for any day of acknowledgement.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import get_args

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.workflow import clocks, policies
from services.workflow.calendars import Nation
from services.workflow.clocks import NOON
from services.workflow.counting import day_1_and_last
from services.workflow.deadlines import in_time, work_out
from services.workflow.local_time import at
from services.workflow.policy import Clock, Policy
from services.workflow.working_days import working_days
from tests.days import day
from tests.workflow.policy_files import clock, policy

FIRST, LAST = date(2018, 1, 1), date(2028, 12, 31)
ONE_DAY = timedelta(days=1)

ACKNOWLEDGED_AFTER = (0, 1, 2, 3, 4, 5, 14)
"""Days from receipt to acknowledgement: the last of them is late, whatever holidays lie between."""

WORKING_DAYS = {"stage-1": (5, 10), "stage-2": (5, 20)}
"""To acknowledge and to respond: Code 6.2, 6.3, 6.11, 6.14, and Nacro's policy likewise."""

NATIONS: tuple[Nation, ...] = get_args(Nation)

BankHolidays = Mapping[Nation, frozenset[date]]


def bank_holidays() -> BankHolidays:
    """Returns the bank holidays of each nation as the `holidays` package has them."""
    subdivisions = zip(NATIONS, ("ENG", "WLS", "SCT", "NIR"), strict=True)
    years = range(FIRST.year, LAST.year + 2)
    return {
        nation: frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=years))
        for nation, subdivision in subdivisions
    }


THEIRS = bank_holidays()


@lru_cache(20_000)
def walk(start: date, count: int, off: frozenset[date]) -> date:
    """Returns the day reached by walking on from `start` until `count` working days were met."""
    while count:
        start += ONE_DAY
        if start.weekday() < 5 and start not in off:
            count -= 1
    return start


def each_day(first: date, last: date) -> Iterator[date]:
    """Yields every day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def noon(day: date) -> datetime:
    """Returns noon in London."""
    return at(day, NOON)


def differences(
    rules: Policy, first: date, last: date, theirs: BankHolidays = THEIRS
) -> Iterator[str]:
    """Yields a line for each receipt and acknowledgement for which the two countings differ."""
    stage, off = rules.stages[0], theirs[rules.nation]
    to_acknowledge, to_respond = WORKING_DAYS[stage.name]
    counted = cache(lambda made: count(rules, stage.respond, made))
    for received in each_day(first, last):
        acknowledge, respond = clocks.first_dues(rules, stage, noon(received), noon(received))
        acknowledge_by = walk(received, to_acknowledge, off)
        respond_by = walk(acknowledge_by, to_respond, off)
        found: list[tuple[date | None, date, date]] = [
            (None, acknowledge.on, acknowledge_by),
            (None, respond.on, respond_by),
        ]
        for days in ACKNOWLEDGED_AFTER:
            made = received + timedelta(days=days)
            ours = counted(made) if in_time(acknowledge, noon(made)) else respond.on
            found.append((made, ours, walk(min(made, acknowledge_by), to_respond, off)))
        for acknowledged, ours, expected in found:
            if ours != expected:
                yield (
                    f"{rules.name}, {rules.nation}, received {received:%a %F}, "
                    f"acknowledged {acknowledged or 'not yet'}: {ours:%a %F}, not {expected:%a %F}"
                )


def count(rules: Policy, clock: Clock, anchor: date) -> date:
    """Returns the due date that a clock counts from a day: what every `Due` is made from."""
    days = working_days(rules.nation, rules.closure_days)
    return day_1_and_last(clock, days, noon(anchor))[1]


def under_every_nation() -> Iterator[Policy]:
    """Yields each published policy under the bank holidays of each nation."""
    for versions in policies.published().values():
        for rules in versions:
            yield from (rules.model_copy(update={"nation": nation}) for nation in NATIONS)


def test_every_due_date_is_that_of_a_second_independent_counting() -> None:
    found = (line for rules in under_every_nation() for line in differences(rules, FIRST, LAST))
    first_differences = list(islice(found, 10))
    assert not first_differences, "the first differences:\n" + "\n".join(first_differences)


def test_every_later_stage_counts_likewise_from_any_day() -> None:
    for rules in under_every_nation():
        off = THEIRS[rules.nation]
        for stage in rules.stages[1:]:
            spans = zip((stage.acknowledge, stage.respond), WORKING_DAYS[stage.name], strict=True)
            for each, span in spans:
                for anchor in each_day(FIRST, LAST):
                    assert count(rules, each, anchor) == walk(anchor, span, off), (rules, anchor)


@settings(deadline=None)
@given(
    st.sampled_from(list(under_every_nation())),
    st.dates(FIRST, LAST),
    st.integers(0, 20),
    st.sampled_from(["stage-1", "stage-2"]),
)
def test_the_table_of_deadlines_shows_the_same_dates(
    rules: Policy, received: date, days: int, stage: str
) -> None:
    made, off = received + timedelta(days=days), THEIRS[rules.nation]
    table = work_out(rules, noon(received), acknowledged_at=noon(made), stage=stage)
    to_acknowledge, to_respond = WORKING_DAYS[stage]
    assert table.acknowledge_by == walk(received, to_acknowledge, off)
    assert table.respond_by == walk(min(made, table.acknowledge_by), to_respond, off)


ENGLAND_2026 = (day("Thu 2026-01-01"), day("Thu 2026-12-31"))


def test_it_would_find_an_off_by_one_in_a_clock() -> None:
    acknowledge_late = policy(first_stage={"acknowledge": clock("6 working days", "received")})
    respond_early = policy(
        first_stage={"respond": clock("10 working days", "acknowledged", anchor_is_day_1=True)}
    )
    for wrong in (acknowledge_late, respond_early):
        assert len(list(islice(differences(wrong, *ENGLAND_2026), 100))) == 100


@pytest.mark.parametrize(
    ("nation", "bank_holiday"),
    [
        ("england", "Fri 2020-05-08"),
        ("wales", "Mon 2023-05-08"),
        ("scotland", "Mon 2026-06-15"),
        ("northern-ireland", "Mon 2022-09-19"),
        ("england", "Mon 2026-12-28"),
    ],
)
def test_it_would_find_a_holiday_that_one_of_the_two_does_not_know(
    nation: Nation, bank_holiday: str
) -> None:
    dropped = day(bank_holiday)
    near = (dropped - timedelta(days=20), dropped)
    rules = policies.in_force("nacro", dropped).model_copy(update={"nation": nation})
    without = {nation: THEIRS[nation] - {dropped}}
    assert not list(differences(rules, *near))
    assert list(differences(rules, *near, theirs=without))


def test_it_would_find_a_day_off_too_many() -> None:
    closed = policy(closure_days=[day("Wed 2026-07-01")])
    first, *_ = differences(closed, *ENGLAND_2026)
    assert first == (
        "nacro, england, received Wed 2026-06-10, acknowledged not yet: Thu 2026-07-02, "
        "not Wed 2026-07-01"
    )
