"""Material made up of numbers, for parts of reports that are written without a register."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.reporting.landlord import Landlord
from services.reporting.measures import volumes
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.measure import Measure, met
from services.reporting.measures.tally import Tally, Weight
from services.reporting.reports.document import Period
from services.reporting.reports.material import Material

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def tally(
    numbers: Mapping[Any, int],
    *facets: str,
    measure: Measure = volumes.RECEIVED,
) -> Tally:
    """So many, told apart by a tuple of a value for each facet, all judged alike."""
    weights = {values: {met("received"): Weight(number)} for values, number in numbers.items()}
    return Tally(measure, facets, weights)


def material(
    counts: Mapping[str, Tally],
    *,
    published: bool = True,
    before: Mapping[tuple[str, str], int] | None = None,
) -> Material:
    """Material of the quarter from April 2025; `before` is by theme and stage."""
    return Material(
        period=Period(from_on=date(2025, 4, 1), before=date(2025, 7, 1)),
        as_at=AT,
        landlord=Landlord(),
        measures=catalogue(AT.date()),
        counts=counts,
        before={"themes": tally(before or {}, "theme", "code-stage")},
        published=published,
    )
