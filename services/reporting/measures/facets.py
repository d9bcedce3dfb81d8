"""By what figures are told apart: months, areas, themes. Each value follows from columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.reporting import categories

FINANCIAL_YEAR_BEGINS = 4
"""April: the reporting year of the Tenant Satisfaction Measures, and of most landlords."""


@dataclass(frozen=True)
class Facet:
    """One way to tell figures apart. `value` takes the named columns, as attributes."""

    name: str
    title: str
    columns: tuple[str, ...]
    value: Callable[[Any], str | None]


def quarter(month: str) -> str:
    """Returns the quarter of the financial year of "2024-05": "2024-q1"."""
    year, number = int(month[:4]), int(month[5:])
    since_april = (number - FINANCIAL_YEAR_BEGINS) % 12
    begun = year if number >= FINANCIAL_YEAR_BEGINS else year - 1
    return f"{begun}-q{since_april // 3 + 1}"


def plain(name: str, title: str) -> Facet:
    """Returns the facet of a column's own values."""

    def value(facts: Any) -> str | None:  # noqa: ANN401 — facts of any population
        found: str | None = getattr(facts, name)
        return found

    return Facet(name.replace("_", "-"), title, (name,), value)


MONTH = plain("month", "Month")
QUARTER = Facet("quarter", "Quarter", ("month",), lambda facts: quarter(facts.month))
CHANNEL = plain("channel", "Channel")
SERVICE_AREA = plain("service_area", "Service area")
REGION = plain("region", "Region")
TENURE = plain("tenure", "Tenure")
POLICY = plain("policy", "Policy")
INVESTIGATOR = plain("investigator", "Investigator")
STAGE = plain("stage", "Stage")
CATEGORY = plain("category", "Category")
CODE_STAGE = plain("code_stage", "Stage of the Code")
THEME = Facet(
    "theme",
    "Theme",
    ("policy", "category"),
    lambda facts: categories.theme_of(facts.policy, facts.category),
)

FACETS: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        *(MONTH, QUARTER, CHANNEL, SERVICE_AREA, REGION, TENURE, POLICY, INVESTIGATOR, STAGE),
        *(CODE_STAGE, THEME, CATEGORY),
    )
}
"""Every facet by its name."""
