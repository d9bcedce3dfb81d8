"""Charts: drawn to scale, told without colour and without sight, and never more than their data."""

from itertools import pairwise
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from services.reporting.reports import charts
from services.reporting.reports.chart_canvas import WIDTH, width_of, wrapped
from services.reporting.reports.chart_lines import highest_of, tick_label, tick_step
from services.reporting.reports.chart_styles import STYLES
from services.reporting.reports.document import MOST_SERIES, Chart, Report, Series
from services.reporting.reports.figures import Count, Figure, Money, Share, Suppressed
from tests.reporting.reports.documents import CHARTS, random_reports

Kind = Literal["bars", "stacked", "lines"]

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(charts.svg(chart, "chart-1"))  # noqa: S314 — what we have just written


def texts(svg: ET.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def chart(kind: Kind, *values: tuple[Figure, ...], categories: tuple[str, ...] = ()) -> Chart:
    return Chart(
        kind=kind,
        title="Title",
        description="Description",
        heading="Category",
        categories=categories or tuple(f"C{at}" for at in range(len(values[0]))),
        series=tuple(
            Series(name=f"Series {at}", figures=figures) for at, figures in enumerate(values)
        ),
    )


def counts(*values: int) -> tuple[Count, ...]:
    return tuple(Count(id=f"c/{at}", value=value) for at, value in enumerate(values))


@pytest.mark.parametrize("one", CHARTS, ids=[one.kind for one in CHARTS])
def test_a_chart_says_what_it_is_to_who_does_not_see_it(one: Chart) -> None:
    svg = drawn(one)
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "chart-1-title chart-1-desc"
    title, desc = list(svg)[:2]
    assert (title.tag, title.attrib["id"], title.text) == (
        f"{SVG}title",
        "chart-1-title",
        one.title,
    )
    assert (desc.tag, desc.attrib["id"], desc.text) == (
        f"{SVG}desc",
        "chart-1-desc",
        one.description,
    )


@settings(max_examples=30)
@given(random_reports())
def test_every_chart_parses_and_its_table_is_its_data(made: Report) -> None:
    for section in made.sections:
        for one in section.charts:
            assert drawn(one).tag == f"{SVG}svg"
            table = one.table
            assert table.columns == (one.heading, *(series.name for series in one.series))
            assert tuple(row.heading for row in table.rows) == one.categories
            by_series = tuple(zip(*(row.cells for row in table.rows), strict=True))
            assert by_series == tuple(series.figures for series in one.series)


@settings(max_examples=30)
@given(random_reports())
def test_nothing_is_drawn_outside_of_the_drawing(made: Report) -> None:
    for section in made.sections:
        for one in section.charts:
            svg = drawn(one)
            _, _, width, height = map(float, svg.attrib["viewBox"].split())
            for box in svg.iter(f"{SVG}rect"):
                x = float(box.get("x", 0)) + float(box.get("width", 0))
                assert x <= width + 0.5
            for text in svg.iter(f"{SVG}text"):
                assert 0 <= float(text.get("x", 0)) <= width
                assert 0 < float(text.get("y", 0)) <= height


def bars(svg: ET.Element) -> list[float]:
    return [float(box.attrib["width"]) for box in svg.iter(f"{SVG}rect")]


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    short, long = bars(drawn(chart("bars", counts(10, 20))))
    assert long == pytest.approx(2 * short, abs=0.05)


def test_a_bar_of_a_share_is_drawn_against_all() -> None:
    half, all_ = Share(id="a", met=1, of=2), Share(id="b", met=7, of=7)
    shorter, longer = bars(drawn(chart("bars", (half, all_))))
    assert longer == pytest.approx(2 * shorter, abs=0.05)
    (alone,) = bars(drawn(chart("bars", (half,))))
    assert alone < WIDTH / 2


def test_each_bar_tells_its_value_and_a_stack_its_sum() -> None:
    told = (Share(id="a", met=1, of=2), Suppressed(id="b"), Share(id="c", met=0, of=0))
    assert {"50% (1)", "not shown", "–"} <= set(texts(drawn(chart("bars", told))))
    assert {"1,200", "7"} <= set(texts(drawn(chart("stacked", counts(1000, 3), counts(200, 4)))))


def test_a_stack_with_something_kept_back_tells_no_sum() -> None:
    stack = chart("stacked", counts(9), (Suppressed(id="b"),))
    assert texts(drawn(stack)) == ["Series 0", "Series 1", "C0"]


def test_a_line_is_broken_where_a_figure_is_kept_back() -> None:
    values: tuple[Figure, ...] = (*counts(1, 2), Suppressed(id="x"), Count(id="y", value=4))
    lines = [
        path.attrib["d"]
        for path in drawn(chart("lines", values)).iter(f"{SVG}path")
        if path.get("fill") == "none"
    ]
    assert [line.count("L") for line in lines] == [1, 0]


@pytest.mark.parametrize(
    ("figures", "labels"),
    [
        (counts(0, 0), ["0", "1"]),
        (counts(3, 1), ["0", "1", "2", "3"]),
        (counts(17, 4), ["0", "5", "10", "15", "20"]),
        (counts(100_000), ["0", "20,000", "40,000", "60,000", "80,000", "100,000"]),
        ((Share(id="a", met=1, of=9),), ["0%", "20%"]),
        ((Money(id="a", pence=250),), ["£0.00", "£0.50", "£1.00", "£1.50", "£2.00", "£2.50"]),
    ],
)
def test_the_grid_has_round_numbers(figures: tuple[Figure, ...], labels: list[str]) -> None:
    shown = texts(drawn(chart("lines", figures)))
    assert shown[: len(labels)] == labels
    assert tick_label(0, tick_step(figures, highest_of(figures)), figures) == labels[0]


def test_names_of_months_never_run_into_each_other() -> None:
    months = tuple(f"{month} 2024" for month in ("January", "February", "September") * 4)
    svg = drawn(chart("lines", counts(*range(12)), categories=months))
    named = [text for text in svg.iter(f"{SVG}text") if (text.text or "").endswith("2024")]
    assert len(named) > 2
    spans = [
        (float(text.attrib["x"]), width_of(text.text or "", float(text.attrib["font-size"])) / 2)
        for text in named
    ]
    for (left, half), (right, other) in pairwise(spans):
        assert left + half <= right - other + 1


def test_long_names_are_cut_and_whole_in_the_table() -> None:
    name = "A service area with a name that goes on and on " * 6
    one = chart("bars", counts(1), categories=(name,))
    assert len(texts(drawn(one))) == 4
    assert one.table.rows[0].heading == name.strip()
    assert wrapped("one two", WIDTH, 13) == ["one two"]
    assert all(width_of(line, 13) <= WIDTH for line in wrapped("W" * 500, WIDTH, 13))


def contrast(colour: str) -> float:
    """With white, as WCAG 2.2 defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_series_can_be_told_apart_from_paper_and_from_each_other_without_colour() -> None:
    assert len(STYLES) == MOST_SERIES
    assert all(contrast(style.colour) >= 3 for style in STYLES)
    for difference in ("hatch", "dashes", "marker"):
        assert len({getattr(style, difference) for style in STYLES}) == len(STYLES)


def test_a_point_stands_over_its_name_and_as_high_as_its_figure() -> None:
    svg = drawn(chart("lines", counts(0, 10, 20)))
    there = [
        path.attrib["transform"].removeprefix("translate(").removesuffix(")").split()
        for path in svg.iter(f"{SVG}path")
        if "transform" in path.attrib
    ]
    named = [
        float(text.attrib["x"]) for text in svg.iter(f"{SVG}text") if text.text in {"C0", "C1"}
    ]
    assert [float(x) for x, _ in there][:2] == pytest.approx(named, abs=0.01)
    grid = [float(line.attrib["y1"]) for line in svg.iter(f"{SVG}line")]
    bottom, top = max(grid), min(grid)
    heights = [float(y) for _, y in there]
    assert heights == pytest.approx([bottom, (bottom + top) / 2, top], abs=0.02)
