"""How figures are read by people, and what a report refuses to hold."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from services.reporting.reports.document import Chart, Period, Row, Series, Table
from services.reporting.reports.figures import (
    Count,
    Day,
    Figure,
    Money,
    Quantity,
    Share,
    Suppressed,
    Text,
)


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Count(id="a", value=0), "0"),
        (Count(id="a", value=1234), "1,234"),
        (Share(id="a", met=98, of=135), "73% (98)"),
        (Share(id="a", met=64, of=135), "47% (64)"),
        (Share(id="a", met=8, of=12), "67% (8)"),
        (Share(id="a", met=1, of=8), "13% (1)"),  # 12.5: half goes up
        (Share(id="a", met=64, of=135, places=1), "47.4% (64)"),
        (Share(id="a", met=0, of=0), "–"),
        (Share(id="a", met=0, of=9), "0% (0)"),
        (Share(id="a", met=9, of=9), "100% (9)"),
        (Share(id="a", met=999, of=1000), "over 99% (999)"),
        (Share(id="a", met=1, of=1000), "under 1% (1)"),
        (Share(id="a", met=9999, of=10000, places=1), "over 99.9% (9,999)"),
        (Money(id="a", pence=317_800), "£3,178"),
        (Money(id="a", pence=5), "£0.05"),
        (Money(id="a", pence=1_000_050), "£10,000.50"),
        (Quantity(id="a", value=Decimal("47.6"), unit="per 1,000 homes"), "47.6 per 1,000 homes"),
        (Quantity(id="a", value=None, unit="days"), "–"),
        (Suppressed(id="a"), "not shown"),
    ],
)
def test_a_figure_is_shown_as_people_read_it(figure: Figure, shown: str) -> None:
    assert figure.shown == shown


def test_a_day_is_written_out_and_one_to_come_is_a_dash() -> None:
    assert Day(day=date(2027, 1, 5)).shown == "5 January 2027"
    assert Day(day=None).shown == "–"


def test_a_period_is_read_with_both_its_days() -> None:
    year = Period(from_on=date(2024, 4, 1), before=date(2025, 4, 1))
    assert year.shown == "1 April 2024 to 31 March 2025"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("nul \0 and bell \a", "nul   and bell"),
        ("a\r\nb\rc\u2028d", "a\nb\nc d"),
        ("over\u202eride \u2066isolate", "override isolate"),
        ("no character \ufffe\ufdd0", "no character \ufffd\ufffd"),
        ("half of a pair \ud83d", "half of a pair"),
        ("  שלום 😀 é  ", "שלום 😀 é"),
    ],
)
def test_what_cannot_be_shown_is_taken_out_of_texts(written: str, shown: str) -> None:
    assert Text(text=written).text == shown


def one_series(*values: Figure) -> Chart:
    return Chart(
        kind="bars",
        title="Title",
        description="Description",
        heading="Area",
        categories=("North", "South"),
        series=(Series(name="Upheld", figures=values),),
    )


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Share(id="a", met=2, of=1), "more-than-all"),
        (lambda: Period(from_on=date(2025, 4, 1), before=date(2025, 4, 1)), "period-empty"),
        (
            lambda: Table(caption="T", columns=("a", "b"), rows=(Row(heading="r", cells=()),)),
            "ragged-table",
        ),
        (lambda: one_series(Count(id="a", value=1)), "ragged-chart"),
        (lambda: one_series(Count(id="a", value=1), Money(id="b", pence=1)), "mixed-units"),
        (lambda: Count(id="Not a code", value=1), "string_pattern_mismatch"),
    ],
)
def test_a_report_refuses_what_makes_no_sense(make: Callable[[], object], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make()
    assert [error["type"] for error in refusal.value.errors()] == [code]
