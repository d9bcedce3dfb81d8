"""What stands out: rarely by chance, and surely when it does."""

from collections import Counter
from math import comb
from random import Random

import pytest

from services.reporting.measures.themes import (
    FALSE_ALARMS,
    LEAST,
    above_average,
    recurring,
    risen,
    upper_tail,
)

ALIKE = [f"area-{number}" for number in range(20)]


def fallen(chance: Random, complaints: int, weights: dict[str, float]) -> dict[str, int]:
    """Lets so many complaints fall on names by their weights."""
    drawn = Counter(chance.choices([*weights], [*weights.values()], k=complaints))
    return {name: drawn[name] for name in weights}


@pytest.mark.parametrize("complaints", [60, 400, 5000])
def test_where_all_are_alike_anything_is_named_in_at_most_one_report_of_twenty(
    complaints: int,
) -> None:
    chance = Random(complaints)  # noqa: S311 — the same reports in every run
    even = dict.fromkeys(ALIKE, 1.0)
    reports = 1000
    alarms = sum(bool(above_average(fallen(chance, complaints, even))) for _ in range(reports))
    # Three standard errors above the promise; by chance one run in a thousand would pass them.
    assert alarms / reports <= FALSE_ALARMS + 3 * (FALSE_ALARMS * 0.95 / reports) ** 0.5


def test_a_service_with_three_times_the_complaints_of_the_others_is_named() -> None:
    chance = Random(3)  # noqa: S311 — as above
    weights = dict.fromkeys(ALIKE, 1.0) | {"area-7": 3.0}
    found = [above_average(fallen(chance, 400, weights)) for _ in range(200)]
    assert sum("area-7" in named for named in found) > 190


def test_a_large_service_is_not_named_for_its_size() -> None:
    counts = {"large": 60, "small": 20, "other": 20}
    assert above_average(counts) == ("large",)
    assert above_average(counts, {"large": 3000, "small": 1000, "other": 1000}) == ()
    # Without every size, the sizes are not used.
    assert above_average(counts, {"large": 3000}) == ("large",)


def test_nothing_is_named_with_fewer_than_five() -> None:
    counts = {"one": LEAST - 1, **dict.fromkeys(ALIKE, 0)}
    assert above_average(counts) == ()
    assert above_average({**counts, "one": LEAST}) == ("one",)


def test_one_name_alone_is_not_above_an_average() -> None:
    assert above_average({"only": 500}) == ()
    assert above_average({}) == ()


def test_a_theme_recurs_only_when_it_came_up_in_every_part() -> None:
    others = {name: [1, 1, 1, 1] for name in ALIKE}
    assert recurring({**others, "damp": [9, 8, 9, 7]}) == ("damp",)
    assert recurring({**others, "damp": [17, 16, 0, 0]}) == ()


def test_a_theme_has_risen_when_its_part_of_all_grew() -> None:
    before = {"damp": 10, "repairs": 90}
    assert risen({"damp": 40, "repairs": 60}, before) == ("damp",)
    # Twice as many of everything is no rise of anything.
    assert risen({"damp": 20, "repairs": 180}, before) == ()
    assert risen({"damp": 0}, {}) == ()


@pytest.mark.parametrize(("trials", "share"), [(10, 0.1), (135, 0.05), (200, 0.5), (1, 0.3)])
def test_the_tail_is_the_exact_binomial_one(trials: int, share: float) -> None:
    for least in range(trials + 2):
        exact = sum(
            comb(trials, number) * share**number * (1 - share) ** (trials - number)
            for number in range(least, trials + 1)
        )
        assert upper_tail(trials, share, least) == pytest.approx(exact, rel=1e-9, abs=1e-300)


def test_the_tail_stands_a_million_complaints() -> None:
    assert upper_tail(1_000_000, 0.05, 50_000) == pytest.approx(0.5, abs=0.01)
    assert upper_tail(1_000_000, 0.05, 51_500) < 1e-10
    assert upper_tail(1_000_000, 0.0, 1) == 0.0
    assert upper_tail(1_000_000, 1.0, 1_000_000) == 1.0
