"""Bank-holiday calendars: dated files under `calendars/`, the days and names as GOV.UK has them.

A published calendar is never edited; a change is a new file with a later date. Every due date
records the version that it was worked out from.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from services.shared.events import Frozen
from services.shared.text import Line

CALENDARS = Path(__file__).parent / "calendars"

Nation = Literal["england", "wales", "scotland", "northern-ireland"]

Division = Literal["england-and-wales", "scotland", "northern-ireland"]
"""GOV.UK publishes one list for England and Wales."""

DIVISIONS: dict[Nation, Division] = {
    "england": "england-and-wales",
    "wales": "england-and-wales",
    "scotland": "scotland",
    "northern-ireland": "northern-ireland",
}


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
            raise ValueError("published_until lies between first and last")
        if missing := set(DIVISIONS.values()) - set(self.divisions):
            raise ValueError(f"nothing is said of {', '.join(sorted(missing))}")
        for division, days in self.divisions.items():
            if outside := [day for day in days if not self.first <= day <= self.last]:
                raise ValueError(f"{division}: {outside[0]} is outside the calendar")
        return self

    def bank_holidays(self, nation: Nation) -> dict[date, str]:
        """Returns the nation's bank holidays by day, each with its name."""
        return self.divisions[DIVISIONS[nation]]


def load(path: Path) -> Calendar:
    """Reads one calendar file. Raises pydantic's ValidationError."""
    return Calendar.model_validate_json(path.read_bytes())


@cache
def newest() -> Calendar:
    """Returns the newest calendar here."""
    return load(max(CALENDARS.glob("*.json")))
