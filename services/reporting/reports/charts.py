"""Charts as inline SVG: no script, no style sheet, nothing that only colour tells.

Whoever shows one shows `chart.table` with it.
"""

from xml.etree import ElementTree as Tree

from services.reporting.reports import chart_bars, chart_lines
from services.reporting.reports.chart_canvas import (
    FONTS,
    LINE,
    SIZE,
    STYLES,
    TEXT,
    WIDTH,
    element,
    fill_of,
    hatches,
    wrapped,
    write,
)
from services.reporting.reports.document import Chart

KEY = 12
"""Units of the side of a swatch in the legend."""

KEY_ROOM = 34


def svg(chart: Chart, name: str) -> str:
    """Returns the chart as an `svg` element. `name` begins its ids: unique on the page, a code."""
    root = Tree.Element(
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
    element(root, "title", {"id": f"{name}-title"}, chart.title)
    element(root, "desc", {"id": f"{name}-desc"}, chart.description)
    hatches(root, name, len(chart.series))
    top = _legend(root, chart, name) if len(chart.series) > 1 else 0.0
    if chart.kind == "lines":
        end = chart_lines.draw(root, chart, top)
    else:
        end = chart_bars.draw(root, chart, name, top)
    root.set("viewBox", f"0 0 {WIDTH} {end + 2:.0f}")
    return Tree.tostring(root, encoding="unicode")


def _legend(root: Tree.Element, chart: Chart, name: str) -> float:
    y = 0.0
    for at, series in enumerate(chart.series):
        if chart.kind == "lines":
            middle = {"y1": y + SIZE / 2 + 1, "y2": y + SIZE / 2 + 1, "stroke-width": 2.5}
            stroke = {"stroke": STYLES[at].colour, "stroke-dasharray": STYLES[at].dashes or "none"}
            element(root, "line", {"x1": 0, "x2": KEY_ROOM - 8, **middle, **stroke})
            chart_lines.marker(root, (KEY_ROOM - 8) / 2, y + SIZE / 2 + 1, STYLES[at])
        else:
            box = {"y": y + 1, "width": KEY_ROOM - 8, "height": KEY}
            element(root, "rect", {**box, "fill": fill_of(name, at)})
        for line in wrapped(series.name, WIDTH - KEY_ROOM, SIZE):
            write(root, KEY_ROOM, y + SIZE - 1, line)
            y += LINE
        y += 2
    return y + 10
