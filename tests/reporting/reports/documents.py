"""Reports to test with: one like a landlord's annual report, one for any text, and random ones."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from hypothesis import strategies as st

from services.reporting.reports.document import (
    Chart,
    Period,
    Report,
    Row,
    RuleSet,
    Section,
    Series,
    Sum,
    Table,
)
from services.reporting.reports.figures import (
    Cell,
    Count,
    Day,
    Figure,
    Money,
    Quantity,
    Share,
    Suppressed,
    Text,
)

QUARTERS = ("q1", "q2", "q3", "q4")
RECEIVED = (17, 42, 33, 43)
ACKNOWLEDGED = (12, 30, 25, 31)

YEAR = Period(from_on=date(2024, 4, 1), before=date(2025, 4, 1))
MADE_AT = datetime(2025, 5, 6, 9, 30, tzinfo=UTC)


def report(*sections: Section, sums: tuple[Sum, ...] = ()) -> Report:
    """A report that is about these sections."""
    return Report(
        title="Complaints 2024/25",
        subtitle="For the board",
        landlord="Example Homes",
        period=YEAR,
        as_at=MADE_AT,
        made_at=MADE_AT,
        rule_sets=(
            RuleSet(
                name="acknowledged-by-code",
                title="Acknowledged in time",
                dated=date(2024, 4, 1),
                says="Within 5 working days of receipt (Code 6.2).",
            ),
        ),
        sections=sections,
        sums=sums,
    )


def received(year: int = 135) -> Row:
    """Complaints by quarter, and in the year."""
    quarters = zip(QUARTERS, RECEIVED, strict=True)
    cells = [Count(id=f"received/{quarter}", value=value) for quarter, value in quarters]
    return Row(heading="Received", cells=(*cells, Count(id="received/year", value=year)))


def acknowledged(of: int = 135) -> Row:
    """Those acknowledged in time, by quarter and in the year."""
    figures = zip(QUARTERS, ACKNOWLEDGED, RECEIVED, strict=True)
    cells = [Share(id=f"acknowledged/{name}", met=met, of=all_) for name, met, all_ in figures]
    year = Share(id="acknowledged/year", met=98, of=of)
    return Row(heading="Acknowledged in 5 working days", cells=(*cells, year))


SUMS = (
    Sum(total="received/year", parts=tuple(f"received/{name}" for name in QUARTERS)),
    Sum(total="acknowledged/year#of", parts=("received/year",)),
    Sum(
        total="acknowledged/year#met", parts=tuple(f"acknowledged/{name}#met" for name in QUARTERS)
    ),
)


def annual(received_row: Row | None = None, acknowledged_row: Row | None = None) -> Report:
    """The report of a year: one table by quarter, with the sums that it promises, and charts."""
    table = Table(
        caption="Stage 1",
        columns=("Stage 1", "Q1", "Q2", "Q3", "Q4", "Year"),
        rows=(received_row or received(), acknowledged_row or acknowledged()),
        notes=("Working days as the policy counts them.",),
    )
    return report(
        Section(heading="Volume", paragraphs=("We received 135.",), charts=CHARTS),
        Section(heading="Performance", tables=(table,)),
        sums=SUMS,
    )


CHARTS = (
    Chart(
        kind="stacked",
        title="Outcomes",
        description="Of 5 complaints 3 were upheld.",
        heading="Area",
        categories=("North", "South"),
        series=(
            Series(name="Upheld", figures=(Count(id="up/n", value=3), Suppressed(id="up/s"))),
            Series(name="Not", figures=(Count(id="not/n", value=2), Count(id="not/s", value=0))),
        ),
    ),
    Chart(
        kind="bars",
        title="In time",
        description="North 75%, South nothing to count.",
        heading="Area",
        categories=("North", "South"),
        series=(
            Series(
                name="In time",
                figures=(Share(id="in/n", met=3, of=4), Share(id="in/s", met=0, of=0)),
            ),
        ),
    ),
    Chart(
        kind="lines",
        title="Days to answer",
        description="From 12.5 days down to 8.",
        heading="Month",
        categories=("Apr", "May", "Jun"),
        series=(
            Series(
                name="Stage 1",
                figures=(
                    Quantity(id="days/1", value=Decimal("12.5"), unit="days"),
                    Quantity(id="days/2", value=None, unit="days"),
                    Quantity(id="days/3", value=Decimal(8), unit="days"),
                ),
            ),
        ),
    ),
)


def saying(words: str) -> Report:
    """A report in which every text is these words."""
    figures = (Quantity(id="a", value=Decimal("1.5"), unit=words), Count(id="b", value=2))
    table = Table(
        caption=words,
        columns=(words, words, "Figure"),
        rows=(
            Row(heading=words, cells=(Text(text=words), figures[0])),
            Row(heading="Second", cells=(Text(text=f"Before {words} after"), figures[1])),
        ),
        notes=(words,),
    )
    charts = [
        Chart(
            kind=kind,
            title=words,
            description=words,
            heading=words,
            categories=(words, "Second"),
            series=(
                Series(name=words, figures=(Count(id=f"{kind}/1", value=1), figures[1])),
                Series(name="Second", figures=(Count(id=f"{kind}/3", value=3), figures[1])),
            ),
            notes=(words,),
        )
        for kind in ("bars", "stacked", "lines")
    ]
    section = Section(
        heading=words,
        paragraphs=(words, f"{words}\n{words}"),
        charts=tuple(charts),
        tables=(table,),
    )
    rules = RuleSet(name="rule", title=words, dated=date(2024, 4, 1), says=words)
    return Report(
        title=words,
        subtitle=words,
        landlord=words,
        period=YEAR,
        as_at=MADE_AT,
        made_at=MADE_AT,
        rule_sets=(rules,),
        sections=(section,),
    )


def texts(longest: int = 30) -> st.SearchStrategy[str]:
    """Any text that has something to show."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=longest)
    return anything.map(lambda text: f"x{text}")


