"""What is published tells no small number, neither by itself nor to whoever can do sums.

The readers here know more than any: every line by name, every rule, all that is published. They try
out every table that there could be, and keep those that would have been published in the same way.
A small number is told when it is the same in all of these.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import product
from operator import itemgetter

import pytest

from services.reporting.measures.measure import Verdict
from services.reporting.measures.outcomes import OUTCOMES
from services.reporting.measures.tally import Tally, Weight
from services.reporting.measures.volumes import REFUSED
from services.reporting.reports import part_places, part_themes, part_volumes, performance
from services.reporting.reports.adds_up import by_id
from services.reporting.reports.document import Report, Row, Section, Sum, Table
from services.reporting.reports.figures import Count, Figure, Share
from services.reporting.reports.material import Material, Part
from services.reporting.reports.performance import Plan
from services.reporting.reports.small_numbers import can_be_split, check_published, joined
from services.shared.errors import PutrightError
from tests.reporting.reports.documents import report
from tests.reporting.reports.written import AT, material, tally

Lines = Sequence[tuple[int, ...]]
"""For each line its number in each column."""


def shared_out(number: int, among: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many can fall on so many lines."""
    if among == 1:
        yield (number,)
        return
    for first in range(number + 1):
        yield from ((first, *rest) for rest in shared_out(number - first, among - 1))


def told(
    publish: Callable[[Lines], Hashable], lines: int, totals: Sequence[int], least: int = 5
) -> set[tuple[Lines, int]]:
    """The tables with these totals of columns of which a small number is told, and that number.

    The totals are known. What is all of one, in a column or in the table, is no secret.
    """
    alike: dict[Hashable, list[Lines]] = defaultdict(list)
    for columns in product(*(shared_out(total, lines) for total in totals)):
        table = tuple(zip(*columns, strict=True))
        alike[publish(table)].append(table)
    wholes = (sum(totals), *totals) * lines
    found = set()
    for tables in alike.values():
        for at, whole in enumerate(wholes):
            numbers = {secrets(table)[at] for table in tables}
            if len(numbers) == 1 and 0 < (known := numbers.pop()) < least and known != whole:
                found.add((tables[0], known))
    return found


def secrets(table: Lines) -> list[int]:
    """Of each line its total, then its number in each column."""
    return [number for cells in table for number in (sum(cells), *cells)]


def as_published(least: int, split_from: int) -> Callable[[Lines], Hashable]:
    """What the two rules tell of a table: totals of lines, and lines told apart."""

    def publish(table: Lines) -> Hashable:
        totals = {line: sum(cells) for line, cells in enumerate(table)}
        together = joined(totals, least)
        lines = {line: cells for line, cells in enumerate(table) if line not in together}
        rest = [sum(column) for column in zip(*(table[line] for line in together), strict=True)]
        chosen = can_be_split(lines, rest or [0] * len(table[0]), least, split_from)
        shown = None if chosen is None else tuple((line, table[line]) for line in sorted(chosen))
        return tuple((line, totals[line]) for line in lines), shown

    return publish


@pytest.mark.parametrize(("lines", "most"), [(2, 24), (3, 18), (4, 14), (5, 9)])
def test_numbers_that_are_put_together_tell_none_of_them(lines: int, most: int) -> None:
    for total in range(most + 1):
        assert told(as_published(5, 40), lines, [total]) == set()


@pytest.mark.parametrize(
    ("lines", "columns", "most", "least", "split_from"),
    [(2, 2, 12, 5, 10), (3, 2, 8, 3, 6), (2, 3, 6, 3, 6)],
)
def test_lines_that_are_told_apart_tell_nothing_of_the_others(
    lines: int, columns: int, most: int, least: int, split_from: int
) -> None:
    publish = as_published(least, split_from)
    for totals in product(range(most + 1), repeat=columns):
        assert told(publish, lines, totals, least) == set()


def named(table: Lines, *names: str) -> dict[str, int]:
    """The numbers of a table of one column by names, without noughts: what is counted has some."""
    numbers = zip(names, map(itemgetter(0), table), strict=False)
    return {name: number for name, number in numbers if number}


