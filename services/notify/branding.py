"""A landlord's colour in its mails: on the line under its name, and on links if they can be read.

Contrast is worked out as WCAG 2.2 defines it (relative luminance of sRGB); text needs 4.5 to 1.
"""

TEXT = "#1b1f1d"
"""The colour of text, and of links where the landlord's own is too light to be read."""

PAPER = "#ffffff"

READABLE = 4.5
"""The least contrast of text with its background (WCAG 2.2, 1.4.3, AA)."""


def link_colour(colour: str) -> str:
    """Returns the landlord's colour (#rrggbb) where it can be read on white, else that of text."""
    return colour if contrast(colour, PAPER) >= READABLE else TEXT


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours (#rrggbb): 1 for the same, 21 for black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    below_the_bend = 0.04045
    return channel / 12.92 if channel <= below_the_bend else ((channel + 0.055) / 1.055) ** 2.4
