"""The year that is drawn has the published counts, whatever the seed and the year it is set in."""

from collections import Counter

import pytest

from services.shared.local_time import local_date
from tests.year import cases, timetable
from tests.year.cases import Case
from tests.year.source import percent_of, read_source, read_staff

SOURCE, STAFF = read_source(), read_staff()
PUBLISHED = SOURCE.published

YEARS = [(2024 + seed % 7, seed) for seed in range(21)]


@pytest.mark.parametrize(("year", "seed"), YEARS)
def test_every_drawn_year_has_the_published_counts(year: int, seed: int) -> None:
    drawn = cases.draw(SOURCE, STAFF, year, seed)
    first = [case.stages[0] for case in drawn]
    second = [case.stages[1] for case in drawn if len(case.stages) == 2]
    for found, told in ((first, PUBLISHED.stage_1), (second, PUBLISHED.stage_2)):
        asked = [local_date(stage.times.requested_at) for stage in found]
        in_quarters = [sum(map(one.holds, asked)) for one in cases.quarters(year)]
        assert tuple(in_quarters) == told.received
        decided = Counter(stage.outline.decision for stage in found)
        outcomes = told.outcomes.model_dump()
        assert {code.replace("_", "-"): count for code, count in outcomes.items()} == {
            code: count for code, count in decided.items() if code is not None
        }
    assert sum(stage.outline.late for stage in first) == 71
    assert sum(stage.outline.extended for stage in first) == SOURCE.drawn.extended
    slowest = [case for case in drawn if case.service_area == "CAS-2"]
    assert (len(slowest), sum(case.stages[0].outline.late for case in slowest)) == (35, 31)
    gone_on = [case for case in drawn if len(case.stages) == 2]
    assert sum(case.stages[0].outline.late for case in gone_on) == 3
    theme = [case for case in drawn if case.category in PUBLISHED.main_theme.categories]
    assert len(theme) == percent_of(56, 135)
    assert sum(case in theme for case in gone_on) == percent_of(56, 12)


@pytest.mark.parametrize(("year", "seed"), YEARS)
def test_who_was_in_time_does_not_turn_on_how_the_days_are_counted(year: int, seed: int) -> None:
    days = timetable.days()
    for case in cases.draw(SOURCE, STAFF, year, seed):
        for number, stage in enumerate(case.stages, 1):
            times, within = stage.times, timetable.RESPOND_WITHIN[number]
            asked, acknowledged, responded = (
                local_date(moment)
                for moment in (times.requested_at, times.acknowledged_at, times.responded_at)
            )
            by_policy = days.after(min(acknowledged, days.after(asked, 5)), within)
            in_time = [
                responded <= days.after(asked, within),
                responded <= by_policy,
                responded <= days.after(acknowledged, within),
            ]
            assert in_time == [not stage.outline.late] * 3
            assert (acknowledged <= days.after(asked, 5)) is not stage.outline.acknowledged_late


def test_what_is_done_is_done_in_its_order() -> None:
    for case in cases.draw(SOURCE, STAFF, 2027, 1):
        for stage in case.stages:
            times = stage.times
            order = [times.requested_at, times.assigned_at, times.acknowledged_at, times.midway]
            assert [*order, times.responded_at] == sorted([*order, times.responded_at])


def test_the_same_seed_gives_the_same_year_and_another_another() -> None:
    def drawn(seed: int) -> list[Case]:
        return cases.draw(SOURCE, STAFF, 2027, seed)

    assert drawn(7) == drawn(7) != drawn(8)