def themes_as_published(table: Lines) -> str:
    numbers = named(table, "repairs", "charges", "policy")
    by_month = {(theme, "1", "2025-04"): number for theme, number in numbers.items()}
    counts = {"themes": tally(by_month, "theme", "code-stage", "month")}
    # Whatever comes up five times has risen since the quarter before.
    given = material(counts, before={("staff-conduct", "1"): 60})
    return part_themes.themes(given).section.model_dump_json()


def areas_as_published(table: Lines) -> str:
    numbers = named(table, "Heating", "Money", "Repairs")
    by_stage = {(area, "1"): number for area, number in numbers.items()}
    received = tally(by_stage, "service-area", "code-stage")
    nowhere = tally({}, "region", "code-stage")
    counts = {
        "areas": received,
        "areas-in-time": received,
        "regions": nowhere,
        "regions-in-time": nowhere,
    }
    return part_places.areas(material(counts)).section.model_dump_json()


@pytest.mark.parametrize(("lines", "most"), [(2, 14), (3, 10)])
@pytest.mark.parametrize("publish", [themes_as_published, areas_as_published])
def test_all_that_a_part_says_in_words_and_figures_tells_no_small_number(
    publish: Callable[[Lines], str], lines: int, most: int
) -> None:
    for total in range(most + 1):
        assert told(publish, lines, [total]) == set()


def test_the_readers_here_find_what_is_told() -> None:
    def small_ones_left_out(table: Lines) -> Hashable:
        return tuple(cells if cells[0] >= 5 else None for cells in table)

    assert (((1,), (1,), (1,)), 1) not in told(small_ones_left_out, 3, [3])
    assert (((4,), (4,)), 4) in told(small_ones_left_out, 2, [8])
    assert (((1,), (5,)), 1) in told(small_ones_left_out, 2, [6])


@pytest.mark.parametrize(
    ("numbers", "together"),
    [
        ((7, 9, 0), ()),
        ((3, 4, 9, 0), (0, 1)),
        ((3, 9, 20), (0, 1)),  # the next larger one goes with a single one
        ((1, 1, 6, 6, 9), (0, 1, 2, 3)),  # and all that are as large
        ((4, 4, 9), (0, 1, 2)),  # 8 of two that are below 5 would be 4 and 4
        ((1, 1, 0), (0, 1, 2)),
        ((0, 0), ()),
    ],
)
def test_small_numbers_are_counted_together_and_noughts_and_others_told(
    numbers: tuple[int, ...], together: tuple[int, ...]
) -> None:
    assert joined(dict(enumerate(numbers))) == {*together}


def test_lines_are_told_apart_all_or_none() -> None:
    large, small = (20, 30), (6, 9)
    assert can_be_split({"a": large, "b": small}, [0, 0]) == frozenset("a")
    assert can_be_split({"a": (4, 46), "b": large}, [9, 9]) is None
    assert can_be_split({"a": large, "b": (2, 9)}, [0, 0]) is None
    assert can_be_split({"a": large, "b": (2, 9)}, [3, 0]) == frozenset("a")
    assert can_be_split({"b": small}, [0, 0]) is None


def held(*figures: Figure, sums: tuple[Sum, ...] = ()) -> Report:
    rows = tuple(Row(heading=figure.id, cells=(figure,)) for figure in figures)
    table = Table(caption="Figures", columns=("Figure", "Value"), rows=rows)
    return report(Section(heading="All", tables=(table,)), sums=sums)


@pytest.mark.parametrize(
    ("figure", "tells"),
    [
        (Count(id="areas/north", value=4), True),
        (Count(id="areas/north", value=5), False),
        (Count(id="areas/north", value=0), False),
        (Count(id="received", value=4), False),
        (Share(id="areas/north", met=18, of=20), True),
        (Share(id="areas/north", met=4, of=20), True),
        (Share(id="areas/north", met=20, of=20), False),
    ],
)
def test_a_breakdown_that_tells_a_small_number_stops_what_is_published(
    figure: Figure, *, tells: bool
) -> None:
    if not tells:
        check_published(held(figure), ["areas"])
        return
    with pytest.raises(PutrightError, match="small-number-told: areas/north"):
        check_published(held(figure), ["areas"])


