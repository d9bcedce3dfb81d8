"""Which complaints of the year fared how: exact counts dealt out by a seed, no dates yet. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from services.shared.events import Decision
from tests.year.source import Outcomes, Source, percent_of

T = TypeVar("T")


@dataclass(frozen=True)
class Outline:
    """How one complaint fared at a stage."""

    in_slowest_area: bool
    acknowledged_late: bool
    late: bool
    """Answered late, an extension not counted."""
    extended: bool
    """Answered late, but within an extension that was made in time."""
    decision: Decision | None
    """None for an answer that was given outside Putright, and whose outcome nobody recorded."""

    @property
    def outside(self) -> bool:
        """Whether the answer went out by the landlord's own means."""
        return self.decision is None


def first_stages(rng: Random, source: Source) -> list[Outline]:
    """Deals out how each complaint fared at stage 1, in no order of time."""
    figures, drawn, area = source.published.stage_1, source.drawn, source.published.slowest_area
    everyone = range(figures.total)
    slowest = _pick(rng, everyone, area.received)
    late = _pick(rng, slowest, area.late) | _pick(
        rng, without(everyone, slowest), figures.responded_late - area.late
    )
    late_twice = _pick(rng, late, drawn.late_twice)
    acknowledged_late = late_twice | _pick(
        rng, without(everyone, late), figures.acknowledged_late - drawn.late_twice
    )
    extended = _pick(rng, without(late, late_twice | slowest), drawn.extended)
    unrecorded = figures.total - figures.outcomes.total
    outside = _pick(rng, slowest, drawn.outside_in_slowest_area) | _pick(
        rng, without(everyone, slowest), unrecorded - drawn.outside_in_slowest_area
    )
    decisions = iter(_decisions(rng, figures.outcomes))
    return [
        Outline(
            in_slowest_area=number in slowest,
            acknowledged_late=number in acknowledged_late,
            late=number in late,
            extended=number in extended,
            decision=None if number in outside else next(decisions),
        )
        for number in everyone
    ]


def second_stages(rng: Random, source: Source) -> list[Outline]:
    """Deals out how each complaint fared at stage 2; all their outcomes are recorded."""
    figures = source.published.stage_2
    everyone = range(figures.total)
    late = _pick(rng, everyone, figures.responded_late)
    acknowledged_late = _pick(rng, everyone, figures.acknowledged_late)
    decisions = _decisions(rng, figures.outcomes)
    return [
        Outline(
            in_slowest_area=False,
            acknowledged_late=number in acknowledged_late,
            late=number in late,
            extended=False,
            decision=decisions[number],
        )
        for number in everyone
    ]


def categories(rng: Random, source: Source, escalated: set[int], total: int) -> list[str]:
    """Deals out what each complaint is about.

    The main theme has its share of all complaints at stage 1, and of those that went further.
    """
    theme = source.published.main_theme
    main = _pick(rng, escalated, percent_of(theme.percent, len(escalated)))
    others = without(range(total), escalated)
    main |= _pick(rng, others, percent_of(theme.percent, total) - len(main))
    weights = source.drawn.categories
    about = {code: share for code, share in weights.items() if code in theme.categories}
    besides = {code: share for code, share in weights.items() if code not in theme.categories}
    return [weighed(rng, about if number in main else besides) for number in range(total)]


def weighed(rng: Random, weights: Mapping[T, int]) -> T:
    """Draws one code by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def without(numbers: Iterable[int], those: set[int]) -> list[int]:
    """Returns the numbers that are not among those, in order."""
    return [number for number in sorted(numbers) if number not in those]


def _pick(rng: Random, among: Iterable[int], count: int) -> set[int]:
    return set(rng.sample(sorted(among), count))


def _decisions(rng: Random, outcomes: Outcomes) -> Sequence[Decision]:
    times: dict[Decision, int] = {
        "upheld": outcomes.upheld,
        "partially-upheld": outcomes.partially_upheld,
        "not-upheld": outcomes.not_upheld,
    }
    deck = [decision for decision, count in times.items() for _ in range(count)]
    rng.shuffle(deck)
    return deck
