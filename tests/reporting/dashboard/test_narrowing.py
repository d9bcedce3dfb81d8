"""What pages are narrowed to: each figure by what is known of it, and only as was asked for."""

import httpx
import pytest

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
