"""What bars and lines are drawn with: elements, text of a known width, and how series differ.

Drawings are 360 units wide. On a telephone of 320 px a unit is 0.8 px, elsewhere up to 1.4 px, so
that text is between 9 and 18 px high. The tree is built and never written as text, so no word can
become markup.
"""

from collections.abc import Iterable
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement

from services.reporting.reports.chart_styles import HATCHES, Box, Style
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


def draw_box(svg: Element, style: Style, box: Box) -> None:
    """Draws a piece of a bar, or a swatch, of a series."""
    x, y, width, height = box
    element(svg, "rect", x=x, y=y, width=width, height=height, fill=style.colour)
    lines = [line for way in style.hatch for line in HATCHES[way](box)]
    if lines:
        path = "".join(f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}" for x1, y1, x2, y2 in lines)
        element(svg, "path", d=path, stroke=PAPER, stroke_width=1.2, fill="none")
