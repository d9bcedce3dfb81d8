"""What stands out among areas, and what is shown of stages that a chart does not draw."""

import httpx
import pytest

from services.reporting.dashboard.breakdowns import breakdown, questions
from services.reporting.dashboard.filters import Filters
from services.reporting.landlord import Landlord
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.measure import Verdict, met
from services.reporting.measures.tally import Tally, Values, Weight
from services.reporting.measures.themes import SAYS_NOT_COMPARED
from services.reporting.reports.material import Material
from services.reporting.reports.part_places import areas
from tests.days import day
from tests.reporting.dashboard.reading import first, listed, page
from tests.reporting.reports.documents import MADE_AT, YEAR

MEASURES = catalogue(day("Wed 2028-03-29"))

SIX_ALIKE = dict.fromkeys(("A", "B", "C", "D", "E", "F"), 1_000)

Received = dict[tuple[str | None, str], int]
"""Numbers by area and stage of the Code."""

A_STANDS_OUT: Received = {("A", "1"): 6, ("B", "1"): 5}


def tallies(received: Received) -> list[Tally]:
    """What the register would answer for a page by service area."""
    weights: dict[Values, dict[Verdict, Weight]] = {
        values: {met("received"): Weight(number)} for values, number in received.items()
    }
    first, *others = questions("service_area", MEASURES)
    return [
        Tally(first.measure, ("service-area", "code-stage"), weights),
        *(Tally(other.measure, ("service-area",)) for other in others),
    ]


def named_by_dashboard(
    received: Received, homes: dict[str, int], filters: Filters | None = None
) -> str:
    """What the page says stands out: `A, B`, `none`, or `not compared`."""
    shown = breakdown("service_area", filters or Filters(), tallies(received), homes)
    if shown.flagged[0] == SAYS_NOT_COMPARED:
        return "not compared"
    return shown.flagged[0].removeprefix("Service area, above the average: ").removesuffix(".")


def named_by_report(received: Received, homes: dict[str, int]) -> str:
    """What a report says stands out, in the same way."""
    counted = tallies(received)[0]
    keys = ("areas", "areas-in-time", "regions", "regions-in-time")
    landlord = Landlord(homes_by_service_area=homes)
    material = Material(YEAR, MADE_AT, landlord, MEASURES, dict.fromkeys(keys, counted), {})
    said = areas(material).section.paragraphs[0].removesuffix(".")
    if f"{said}." == SAYS_NOT_COMPARED:
        return "not compared"
    return said.partition("than chance explains: ")[2] or "none"


@pytest.mark.parametrize(
    ("received", "homes", "named"),
    [
        (A_STANDS_OUT, SIX_ALIKE, "A"),
        (A_STANDS_OUT, {}, "not compared"),
        ({**A_STANDS_OUT, ("G", "2"): 9}, SIX_ALIKE, "A"),
        (A_STANDS_OUT, {**SIX_ALIKE, "A": 30_000}, "B"),
        (A_STANDS_OUT, {**SIX_ALIKE, "F": 0}, "A"),
        ({**A_STANDS_OUT, (None, "1"): 9}, SIX_ALIKE, "A"),
        ({("A", "1"): 8, ("B", "1"): 5}, {"C": 10, "D": 10, "E": 10}, "not compared"),
        ({("A", "1"): 8, ("B", "1"): 1, ("C", "2"): 30}, {}, "not compared"),
        ({("A", "2"): 8, ("B", "1"): 1}, SIX_ALIKE, "none"),
    ],
)
def test_the_page_names_the_areas_that_a_report_names(
    received: Received, homes: dict[str, int], named: str
) -> None:
    assert named_by_report(received, homes) == named
    assert named_by_dashboard(received, homes) == named


def test_an_area_is_not_compared_with_others_that_are_filtered_away() -> None:
    alone: Received = {("A", "1"): 60}
    assert named_by_dashboard(alone, SIX_ALIKE) == "A"
    assert named_by_dashboard(alone, SIX_ALIKE, Filters(service_area="A")) == "none"
    # Nobody knows how many of the homes are in the region.
    assert named_by_dashboard(alone, SIX_ALIKE, Filters(region="North")) == "none"


@pytest.mark.parametrize(("received", "flags"), [(A_STANDS_OUT, 1), ({("A", "1"): 1}, 0)])
def test_a_column_says_what_stands_out_where_anything_does(received: Received, flags: int) -> None:
    shown = breakdown("service_area", Filters(), tallies(received), SIX_ALIKE).table.table
    assert shown.columns.count("Stands out") == flags
    said = [cell.shown for row in shown.rows for cell in row.cells]
    assert said.count("More than chance explains") == flags


NONE_COMPARED = "Complaints at stage 1 are compared, and there are none here."

PERIOD = "from_on=2025-04-01&until=2028-03-31"


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("by", ["service_area", "region", "category"])
@pytest.mark.parametrize("stage", ["stage-2"])
async def test_stages_that_are_not_in_the_chart_are_in_the_table(
    visitor: httpx.AsyncClient, by: str, stage: str
) -> None:
    read = await page(visitor, f"/dashboard/areas?by={by}&stage={stage}&{PERIOD}")
    assert read.css("figure") == []
    assert NONE_COMPARED in first(read, "main").text()
    assert "There is none" not in first(read, "main").text()
    found = [link.attributes["href"] or "" for link in read.css("main tbody th a")]
    assert len(found) > 1
    assert await listed(visitor, found[0])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_page_without_any_complaint_says_so(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/areas")
    assert first(read, "main > p:last-child").text() == "There is none in this period."
    assert read.css("main table") == []
