"""A report whose figures contradict each other is not made, and says which two do."""

import pytest

from services.reporting.reports.adds_up import check
from services.reporting.reports.document import Report, Row, Section, Sum, Table
from services.reporting.reports.figures import Count, Figure, Money, Suppressed
from services.reporting.reports.formats import FORMATS, FormatName, render
from services.shared.errors import PutrightError
from tests.reporting.reports.documents import acknowledged, annual, received, report


def of(*figures: Figure, sums: tuple[Sum, ...] = ()) -> Report:
    """A report that holds these figures and promises these sums."""
    rows = tuple(Row(heading=figure.id, cells=(figure,)) for figure in figures)
    table = Table(caption="Figures", columns=("Figure", "Value"), rows=rows)
    return report(Section(heading="All", tables=(table,)), sums=sums)


def refused(wrong: Report) -> PutrightError:
    with pytest.raises(PutrightError) as refusal:
        check(wrong)
    return refusal.value


def test_a_report_that_adds_up_is_let_through() -> None:
    check(annual())


def test_a_total_that_is_not_the_sum_of_its_parts_is_named_with_them() -> None:
    error = refused(annual(received_row=received(year=134)))
    assert error.code == "does-not-add-up"
    assert error.detail == (
        "received/year is 134, but received/q1 (17) + received/q2 (42) + received/q3 (33)"
        " + received/q4 (43) = 135."
    )


def test_a_share_of_another_number_than_the_count_is_named_with_it() -> None:
    error = refused(annual(acknowledged_row=acknowledged(of=134)))
    assert error.code == "does-not-add-up"
    assert error.detail == "acknowledged/year#of is 134, but received/year (135)."


def test_a_figure_that_is_two_things_in_two_places_is_named_with_both() -> None:
    error = refused(of(Count(id="received", value=135), Count(id="received", value=134)))
    assert error.code == "does-not-add-up"
    assert error.detail == "received is 135 in one place and 134 in another."


def test_money_adds_up_in_pence() -> None:
    money = [Money(id=name, pence=pence) for name, pence in (("a", 50), ("b", 51), ("all", 100))]
    error = refused(of(*money, sums=(Sum(total="all", parts=("a", "b")),)))
    assert error.detail == "all is 100, but a (50) + b (51) = 101."


def test_a_sum_of_a_figure_that_is_not_there_is_refused() -> None:
    error = refused(of(Count(id="a", value=1), sums=(Sum(total="a", parts=("b",)),)))
    assert (error.code, error.facts) == ("no-such-figure", {"figure": "b"})


def test_a_figure_that_is_kept_back_stands_in_no_sum() -> None:
    figures = (Count(id="a", value=9), Count(id="b", value=6), Suppressed(id="c"))
    check(of(*figures))
    error = refused(of(*figures, sums=(Sum(total="a", parts=("b", "c")),)))
    assert (error.code, error.facts) == ("no-such-figure", {"figure": "c"})


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_is_made_of_a_report_that_does_not_add_up(name: FormatName) -> None:
    with pytest.raises(PutrightError, match="does-not-add-up"):
        render(annual(received_row=received(year=134)), name)
