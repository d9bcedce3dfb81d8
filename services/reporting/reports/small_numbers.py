"""Which numbers of a breakdown are told in what is published, so that nobody can be recognised.

A number from 1 to 4 of a place, a theme or a reason is never told by itself. Its line is counted
with others, and what is told of them together is no small number either. Nothing is hidden in a
sum: all that stands in a report adds up, and the totals that have to be published stay as they are.

Two rules, both pure. `joined` takes numbers that only their total ties together: it treats all
lines alike, so any two that are put together could change places and the report be the same.
`can_be_split` takes lines whose totals are told already and asks whether they may be told apart
further: all or nothing, of lines chosen by those totals alone, so that the choice tells nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from services.reporting.measures.themes import LEAST
from services.reporting.reports.document import Report
from services.reporting.reports.figures import Count, Figure, Share
from services.shared.errors import PutrightError

SMALL_NUMBER_TOLD = "small-number-told"

SPLIT_FROM = 40
"""How many a line needs to be told apart further. Fewer would hold small numbers nearly always."""

Line = TypeVar("Line")


def is_small(number: int, least: int = LEAST) -> bool:
    """Says whether so few are not told. None at all is nobody."""
    return 0 < number < least


def joined(numbers: Mapping[Line, int], least: int = LEAST) -> frozenset[Line]:
    """Returns the lines whose numbers are told as one; every other line is told by itself.

    Small numbers go together, and noughts are told. Where their sum is small too, or where it would
    tell each of them because they are all alike, the next larger number goes with them, with all
    that are as large. Where there is no larger one the noughts go with them as well: that none is
    nought would say too much.
    """
    together = frozenset(line for line, number in numbers.items() if is_small(number, least))
    larger = [number for number in numbers.values() if number >= least]
    if not together or (larger and _hides(together, numbers, least)):
        return together
    if not larger:
        return frozenset(numbers)
    return together | {line for line, number in numbers.items() if number == min(larger)}


def _hides(together: Iterable[Line], numbers: Mapping[Line, int], least: int) -> bool:
    held = [numbers[line] for line in together]
    return sum(held) >= least and len({*held}) > 1


def can_be_split(
    lines: Mapping[Line, Sequence[int]],
    rest: Sequence[int],
    least: int = LEAST,
    split_from: int = SPLIT_FROM,
) -> frozenset[Line] | None:
    """Returns the lines that may be told apart by columns, all others told as one; None: none may.

    `lines` holds, of each line whose total is told, its number in each column; `rest` is what the
    others have in each. What is known of a column's total is known already.
    """
    chosen = frozenset(line for line, cells in lines.items() if sum(cells) >= split_from)
    others = [cells for line, cells in lines.items() if line not in chosen]
    remainder = [sum(column) for column in zip(rest, *others, strict=True)]
    told = (*(lines[line] for line in chosen), remainder)
    if not chosen or any(is_small(number, least) for cells in told for number in cells):
        return None
    return chosen


def check_published(report: Report, among: Sequence[str]) -> None:
    """Returns when no figure under `among`, the beginnings of figure ids, tells a small number.

    The rules above see to it; this finds the part that forgot them. One that is all of a total that
    is told stands there anyway. Raises PutrightError `small-number-told`.
    """
    wholes = {declared.parts[0] for declared in report.sums if len(declared.parts) == 1}
    for figure in report.figures():
        if _is_under(figure.id, among) and figure.id not in wholes and _tells_small(figure):
            raise PutrightError(
                SMALL_NUMBER_TOLD,
                f"{figure.id} would tell a small number in what is published.",
                figure=figure.id,
            )


def _is_under(name: str, among: Sequence[str]) -> bool:
    return any(name == beginning or name.startswith(f"{beginning}/") for beginning in among)


def _tells_small(figure: Figure) -> bool:
    numbers = [figure.value] if isinstance(figure, Count) else []
    if isinstance(figure, Share):
        numbers = [figure.met, figure.of - figure.met, figure.of]
    return any(map(is_small, numbers))
