"""Names of sheets as Excel takes them: short, without some signs, and no two alike."""

from collections.abc import Collection, Sequence
from itertools import count

LONGEST = 31
"""Counted as Excel does, in UTF-16: an emoji is two."""

REFUSED = frozenset("[]:*?/\\")

RESERVED = "history"
"""Excel keeps this name for itself."""


def sheet_names(wanted: Sequence[str], taken: Collection[str]) -> list[str]:
    """Returns a name for each heading, in order, none of which is `taken`."""
    used = {name.casefold() for name in taken} | {RESERVED}
    names = []
    for heading in wanted:
        name = _free(_allowed(heading), used)
        used.add(name.casefold())
        names.append(name)
    return names


def _allowed(heading: str) -> str:
    spaced = "".join(" " if sign in REFUSED or sign == "\n" else sign for sign in heading)
    return _short(" ".join(spaced.split()).strip("'"), LONGEST) or "Section"


def _free(name: str, used: Collection[str]) -> str:
    if name.casefold() not in used:
        return name
    numbered = (f"{_short(name, LONGEST - len(end))}{end}" for end in map(" ({})".format, count(2)))
    return next(one for one in numbered if one.casefold() not in used)


def _short(name: str, longest: int) -> str:
    kept = name
    while len(kept.encode("utf-16-le")) > 2 * longest:
        kept = kept[:-1]
    return kept.strip().strip("'")
