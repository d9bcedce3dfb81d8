"""Bars lie: each label stands over its bar, so even long ones are whole on a narrow screen."""

from xml.etree import ElementTree as Tree

from services.reporting.reports.chart_canvas import (
    LINE,
    QUIET,
    SIZE,
    WIDTH,
    amount,
    element,
    fill_of,
    width_of,
    wrapped,
    write,
)
from services.reporting.reports.document import Chart
from services.reporting.reports.figures import Count, Figure, Money, Share

BAR = 18
BETWEEN_BARS = 3
BETWEEN_SEGMENTS = 1.5
BETWEEN_CATEGORIES = 14
BEFORE_VALUE = 6


def draw(svg: Tree.Element, chart: Chart, name: str, top: float) -> float:
    """Draws from `top` down; returns where it ends."""
    stacked = chart.kind == "stacked"
    ends = [_ends(chart, at) for at in range(len(chart.categories))]
    room = max(width_of(end, SIZE) for category in ends for end in category) + BEFORE_VALUE
    scale = (WIDTH - min(room, WIDTH / 2)) / _reach(chart)
    y = top
    for at, category in enumerate(chart.categories):
        for line in wrapped(category, WIDTH, SIZE):
            write(svg, 0, y + SIZE, line, font_weight="bold")
            y += LINE
        y += 3
        figures = [series.figures[at] for series in chart.series]
        lines = [figures] if stacked else [[figure] for figure in figures]
        for line_at, (line, end) in enumerate(zip(lines, ends[at], strict=True)):
            first = 0 if stacked else line_at
            reached = _bar(svg, name, line, (y, scale, first))
            write(svg, reached + BEFORE_VALUE, y + BAR - 5, end)
            y += BAR + BETWEEN_BARS
        y += BETWEEN_CATEGORIES
    end = y - BETWEEN_CATEGORIES
    line = {"x1": 0.5, "x2": 0.5, "y1": top, "y2": end, "stroke": QUIET, "stroke-width": 1}
    if not stacked and len(chart.categories) == 1:
        element(svg, "line", line)
    return end


def _ends(chart: Chart, at: int) -> list[str]:
    """What stands at the end of each bar of a category: its value, or that of the whole stack."""
    figures = [series.figures[at] for series in chart.series]
    return [_stack_total(figures)] if chart.kind == "stacked" else [one.shown for one in figures]


def _stack_total(figures: list[Figure]) -> str:
    """Adds up what is known to add up; a stack with something kept back tells no total."""
    counts = [one.value for one in figures if isinstance(one, Count)]
    if len(counts) == len(figures):
        return f"{sum(counts):,}"
    pence = [one.pence for one in figures if isinstance(one, Money)]
    if len(pence) == len(figures):
        return Money(id="total", pence=sum(pence)).shown
    return ""


def _reach(chart: Chart) -> float:
    """How far the longest bar reaches; shares are always drawn against 100%."""
    per_category = [
        [amount(series.figures[at]) or 0.0 for series in chart.series]
        for at in range(len(chart.categories))
    ]
    longest = max(map(sum if chart.kind == "stacked" else max, per_category))
    shares = any(isinstance(one, Share) for series in chart.series for one in series.figures)
    return max(longest, 100.0 if shares else 0.0) or 1.0


def _bar(
    svg: Tree.Element, name: str, figures: list[Figure], place: tuple[float, float, int]
) -> float:
    """Draws figures behind each other at (y, units per amount, first series); returns the end."""
    y, scale, first = place
    x = 0.0
    for at, figure in enumerate(figures, start=first):
        length = max((amount(figure) or 0.0) * scale, 0.0)
        if length > 0:
            shown = max(length - (BETWEEN_SEGMENTS if len(figures) > 1 else 0), 0.5)
            box = {"x": x, "y": y, "width": shown, "height": BAR, "fill": fill_of(name, at)}
            element(svg, "rect", box)
        x += length
    return x