def figures(name: str) -> st.SearchStrategy[Figure]:
    """A random figure of any kind under that id."""
    numbers = st.integers(0, 10**9)
    pairs = st.tuples(numbers, numbers).map(sorted)
    values = st.decimals(-(10**6), 10**6, places=2) | st.none()
    return st.one_of(
        numbers.map(lambda value: Count(id=name, value=value)),
        st.builds(
            lambda pair, places: Share(id=name, met=pair[0], of=pair[1], places=places),
            pairs,
            st.integers(0, 2),
        ),
        numbers.map(lambda pence: Money(id=name, pence=pence)),
        values.map(lambda value: Quantity(id=name, value=value, unit="working days")),
        st.just(Suppressed(id=name)),
    )


@st.composite
def random_reports(draw: st.DrawFn) -> Report:
    """A report of random shape, in which every figure has an id of its own."""
    ids = (f"figure/{number}" for number in count())
    sections = [
        Section(
            heading=draw(texts()),
            paragraphs=tuple(draw(st.lists(texts(200), max_size=2))),
            charts=tuple(_chart(draw, ids) for _ in range(draw(st.integers(0, 1)))),
            tables=tuple(_table(draw, ids) for _ in range(draw(st.integers(0, 1)))),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    return report(*sections)


def _table(draw: st.DrawFn, ids: Iterator[str]) -> Table:
    columns = draw(st.lists(texts(), min_size=2, max_size=7))

    def cell() -> Cell:
        other = st.builds(Text, text=texts(60)) | st.builds(Day, day=st.dates() | st.none())
        return draw(other) if draw(st.booleans()) else draw(figures(next(ids)))

    rows = [
        Row(
            heading=draw(texts()),
            cells=tuple(cell() for _ in columns[1:]),
            total=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    return Table(caption=draw(texts()), columns=tuple(columns), rows=tuple(rows))


OF_ONE_UNIT: tuple[Callable[[str, int], Figure], ...] = (
    lambda name, number: Count(id=name, value=number),
    lambda name, number: Money(id=name, pence=number * 7),
    lambda name, number: Share(id=name, met=number // 2, of=number),
    lambda name, number: Quantity(id=name, value=Decimal(number) / 100, unit="days"),
)


def _chart(draw: st.DrawFn, ids: Iterator[str]) -> Chart:
    categories = draw(st.lists(texts(), min_size=1, max_size=6))
    made = draw(st.sampled_from(OF_ONE_UNIT))

    def drawn() -> Figure:
        name = next(ids)
        if draw(st.integers(0, 5)) == 0:
            return Suppressed(id=name)
        return made(name, draw(st.integers(0, 10**6)))

    series = [
        Series(name=draw(texts()), figures=tuple(drawn() for _ in categories))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return Chart(
        kind=draw(st.sampled_from(["bars", "stacked", "lines"])),
        title=draw(texts()),
        description=draw(texts()),
        heading=draw(texts()),
        categories=tuple(categories),
        series=tuple(series),
    )
