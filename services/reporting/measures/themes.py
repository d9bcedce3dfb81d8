"""Which services and themes stand out from the others, by a stated rule. Pure.

The question is always the same: if complaints fell on all alike, by their size, how likely would
this one have as many as it has, or more? Given the total, its number is then binomial; so the
answer is exact, also for small numbers. Many are asked about at once, so the limit is Holm's: were
they all alike, the chance that any is named at all is at most `FALSE_ALARMS`.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, lgamma, log, log1p

FALSE_ALARMS = 0.05
"""How likely a report names anything at all when nothing stands out."""

LEAST = 5
"""Whatever has fewer complaints is never named: published figures keep such numbers back."""

SAYS_ABOVE_AVERAGE = (
    "Named are those with more complaints than can be put down to chance: if complaints fell on "
    "all alike, by their size where it is known, the chance that any one would be named is at most "
    "5% (exact binomial test given the total, Holm's correction for their number). Nothing "
    "is named that has fewer than 5."
)

SAYS_NOT_COMPARED = (
    "How many homes each service has is not known, so no service is said to have more complaints "
    "than others: the largest may have the most for its size alone."
)

SAYS_RECURRING = (
    "A theme recurs when it came up in every part of the period, and in all more often than can be "
    "put down to chance if all themes came up alike: the chance that any one would be named is at "
    "most 5% (exact binomial test given the total, Holm's correction for their number)."
)


SAYS_RISEN = (
    "A theme has risen when its part of all complaints grew since the period before, which was as "
    "long, by more than can be put down to chance, by the same kind of test."
)


def above_average(
    counts: Mapping[str, int], sizes: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """Returns the names with more complaints than chance explains, in the order of `counts`.

    `counts` holds every name, also those with none. `sizes`, such as homes, say what share of the
    complaints each would have if all were alike; they are used only when every name has one.
    """
    total = sum(counts.values())
    shares = _shares(counts, sizes)
    return _named(
        counts, {name: upper_tail(total, shares[name], number) for name, number in counts.items()}
    )


def services_above_average(
    counts: Mapping[str, int], homes: Mapping[str, int]
) -> tuple[str, ...] | None:
    """Returns the service areas with more complaints for each home than chance explains.

    None unless the homes of each are known: the largest has the most complaints, and that says
    nothing of how it does. Areas that have homes and no complaint belong to the comparison.
    """
    if not all(homes.get(area) for area in counts):
        return None
    return above_average({**dict.fromkeys(homes, 0), **counts}, homes)


def recurring(by_part: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Returns the themes that came up in every part of the period, and above average in all.

    `by_part` holds, for every theme, its number in each quarter or month.
    """
    named = above_average({name: sum(numbers) for name, numbers in by_part.items()})
    return tuple(name for name in named if all(by_part[name]))


def risen(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[str, ...]:
    """Returns the names whose part of all complaints grew more than chance explains.

    Both hold the numbers of a period of any length; names are those of `now`.
    """
    total = sum(now.values())
    everything = total + sum(before.values())
    if not everything:
        return ()
    chances = {
        name: upper_tail(number + before.get(name, 0), total / everything, number)
        for name, number in now.items()
    }
    return _named(now, chances)


def upper_tail(trials: int, share: float, least: int) -> float:
    """Returns how likely `least` or more of `trials` fall on something with that share."""
    if least <= 0:
        return 1.0
    if share <= 0.0 or least > trials:
        return 0.0
    if share >= 1.0:
        return 1.0
    if least <= trials * share:
        # Most of the chance is above: what is below is the smaller sum, and so the exacter one.
        return 1.0 - _sum_down(trials, share, least - 1)
    return _sum_up(trials, share, least)


def _sum_up(trials: int, share: float, first: int) -> float:
    term, total = _chance(trials, share, first), 0.0
    for number in range(first, trials + 1):
        total += term
        if term <= total * 1e-16:
            break
        term *= (trials - number) / (number + 1) * share / (1 - share)
    return min(total, 1.0)


def _sum_down(trials: int, share: float, first: int) -> float:
    term, total = _chance(trials, share, first), 0.0
    for number in range(first, -1, -1):
        total += term
        if term <= total * 1e-16:
            break
        term *= number / (trials - number + 1) * (1 - share) / share
    return min(total, 1.0)


def _chance(trials: int, share: float, number: int) -> float:
    """Returns how likely exactly so many are, by logarithms: the factorials are beyond floats."""
    ways = lgamma(trials + 1) - lgamma(number + 1) - lgamma(trials - number + 1)
    return exp(ways + number * log(share) + (trials - number) * log1p(-share))


def _shares(counts: Mapping[str, int], sizes: Mapping[str, int] | None) -> dict[str, float]:
    if sizes and all(sizes.get(name, 0) > 0 for name in counts):
        whole = sum(sizes[name] for name in counts)
        return {name: sizes[name] / whole for name in counts}
    return {name: 1 / len(counts) for name in counts}


def _named(counts: Mapping[str, int], chances: Mapping[str, float]) -> tuple[str, ...]:
    kept = _by_holm(chances) if len(chances) > 1 else frozenset()
    return tuple(name for name, number in counts.items() if name in kept and number >= LEAST)


def _by_holm(chances: Mapping[str, float]) -> frozenset[str]:
    """Returns the names whose chance is small, the smallest against the hardest limit."""
    kept: list[str] = []
    for at, name in enumerate(_least_first(chances)):
        if chances[name] > FALSE_ALARMS / (len(chances) - at):
            break
        kept.append(name)
    return frozenset(kept)


def _least_first(chances: Mapping[str, float]) -> Iterable[str]:
    return sorted(chances, key=lambda name: (chances[name], name))
