"""Cases before the Housing Ombudsman, and what it found."""

from services.reporting.measures.measure import Measure, Verdict, met
from services.reporting.measures.populations import (
    OMBUDSMAN_DETERMINED,
    OMBUDSMAN_OPEN,
    OMBUDSMAN_REFERRED,
    Population,
)
from services.reporting.measures.rule_sets import CODE
from services.reporting.tables import OmbudsmanFactsRow

DETERMINATIONS = {
    "severe-maladministration": "Severe maladministration",
    "maladministration": "Maladministration",
    "service-failure": "Service failure",
    "reasonable-redress": "Reasonable redress",
    "no-maladministration": "No maladministration",
    "mediated": "Resolved with the Ombudsman's help",
    "outside-jurisdiction": "Outside its jurisdiction",
    "withdrawn": "Withdrawn",
}


def referred(facts: OmbudsmanFactsRow) -> Verdict:
    """A case, by whether it has been determined."""
    return met("open" if facts.determination is None else "determined")


def determined(facts: OmbudsmanFactsRow) -> Verdict:
    """A determined case, by what was found."""
    return met(facts.determination or "open")


def _of_determined(name: str, title: str, says: str, amount: str | None = None) -> Measure:
    return _measure(name, title, says, OMBUDSMAN_DETERMINED, amount)


def _measure(
    name: str, title: str, says: str, population: Population, amount: str | None = None
) -> Measure:
    return Measure(
        name=name,
        title=title,
        says=says,
        source="Code 8.1, 8.2",
        rule_set=CODE,
        population=population,
        reads=("determination",),
        rule=determined if population is OMBUDSMAN_DETERMINED else referred,
        reasons={**DETERMINATIONS, "open": "Not determined yet", "determined": "Determined"},
        amount=amount,
    )


REFERRED = _measure(
    "ombudsman-referred",
    "Brought before the Ombudsman",
    "Cases by the day on which they were brought before the Housing Ombudsman.",
    OMBUDSMAN_REFERRED,
)

OPEN = _measure(
    "ombudsman-open",
    "Before the Ombudsman now",
    "Cases that the Housing Ombudsman has not determined yet, whenever they were brought there.",
    OMBUDSMAN_OPEN,
)

DETERMINED = _of_determined(
    "ombudsman-determined",
    "Determined by the Ombudsman",
    "Cases by the day on which the Housing Ombudsman determined them, and what it found.",
)

ORDERS = _of_determined(
    "ombudsman-orders", "Orders of the Ombudsman", "The orders of these determinations.", "orders"
)

RECOMMENDATIONS = _of_determined(
    "ombudsman-recommendations",
    "Recommendations of the Ombudsman",
    "The recommendations of these determinations.",
    "recommendations",
)

ORDERED_COMPENSATION = _of_determined(
    "ombudsman-compensation",
    "Compensation that the Ombudsman ordered",
    "What these determinations order to be paid, in pence.",
    "pence",
)

MEASURES = (REFERRED, OPEN, DETERMINED, ORDERS, RECOMMENDATIONS, ORDERED_COMPENSATION)