def test_all_of_a_small_total_is_told_as_the_total_is() -> None:
    figures = (Count(id="refusals/other", value=3), Count(id="refused", value=3))
    whole = Sum(total="refused", parts=("refusals/other",))
    check_published(held(*figures, sums=(whole,)), ["refusals"])


def refusals(numbers: dict[str, int]) -> list[tuple[str, str]]:
    judged = {Verdict("met", reason): Weight(number) for reason, number in numbers.items()}
    counts = {
        "refused": Tally(REFUSED, ("code-stage",), {("1",): judged}),
        "withdrawn": tally({}, "code-stage"),
    }
    part = part_volumes.exclusions(material(counts))
    return [(row.heading, row.cells[0].shown) for row in part.section.tables[0].rows]


def test_reasons_of_few_refusals_are_told_without_their_words() -> None:
    numbers = {"over-12-months": 9, "at-court": 6, "mr-smith-again": 2, "she-is-rude": 1}
    assert refusals(numbers)[:3] == [
        ("Over 12 months", "9"),
        ("Other reasons", "9"),
        ("Not taken as complaints", "18"),
    ]
    assert refusals({"she-is-rude": 1})[0] == ("Other reasons", "1")


def test_homes_are_published_by_the_regulators_measures_alone() -> None:
    counts = {
        "channels": tally({("web", "1"): 9}, "channel", "code-stage"),
        "tenures": tally({("rented", "1"): 9}, "tenure", "code-stage"),
    }

    def captions(*, published: bool) -> list[str]:
        part = part_places.ways_in(material(counts, published=published))
        return [table.caption for table in part.section.tables]

    assert captions(published=True) == ["Complaints by channel"]
    assert captions(published=False) == ["Complaints by channel", "Complaints by home"]


def test_a_published_report_is_checked_whole_before_anything_is_left_out_of_it() -> None:
    def contradicts_itself(given: Material) -> Part:
        figures = [Count(id="refused", value=9)]
        sums: tuple[Sum, ...] = ()
        if not given.published:
            figures += [Count(id="refusals/a", value=2), Count(id="refusals/b", value=3)]
            sums = (Sum(total="refused", parts=("refusals/a", "refusals/b")),)
        return Part(held(*figures).sections[0], sums, ("refusals",))

    counts = {"outcomes": tally({}, measure=OUTCOMES)}
    plan = Plan("Published", "For everybody.", [contradicts_itself], {}, published=True)
    with pytest.raises(PutrightError) as refused:
        performance.build(plan, material(counts), AT)
    assert refused.value.code == "does-not-add-up"
    assert "refused is 9" in refused.value.detail


def test_a_year_tells_its_themes_by_quarter_where_all_are_large() -> None:
    months = ("2025-04", "2025-05", "2025-06")
    numbers = {("repairs", "1", month): 30 for month in months}
    numbers |= {("charges", "1", month): 7 for month in months}
    numbers |= {("policy", "1", months[0]): 3}
    counted = tally(numbers, "theme", "code-stage", "month")
    part = part_themes.themes(material({"themes": counted}))
    figures = by_id(report(part.section))
    assert figures["themes/repairs/stage-1/2025-04"].shown == "30"
    assert figures["themes/all-others/stage-1/2025-04"].shown == "10"
    assert figures["themes/all-others/stage-1"].shown == "24"
    assert "themes/policy/stage-1" not in figures
    # One more theme with few in June, and the parts of the period are not told.
    fewer = {**numbers, ("charges", "1", months[2]): 2, ("policy", "1", months[0]): 8}
    part = part_themes.themes(material({"themes": tally(fewer, "theme", "code-stage", "month")}))
    assert part.section.tables == ()
    assert part_themes.SAYS_TOO_SMALL in part.section.paragraphs
