"""The typeface of everything that is set on paper, and which characters it can show.

DejaVu Sans comes with Putright: it has no serifs, which people with poor sight read more easily, it
holds the letters of most of Europe, Arabic and Hebrew, and no machine needs fonts of its own.
"""

import struct
from functools import cache
from pathlib import Path
from unicodedata import category

import typst

FOLDER = Path(__file__).parent / "fonts"

FONTS = typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER)])
"""Ours, and what typst brings for what ours lack. Never the machine's: what is set again on another
machine is the same file."""

STANDS_FOR_A_SIGN = "\N{WHITE SQUARE}"

NOT_SEEN = {"Cf", "Me"}
"""Unicode categories that show nothing by themselves: format, enclosing mark."""


def without_unknown_signs(text: str) -> str:
    """Puts a square where a sign cannot be shown, such as a newer emoji. Letters are left alone.

    For what must not lose a letter quietly: whoever sets it finds the letter missing.
    """
    return "".join(character if _is_letter(character) else _shown(character) for character in text)


def only_known(text: str) -> str:
    """Puts a square for each character, letters too, that the typeface does not have."""
    return "".join(map(_shown, text))


def _is_letter(character: str) -> bool:
    kind = category(character)
    return kind[0] in "LN" or kind in {"Mn", "Mc"}


def _shown(character: str) -> str:
    if ord(character) in _known():
        return character
    return "" if category(character) in NOT_SEEN else STANDS_FOR_A_SIGN


@cache
def _known() -> frozenset[int]:
    """Reads which characters the typeface has from its `cmap`, in the form (12) that has all."""
    font = (FOLDER / "DejaVuSans.ttf").read_bytes()
    tables = {
        name: offset
        for name, _, offset, _ in struct.iter_unpack(">4sLLL", font[12 : 12 + 16 * font[5]])
    }
    cmap = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    forms = struct.iter_unpack(">HHL", font[cmap + 4 : cmap + 4 + 8 * count])
    full = next(cmap + offset for platform, code, offset in forms if (platform, code) == (3, 10))
    (groups,) = struct.unpack_from(">L", font, full + 12)
    ranges = struct.iter_unpack(">LLL", font[full + 16 : full + 16 + 12 * groups])
    return frozenset(point for first, last, _ in ranges for point in range(first, last + 1))
