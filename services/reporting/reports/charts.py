"""Charts as inline SVG: no script, no style sheet, nothing that only colour tells.

Whoever shows one shows `chart.table` with it.
"""

from xml.etree.ElementTree import Element, tostring

from services.reporting.reports import chart_bars, chart_lines
from services.reporting.reports.chart_canvas import (
    FONTS,
    LINE,
    SIZE,
    TEXT,
    WIDTH,
    draw_box,
    element,
    wrapped,
    write,
)
from services.reporting.reports.chart_styles import STYLES, Box, Style
from services.reporting.reports.document import Chart

KEY_ROOM = 34
"""Units from the left to a name in the legend."""

KEY_HEIGHT = 12


def svg(chart: Chart, name: str) -> str:
    """Returns the chart as an `svg` element. `name` begins its ids: unique on the page, a code."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": FONTS,
            "font-size": str(SIZE),
            "fill": TEXT,
        },
    )
    element(root, "title", chart.title, id=f"{name}-title")
    element(root, "desc", chart.description, id=f"{name}-desc")
    top = _legend(root, chart) if len(chart.series) > 1 else 0.0
    if chart.kind == "lines":
        end = chart_lines.draw(root, chart, top)
    else:
        end = chart_bars.draw(root, chart, top)
    root.set("viewBox", f"0 0 {WIDTH} {end + 2:.0f}")
    return tostring(root, encoding="unicode")


def _legend(root: Element, chart: Chart) -> float:
    """Draws what each series looks like beside its name; returns where it ends."""
    y = 0.0
    for at, series in enumerate(chart.series):
        _key(root, chart, STYLES[at], y)
        for line in wrapped(series.name, WIDTH - KEY_ROOM, SIZE):
            write(root, KEY_ROOM, y + SIZE - 1, line)
            y += LINE
        y += 2
    return y + 10


def _key(root: Element, chart: Chart, style: Style, y: float) -> None:
    width = KEY_ROOM - 8
    if chart.kind != "lines":
        draw_box(root, style, Box(0, y + 1, width, KEY_HEIGHT))
        return
    middle = y + KEY_HEIGHT / 2 + 1
    chart_lines.stroke(element(root, "line", x1=0, x2=width, y1=middle, y2=middle), style)
    chart_lines.marker(root, width / 2, middle, style)
