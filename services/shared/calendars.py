"""Bank-holiday calendars: dated files, the days and names as GOV.UK has them.

Those under `calendars/` came with the release; those in the installation's own folder
(`PUTRIGHT_CALENDARS_FOLDER`) were imported since, and the newest of both counts. A published
calendar is never edited; a change is a new file with a later date. Every due date records the
version that it was worked out from.

A running process sees an imported calendar at once: each question looks whether the folder has
changed, and reads a file only when there is another one.
"""

import os
import time
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import ValidationError, model_validator
from pydantic_core import PydanticCustomError

from services.shared.errors import TryLater
from services.shared.events import Frozen
from services.shared.settings import CALENDARS_FOLDER
from services.shared.text import Line

CALENDARS = Path(__file__).parent / "calendars"
"""The calendars of this release."""

DATED = "????-??-??.json"

SETTLED_AFTER = 2_000_000_000
"""Nanoseconds after which a folder's time of change can be trusted to be the last of its tick."""

Nation = Literal["england", "wales", "scotland", "northern-ireland"]

Division = Literal["england-and-wales", "scotland", "northern-ireland"]
"""GOV.UK publishes one list for England and Wales."""

DIVISIONS: dict[Nation, Division] = {
    "england": "england-and-wales",
    "wales": "england-and-wales",
    "scotland": "scotland",
    "northern-ireland": "northern-ireland",
}

NATION_MISSING = "nation-missing"
DATES_OUTSIDE = "dates-outside"


class Calendar(Frozen):
    """The bank holidays between `first` and `last`, both included, of each part of the country."""

    version: date
    source: Line
    first: date
    published_until: date
    """The last day for which they are published; after it they are projected."""
    last: date
    divisions: dict[Division, dict[date, Line]]

    @model_validator(mode="after")
    def _covers_what_it_says(self) -> Self:
        if not self.first <= self.published_until <= self.last:
            raise PydanticCustomError(DATES_OUTSIDE, "published_until lies between first and last")
        if missing := set(DIVISIONS.values()) - set(self.divisions):
            raise PydanticCustomError(
                NATION_MISSING,
                "nothing is said of {missing}",
                {"missing": ", ".join(sorted(missing))},
            )
        for division, days in self.divisions.items():
            if outside := [day for day in days if not self.first <= day <= self.last]:
                raise PydanticCustomError(
                    DATES_OUTSIDE,
                    "{division}: {day} is outside the calendar",
                    {"division": division, "day": outside[0].isoformat()},
                )
        return self

    def bank_holidays(self, nation: Nation) -> dict[date, str]:
        """Returns the nation's bank holidays by day, each with its name."""
        return self.divisions[DIVISIONS[nation]]


class Edition(NamedTuple):
    """A calendar file as it was found: enough to tell it from another without reading it."""

    version: str
    path: str
    written_at: int
    """When its content was last changed, in nanoseconds of Unix time."""


def load(path: Path) -> Calendar:
    """Reads one calendar file. Raises pydantic's ValidationError."""
    return Calendar.model_validate_json(path.read_bytes())


def newest() -> Calendar:
    """Returns the newest calendar here, imported or of the release. Raises as `read` does."""
    return read(newest_edition())


def newest_edition() -> Edition:
    """Returns which calendar is the newest here.

    Of two with one version it is the imported one, for open complaints were counted by that.
    Raises TryLater `calendar-unreadable` when the installation's folder cannot be looked into.
    """
    folder = str(installed())
    try:
        changed_at = os.stat(folder).st_mtime_ns  # noqa: PTH116 — a quarter of Path.stat's time, at each question
        if time.time_ns() - changed_at < SETTLED_AFTER:
            return _newest_of(folder)
        return _remembered(folder, changed_at)
    except FileNotFoundError:
        return _packaged()
    except OSError as error:
        raise _unreadable(folder, str(error)) from error


def installed() -> Path:
    """Returns the folder of the calendars that were imported into this installation.

    From the environment at each call: the pure functions of several services end here, and none
    of them is handed a settings object.
    """
    return Path(os.environ.get("PUTRIGHT_CALENDARS_FOLDER") or CALENDARS_FOLDER)


@lru_cache(8)
def read(edition: Edition) -> Calendar:
    """Returns the calendar of an edition.

    Raises TryLater `calendar-unreadable` when the file is damaged or belongs to another version:
    nothing is counted then, until somebody mends it.
    """
    try:
        calendar = load(Path(edition.path))
    except (ValidationError, OSError) as error:
        raise _unreadable(edition.path, str(error)) from error
    if calendar.version.isoformat() != edition.version:
        raise _unreadable(edition.path, f"it says that it is the version of {calendar.version}")
    return calendar


def _newest_of(folder: str) -> Edition:
    found = [_edition(path) for path in Path(folder).glob(DATED)]
    return max([*found, _packaged()], key=lambda edition: edition.version)


@lru_cache(8)
def _remembered(folder: str, changed_at: int) -> Edition:  # noqa: ARG001 — the time is part of the key
    return _newest_of(folder)


@cache
def _packaged() -> Edition:
    return max(_edition(path) for path in CALENDARS.glob(DATED))


def _edition(path: Path) -> Edition:
    return Edition(path.stem, str(path), path.stat().st_mtime_ns)


def _unreadable(path: str, why: str) -> TryLater:
    line = " ".join(why.split())
    return TryLater("calendar-unreadable", f"{path} cannot be read, so nothing is counted: {line}")
