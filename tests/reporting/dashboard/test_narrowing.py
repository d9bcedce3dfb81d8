"""What pages are narrowed to: each figure by what is known of it, and only as was asked for."""

import httpx
import pytest

from services.reporting.dashboard.addresses import PAGES
from services.reporting.dashboard.filters import LABELS
from services.reporting.dashboard.standing_now import ANSWERED_OPEN, OMBUDSMAN_OPEN, PROMISES_OPEN
from tests.reporting.dashboard.reading import first, page

STAGES = ("first-time-resolution", "stage-1", "stage-2", "panel")
"""Every stage that a policy has."""

pytestmark = [
    pytest.mark.usefixtures("register"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WITH_THE_OMBUDSMAN = "With the Ombudsman"


@pytest.mark.parametrize("stage", STAGES)
async def test_a_headline_that_cannot_be_narrowed_is_left_out_and_the_page_says_so(
    visitor: httpx.AsyncClient, stage: str
) -> None:
    read = await page(visitor, f"/dashboard?stage={stage}")
    assert WITH_THE_OMBUDSMAN not in first(read, ".headlines").text()
    assert "Promised actions late" in first(read, ".headlines").text()
    assert [said.text() for said in read.css(".left-out")] == [
        f"“{WITH_THE_OMBUDSMAN}” is left out: the stage of these cases is not known."
    ]


async def test_nothing_is_left_out_of_what_is_narrowed_otherwise(
    visitor: httpx.AsyncClient,
) -> None:
    read = await page(visitor, "/dashboard?region=North&policy=nacro&channel=web&category=ASB")
    assert WITH_THE_OMBUDSMAN in first(read, ".headlines").text()
    assert read.css(".left-out") == []


@pytest.mark.parametrize(
    ("measure", "without"),
    [
        (OMBUDSMAN_OPEN, {"stage"}),
        (PROMISES_OPEN, set()),
        (ANSWERED_OPEN, set()),
        ("compliments", {"stage", "category", "investigator"}),
    ],
)
async def test_a_list_offers_only_what_it_can_be_narrowed_to(
    visitor: httpx.AsyncClient, measure: str, without: set[str]
) -> None:
    read = await page(visitor, f"/dashboard/complaints?measure={measure}")
    offered = {select.attributes["name"] for select in read.css(".filters select")}
    assert offered == {*LABELS} - without


NARROWINGS = (
    *(f"stage={stage}" for stage in STAGES),
    *("from_on=1990-01-01", "until=1990-01-01", "from_on=1990-01-01&until=1990-01-01"),
    *("from_on=2030-01-01", "from_on=2099-12-31", "until=2099-12-31"),
)
"""Each stage, and the ends of what a period can be."""


@pytest.mark.parametrize(
    "address",
    [
        *("/dashboard?", "/dashboard/work?", "/dashboard/complaints?", "/dashboard/trend?"),
        *("/dashboard/areas?", "/dashboard/areas?by=category&", "/dashboard/investigators?"),
    ],
)
async def test_every_page_opens_however_it_is_narrowed_and_leads_to_the_others_so(
    visitor: httpx.AsyncClient, address: str
) -> None:
    for narrowing in NARROWINGS:
        read = await page(visitor, address + narrowing)
        menu = [link.attributes["href"] for link in read.css("nav a")]
        assert menu == [f"{led}?{narrowing}" for led in PAGES]


@pytest.mark.parametrize(
    "address", ["/dashboard/trend", "/dashboard/areas", "/dashboard/investigators"]
)
async def test_the_period_that_a_page_chooses_itself_stays_its_own(
    visitor: httpx.AsyncClient, address: str
) -> None:
    read = await page(visitor, address)
    assert "to 31 March 2028" in first(read, ".narrowed").text()
    for link in read.css("nav a, .ways a"):
        assert "from_on" not in (link.attributes["href"] or "")
    assert [day.attributes["value"] for day in read.css("input[type=date]")] == ["", ""]


async def test_a_period_is_carried_on_as_it_was_asked_for(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/trend?from_on=2027-01-17")
    assert "1 January 2027 to 31 March 2028" in first(read, ".narrowed").text()
    for link in read.css("nav a"):
        assert (link.attributes["href"] or "").endswith("?from_on=2027-01-17")
    days = [day.attributes["value"] for day in read.css("input[type=date]")]
    assert days == ["2027-01-17", ""]


@pytest.mark.parametrize(
    "address",
    [
        *("/dashboard?", "/dashboard/work?", "/dashboard/complaints?measure=ombudsman-open&"),
        "/dashboard/complaints?measure=promises-open&",
    ],
)
async def test_what_stands_now_shows_no_period_and_keeps_it_for_other_pages(
    visitor: httpx.AsyncClient, address: str
) -> None:
    period = "from_on=2020-01-01&until=2020-01-02"
    read = await page(visitor, address + period)
    assert first(read, ".narrowed").text(strip=True) == "As things stand now"
    assert read.css("input[type=date]") == []
    kept = {field.attributes["name"]: field.attributes["value"] for field in read.css("input")}
    assert (kept["from_on"], kept["until"]) == ("2020-01-01", "2020-01-02")
    assert all(period in (link.attributes["href"] or "") for link in read.css("nav a"))
