"""Landlords' categories as themes: one list for all, with the names that landlords use. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from services.shared.errors import MendRequest
from services.shared.events import Frozen
from services.shared.text import Code

FILE = Path(__file__).parent / "categories.toml"

NOT_STANDARDISED = "not-standardised"
"""Stands for a category that the list does not know."""

NONE_GIVEN = "none-given"
"""Stands for a complaint without a category."""

TITLES_OF_NO_THEME = {
    NOT_STANDARDISED: "Not standardised",
    NONE_GIVEN: "No category given",
}


class Theme(Frozen):
    """One theme of the list."""

    code: Code
    title: str
    aliases: tuple[str, ...] = ()


class Themes(Frozen):
    """The list, and what each landlord's words mean."""

    themes: tuple[Theme, ...]
    policies: Mapping[Code, Mapping[str, Code]] = {}


@lru_cache(1024)
def theme_of(policy: str, category: str | None) -> str:
    """Returns the code of a category's theme, NOT_STANDARDISED or NONE_GIVEN."""
    if category is None:
        return NONE_GIVEN
    name = _plain(category)
    of_policy = _aliases_of(policy).get(name)
    return of_policy or _aliases().get(name, NOT_STANDARDISED)


def title_of(theme: str) -> str:
    """Returns how a theme is shown."""
    return TITLES_OF_NO_THEME.get(theme) or _titles()[theme]


def all_themes() -> tuple[str, ...]:
    """Returns the codes of all themes, in the order of the list."""
    return tuple(theme.code for theme in _read().themes)


def _plain(name: str) -> str:
    """Returns a name as it is compared: letters and digits, in words."""
    spaced = "".join(each if each.isalnum() else " " for each in name.replace("&", " and "))
    return " ".join(spaced.casefold().split())


@cache
def _read() -> Themes:
    return Themes.model_validate(tomllib.loads(FILE.read_text("utf-8")))


@cache
def _titles() -> dict[str, str]:
    return {theme.code: theme.title for theme in _read().themes}


@cache
def _aliases() -> dict[str, str]:
    """Returns the theme of each name.

    Raises MendRequest `two-themes` when a name stands for two: it would be counted as either.
    """
    found: dict[str, str] = {}
    for theme in _read().themes:
        for name in {_plain(each) for each in (theme.code, theme.title, *theme.aliases)}:
            if found.setdefault(name, theme.code) != theme.code:
                raise MendRequest("two-themes", f"{name!r} is {found[name]} and {theme.code}.")
    return found


@cache
def _aliases_of(policy: str) -> dict[str, str]:
    """Returns the themes of a landlord's own words. Raises MendRequest `unknown-theme`."""
    own = _read().policies.get(policy, {})
    for theme in own.values():
        if theme not in _titles():
            raise MendRequest("unknown-theme", f"{policy}: no theme is called {theme!r}.")
    return {_plain(name): theme for name, theme in own.items()}
