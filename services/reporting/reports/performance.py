"""The complaints performance report of a year or a quarter, and that of the Member Responsible.

All are the same parts, each counted once (Code 8.1, 9.7): a report is which of them, in what order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.reporting.reports import (
    part_outside,
    part_places,
    part_putting_right,
    part_themes,
    part_timeliness,
    part_volumes,
)
from services.reporting.reports.about import subtitle
from services.reporting.reports.document import Report, RuleSet
from services.reporting.reports.material import Asks, Material, Part
from services.reporting.reports.publishing import Draft, checked

Builder = Callable[[Material], Part]


@dataclass(frozen=True)
class Plan:
    """Which parts make a report, and what is asked for them."""

    title: str
    subtitle: str
    parts: Sequence[Builder]
    asks: Asks
    published: bool = False
    """Whether it is for everybody: breakdowns then tell no small number."""


ASKS: Asks = {
    **part_volumes.ASKS,
    **part_timeliness.ASKS,
    **part_themes.ASKS,
    **part_places.ASKS,
    **part_putting_right.ASKS,
    **part_outside.ASKS,
    **part_outside.FEEDBACK_ASKS,
}

PERFORMANCE: Sequence[Builder] = (
    part_volumes.received,
    part_volumes.outcomes,
    part_volumes.exclusions,
    part_timeliness.performance,
    part_timeliness.late,
    part_volumes.open_now,
    part_themes.themes,
    part_places.areas,
    part_places.ways_in,
    part_putting_right.learning,
    part_putting_right.remedies,
    part_putting_right.promises,
    part_outside.ombudsman,
    part_outside.satisfaction,
)

PlanName = Literal["annual", "quarterly", "member"]

PLANS: dict[PlanName, Plan] = {
    "annual": Plan(
        "Annual complaints performance report",
        "How many complaints there were, how they were handled, and what was learnt.",
        (
            *PERFORMANCE,
            part_outside.tenant_satisfaction,
            part_putting_right.plans,
            part_putting_right.board,
        ),
        {**ASKS, **part_outside.TSM_ASKS},
        published=True,
    ),
    "quarterly": Plan(
        "Quarterly complaints performance report",
        "For the governing body: how complaints were handled in the quarter.",
        (*PERFORMANCE, part_putting_right.board),
        ASKS,
    ),
    "member": Plan(
        "Report to the Member Responsible for Complaints",
        "Volumes, categories, outcomes and performance, as the Code asks for (9.7).",
        (
            part_volumes.received,
            part_themes.themes,
            part_volumes.outcomes,
            part_timeliness.performance,
            part_timeliness.late,
            part_volumes.open_now,
            part_putting_right.promises,
            part_outside.ombudsman,
            part_outside.satisfaction,
            part_putting_right.learning,
        ),
        ASKS,
    ),
}


def build(plan: Plan, material: Material, made_at: datetime) -> Report:
    """Returns the report. Raises PutrightError as `publishing.checked`."""
    return checked(lambda given: _draft(plan, given, made_at), material, published=plan.published)


def _draft(plan: Plan, material: Material, made_at: datetime) -> Draft:
    parts = [part(material) for part in plan.parts]
    report = Report(
        title=plan.title,
        subtitle=subtitle(plan.subtitle, material.policy, material.so_far),
        landlord=material.landlord.name,
        policy=material.policy,
        period=material.period,
        as_at=material.as_at,
        made_at=made_at,
        rule_sets=rule_sets(material),
        sections=tuple(part.section for part in parts if _says_anything(part)),
        sums=tuple(declared for part in parts for declared in part.sums),
    )
    return Draft(report, [beginning for part in parts for beginning in part.breakdowns])


def rule_sets(material: Material) -> tuple[RuleSet, ...]:
    """Returns each dated rule set by which anything of the material was counted, once."""
    used = {
        tally.measure.rule_set.name: tally.measure.rule_set for tally in material.counts.values()
    }
    return tuple(
        RuleSet(name=one.name, title=one.title, dated=one.dated, says=one.says)
        for _, one in sorted(used.items())
    )


def _says_anything(part: Part) -> bool:
    section = part.section
    return bool(section.paragraphs or section.charts or section.tables)
