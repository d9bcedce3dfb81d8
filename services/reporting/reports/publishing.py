"""How a report is written: whole first, and checked; then, if it is published, with less in it.

What is published is written anew from what may be told. Nothing is struck out of what was written:
so its words and its figures know the same, and what contradicts itself is found before anything
that could hide it is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from services.reporting.reports.adds_up import check
from services.reporting.reports.document import Report
from services.reporting.reports.material import Material
from services.reporting.reports.small_numbers import check_published


class Draft(NamedTuple):
    """A report as it was written, and which of its figures are breakdowns."""

    report: Report
    breakdowns: Sequence[str]
    """The beginnings of the ids that tell no small number in what is published."""


def checked(write: Callable[[Material], Draft], material: Material, *, published: bool) -> Report:
    """Returns the report, written of the material for whoever reads it.

    Raises PutrightError: `does-not-add-up` and `no-such-figure` as `adds_up.check`, also for what
    is left out of the published one; `small-number-told` as `small_numbers.check_published`.
    """
    whole = write(replace(material, published=False)).report
    check(whole)
    if not published:
        return whole
    draft = write(replace(material, published=True))
    check(draft.report)
    check_published(draft.report, draft.breakdowns)
    return draft.report
