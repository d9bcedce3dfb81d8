"""Every measure by its name."""

from collections.abc import Mapping
from datetime import date

from services.reporting.measures import (
    clock_keeping,
    learning,
    ombudsman,
    outcomes,
    satisfaction,
    tenant_satisfaction,
    timeliness,
    volumes,
)
from services.reporting.measures.measure import Measure
from services.reporting.measures.switches import Switches
from services.shared.errors import NotThere

Catalogue = Mapping[str, Measure]


def catalogue(as_at: date, switches: Switches | None = None) -> Catalogue:
    """Returns the measures as they judge on a day, with the landlord's switches."""
    read = switches or Switches()
    known = (
        *(*volumes.MEASURES, volumes.waiting(as_at), volumes.overdue(as_at)),
        *timeliness.measures(as_at, read),
        *(*clock_keeping.MEASURES, clock_keeping.extensions(as_at)),
        *(*outcomes.MEASURES, outcomes.promises_kept(as_at)),
        *ombudsman.MEASURES,
        *learning.MEASURES,
        *satisfaction.MEASURES,
        *tenant_satisfaction.measures(read),
    )
    return {measure.name: measure for measure in known}


def find(measures: Catalogue, name: str) -> Measure:
    """Returns a measure by its name. Raises NotThere `unknown-measure`."""
    if name not in measures:
        raise NotThere("unknown-measure", f"No measure is called {name!r}.", known=list(measures))
    return measures[name]
