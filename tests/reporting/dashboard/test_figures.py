"""Every figure leads to the complaints that it counts, and pages agree with the measures."""

from collections.abc import Sequence
from datetime import date, datetime

import httpx
import pytest

from services.reporting.dashboard import open_reading
from services.reporting.dashboard.open_stages import position
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.counting import count_one
from services.reporting.measures.scope import Scope
from services.reporting.register import ENDS, RegisterEntry
from services.shared.database import Database
from services.shared.local_time import local_date
from tests.reporting.dashboard.reading import Figure, figures, first, judged, listed, page

PAGES = {
    "now": "/dashboard",
    "now in the North": "/dashboard?region=North",
    "now at stage 1": "/dashboard?stage=stage-1",
    "trend": "/dashboard/trend?from_on=2025-10-01&until=2025-12-31",
    "trend of repairs": "/dashboard/trend?from_on=2025-11-01&until=2025-12-31&service_area=Repairs",
    "areas": "/dashboard/areas?from_on=2025-05-10&until=2025-08-20",
    "areas at stage 2": "/dashboard/areas?stage=stage-2&from_on=2025-05-10&until=2028-08-20",
    "areas before stage 1": "/dashboard/areas?stage=first-time-resolution",
    "categories": "/dashboard/areas?by=category&from_on=2025-05-10&until=2028-08-20",
    "investigators": "/dashboard/investigators?from_on=2025-04-01&channel=web",
}


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("name", PAGES)
async def test_every_figure_leads_to_the_complaints_that_it_counts(
    visitor: httpx.AsyncClient, name: str
) -> None:
    found = [*figures(await page(visitor, PAGES[name]))]
    assert sum(figure.number > 0 for figure in found) > 4
    for figure in found:
        assert await counted(visitor, figure) == figure.number, figure


async def counted(visitor: httpx.AsyncClient, figure: Figure) -> int:
    """How many there are in the list behind a figure."""
    if figure.share and "reason=" not in figure.address:
        if "measure=outcomes" in figure.address:
            upheld = f"{figure.address}&standing=met&reason="
            return sum(
                [len(await listed(visitor, upheld + one)) for one in ("upheld", "partially-upheld")]
            )
        return (await judged(visitor, figure.address)).get("Yes", 0)
    return len(await listed(visitor, figure.address))


def waits(entry: RegisterEntry) -> bool:
    """Whether a complaint is to be answered: a letter that waits to be posted is no answer yet."""
    last = entry.stages[-1]
    if last.response_to_post:
        return entry.status not in {"refused", "withdrawn"}
    return entry.status not in ENDS and last.responded_at is None


async def test_what_waits_now_is_what_the_measures_count(
    register: Sequence[RegisterEntry], database: Database, now: datetime
) -> None:
    today = local_date(now)
    measures = catalogue(today)
    async with database.session() as session:
        found = position(await open_reading.alike(session, Scope()), today)
        waiting = await count_one(session, Scope(), measures["waiting"])
        overdue = await count_one(session, Scope(), measures["overdue"])
    unanswered = [entry for entry in register if waits(entry)]
    assert any(entry.stages[-1].response_to_post for entry in unanswered)
    assert found.total == waiting.met == len(unanswered)
    late = sum(entry.overdue for entry in unanswered)
    assert found.due["overdue"] == overdue.met == late
    assert late > 5
    assert found.stages.total() == found.in_charge.total() == found.total
    nobody = sum(e.investigator is None and e.status != "declined" for e in unanswered)
    assert found.marks["unassigned"] == nobody > 0


@pytest.mark.usefixtures("register")
async def test_what_is_overdue_longest_comes_first(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/work?due=overdue")
    days = [row.css("td")[0].text(strip=True) for row in read.css("tbody tr")]
    dates = [datetime.strptime(day, "%d %B %Y").date() for day in days]  # noqa: DTZ007 — a day
    assert dates == sorted(dates)
    assert dates[0] < date(2028, 3, 29)
    assert len(dates) > 5
    first = await page(visitor, "/dashboard")
    top = [cell.text(strip=True) for cell in first.css('[aria-labelledby="overdue-caption"] th a')]
    assert top == (await listed(visitor, "/dashboard/work?due=overdue"))[:10]


@pytest.mark.usefixtures("register")
async def test_a_filter_narrows_every_figure_and_is_kept_in_every_link(
    visitor: httpx.AsyncClient,
) -> None:
    whole = {figure.within: figure for figure in figures(await page(visitor, "/dashboard"))}
    read = await page(visitor, "/dashboard?region=North")
    smaller = 0
    for figure in figures(read):
        assert "region=North" in figure.address
        assert figure.number <= max(one.number for one in whole.values())
        smaller += figure.within not in whole
    assert smaller > 3
    menu = [link.attributes["href"] or "" for link in read.css("nav a")]
    assert all("region=North" in address for address in menu)
    assert first(read, "#filter-region option[selected]").text() == "North"
    assert "Region: North" in first(read, ".narrowed").text()


@pytest.mark.usefixtures("register")
async def test_codes_are_read_as_words_and_sent_as_codes(visitor: httpx.AsyncClient) -> None:
    asked = "stage=stage-1&channel=in-person&policy=housing-ombudsman"
    read = await page(visitor, f"/dashboard?{asked}")
    assert [said.text() for said in read.css(".narrowed span")] == [
        *("Policy: Housing ombudsman", "Stage: Stage 1", "Channel: In person"),
    ]
    chosen = {option.attributes["value"]: option.text() for option in read.css("[selected]")}
    assert chosen["stage-1"] == "Stage 1"
    assert chosen["in-person"] == "In person"
    for link in read.css("nav a"):
        assert "stage=stage-1" in (link.attributes["href"] or "")


@pytest.mark.usefixtures("register")
async def test_the_form_offers_what_the_register_holds(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/trend")
    offered = [option.text() for option in read.css("#filter-region option")]
    assert offered == ["All", "North", "South", "Wales"]


async def test_an_empty_register_has_pages_too(visitor: httpx.AsyncClient) -> None:
    for address in PAGES.values():
        read = await page(visitor, address)
        assert sum(figure.number for figure in figures(read)) == 0
    assert await listed(visitor, "/dashboard/complaints") == []
