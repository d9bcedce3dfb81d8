"""The lists behind figures: their columns, and the words for how each case is judged."""

from collections.abc import Sequence

import httpx
import pytest

from services.reporting.dashboard.standing_now import ANSWERED_OPEN, PROMISES_OPEN
from services.reporting.measures.catalogue import catalogue
from services.reporting.register import RegisterEntry
from services.reporting.reports.figures import day_in_words
from services.shared.local_time import local_date
from tests.days import day
from tests.reporting.dashboard.reading import first, page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def lines(visitor: httpx.AsyncClient, address: str) -> list[dict[str, str]]:
    """The lines of a list's first page, by the heading of each column."""
    read = await page(visitor, f"/dashboard/complaints?measure={address}")
    heads = [head.text() for head in read.css("thead th")]
    cells = ([cell.text(strip=True) for cell in row.css("th, td")] for row in read.css("tbody tr"))
    return [dict(zip(heads, row, strict=True)) for row in cells]


async def test_what_stands_now_says_when_it_was_received_and_who_is_in_charge(
    visitor: httpx.AsyncClient, register: Sequence[RegisterEntry]
) -> None:
    known = {entry.reference: entry for entry in register}
    found = await lines(visitor, f"{ANSWERED_OPEN}&reason=answered")
    assert len(found) > 10
    for line in found:
        entry = known[line["Complaint"]]
        assert "Day" not in line
        assert line["Received"] == day_in_words(local_date(entry.received_at))
        assert line["In charge now"] == (entry.investigator or "–")


@pytest.mark.usefixtures("register")
async def test_what_has_a_day_shows_it(visitor: httpx.AsyncClient) -> None:
    found = await lines(visitor, "received")
    assert "Received" not in found[0]
    assert all(line["Day"] != "–" for line in found)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("measure", "question", "answers"),
    [
        ("responded", "Answered in time?", {"Yes", "No", "Left out"}),
        ("received", "Counted?", {"Yes"}),
        (ANSWERED_OPEN, "Counted?", {"Yes", "Left out"}),
        (PROMISES_OPEN, "Counted?", {"Yes"}),
    ],
)
async def test_a_list_answers_a_question(
    visitor: httpx.AsyncClient, measure: str, question: str, answers: set[str]
) -> None:
    read = await page(visitor, f"/dashboard/complaints?measure={measure}")
    assert first(read, "h2").text() == question
    assert {said.text().split(" – ")[0] for said in read.css(".reasons a")} == answers
    assert ("percentage" in first(read, "main").text()) == ("No" in answers)


@pytest.mark.parametrize("measure", catalogue(day("Wed 2028-03-29")))
async def test_every_measure_has_a_list(visitor: httpx.AsyncClient, measure: str) -> None:
    assert await lines(visitor, measure) == []
