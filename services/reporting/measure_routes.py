"""The API of measures, for staff: what each says, what it counts, and every case behind it."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.reporting import landlord
from services.reporting.measures import cases as listing
from services.reporting.measures.cases import Cases, Wanted
from services.reporting.measures.catalogue import Catalogue, catalogue, find
from services.reporting.measures.counting import count_one
from services.reporting.measures.facets import FACETS, Facet
from services.reporting.measures.measure import Measure, Standing
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.reporting.routes import Staff, WholeRegister
from services.shared.errors import MendRequest
from services.shared.local_time import local_date
from services.shared.problems import refusals
from services.shared.text import Code

router = APIRouter(prefix="/api/measures", tags=["measures"])

MOST_FACETS = 3


class Described(BaseModel):
    """What one measure is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str = Field(examples=["responded-by-code"])
    title: str
    says: str
    """The rule in plain English."""
    source: str
    """The clause that it follows."""
    rule_set: str
    dated: date
    """The day from which this version of the rule set counts."""
    judges: str
    """What is judged, and which day of it falls into a period."""
    amount: str | None
    """What is added up over what is met, if anything: pence, orders, rungs."""


class Reason(BaseModel):
    """How many were judged so, and why."""

    standing: Standing
    reason: str
    words: str
    cases: int


class Counted(BaseModel):
    """What a measure counts, for one set of values of the facets."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    values: dict[str, str | None]
    """The value of each facet asked by; empty for the whole."""
    met: int
    counted: int
    """Met and not met together."""
    left_out: int
    amount: int | None
    reasons: tuple[Reason, ...]


class Answer(BaseModel):
    """What a measure counts in a scope."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    measure: Described
    whole: Counted | None
    """Null for a measure whose figures are always told apart (rented homes from shared ownership):
    ask for one of them alone to have it as a whole."""
    parts: tuple[Counted, ...]
    """For each set of values of the facets asked by."""


class CountAsked(Scope):
    """A scope, and by what its figures are told apart."""

    by: tuple[Code, ...] = Field(default=(), max_length=MOST_FACETS)
    """Names of facets: `month`, `quarter`, `service-area`, `theme`…"""


class CasesAsked(Scope, Wanted):
    """A scope, and which of its cases are listed."""


def _measures(request: Request) -> Catalogue:
    settings = request.app.state.settings
    known = landlord.read(settings.report_facts_file)
    return catalogue(local_date(datetime.now(UTC)), known.tenant_satisfaction_measures)


Measures = Annotated[Catalogue, Depends(_measures)]
Name = Annotated[Code, Path(examples=["responded-by-code"])]


@router.get("", responses=refusals(401))
async def list_measures(_staff: Staff, measures: Measures) -> tuple[Described, ...]:
    """List every measure, with its rule in plain English and where that comes from."""
    return tuple(_described(measure) for measure in measures.values())


@router.get("/{name}", responses=refusals(401, 404, 422))
async def count_measure(
    database: WholeRegister,
    _staff: Staff,
    measures: Measures,
    name: Name,
    asked: Annotated[CountAsked, Query()],
) -> Answer:
    """Count one measure in a scope, by up to three facets.

    What is always told apart by a facet is so here too, whether it was asked for or not.
    """
    measure = find(measures, name)
    apart = measure.apart if measure.apart not in asked.narrowed else None
    by = (*asked.by, apart) if apart else asked.by
    facets = [_facet(measure, each) for each in dict.fromkeys(by)]
    async with database.snapshot() as session:
        tally = await count_one(session, asked, measure, *facets)
    parts = [
        _counted(part, dict(zip(tally.facets, values, strict=True)))
        for values, part in tally.parts()
        if facets
    ]
    whole = None if apart else _counted(tally, {})
    return Answer(measure=_described(measure), whole=whole, parts=tuple(parts))


@router.get("/{name}/cases", responses=refusals(401, 404, 422))
async def list_cases(
    database: WholeRegister,
    _staff: Staff,
    measures: Measures,
    name: Name,
    asked: Annotated[CasesAsked, Query()],
) -> Cases:
    """List the cases that a measure judged in a scope: counted in or out, and why."""
    async with database.snapshot() as session:
        return await listing.cases(session, asked, find(measures, name), asked)


def _facet(measure: Measure, name: str) -> Facet:
    """Raises MendRequest `unknown-facet`, and `cannot-be-told-apart` of what has no such thing."""
    if name not in FACETS:
        raise MendRequest("unknown-facet", f"No facet is called {name!r}.", known=[*FACETS])
    facet = FACETS[name]
    if not {*facet.columns} <= {*measure.population.table.model_fields}:
        raise MendRequest(
            "cannot-be-told-apart",
            f"{measure.population.says} Of these the {facet.title.lower()} is not known.",
            field=name,
        )
    return facet


def _described(measure: Measure) -> Described:
    return Described(
        name=measure.name,
        title=measure.title,
        says=measure.says,
        source=measure.source,
        rule_set=measure.rule_set.title,
        dated=measure.rule_set.dated,
        judges=measure.population.says,
        amount=measure.amount,
    )


def _counted(tally: Tally, values: dict[str, str | None]) -> Counted:
    reasons = (
        Reason(
            standing=verdict.standing,
            reason=verdict.reason,
            words=tally.measure.words(verdict.reason),
            cases=number,
        )
        for verdict, number in tally.reasons.items()
    )
    return Counted(
        values=values,
        met=tally.met,
        counted=tally.counted,
        left_out=tally.left_out,
        amount=tally.amount if tally.measure.amount else None,
        reasons=tuple(reasons),
    )
