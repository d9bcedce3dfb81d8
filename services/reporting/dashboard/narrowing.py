"""By what a measure's cases can be narrowed: a case of the Ombudsman's, say, has no stage. Pure."""

from services.reporting.dashboard.filters import LABELS
from services.reporting.measures.measure import Measure
from services.reporting.measures.scope import Scope
from services.shared.errors import MendRequest

SOME_VALUE = "any"


def unknown_field(measure: Measure, scope: Scope) -> str | None:
    """Returns the field of the scope that is not known of what the measure judges, if any is."""
    try:
        tuple(measure.population.conditions(scope))  # the population alone says what it knows
    except MendRequest as refusal:
        return str(refusal.facts["field"])
    return None


def fields(measure: Measure) -> dict[str, str]:
    """Returns what a form can offer for the measure: those of `LABELS`, in their order."""
    return {
        name: label
        for name, label in LABELS.items()
        if unknown_field(measure, Scope.model_validate({name: SOME_VALUE})) is None
    }
