"""Lines over time: each with its own dashes and markers, broken where there is no figure."""

from collections.abc import Iterator
from itertools import count
from xml.etree import ElementTree as Tree

from services.reporting.reports.chart_canvas import (
    GRID,
    QUIET,
    SMALL,
    STYLES,
    WIDTH,
    Style,
    amount,
    element,
    fitted,
    width_of,
    write,
)
from services.reporting.reports.document import Chart, Series
from services.reporting.reports.figures import Figure, Money, Share, Suppressed

HEIGHT = 190
MOST_TICKS = 5

Points = list[tuple[float, float]]


class Frame:
    """Where things are: categories from left to right, amounts from 0 at the bottom upwards."""

    def __init__(self, chart: Chart, top: float) -> None:
        figures = [one for series in chart.series for one in series.figures]
        self.step = tick_step(figures)
        highest = max((amount(one) or 0.0 for one in figures), default=0.0)
        self.ticks = [0.0]
        while self.ticks[-1] < highest or len(self.ticks) == 1:
            self.ticks.append(self.ticks[-1] + self.step)
        self.labels = [tick_label(tick, self.step, figures) for tick in self.ticks]
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


def draw(svg: Tree.Element, chart: Chart, top: float) -> float:
    """Draws from `top` down; returns where it ends."""
    frame = Frame(chart, top)
    for tick, label in zip(frame.ticks, frame.labels, strict=True):
        y = frame.y(tick)
        stroke = {"stroke": GRID if tick else QUIET, "stroke-width": 1}
        element(svg, "line", {"x1": frame.left, "x2": WIDTH, "y1": y, "y2": y, **stroke})
        place = {"text_anchor": "end", "font_size": SMALL}
        write(svg, frame.left - 6, y + 4, label, **place)
    _name_categories(svg, frame)
    for series, style in zip(chart.series, STYLES, strict=False):
        for points in _unbroken(series, frame):
            _line(svg, points, style)
    return frame.bottom + 20


def _name_categories(svg: Tree.Element, frame: Frame) -> None:
    """Names every category, or every second, third … where there is no room for all of them."""
    widest = max(width_of(one, SMALL) for one in frame.categories) + 4
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


def _line(svg: Tree.Element, points: Points, style: Style) -> None:
    path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    drawn = {"d": path, "fill": "none", "stroke": style.colour, "stroke-width": 2.5}
    dashes = {"stroke-dasharray": style.dashes} if style.dashes else {}
    element(svg, "path", {**drawn, **dashes})
    for x, y in points:
        marker(svg, x, y, style)


def marker(svg: Tree.Element, x: float, y: float, style: Style) -> None:
    """Draws the marker of a series, with a white rim that keeps it apart from other lines."""
    place = {"transform": f"translate({x:.2f} {y:.2f})", "stroke": "#ffffff", "stroke-width": 1}
    element(svg, "path", {"d": style.marker, "fill": style.colour, **place})


def tick_step(figures: list[Figure]) -> float:
    """Returns the distance of two grid lines: 1, 2 or 5 times a power of ten, at most five of them.

    Shares have a line at every 20%; what is counted whole has no line between two numbers.
    """
    if any(isinstance(one, Share) for one in figures):
        return 20.0
    highest = max((amount(one) or 0.0 for one in figures), default=0.0)
    whole = all(one.kind in {"count", "suppressed"} for one in figures)
    for power in count(0 if whole else -4):
        for factor in (1, 2, 5):
            step = float(factor * 10.0**power)
            if highest <= step * MOST_TICKS:
                return step
    raise AssertionError("the powers of ten do not end")


def tick_label(tick: float, step: float, figures: list[Figure]) -> str:
    """Returns what stands at a grid line, in the unit of the figures."""
    decimals = 0 if step >= 1 else len(f"{step:.4f}".rstrip("0").partition(".")[2])
    number = f"{tick:,.{decimals}f}"
    told = next((one for one in figures if not isinstance(one, Suppressed)), None)
    if isinstance(told, Share):
        return f"{number}%"
    return f"£{number}" if isinstance(told, Money) else number
