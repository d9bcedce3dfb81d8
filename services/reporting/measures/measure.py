"""What a measure is: a dated rule that judges facts, and the words that explain it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from services.reporting.measures.populations import Population

Standing = Literal["met", "not-met", "out"]
"""`met` and `not-met` are counted in; `out` is not, for the reason that goes with it."""


class Verdict(NamedTuple):
    """How a rule judges one thing, with the code of the reason."""

    standing: Standing
    reason: str


def met(reason: str) -> Verdict:
    """Counted in, and so as the measure asks; a plain count counts these."""
    return Verdict("met", reason)


def not_met(reason: str) -> Verdict:
    """Counted in, and not as the measure asks."""
    return Verdict("not-met", reason)


def out(reason: str) -> Verdict:
    """Not counted in."""
    return Verdict("out", reason)


@dataclass(frozen=True)
class RuleSet:
    """A named, dated set of rules: when one of them changes, there is a set of a later date."""

    name: str
    title: str
    dated: date
    """The day on which it was read so: a later set is another reading."""
    says: str
    """What it is, and where it comes from."""


@dataclass(frozen=True, eq=False)  # a rule is itself, and like no other
class Measure:
    """One rule of a rule set. `rule` is all there is of it: everything is counted through it."""

    name: str
    """A stable code."""
    title: str
    says: str
    """The rule in plain English."""
    source: str
    """The clause that it follows."""
    rule_set: RuleSet
    population: Population
    """What is judged, each once."""
    reads: tuple[str, ...]
    """The facts that `rule` reads: columns of the population. It is given no others."""
    rule: Callable[[Any], Verdict]
    """Pure. It takes the facts named by `reads`, as attributes."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The reasons that it gives, in plain words. A reason that is a landlord's code has none."""
    apart: str | None = None
    """The facet by which its figures are always told apart: together they mean nothing."""
    amount: str | None = None
    """The column that is added up over what is met: pence, orders, rungs."""

    def words(self, reason: str) -> str:
        """Returns a reason in plain words; of a landlord's code its own."""
        return self.reasons.get(reason) or reason.replace("-", " ").capitalize()
