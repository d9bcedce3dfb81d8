"""Whether the figures of a report agree with each other. A report that does not is not shown."""

from collections.abc import Mapping

from services.reporting.reports.document import Report, Sum
from services.reporting.reports.figures import Figure, Share
from services.shared.errors import PutrightError

DOES_NOT_ADD_UP = "does-not-add-up"
NO_SUCH_FIGURE = "no-such-figure"


def check(report: Report) -> None:
    """Returns when every declared sum holds and a figure that stands twice is the same.

    Raises PutrightError: `does-not-add-up` names both figures with their values; `no-such-figure`
    names what a sum speaks of and the report does not tell. A figure that is kept back stands in no
    sum: it could not be checked, or would follow from it.
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


def _value(name: str, figures: Mapping[str, Figure]) -> int:
    """Returns the whole number of that name: `ID`, `ID#met`, `ID#of`."""
    figure = figures.get(name.partition("#")[0])
    value = None if figure is None else figure.quantities.get(name)
    if value is None:
        raise PutrightError(
            NO_SUCH_FIGURE, f"A sum speaks of {name}, which the report does not tell.", figure=name
        )
    return value


def _check_sum(declared: Sum, figures: Mapping[str, Figure]) -> None:
    total = _value(declared.total, figures)
    parts = {name: _value(name, figures) for name in declared.parts}
    if total != sum(parts.values()):
        listed = " + ".join(f"{name} ({part:,})" for name, part in parts.items())
        added = f" = {sum(parts.values()):,}" if len(parts) > 1 else ""
        raise PutrightError(
            DOES_NOT_ADD_UP,
            f"{declared.total} is {total:,}, but {listed}{added}.",
            total=declared.total,
            parts=list(declared.parts),
        )
