"""How the series of a chart differ: by colour, and without it by hatches, dashes and markers."""

from collections.abc import Callable
from typing import NamedTuple

APART = 6.0
"""Units between two lines of a hatch."""
SLANTED = 8.5


class Box(NamedTuple):
    """A rectangle: its corner at the top left, and its sides, in units."""

    x: float
    y: float
    width: float
    height: float


Line = tuple[float, float, float, float]
"""From x, y to x, y."""


class Style(NamedTuple):
    """How one series differs from another: in its colour, and without it too."""

    colour: str
    """On white, and white on it, at least 3 to 1 (WCAG 2.2, 1.4.11)."""
    hatch: str
    """White lines over the colour, each way one character; see `HATCHES`."""
    dashes: str
    marker: str
    """A path around (0, 0)."""


STYLES = (
    Style("#12436d", "", "", "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z"),
    Style("#1f857c", "\\", "7 3", "M-4 -4H4V4H-4Z"),
    Style("#801650", "-", "2 3", "M0 -5L5 4H-5Z"),
    Style("#c2500f", "|", "9 3 2 3", "M0 -5.5L5.5 0L0 5.5L-5.5 0Z"),
    Style("#3d3d3d", "/", "12 4", "M0 5L5 -4H-5Z"),
    Style("#8a63c4", "/\\", "4 2 1 2 1 2", "M-2 -5H2V-2H5V2H2V5H-2V2H-5V-2H-2Z"),
)


def _flat(box: Box) -> list[Line]:
    x, y, width, height = box
    return [(x, at, x + width, at) for at in _steps(y, y + height)]


def _upright(box: Box) -> list[Line]:
    x, y, width, height = box
    return [(at, y, at, y + height) for at in _steps(x, x + width)]


def _falling(box: Box) -> list[Line]:
    """Lines on which x - y is the same, from edge to edge."""
    x, y, width, height = box
    lines = []
    for shift in _steps(x - y - height, x + width - y, SLANTED):
        left, right = max(x, y + shift), min(x + width, y + height + shift)
        lines.append((left, left - shift, right, right - shift))
    return lines


def _rising(box: Box) -> list[Line]:
    """Lines on which x + y is the same, from edge to edge."""
    x, y, width, height = box
    lines = []
    for total in _steps(x + y, x + width + y + height, SLANTED):
        left, right = max(x, total - y - height), min(x + width, total - y)
        lines.append((left, total - left, right, total - right))
    return lines


def _steps(first: float, last: float, apart: float = APART) -> list[float]:
    return [first + apart * (at + 0.5) for at in range(int((last - first) / apart + 0.5))]


HATCHES: dict[str, Callable[[Box], list[Line]]] = {
    "-": _flat,
    "|": _upright,
    "\\": _falling,
    "/": _rising,
}
"""How the ways of a `Style.hatch` run over a box."""
