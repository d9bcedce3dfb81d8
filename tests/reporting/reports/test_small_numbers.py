"""What is published tells no small number, neither by itself nor by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.reports.adds_up import by_id, check
from services.reporting.reports.document import Report, Row, Section, Sum, Table
from services.reporting.reports.figures import Count, Share, Suppressed
from services.reporting.reports.small_numbers import keep_back
from tests.reporting.reports.documents import annual, report


def themes(values: list[list[int]]) -> Report:
    """Themes by area, with the totals of both, and the sums that make them."""
    rows = [[*row, sum(row)] for row in values]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    ids = [[f"themes/{y}-{x}" for x in range(len(row))] for y, row in enumerate(rows)]
    sums = [Sum(total=row[-1], parts=tuple(row[:-1])) for row in ids]
    sums += [Sum(total=column[-1], parts=column[:-1]) for column in zip(*ids, strict=True)]
    table = Table(
        caption="Themes",
        columns=("Theme", *(f"Area {x}" for x in range(len(rows[0])))),
        rows=tuple(
            Row(
                heading=f"Theme {y}",
                cells=tuple(
                    Count(id=name, value=value) for name, value in zip(ids[y], rows[y], strict=True)
                ),
            )
            for y in range(len(rows))
        ),
    )
    return report(Section(heading="Themes", tables=(table,)), sums=tuple(sums))


def test_a_small_number_takes_the_smallest_other_of_its_sum_with_it() -> None:
    published = keep_back(themes([[3, 9, 20]]), among=["themes"])
    row = published.sections[0].tables[0].rows[0]
    assert [cell.shown for cell in row.cells] == ["fewer than 5", "not shown", "20", "32"]
    check(published)


def test_numbers_elsewhere_and_noughts_stay() -> None:
    published = keep_back(annual(), among=["themes"])
    assert published == annual()
    noughts = themes([[0, 9, 20]])
    assert keep_back(noughts, among=["themes"]) == noughts


def test_a_share_is_kept_back_when_few_met_it_or_few_did_not() -> None:
    def kept(met: int, of: int) -> bool:
        row = Row(heading="In time", cells=(Share(id="themes/damp", met=met, of=of),))
        table = Table(caption="Themes", columns=("Theme", "In time"), rows=(row,))
        published = keep_back(report(Section(heading="T", tables=(table,))), among=["themes"])
        return isinstance(by_id(published)["themes/damp"], Suppressed)

    assert [kept(4, 20), kept(16, 20), kept(2, 2)] == [True, True, True]
    assert [kept(0, 20), kept(20, 20), kept(5, 20), kept(15, 20), kept(0, 0)] == [False] * 5


SHAPES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@given(SHAPES)
def test_no_small_number_is_left_in_any_table_or_to_be_worked_out(values: list[list[int]]) -> None:
    before = by_id(themes(values))
    published = keep_back(themes(values), among=["themes"])
    check(published)  # it would refuse what can be worked out
    for name, figure in by_id(published).items():
        if isinstance(figure, Count):
            assert figure == before[name]
            assert figure.value == 0 or figure.value >= 5
