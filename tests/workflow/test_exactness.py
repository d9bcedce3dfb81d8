"""Every due date of eleven years, counted a second time by another method from another source.

Ours bisects a table made from our calendar files, by the clocks of the policy files. The second
counting, in `golden/second_counting.py`, walks day by day, asks the `holidays` package, and has the
clocks typed in. They must not differ once, for any policy, stage, clock, nation and day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.shared.calendars import Nation
from services.shared.events import ClockName
from services.shared.working_days import working_days
from services.workflow import clocks, policies
from services.workflow.clocks import FIRST as FIRST_CLOCKS
from services.workflow.clocks import Due
from services.workflow.counting import day_1_and_last
from services.workflow.deadlines import in_time, work_out
from services.workflow.policy import Policy
from services.workflow.stages import Clock, Stage
from tests.days import day
from tests.workflow.golden.second_counting import (
    CAPS,
    CLOCKS,
    FIRST,
    LAST,
    NATIONS,
    THEIRS,
    BankHolidays,
    expected,
    span_and_anchor,
    walk,
)
from tests.workflow.policy_files import clock, policy

ACKNOWLEDGED_AFTER = (0, 1, 2, 3, 4, 5, 14)
"""Days from beginning to acknowledgement: the last is late, whatever holidays lie between."""


def each_day(first: date, last: date, every: int = 1) -> Iterator[date]:
    """Yields every day, or every so many days, from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range(0, (last - first).days + 1, every))


def differences(
    rules: Policy,
    stage: Stage,
    first: date,
    last: date,
    *,
    every: int = 1,
    theirs: BankHolidays = THEIRS,
) -> Iterator[str]:
    """Yields a line for each beginning and acknowledgement for which the two countings differ."""
    off, cap = theirs[rules.nation], CAPS.get((rules.name, stage.name))
    counting = cache(lambda made: count(rules, stage.respond, made))
    for began in each_day(first, last, every):
        dues = {
            due.clock: due
            for due in clocks.first_dues(rules, stage, clocks.noon(began), clocks.noon(began))
        }
        found: list[tuple[date | None, dict[ClockName, date]]] = [
            (None, {name: due.on for name, due in dues.items()})
        ]
        if stage.respond.anchor == "acknowledged":
            made = (began + timedelta(days=days) for days in ACKNOWLEDGED_AFTER)
            found += ((each, acknowledged(dues, each, counting(each))) for each in made)
        for when, ours in found:
            second = expected(rules.name, stage.name, began, when, off)
            if ours != second:
                yield f"{say(rules, stage, began, when)}: {said(ours)}, not {said(second)}"
        latest = dues["respond"].latest_extension if "respond" in dues else None
        furthest = walk(cap, dues["respond"].on, off) if cap else None
        if latest != furthest:
            yield f"{say(rules, stage, began, None)}: extended to {latest}, not {furthest}"


def acknowledged(dues: dict[ClockName, Due], made: date, respond: date) -> dict[ClockName, date]:
    """Returns the due dates once it was acknowledged, `respond` being what counts from that."""
    still = {name: due.on for name, due in dues.items()}
    return still | ({"respond": respond} if in_time(dues["acknowledge"], clocks.noon(made)) else {})


def say(rules: Policy, stage: Stage, began: date, acknowledged: date | None) -> str:
    """Returns for which beginning the countings differ, in words."""
    when = f"{rules.name} {stage.name}, {rules.nation}, begun {began:%a %F}"
    return when if acknowledged is None else f"{when}, acknowledged {acknowledged:%a %F}"


def said(dues: dict[ClockName, date]) -> str:
    """Returns due dates as a person writes them."""
    return ", ".join(f"{name} {on:%a %F}" for name, on in dues.items())


def count(rules: Policy, clock: Clock, anchor: date) -> date:
    """Returns the due date that a clock counts from a day: what every `Due` is made from."""
    days = working_days(rules.nation, rules.closure_days)
    return day_1_and_last(clock, days, clocks.noon(anchor))[1]


PUBLISHED = [policies.versions(name)[0] for name in CLOCKS]
"""The six policies of the source documents."""


def under_every_nation(rules: Policy) -> Iterator[Policy]:
    """Yields a policy under the bank holidays of each nation."""
    return (rules.model_copy(update={"nation": nation}) for nation in NATIONS)


def differently_begun() -> Iterator[tuple[Policy, Stage]]:
    """Yields each stage that starts with other clocks, or is extended otherwise, than the rest."""
    seen = []
    for rules in PUBLISHED:
        for stage in rules.stages:
            begins = [stage.clock(name) for name in FIRST_CLOCKS]
            rule = [(str(each.within), each.anchor) if each else None for each in begins]
            if (rule, CAPS.get((rules.name, stage.name))) not in seen:
                seen.append((rule, CAPS.get((rules.name, stage.name))))
                yield rules, stage


