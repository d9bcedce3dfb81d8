"""Each report's figures are what its events say; published ones tell nothing about anybody."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest

from services.reporting.landlord import Landlord
from services.reporting.measures.themes import SAYS_NOT_COMPARED
from services.reporting.reports.about import about
from services.reporting.reports.adds_up import by_id, check
from services.reporting.reports.document import Report
from services.reporting.reports.figures import Count, Figure, Money, Share, Suppressed
from services.reporting.reports.flat import lines
from services.reporting.reports.making import Asked, Kind, make, scope_of
from services.reporting.reports.part_timeliness import (
    NOTE_ON_THE_CODES_DAYS,
    NOTE_ON_THE_POLICYS_DAYS,
)
from services.shared.database import Database
from services.shared.errors import MendRequest
from tests.reporting.measures.recount import Judged
from tests.reporting.reports.filled_register import (
    KINDS,
    NOW,
    OF_A_POLICY,
    POLICY,
    YEAR,
    Filled,
    asked_of,
    findings,
)


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


@pytest.mark.parametrize("asked", [YEAR, OF_A_POLICY])
async def test_what_is_published_tells_every_total_and_no_small_number_of_a_part(
    filled: Filled, asked: Asked
) -> None:
    published = by_id(await filled.report("annual", asked))
    parts = re.compile("(themes|areas|regions|channels|tenures|refusals)(-in-time)?/")
    assert not [
        one.id
        for one in published.values()
        if parts.match(one.id) and any(0 < number < 5 for number in numbers_of(one))
    ]
    # The whole landlord's own numbers are always told, and the board is told all.
    hidden = [one.id for one in published.values() if isinstance(one, Suppressed)]
    assert all(map(parts.match, hidden))
    assert len([one for one in published.values() if parts.match(one.id)]) > len(hidden)
    board = by_id(await filled.report("quarterly", asked))
    assert not any(isinstance(one, Suppressed) for one in board.values())


def numbers_of(figure: Figure) -> tuple[int, ...]:
    if isinstance(figure, Share):
        return (figure.met, figure.of - figure.met, figure.of)
    return tuple(figure.quantities.values())


async def test_what_a_paragraph_compares_stands_in_the_tables_of_what_is_published(
    filled: Filled,
) -> None:
    report = await filled.report("annual", Asked(from_on=date(2026, 4, 1)))
    figures = by_id(report)
    said = report.sections[0].paragraphs[0]
    for stage in ("1", "2"):
        assert f"{figures[f'stage-{stage}/received'].shown} at stage {stage}, against" in said


async def test_what_is_to_come_of_a_year_is_dashes_and_the_year_is_told_so_far(
    filled: Filled,
) -> None:
    report = await filled.report("annual", Asked(from_on=date(2026, 4, 1)))
    assert report.subtitle.endswith("so far, up to 1 June 2026.")
    figures = by_id(report)
    shown = [figures[f"stage-1/received/2026-q{quarter}"].shown for quarter in (1, 2, 3, 4)]
    assert shown[1:] == ["–", "–", "–"]
    assert shown[0] == figures["stage-1/received"].shown
    (chart,) = report.sections[0].charts
    assert chart.categories == ("April 2026", "May 2026", "June 2026")
    (measures,) = (s for s in report.sections if s.heading == "Tenant Satisfaction Measures")
    assert any("part of the year" in note for note in measures.tables[0].notes)
    assert "so far" not in (await filled.report("annual")).subtitle


async def test_no_service_stands_out_where_sizes_are_not_known(filled: Filled) -> None:
    said = paragraphs_of(await filled.report("annual"), "Areas")
    assert said == (SAYS_NOT_COMPARED,)


async def test_the_statistical_rule_is_told_once_at_the_end(filled: Filled) -> None:
    report = await filled.report("annual")
    sections = (*report.sections, about(report))
    telling = [one.heading for one in sections for said in one.paragraphs if "binomial" in said]
    assert telling == ["About this report"]


async def test_the_most_frequent_themes_are_named_with_their_numbers(filled: Filled) -> None:
    report = await filled.report("annual")
    figures = by_id(report)
    first = max(
        number(figures, f"themes/{theme}/stage-1") for theme in ("damp-and-mould", "repairs")
    )
    said = paragraphs_of(report, "Themes")[0]
    total = number(figures, "stage-1/received")
    assert said.startswith(f"The most frequent themes of the {total} complaints at stage 1: ")
    assert f"({first})" in said


async def test_what_is_open_is_headed_by_the_day_on_which_it_was(filled: Filled) -> None:
    report = await filled.report("quarterly")
    assert "Open on 1 June 2026" in {section.heading for section in report.sections}


async def test_what_counts_days_stands_under_both_tables(filled: Filled) -> None:
    report = await filled.report("annual")
    notes = {t.caption: t.notes for s in report.sections for t in s.tables}
    assert notes["By the Code's times"] == (NOTE_ON_THE_CODES_DAYS,)
    assert notes["By the policy's times"] == (NOTE_ON_THE_POLICYS_DAYS,)


def paragraphs_of(report: Report, heading: str) -> tuple[str, ...]:
    return next(one.paragraphs for one in report.sections if one.heading == heading)


async def test_words_of_other_days_than_the_reports_are_not_lost_silently(filled: Filled) -> None:
    def said(report: Report) -> tuple[str, ...]:
        (section,) = (one for one in report.sections if one.heading == "A comment from our board")
        return section.paragraphs

    quarter = await filled.report("quarterly")
    (told,) = said(quarter)
    assert told.startswith("No comment is recorded for exactly the days of this report.")
    assert told.endswith("recorded for: 1 April 2025 to 31 March 2026.")
    next_year = await filled.report("annual", Asked(from_on=date(2026, 4, 1)))
    assert said(next_year) == ("The governing body has not commented yet.",)


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


@pytest.mark.parametrize("kind", KINDS)
async def test_a_report_of_one_policy_says_so_under_its_title_and_at_its_end(
    filled: Filled, kind: Kind
) -> None:
    report = await filled.report(kind, OF_A_POLICY)
    assert f"“{POLICY}”" in report.subtitle
    assert f"It counts complaints under the policy “{POLICY}” alone." in about(report).paragraphs
    assert ("Policy", POLICY) in {(line.row, line.shown) for line in lines(report)}
    if kind != "self-assessment":
        whole = await filled.report(kind)
        assert "policy “" not in f"{whole.subtitle} {about(whole).paragraphs}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_register_with_nothing_in_it_makes_a_report(database: Database, kind: Kind) -> None:
    async with database.session() as session:
        report = await make(
            session, kind, asked_of(kind), landlord=Landlord(), findings=findings(), now=NOW
        )
    check(report)


@pytest.mark.parametrize(
    ("kind", "first", "code"),
    [
        ("annual", date(2025, 4, 2), "not-the-first-of-a-month"),
        ("annual", date(2025, 1, 1), "not-a-reporting-year"),
        ("self-assessment", date(2025, 7, 1), "not-a-reporting-year"),
        ("quarterly", date(2025, 5, 1), "not-a-quarter"),
        ("quarterly", date(2025, 10, 1), None),
        ("member", date(2025, 5, 1), None),
        ("sample", date(2025, 5, 1), None),
    ],
)
def test_a_period_begins_where_such_a_report_begins(
    kind: Kind, first: date, code: str | None
) -> None:
    if code is None:
        assert scope_of(kind, Asked(from_on=first)).from_on == first
        return
    with pytest.raises(MendRequest) as refused:
        scope_of(kind, Asked(from_on=first))
    assert refused.value.code == code


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
