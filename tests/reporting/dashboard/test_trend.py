"""The months of a trend, and what its charts draw."""

from datetime import date

import httpx
import pytest

from services.reporting.dashboard import trend
from services.reporting.dashboard.filters import Filters
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.measure import Verdict, met
from services.reporting.measures.tally import Tally, Values, Weight
from tests.days import day
from tests.reporting.dashboard.reading import first, page

TODAY = day("Wed 2028-03-29")


def months(filters: Filters) -> tuple[date | None, date | None]:
    found = trend.period(filters, TODAY)
    return found.from_on, found.until


def test_without_a_period_it_shows_the_last_24_months_with_this_one() -> None:
    assert months(Filters()) == (date(2026, 4, 1), date(2028, 3, 31))


def test_a_period_is_made_of_whole_months() -> None:
    asked = Filters(from_on=date(2027, 1, 17), until=date(2027, 2, 3))
    assert months(asked) == (date(2027, 1, 1), date(2027, 2, 28))
    assert months(Filters(until=date(2028, 2, 29))) == (date(2026, 3, 1), date(2028, 2, 29))
    assert months(Filters(from_on=date(2027, 12, 31))) == (date(2027, 12, 1), date(2028, 3, 31))


def test_a_longer_period_ends_where_it_was_asked_to_end() -> None:
    asked = Filters(from_on=date(2001, 1, 1), until=date(2027, 1, 1))
    assert months(asked) == (date(2025, 2, 1), date(2027, 1, 31))


def test_a_period_that_is_still_to_come_begins_and_ends_with_its_first_month() -> None:
    assert months(Filters(from_on=date(2030, 1, 9))) == (date(2030, 1, 1), date(2030, 1, 31))


def test_no_month_is_before_the_first_day_that_can_be_asked_for() -> None:
    january = (date(1990, 1, 1), date(1990, 1, 31))
    assert months(Filters(until=date(1990, 1, 1))) == january
    assert months(Filters(until=date(1991, 3, 5))) == (january[0], date(1991, 3, 31))


RECEIVED = catalogue(TODAY)["received"]


def received_in(*months: str) -> list[Tally]:
    """What is counted where one complaint came in in each of these months."""
    weights: dict[Values, dict[Verdict, Weight]] = {
        (month, "1"): {met("received"): Weight(1)} for month in months
    }
    return [Tally(RECEIVED, ("month", "code-stage"), weights)]


def test_it_begins_with_the_first_month_that_has_anything() -> None:
    days = trend.period(Filters(), TODAY)
    found = trend.begun(days, received_in("2028-01", "2027-11"))
    assert (found.from_on, found.until) == (date(2027, 11, 1), date(2028, 3, 31))


def test_where_nothing_ever_came_in_it_is_the_last_month() -> None:
    found = trend.begun(trend.period(Filters(), TODAY), received_in())
    assert (found.from_on, found.until) == (date(2028, 3, 1), date(2028, 3, 31))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_empty_months_are_left_out_unless_they_are_asked_for(
    visitor: httpx.AsyncClient,
) -> None:
    read = await page(visitor, "/dashboard/trend?until=2026-03-31")
    begun = [row.text() for row in first(read, "figure").css("tbody th")]
    assert begun[-1] == "Apr 2025"
    assert "1 April 2025 to 31 March 2026" in first(read, ".narrowed").text()
    read = await page(visitor, "/dashboard/trend?from_on=2025-01-01&until=2026-03-31")
    asked = [row.text() for row in first(read, "figure").css("tbody th")]
    assert asked == [*begun, "Mar 2025", "Feb 2025", "Jan 2025"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_chart_has_its_name_and_its_table(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/trend?from_on=2024-04-01&until=2026-03-31")
    charts = read.css("figure")
    assert len(charts) == len(trend.PLANS) == 5
    for chart in charts:
        named = first(chart, "svg").attributes["aria-labelledby"] or ""
        assert [first(chart, f"#{name}").tag for name in named.split()] == ["title", "desc"]
        lines = chart.css("tbody tr")
        assert len(lines) == 24
        assert first(lines[0], "th").text() == "Mar 2026"
        assert first(lines[-1], "th").text() == "Apr 2024"
        axis = [text.text() for text in chart.css("svg text") if " 202" in text.text()]
        years = [said.split()[-1] for said in axis]
        assert axis[0] == "Apr 2024"
        assert years[0] < years[-1]
