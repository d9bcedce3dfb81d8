"""What bars and lines are drawn with: elements, text of a known width, and how series differ.

Drawings are 360 units wide. On a telephone of 320 px a unit is 0.8 px, elsewhere up to 1.4 px, so
that text is between 9 and 18 px high. The tree is built and never written as text, so no word can
become markup.
"""

from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement

from services.reporting.reports.figures import Count, Figure, Money, Quantity, Share

WIDTH = 360

TEXT = "#1a1a1a"
QUIET = "#505a5f"
GRID = "#d0d4d6"
PAPER = "#ffffff"

SIZE = 13
"""Units of ordinary text."""
SMALL = 12

LINE = 16
"""Units from one line of text to the next."""

FONTS = "'DejaVu Sans', Verdana, system-ui, sans-serif"

WIDE = frozenset("MW@%mw—…")

ELLIPSIS = "…"

TILE = 8
"""Units of the side of the square in which a hatch is drawn."""


class Style(NamedTuple):
    """How one series differs from another: in its colour, and without it too."""

    colour: str
    """On white, and white on it, at least 3 to 1 (WCAG 2.2, 1.4.11)."""
    hatch: str
    """White lines over the colour: a path in a square of `TILE` units."""
    dashes: str
    marker: str
    """A path around (0, 0)."""


STYLES = (
    Style("#12436d", "", "", "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z"),
    Style("#1f857c", "M-2 6L2 10M-2 -2L10 10M6 -2L10 2", "7 3", "M-4 -4H4V4H-4Z"),
    Style("#801650", "M0 4H8", "2 3", "M0 -5L5 4H-5Z"),
    Style("#c2500f", "M4 0V8", "9 3 2 3", "M0 -5.5L5.5 0L0 5.5L-5.5 0Z"),
    Style("#3d3d3d", "M-2 2L2 -2M-2 10L10 -2M6 10L10 6", "12 4", "M0 5L5 -4H-5Z"),
    Style(
        "#8a63c4",
        "M0 4H8M4 0V8",
        "4 2 1 2 1 2",
        "M-5 -1.5H-1.5V-5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5Z",
    ),
)


def element(parent: Element, tag: str, text: str = "", **attributes: str | float) -> Element:
    """Adds an element. `stroke_width` is written stroke-width; numbers get at most two decimals."""
    written = {name.replace("_", "-"): _written(value) for name, value in attributes.items()}
    added = SubElement(parent, tag, written)
    added.text = text or None
    return added


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def write(parent: Element, x: float, y: float, text: str, **attributes: str | float) -> None:
    """Adds a line of text whose base line is at `y`."""
    element(parent, "text", text, x=x, y=y, **attributes)


def width_of(text: str, size: float) -> float:
    """Returns about how many units wide a text is; the typeface of the reader is not known."""
    return size * sum(map(_breadth, text))


def _breadth(character: str) -> float:
    if character in WIDE or east_asian_width(character) in "WF":
        return 1.0
    return 0.75 if character.isupper() else 0.62


def wrapped(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """Returns the text in at most so many lines of a width; what is left ends in an ellipsis.

    Nothing is lost by that: the data table has the whole text.
    """
    lines = [""]
    for word in " ".join(text.split()).split(" "):
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".strip()
            if width_of(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), width, size)]


def fitted(text: str, width: float, size: float) -> str:
    """Returns the text, or as much of its beginning as fits with an ellipsis behind it."""
    if width_of(text, size) <= width:
        return text
    kept = text
    while kept and width_of(kept + ELLIPSIS, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _pieces(word: str, width: float, size: float) -> Iterable[str]:
    piece = ""
    for character in word:
        if piece and width_of(piece + character, size) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def amount(figure: Figure) -> float | None:
    """Returns how far a figure reaches: a number, a percentage, pounds. None: nothing to draw."""
    if isinstance(figure, Count):
        return figure.value
    if isinstance(figure, Money):
        return figure.pence / 100
    if isinstance(figure, Share):
        return figure.met * 100 / figure.of if figure.of else None
    if isinstance(figure, Quantity) and figure.value is not None:
        return float(figure.value)
    return None


def hatches(svg: Element, name: str, count: int) -> None:
    """Adds the patterns of the first `count` series, as `fill_of` names them."""
    defs = element(svg, "defs")
    for at, style in enumerate(STYLES[:count]):
        if not style.hatch:
            continue
        pattern = element(
            defs,
            "pattern",
            id=f"{name}-fill-{at}",
            patternUnits="userSpaceOnUse",
            width=TILE,
            height=TILE,
        )
        element(pattern, "rect", width=TILE, height=TILE, fill=style.colour)
        element(pattern, "path", d=style.hatch, stroke=PAPER, stroke_width=1.2, fill="none")


def fill_of(name: str, at: int) -> str:
    """Returns the fill of a series: a plain colour for the first, its pattern for the others."""
    return f"url(#{name}-fill-{at})" if STYLES[at].hatch else STYLES[at].colour
