"""Lines over time: each with its own dashes and markers, broken where there is no figure."""

from collections.abc import Iterator, Sequence
from itertools import count
from math import ceil
from xml.etree.ElementTree import Element

from services.reporting.reports.chart_canvas import (
    GRID,
    PAPER,
    QUIET,
    SMALL,
    WIDTH,
    amount,
    element,
    fitted,
    width_of,
    write,
)
from services.reporting.reports.chart_styles import STYLES, Style
from services.reporting.reports.document import Chart, Series
from services.reporting.reports.figures import Count, Figure, Money, Share, Suppressed

HEIGHT = 190
MOST_TICKS = 5

Points = list[tuple[float, float]]


class Frame:
    """Where things are: categories from left to right, amounts from 0 at the bottom upwards."""

    def __init__(self, chart: Chart, top: float) -> None:
        figures = [one for series in chart.series for one in series.figures]
        highest = highest_of(figures)
        step = tick_step(figures, highest)
        self.ticks = [at * step for at in range(max(ceil(highest / step), 1) + 1)]
        self.labels = [tick_label(tick, step, figures) for tick in self.ticks]
        self.left = max(width_of(label, SMALL) for label in self.labels) + 6
        self.top = top + SMALL / 2
        self.bottom = self.top + HEIGHT
        self.categories = chart.categories
        self.apart = (WIDTH - self.left) / len(chart.categories)

    def x(self, at: int) -> float:
        """Returns the middle of a category."""
        return self.left + self.apart * (at + 0.5)

    def y(self, value: float) -> float:
        """Returns the height of an amount."""
        return self.bottom - HEIGHT * max(value, 0.0) / self.ticks[-1]


def draw(svg: Element, chart: Chart, top: float) -> float:
    """Draws from `top` down; returns where it ends."""
    frame = Frame(chart, top)
    for tick, label in zip(frame.ticks, frame.labels, strict=True):
        y = frame.y(tick)
        colour = GRID if tick else QUIET
        element(svg, "line", x1=frame.left, x2=WIDTH, y1=y, y2=y, stroke=colour)
        write(svg, frame.left - 6, y + 4, label, text_anchor="end", font_size=SMALL)
    _name_categories(svg, frame)
    for series, style in zip(chart.series, STYLES, strict=False):
        for points in _unbroken(series, frame):
            _line(svg, points, style)
    return frame.bottom + 20


def _name_categories(svg: Element, frame: Frame) -> None:
    """Names every category, or every second, third … where there is no room for all of them."""
    widest = max(width_of(one, SMALL) for one in frame.categories) + 3
    every = next(step for step in count(1) if step * frame.apart >= min(widest, 90))
    for at in range(0, len(frame.categories), every):
        named = fitted(frame.categories[at], every * frame.apart, SMALL)
        half = width_of(named, SMALL) / 2
        x = min(max(frame.x(at), half), WIDTH - half)
        write(svg, x, frame.bottom + 16, named, text_anchor="middle", font_size=SMALL)


def _unbroken(series: Series, frame: Frame) -> Iterator[Points]:
    points: Points = []
    for at, figure in enumerate(series.figures):
        value = amount(figure)
        if value is not None:
            points.append((frame.x(at), frame.y(value)))
        elif points:
            yield points
            points = []
    if points:
        yield points


def _line(svg: Element, points: Points, style: Style) -> None:
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    stroke(element(svg, "path", d=path, fill="none"), style)
    for x, y in points:
        marker(svg, x, y, style)


def stroke(drawn: Element, style: Style) -> None:
    """Gives what is drawn the colour and the dashes of a series."""
    drawn.attrib |= {"stroke": style.colour, "stroke-width": "2.5"}
    if style.dashes:
        drawn.set("stroke-dasharray", style.dashes)


def marker(svg: Element, x: float, y: float, style: Style) -> None:
    """Draws the marker of a series, with a white rim that keeps it apart from other lines."""
    there = f"translate({x:.2f} {y:.2f})"
    element(svg, "path", d=style.marker, fill=style.colour, stroke=PAPER, transform=there)


def highest_of(figures: Sequence[Figure]) -> float:
    """Returns how far the grid must reach: the highest figure, or 1 where all are nought."""
    return max((amount(one) or 0.0 for one in figures), default=0.0) or 1.0


def tick_step(figures: Sequence[Figure], highest: float) -> float:
    """Returns the distance of two grid lines: 1, 2 or 5 times a power of ten, at most five of them.

    Shares have a line at every 20%; what is counted whole has no line between two numbers.
    """
    if any(isinstance(one, Share) for one in figures):
        return 20.0
    whole = all(isinstance(one, Count | Suppressed) for one in figures)
    steps = (factor * 10.0**power for power in count(0 if whole else -4) for factor in (1, 2, 5))
    return next(step for step in steps if highest <= step * MOST_TICKS)


def tick_label(tick: float, step: float, figures: Sequence[Figure]) -> str:
    """Returns what stands at a grid line, in the unit of the figures."""
    told = next((one for one in figures if not isinstance(one, Suppressed)), None)
    decimals = 0 if step >= 1 else len(f"{step:.4f}".rstrip("0").partition(".")[2])
    if isinstance(told, Money):
        return f"£{tick:,.{2 if decimals else 0}f}"
    number = f"{tick:,.{decimals}f}"
    return f"{number}%" if isinstance(told, Share) else number
