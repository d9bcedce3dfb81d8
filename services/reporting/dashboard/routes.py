"""The dashboards' pages, for whoever signs in with the staff key."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries, timeline
from services.reporting.dashboard import (
    breakdowns,
    case_lists,
    complaint,
    investigators,
    live,
    narrowing,
    open_reading,
    pages,
    trend,
)
from services.reporting.dashboard.addresses import (
    AREAS,
    CASES,
    INVESTIGATORS,
    NOW,
    TREND,
    WORK,
)
from services.reporting.dashboard.breakdowns import AreaFilters
from services.reporting.dashboard.case_lists import CaseFilters, Entry
from services.reporting.dashboard.filters import Filters, WorkFilters
from services.reporting.dashboard.open_stages import Asked, position
from services.reporting.dashboard.sign_in import signed_in
from services.reporting.dashboard.visiting import Visiting
from services.reporting.facts import CODE_NATION, stage_facts
from services.reporting.measures import catalogue
from services.reporting.measures.cases import Wanted, cases
from services.reporting.measures.counting import all_together, count, kinds
from services.reporting.measures.measure import Measure
from services.reporting.tables import FeedbackRow, RegisterRow
from services.shared.errors import NotThere
from services.shared.text import Line
from services.shared.working_days import working_days

Row = TypeVar("Row", RegisterRow, FeedbackRow)

LISTED = 50
"""Complaints on one page of a list."""

router = APIRouter(
    include_in_schema=False, route_class=pages.Page, dependencies=[Depends(signed_in)]
)


@router.api_route("/", methods=["GET", "HEAD"])
async def root() -> RedirectResponse:
    """Leads to the live position."""
    return RedirectResponse(NOW, status_code=303)


@router.api_route(NOW, methods=["GET", "HEAD"])
async def now(visit: Visiting, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    """The live position."""
    scope = filters.scope()
    found = position(await open_reading.alike(visit.session, scope), visit.today)
    measures = visit.measures
    asked = live.asked(measures, scope)
    tallies = await count(visit.session, scope, [*asked.values()])
    overdue = await open_reading.listed(visit.session, scope, Asked(due="overdue"), visit.today)
    shown = {
        "headlines": live.headlines(filters, found, dict(zip(asked, tallies, strict=True))),
        "left_out": live.left_out(measures, scope),
        "by_stage": live.by_stage(filters, found),
        "in_charge": investigators.now(filters, found),
        "overdue": live.work_list(
            overdue[: live.MOST_OVERDUE], visit.today, "Overdue, longest first"
        ),
    }
    return await visit.page("now.html", NOW, filters, shown)


@router.api_route(WORK, methods=["GET", "HEAD"])
async def work(visit: Visiting, filters: Annotated[WorkFilters, Query()]) -> HTMLResponse:
    """The open stages behind a number of the live position, what is due first first."""
    asked = filters.asked
    found = await open_reading.listed(visit.session, filters.scope(), asked, visit.today)
    until = filters.after + LISTED
    shown = {
        "title": asked.title,
        "number": len(found),
        "first": filters.after + 1,
        "listed": live.work_list(found[filters.after : until], visit.today, asked.title),
        "next": filters.url(WORK, after=until) if len(found) > until else None,
    }
    return await visit.page("work.html", WORK, filters, shown)


@router.api_route(CASES, methods=["GET", "HEAD"])
async def listed_cases(visit: Visiting, filters: Annotated[CaseFilters, Query()]) -> HTMLResponse:
    """The cases behind a figure."""
    measure = catalogue.find(visit.measures, filters.measure)
    scope = filters.scope()
    alike = await kinds(visit.session, scope, measure)
    tally = all_together(measure, alike)
    wanted = Wanted(
        standing=filters.standing,
        reason=filters.reason,
        limit=case_lists.ON_A_PAGE,
        cursor=filters.cursor,
    )
    found = await cases(visit.session, scope, measure, wanted, alike)
    known = await _entries(visit.session, measure, {case.reference for case in found.cases})
    shown = {
        "measure": measure,
        "percentage": tally.not_met > 0,
        "labels": narrowing.fields(measure),
        "reasons": list(case_lists.reasons(measure, tally, filters)),
        "everything": filters.url(CASES, standing=None, reason=None),
        "listed": case_lists.table(measure, found.cases, known),
        "next": filters.url(CASES, cursor=found.next) if found.next else None,
    }
    days = None if measure.population.placed_by is None else filters
    return await visit.page("cases.html", CASES, filters, shown, days=days)


async def _entries(
    session: AsyncSession, measure: Measure, references: set[str]
) -> Mapping[str, Entry]:
    """Returns what the register holds of each: of complaints, or of feedback that is none."""
    if measure.population.table is FeedbackRow:
        return await _rows(session, FeedbackRow, references)
    return await _rows(session, RegisterRow, references)


async def _rows(session: AsyncSession, table: type[Row], references: set[str]) -> dict[str, Row]:
    rows = await session.exec(select(table).where(col(table.reference).in_(references)))
    return {row.reference: row for row in rows}


@router.api_route(f"{CASES}/{{reference}}", methods=["GET", "HEAD"])
async def one_complaint(visit: Visiting, reference: Annotated[Line, Path()]) -> HTMLResponse:
    """One complaint, as its events have it now."""
    entry = await entries.find(visit.session, reference)
    if entry is None:
        raise NotThere("unknown-reference", "The register has no complaint of this reference.")
    told = await entries.events(visit.session, reference)
    facts = tuple(stage_facts(entry, working_days(CODE_NATION)))
    shown = {
        "reference": entry.reference,
        "facts": complaint.facts(entry),
        "stages": complaint.stories(entry, facts, visit.measures, visit.today),
        "afterwards": list(complaint.afterwards(entry)),
        "moments": complaint.moments([timeline.line(event) for event in told[: entry.folded_to]]),
    }
    return await visit.page("complaint.html", CASES, Filters(), shown)


@router.api_route(TREND, methods=["GET", "HEAD"])
async def by_month(visit: Visiting, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    """How it has gone, by month."""
    days = trend.period(filters, visit.today)
    asked = trend.questions(visit.measures)
    tallies = await count(visit.session, days.scope(), asked)
    if filters.from_on is None:
        days = trend.begun(days, tallies)
    shown = {"charts": trend.charts(days, tallies)}
    return await visit.page("trend.html", TREND, filters, shown, days=days)


@router.api_route(AREAS, methods=["GET", "HEAD"])
async def areas(visit: Visiting, filters: Annotated[AreaFilters, Query()]) -> HTMLResponse:
    """Complaints by area, region or category."""
    of_any_page = filters.of_any_page()
    days = breakdowns.with_period(of_any_page, visit.today)
    asked = breakdowns.questions(filters.by, visit.measures)
    tallies = await count(visit.session, days.scope(), asked)
    shown = {
        "breakdown": breakdowns.breakdown(
            filters.by, days, tallies, visit.landlord.homes_by_service_area
        ),
        "ways": {
            by: (facet.title, of_any_page.url(AREAS, by=by))
            for by, facet in breakdowns.FACETS.items()
        },
    }
    return await visit.page("areas.html", AREAS, of_any_page, shown, days=days)


@router.api_route(INVESTIGATORS, methods=["GET", "HEAD"])
async def by_investigator(visit: Visiting, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    """Complaints by who is in charge."""
    days = breakdowns.with_period(filters, visit.today, investigators.MONTHS)
    asked = investigators.questions(visit.measures)
    tallies = await count(visit.session, days.scope(), asked)
    found = position(await open_reading.alike(visit.session, filters.scope()), visit.today)
    shown = {
        "now": investigators.now(filters, found),
        "in_the_period": investigators.in_the_period(days, tallies),
    }
    return await visit.page("investigators.html", INVESTIGATORS, filters, shown, days=days)
