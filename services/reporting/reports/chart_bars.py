"""Bars lie: each label stands over its bar, so even long ones are whole on a narrow screen."""

from typing import NamedTuple
from xml.etree.ElementTree import Element

from services.reporting.reports.chart_canvas import (
    LINE,
    SIZE,
    WIDTH,
    amount,
    draw_box,
    width_of,
    wrapped,
    write,
)
from services.reporting.reports.chart_styles import STYLES, Box, Style
from services.reporting.reports.document import Chart
from services.reporting.reports.figures import Count, Figure, Money, Share

BAR = 18
BETWEEN_BARS = 3
BETWEEN_SEGMENTS = 1.5
BETWEEN_CATEGORIES = 14
BEFORE_VALUE = 6
THINNEST = 0.5


class Segment(NamedTuple):
    """A piece of a bar: how far it reaches, in the unit of its figure, and what it looks like."""

    amount: float
    style: Style


def draw(svg: Element, chart: Chart, top: float) -> float:
    """Draws from `top` down; returns where it ends."""
    ends = [_ends(chart, at) for at in range(len(chart.categories))]
    room = max(width_of(end, SIZE) for category in ends for end in category) + BEFORE_VALUE
    scale = (WIDTH - min(room, WIDTH / 2)) / _reach(chart)
    y = top
    for at, category in enumerate(chart.categories):
        for line in wrapped(category, WIDTH, SIZE):
            write(svg, 0, y + SIZE, line, font_weight="bold")
            y += LINE
        y += BETWEEN_BARS
        for bar, value in zip(_bars(chart, at), ends[at], strict=True):
            reached = _draw_bar(svg, bar, y, scale)
            if value:
                write(svg, reached + BEFORE_VALUE, y + BAR - 5, value)
            y += BAR + BETWEEN_BARS
        y += BETWEEN_CATEGORIES
    return y - BETWEEN_CATEGORIES


def _bars(chart: Chart, at: int) -> list[list[Segment]]:
    """The bars of a category, each with its segments: one bar, or one for each series."""
    segments = [
        Segment(max(amount(series.figures[at]) or 0.0, 0.0), style)
        for series, style in zip(chart.series, STYLES, strict=False)
    ]
    return [segments] if chart.kind == "stacked" else [[segment] for segment in segments]


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


def _draw_bar(svg: Element, bar: list[Segment], y: float, scale: float) -> float:
    """Draws the segments behind each other; returns where they end."""
    gap = BETWEEN_SEGMENTS if len(bar) > 1 else 0.0
    x = 0.0
    for segment in bar:
        length = segment.amount * scale
        if length:
            draw_box(svg, segment.style, Box(x, y, max(length - gap, THINNEST), BAR))
        x += length
    return x
