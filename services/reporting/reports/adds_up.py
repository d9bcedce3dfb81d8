"""Whether the figures of a report agree with each other. A report that does not is not shown.

Figures that are kept back are taken for any number that they may stand for. A sum in which they
leave no choice would give them away, and stops the report as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.reporting.reports.document import Report, Sum
from services.reporting.reports.figures import Figure, Share, Suppressed
from services.shared.errors import PutrightError

DOES_NOT_ADD_UP = "does-not-add-up"
NO_SUCH_FIGURE = "no-such-figure"
CAN_BE_WORKED_OUT = "can-be-worked-out"

OF = "#of"
"""The end of the name of a share's whole."""

NO_LIMIT = 10**12
"""More than anything that is counted here."""


@dataclass(frozen=True)
class Possible:
    """What a whole number of the report may be: one value, or any between two that is kept back."""

    least: int
    most: int

    @property
    def hidden(self) -> bool:
        """Whether a reader is meant not to know it."""
        return self.least != self.most

    def __str__(self) -> str:
        return "kept back" if self.hidden else f"{self.least:,}"


def check(report: Report) -> None:
    """Returns when every declared sum holds and a figure that stands twice is the same.

    Raises PutrightError: `does-not-add-up` names both figures with their values;
    `can-be-worked-out` names the figure that is kept back in vain; `no-such-figure` names what a
    sum speaks of and the report does not hold.
    """
    figures = by_id(report)
    for declared in report.sums:
        _check_sum(declared, figures)


def by_id(report: Report) -> dict[str, Figure]:
    """Returns the figures by id. Raises PutrightError `does-not-add-up` when one is two."""
    found: dict[str, Figure] = {}
    for figure in report.figures():
        before = found.setdefault(figure.id, figure)
        if _said(before) != _said(figure):
            raise PutrightError(
                DOES_NOT_ADD_UP,
                f"{figure.id} is {_said(before)} in one place and {_said(figure)} in another.",
                total=figure.id,
            )
    return found


def _said(figure: Figure) -> str:
    return f"{figure.met:,} of {figure.of:,}" if isinstance(figure, Share) else figure.shown


def possible(name: str, figures: Mapping[str, Figure]) -> Possible:
    """Returns what the whole number of that name (`ID`, `ID#met`, `ID#of`) may be.

    Raises PutrightError `no-such-figure`.
    """
    figure = figures.get(name.partition("#")[0])
    if isinstance(figure, Suppressed):
        return Possible(1, figure.below - 1) if figure.below else Possible(0, NO_LIMIT)
    value = None if figure is None else figure.quantities.get(name)
    if value is None:
        raise PutrightError(
            NO_SUCH_FIGURE, f"A sum speaks of {name}, which the report does not hold.", figure=name
        )
    return Possible(value, value)


def gives_away(declared: Sum, figures: Mapping[str, Figure]) -> bool:
    """Says whether the sum leaves no choice for a number that is kept back in it.

    Of how many a share is, is no secret in itself: small, it stands as a count elsewhere too.
    """
    total = possible(declared.total, figures)
    parts = {name: possible(name, figures) for name in declared.parts}
    hidden = {name: one for name, one in parts.items() if one.hidden}
    if total.hidden:
        return not hidden and not declared.total.endswith(OF)
    if not hidden or any(name.endswith(OF) for name in hidden):
        return False
    rest = total.least - sum(one.least for one in parts.values() if not one.hidden)
    bounds = (sum(one.least for one in hidden.values()), sum(one.most for one in hidden.values()))
    return len(hidden) == 1 or rest in bounds


def _check_sum(declared: Sum, figures: Mapping[str, Figure]) -> None:
    total = possible(declared.total, figures)
    parts = {name: possible(name, figures) for name in declared.parts}
    least = sum(part.least for part in parts.values())
    most = sum(part.most for part in parts.values())
    if total.most < least or most < total.least:
        listed = " + ".join(f"{name} ({part})" for name, part in parts.items())
        added = f" = {least:,}" if len(parts) > 1 and least == most else ""
        raise PutrightError(
            DOES_NOT_ADD_UP,
            f"{declared.total} is {total}, but {listed}{added}.",
            total=declared.total,
            parts=list(declared.parts),
        )
    if gives_away(declared, figures):
        raise PutrightError(
            CAN_BE_WORKED_OUT,
            f"{declared.total} and {', '.join(declared.parts)} tell a number that is kept back.",
            total=declared.total,
            parts=list(declared.parts),
        )
