"""Each report's figures are what its events say; published ones tell nothing about anybody."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import get_args

import pytest

from services.reporting.landlord import Landlord
from services.reporting.reports.adds_up import by_id, check
from services.reporting.reports.document import Report
from services.reporting.reports.figures import Count, Figure, Money, Share, Suppressed
from services.reporting.reports.making import Asked, Kind, make
from services.reporting.reports.self_assessment import Finding
from services.shared.database import Database
from services.shared.errors import MendRequest
from services.workflow import policies
from services.workflow.self_assessment.assessment import assess
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.recount import Judged, Recount
from tests.reporting.measures.varied_lives import complaints, feedback

YEAR = Asked(from_on=date(2025, 4, 1), seed="board-7")
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

KINDS: tuple[Kind, ...] = get_args(Kind)

LANDLORD = Landlord.model_validate(
    {
        "name": "Example Homes",
        "homes": [{"year": 2025, "rented": 1000, "shared_ownership": 100}],
        "periods": [
            {
                "from_on": date(2025, 4, 1),
                "before": date(2026, 4, 1),
                "board_comment": "We asked for more.\nAnd sooner.\n\nThat is all.",
                "improvements": [{"heard": "It is slow.", "done": "It is faster."}],
            }
        ],
    }
)


@dataclass
class Filled:
    """A register with lives in it, and a recount of their events."""

    database: Database
    recount: Recount

    async def report(self, kind: Kind, asked: Asked = YEAR) -> Report:
        async with self.database.session() as session:
            return await make(session, kind, asked, landlord=LANDLORD, findings=findings(), now=NOW)


@cache
def lives() -> Lives:
    return Lives.of(complaints(500), feedback(80))


@cache
def recount() -> Recount:
    return Recount(lives().complaints, lives().feedback, NOW.date())


@cache
def findings() -> tuple[Finding, ...]:
    """What `putright policy check` finds of a policy."""
    file = policies.read(policies.path_of(policies.in_force("nacro", date(2026, 1, 1))))
    return tuple(Finding.model_validate(one.model_dump()) for one in assess(file))


@pytest.fixture
async def filled(database: Database) -> Filled:
    await lives().fill(database)
    return Filled(database, recount())


@pytest.mark.parametrize("kind", KINDS)
async def test_every_report_adds_up(filled: Filled, kind: Kind) -> None:
    report = await filled.report(kind)
    check(report)
    assert report.sums
    assert report.rule_sets
    assert report.landlord == "Example Homes"


async def test_the_annual_report_says_what_the_events_say(filled: Filled) -> None:
    figures = by_id(await filled.report("annual"))
    in_year = {
        name: within_year(filled.recount.of(name))
        for name in ("received", *TIMELY, "outcomes", "compensation", "promises-kept")
    }
    for stage in ("1", "2"):
        received = of_stage(in_year["received"], stage)
        assert number(figures, f"stage-{stage}/received") == len(received)
        for month, expected in Counter(one.facets["month"] for one in received).items():
            assert number(figures, f"stage-{stage}/received/{month}") == expected
        for name in TIMELY:
            assert share(figures, f"stage-{stage}/{name}") == met(of_stage(in_year[name], stage))
        outcomes = Counter(one.reason for one in of_stage(in_year["outcomes"], stage))
        for decision in ("upheld", "not-upheld", "partially-upheld"):
            assert number(figures, f"stage-{stage}/outcomes/{decision}") == outcomes[decision]
    paid = [one.amount for one in in_year["compensation"] if one.standing == "met"]
    assert figures["compensation/paid"] == Money(id="compensation/paid", pence=sum(paid))
    assert number(figures, "compensation/payments") == len(paid)
    assert share(figures, "promises-kept") == met(in_year["promises-kept"])


async def test_the_regulators_measures_are_shown_for_a_thousand_homes(filled: Filled) -> None:
    figures = by_id(await filled.report("annual"))
    received = within_year(filled.recount.of("ch01-1"))
    rented = [one for one in received if one.facets["tenure"] == "rented" and one.standing == "met"]
    # A thousand homes: the rate is the number itself.
    assert figures["tsm/rented/ch01-1"].shown == f"{len(rented)}.0 per 1,000 homes"
    answered = within_year(filled.recount.of("ch02-1"))
    of_rented = [one for one in answered if one.facets["tenure"] == "rented"]
    assert share(figures, "tsm/rented/ch02-1") == met(of_rented)


async def test_a_quarter_is_told_by_months_and_adds_up_to_its_part_of_the_year(
    filled: Filled,
) -> None:
    year = by_id(await filled.report("annual"))
    quarter = by_id(await filled.report("quarterly"))
    assert number(quarter, "stage-1/received") == number(year, "stage-1/received/2025-q1")
    for month in ("2025-04", "2025-05", "2025-06"):
        name = f"stage-1/received/{month}"
        assert number(quarter, name) == number(year, name)
    assert share(quarter, "stage-1/responded-by-code") == share(
        year, "stage-1/responded-by-code/2025-q1"
    )


async def test_a_quarter_is_compared_with_the_one_before(filled: Filled) -> None:
    report = await filled.report("quarterly", Asked(from_on=date(2025, 7, 1)))
    year = by_id(await filled.report("annual"))
    now, before = (number(year, f"stage-1/received/2025-{quarter}") for quarter in ("q2", "q1"))
    said = report.sections[0].paragraphs[0]
    assert f"{now} at stage 1, against {before} in the 3 months before" in said
    first = await filled.report("annual")
    assert "before" not in first.sections[0].paragraphs[0]


async def test_what_is_published_keeps_small_numbers_of_parts_back(filled: Filled) -> None:
    published = by_id(await filled.report("annual"))
    parts = re.compile("(themes|areas|regions|channels|tenures|refusals)/")
    counts = [one for one in published.values() if isinstance(one, Count)]
    assert not [one.id for one in counts if parts.match(one.id) and 0 < one.value < 5]
    assert any(isinstance(one, Suppressed) for one in published.values())
    # The whole landlord's own numbers are always told, and the board is told all.
    assert not any(
        isinstance(one, Suppressed) and not parts.match(one.id) for one in published.values()
    )
    board = by_id(await filled.report("quarterly"))
    assert not any(isinstance(one, Suppressed) for one in board.values())


async def test_the_landlords_words_stand_in_paragraphs(filled: Filled) -> None:
    report = await filled.report("annual")
    sections = {section.heading: section for section in report.sections}
    assert sections["A comment from our board"].paragraphs == (
        "We asked for more. And sooner.",
        "That is all.",
    )
    (table,) = sections["You said, we did"].tables
    said = [(row.heading, row.cells[0].shown) for row in table.rows]
    assert said == [("Nobody rang.", "We ring on the day."), ("It is slow.", "It is faster.")]


async def test_the_self_assessment_puts_practice_beside_the_policy(filled: Filled) -> None:
    report = await filled.report("self-assessment")
    figures = by_id(report)
    rows = {
        row.heading: [cell.shown for cell in row.cells]
        for section in report.sections
        for table in section.tables
        if table.columns[0] == "Provision"
        for row in table.rows
    }
    assert {*rows} == {one.provision for one in findings()}
    practice = figures["stage-1/acknowledged-by-code"]
    assert rows["6.2"][1] == "Met"
    assert practice.shown in rows["6.2"][3]
    assert rows["5.8"][1:] == ["To be judged", "", ""]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_register_with_nothing_in_it_makes_a_report(database: Database, kind: Kind) -> None:
    async with database.session() as session:
        report = await make(session, kind, YEAR, landlord=Landlord(), findings=findings(), now=NOW)
    check(report)


async def test_a_period_begins_on_the_first_of_a_month(database: Database) -> None:
    async with database.session() as session:
        with pytest.raises(MendRequest) as refused:
            await make(
                session, "annual", Asked(from_on=date(2025, 4, 2)), landlord=Landlord(), now=NOW
            )
    assert refused.value.code == "not-the-first-of-a-month"


TIMELY = (
    *("acknowledged-by-code", "responded-by-code", "responded-by-code-unextended"),
    *("acknowledged", "responded", "responded-unextended"),
)


def within_year(judged: Mapping[tuple[str, int], Judged]) -> list[Judged]:
    first, end = date(2025, 4, 1), date(2026, 4, 1)
    return [one for one in judged.values() if one.on and first <= one.on < end]


def of_stage(judged: list[Judged], stage: str) -> list[Judged]:
    return [one for one in judged if one.facets["code_stage"] == stage]


def met(judged: list[Judged]) -> tuple[int, int]:
    counted = [one for one in judged if one.standing != "out"]
    return sum(one.standing == "met" for one in counted), len(counted)


def number(figures: Mapping[str, Figure], name: str) -> int:
    figure = figures[name]
    assert isinstance(figure, Count), name
    return figure.value


def share(figures: Mapping[str, Figure], name: str) -> tuple[int, int]:
    figure = figures[name]
    assert isinstance(figure, Share), name
    return figure.met, figure.of
