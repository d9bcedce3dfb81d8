"""The months of a trend, and what its charts draw."""

from datetime import date

import httpx
import pytest

from services.reporting.dashboard import trend
from services.reporting.dashboard.filters import Filters
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


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_chart_has_its_name_and_its_table(visitor: httpx.AsyncClient) -> None:
    read = await page(visitor, "/dashboard/trend?until=2026-03-31")
    charts = read.css("figure")
    assert len(charts) == len(trend.PLANS) == 5
    for chart in charts:
        named = first(chart, "svg").attributes["aria-labelledby"] or ""
        assert [first(chart, f"#{name}").tag for name in named.split()] == ["title", "desc"]
        lines = chart.css("tbody tr")
        assert len(lines) == 24
        assert first(lines[0], "th").text() == "Apr 2024"
        assert first(lines[-1], "th").text() == "Mar 2026"
