"""Complaints of each stage by one thing: a theme, a place, a channel. Pure.

What is published tells small numbers together (`small_numbers.joined`); what the governing body
reads tells all that the part wants told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Sum
from services.reporting.reports.figures import Count, Suppressed
from services.reporting.reports.material import STAGES, adds, codes_of, count
from services.reporting.reports.small_numbers import can_be_split, joined

OTHERS = "all-others"
"""The code of the line that holds what has none of its own, or is not told in it."""

NOT_RECORDED = "not-recorded"

NOTE_ON_OTHERS = (
    "What is not shown is counted in the last line: numbers below 5, and as many others as it takes"
    " that those cannot be worked out."
)

Value = str | None
"""A value of the facet; None where nothing was recorded."""


@dataclass(frozen=True)
class Breakdown:
    """The counts of both stages by one facet, as far as they are told."""

    key: str
    """The beginning of the ids of its figures: `areas`."""
    numbers: Mapping[str, Mapping[Value, int]]
    """By stage, then by value: all of them."""
    lines: Mapping[Value, str]
    """The codes of the values that have a line of their own, in the order of the lines."""
    together: Mapping[str, frozenset[Value]]
    """By stage, the values whose number is told with the others."""

    @property
    def has_others(self) -> bool:
        """Whether anything is counted in the line of the others."""
        return any(self._of_others(stage) for stage in STAGES)

    def tells(self, value: Value, stage: str = "1") -> bool:
        """Says whether the number of that value is told in a line of its own."""
        return value in self.lines and value not in self.together[stage]

    def told(self, stage: str = "1") -> list[Value]:
        """Returns the values of which that number is told, in their order."""
        return [value for value in self.lines if self.tells(value, stage)]

    def rows(self, titles: Mapping[Value, str], others: str) -> tuple[Row, ...]:
        """Returns a row for each line with a cell for each stage; the others come last."""
        rows = [
            Row(
                heading=titles[value],
                cells=tuple(self._cell(value, code, stage) for stage in STAGES),
            )
            for value, code in self.lines.items()
        ]
        if self.has_others:
            cells = (count(self._id(OTHERS, stage), self._of_others(stage)) for stage in STAGES)
            rows.append(Row(heading=others, cells=tuple(cells)))
        return tuple(rows)

    def sums(self) -> list[Sum]:
        """Declares that the lines of each stage add up to what was received at it."""
        ids = {
            stage: [
                *(self._id(self.lines[value], stage) for value in self.told(stage)),
                *([self._id(OTHERS, stage)] if self.has_others else []),
            ]
            for stage in STAGES
        }
        return [adds(f"stage-{stage}/received", parts) for stage, parts in ids.items() if parts]

    def _cell(self, value: Value, code: str, stage: str) -> Count | Suppressed:
        name = self._id(code, stage)
        if not self.tells(value, stage):
            return Suppressed(id=name)
        return count(name, self.numbers[stage][value])

    def _of_others(self, stage: str) -> int:
        of_stage = self.numbers[stage]
        return sum(number for value, number in of_stage.items() if not self.tells(value, stage))

    def _id(self, code: str, stage: str) -> str:
        return f"{self.key}/{code}/stage-{stage}"


@dataclass(frozen=True)
class Split:
    """Lines of stage 1 told apart by columns, and what all others have in each column."""

    lines: Mapping[str | None, tuple[int, ...]]
    others: tuple[int, ...] | None
    """None where there are no others."""


def broken_down(
    tally: Tally, key: str, wanted: Mapping[Value, bool], *, published: bool
) -> Breakdown:
    """Breaks down by the tally's first facet, which knows the stage of the Code besides.

    `wanted` holds every value, in the order of the lines, with whether it has a line of its own in
    what is not published.
    """
    parts = {value: tally.among(tally.facets[0], [value]) for value in wanted}
    numbers = {
        stage: {value: part.of(code_stage=stage).met for value, part in parts.items()}
        for stage in STAGES
    }
    if published:
        together = {stage: joined(of_stage) for stage, of_stage in numbers.items()}
        named = [value for value in wanted if _is_told(value, numbers, together)]
    else:
        together = {stage: frozenset[Value]() for stage in STAGES}
        named = [value for value, has_line in wanted.items() if has_line]
    codes = codes_of([value for value in named if value], taken=(OTHERS, NOT_RECORDED))
    lines = {value: codes[value] if value else NOT_RECORDED for value in named}
    return Breakdown(key, numbers, lines, together)


def _is_told(
    value: Value,
    numbers: Mapping[str, Mapping[Value, int]],
    together: Mapping[str, frozenset[Value]],
) -> bool:
    return any(numbers[stage][value] and value not in together[stage] for stage in STAGES)


def split(
    breakdown: Breakdown, cells: Mapping[Value, Sequence[int]], *, published: bool
) -> Split | None:
    """Tells the lines of stage 1 apart by columns; None where that would tell a small number.

    `cells` holds the numbers of every value, in each column; they add up to its number.
    """
    told = {value: tuple(cells[value]) for value in breakdown.told()}
    rest = _added(cells[value] for value in cells if value not in told)
    chosen = {*told}
    if published:
        found = can_be_split(told, rest or (0,) * _width(cells))
        if found is None:
            return None
        chosen = {*found}
    others = _added(cells[value] for value in cells if value not in chosen)
    return Split({value: told[value] for value in told if value in chosen}, others)


def _added(cells: Iterable[Sequence[int]]) -> tuple[int, ...] | None:
    return tuple(map(sum, zip(*cells, strict=True))) or None


def _width(cells: Mapping[Value, Sequence[int]]) -> int:
    return len(next(iter(cells.values()), ()))
