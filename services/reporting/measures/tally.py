"""What counting gives: how many were judged how, told apart by facets."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.reporting.measures.measure import Measure, Verdict

Values = tuple[str | None, ...]
"""A value for each facet asked by."""


@dataclass(frozen=True)
class Weight:
    """How many, and what the measure's amount adds up to over them."""

    cases: int = 0
    amount: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.cases + other.cases, self.amount + other.amount)


NOTHING = Weight()


@dataclass(frozen=True)
class Tally:
    """The counts of one measure, by verdict and by the values of its facets."""

    measure: Measure
    facets: tuple[str, ...] = ()
    """The names of the facets, in the order of the values."""
    weights: Mapping[Values, Mapping[Verdict, Weight]] = field(default_factory=dict)

    @cached_property
    def _all(self) -> dict[Verdict, Weight]:
        together: dict[Verdict, Weight] = {}
        for weights in self.weights.values():
            for verdict, weight in weights.items():
                together[verdict] = together.get(verdict, NOTHING) + weight
        return together

    def _sum(self, wanted: Callable[[Verdict], bool]) -> Weight:
        return sum((weight for verdict, weight in self._all.items() if wanted(verdict)), NOTHING)

    @cached_property
    def met(self) -> int:
        """How many are as the measure asks."""
        return self._sum(lambda verdict: verdict.standing == "met").cases

    @cached_property
    def not_met(self) -> int:
        """How many are counted in and not as the measure asks."""
        return self._sum(lambda verdict: verdict.standing == "not-met").cases

    @property
    def counted(self) -> int:
        """How many are counted in."""
        return self.met + self.not_met

    @cached_property
    def left_out(self) -> int:
        """How many are not counted in."""
        return self._sum(lambda verdict: verdict.standing == "out").cases

    @cached_property
    def amount(self) -> int:
        """What the measure's amount adds up to over what is met."""
        return self._sum(lambda verdict: verdict.standing == "met").amount

    def because(self, *reasons: str) -> int:
        """Returns how many were judged for one of these reasons, in or out."""
        return self._sum(lambda verdict: verdict.reason in reasons).cases

    @cached_property
    def reasons(self) -> dict[Verdict, int]:
        """How many were judged how, the most frequent first."""
        found = ((verdict, weight.cases) for verdict, weight in self._all.items())
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def values(self, facet: str) -> list[str | None]:
        """Returns the values of a facet that anything counted in has; None last."""
        at = self.facets.index(facet)
        counted = {values[at] for values, weights in self.weights.items() if _any_in(weights)}
        return sorted(counted, key=lambda value: (value is None, value or ""))

    def of(self, **wanted: str | None) -> "Tally":
        """Returns the part that has these values: `tally.of(month="2024-04", region="North")`."""
        part = self
        for name, value in wanted.items():
            part = part.among(name.replace("_", "-"), [value])
        return part

    def among(self, facet: str, wanted: Iterable[str | None]) -> "Tally":
        """Returns the part whose facet has one of these values."""
        having = self._having[self.facets.index(facet)]
        return self._part(values for value in dict.fromkeys(wanted) for values in having[value])

    def by(self, facet: str) -> dict[str | None, "Tally"]:
        """Returns the part of each value of a facet, in the order of `values`."""
        return {value: self.among(facet, [value]) for value in self.values(facet)}

    def parts(self) -> Iterator[tuple[Values, "Tally"]]:
        """Yields each set of values with its part."""
        for values in sorted(self.weights, key=lambda found: [(v is None, v or "") for v in found]):
            yield values, self._part([values])

    @cached_property
    def _having(self) -> list[defaultdict[str | None, list[Values]]]:
        """For each facet, which values are there with each of its own."""
        found = [defaultdict[str | None, list[Values]](list) for _ in self.facets]
        for values in self.weights:
            for having, value in zip(found, values, strict=True):
                having[value].append(values)
        return found

    def _part(self, kept: Iterable[Values]) -> "Tally":
        return Tally(self.measure, self.facets, {each: self.weights[each] for each in kept})


def _any_in(weights: Mapping[Verdict, Weight]) -> bool:
    return any(verdict.standing != "out" for verdict in weights)