def test_every_clock_is_the_one_typed_in_here_and_counts_likewise_from_any_day() -> None:
    countings = set[tuple[Clock, str, Nation]]()
    for rules in PUBLISHED:
        assert not rules.closure_days
        for stage in rules.stages:
            present = [name for name in get_args(ClockName) if stage.clock(name) is not None]
            assert sorted(present) == sorted(CLOCKS[rules.name][stage.name]), (rules.name, stage)
            for name in present:
                found = stage.clock(name)
                assert found is not None
                span, anchor = span_and_anchor(rules.name, stage.name, name)
                assert found.anchor == anchor, (rules.name, stage.name, name)
                # Clocks that differ in their words only are counted once.
                alike = Clock(
                    **{"from": "received"},
                    within=found.within,
                    anchor_is_day_1=found.anchor_is_day_1,
                    clause="any",
                )
                countings |= {(alike, span, nation) for nation in NATIONS}
    for alike, span, nation in countings:
        days, off = working_days(nation), THEIRS[nation]
        for each in each_day(FIRST, LAST):
            _, last = day_1_and_last(alike, days, clocks.noon(each))
            assert last == walk(span, each, off), (span, nation, f"{each:%a %F}")


EVERY = 25
"""Days between two looks at what is composed of countings compared day by day above.

It shares no factor with a week, so every weekday comes round.
"""


def test_every_stage_starts_with_the_dates_of_a_second_independent_counting() -> None:
    found = (
        line
        for rules, stage in differently_begun()
        for there in under_every_nation(rules)
        for line in differences(
            there,
            stage,
            FIRST,
            LAST,
            every=1 if stage is rules.stages[0] and there.nation == rules.nation else EVERY,
        )
    )
    first_differences = list(islice(found, 10))
    assert not first_differences, "the first differences:\n" + "\n".join(first_differences)


@settings(deadline=None)
@given(
    st.sampled_from([(rules, stage) for rules in PUBLISHED for stage in rules.stages]),
    st.sampled_from(NATIONS),
    st.dates(FIRST, LAST),
    st.integers(0, 20),
)
def test_the_table_of_deadlines_shows_the_same_dates(
    which: tuple[Policy, Stage], nation: Nation, began: date, days: int
) -> None:
    rules, stage = which
    rules = rules.model_copy(update={"nation": nation})
    made = began + timedelta(days=days)
    table = work_out(rules, clocks.noon(began), acknowledged_at=clocks.noon(made), stage=stage.name)
    second = expected(rules.name, stage.name, began, made, THEIRS[nation])
    assert {each.clock: each.due for each in table.clocks} == second
    assert table.acknowledge_by == second.get("acknowledge")
    assert table.respond_by == second.get("respond")


ENGLAND_2026 = (day("Thu 2026-01-01"), day("Thu 2026-12-31"))


def test_it_would_find_an_off_by_one_in_a_clock() -> None:
    acknowledge_late = policy(first_stage={"acknowledge": clock("6 working days", "received")})
    respond_early = policy(
        first_stage={"respond": clock("10 working days", "acknowledged", anchor_is_day_1=True)}
    )
    for wrong in (acknowledge_late, respond_early):
        found = differences(wrong, wrong.stages[0], *ENGLAND_2026)
        assert len(list(islice(found, 100))) == 100


def test_it_would_find_an_extension_that_goes_too_far() -> None:
    extension = {"at_most": "11 working days", "clause": "Reading for a test"}
    generous = policy(first_stage={"extension": extension})
    first, *_ = differences(generous, generous.stages[0], *ENGLAND_2026)
    assert first == (
        "nacro stage-1, england, begun Thu 2026-01-01: extended to 2026-02-06, not 2026-02-05"
    )


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
    without = {nation: THEIRS[nation] - {dropped}}
    for published in PUBLISHED:
        rules = published.model_copy(update={"nation": nation})
        assert not list(differences(rules, rules.stages[0], *near))
        assert list(differences(rules, rules.stages[0], *near, theirs=without))


def test_it_would_find_a_day_off_too_many() -> None:
    closed = policy(closure_days=[day("Wed 2026-07-01")])
    received = day("Wed 2026-06-10")
    first, *_ = differences(closed, closed.stages[0], received, received)
    assert first == (
        "nacro stage-1, england, begun Wed 2026-06-10: "
        "acknowledge Wed 2026-06-17, respond Thu 2026-07-02, "
        "not acknowledge Wed 2026-06-17, respond Wed 2026-07-01"
    )
