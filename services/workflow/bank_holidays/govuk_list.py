"""GOV.UK's `bank-holidays.json`, and how it is merged over a calendar of ours.

It covers a few years. Inside the years that it covers its word replaces ours; outside them ours
stands.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from services.shared.calendars import DATES_OUTSIDE, NATION_MISSING, Calendar, Division
from services.shared.errors import MendRequest
from services.shared.text import Line

FEWEST = 8
"""No part of the country has had fewer bank holidays in a year since 2012: a list that names
fewer of them is not whole."""

Days = dict[date, Line]


class _Event(BaseModel):
    title: Line
    date: date
    notes: str = ""

    @property
    def name(self) -> str:
        note = self.notes.strip()
        return f"{self.title} ({note[:1].lower()}{note[1:]})" if note else self.title


class _Events(BaseModel):
    events: tuple[_Event, ...] = Field(min_length=1)


_LISTED = TypeAdapter(dict[Division, _Events])


def read_list(found: Mapping[str, object]) -> dict[Division, Days]:
    """Returns the bank holidays of each part of the country, from the file's JSON.

    Raises MendRequest `unreadable-calendar` or `nation-missing`.
    """
    divisions: tuple[Division, ...] = get_args(Division)
    known = {division: found[division] for division in divisions if division in found}
    if not known:
        raise MendRequest(
            "unreadable-calendar",
            "It is neither a calendar of ours nor GOV.UK's bank-holidays.json.",
        )
    if missing := [division for division in divisions if division not in known]:
        raise MendRequest(NATION_MISSING, f"Nothing is said of {', '.join(missing)}.")
    try:
        listed = _LISTED.validate_json(json.dumps(known))
    except ValidationError as error:
        raise wrong(error) from None
    return {
        division: {event.date: event.name for event in entry.events}
        for division, entry in listed.items()
    }


def merged(listed: Mapping[Division, Days], newest: Calendar, version: date) -> Calendar:
    """Returns the newest calendar with GOV.UK's word for the years that its list covers.

    Raises MendRequest `incomplete-year`, or `dates-outside` when a year would be left without the
    bank holidays of some part of the country.
    """
    covered = {division: _whole_years(division, days) for division, days in listed.items()}
    everywhere = set[int].intersection(*covered.values())
    known = set(range(newest.first.year, newest.last.year + 1)) | everywhere
    gap = sorted(set(range(min(known), max(known) + 1)) - known)
    if outside := gap or sorted(set[int].union(*covered.values()) - known):
        raise MendRequest(
            DATES_OUTSIDE,
            f"Not every nation's bank holidays of {outside[0]} are known: neither the list nor the "
            f"newest calendar here ({newest.first} to {newest.last}) has them all.",
        )
    published_until = newest.published_until
    for year in sorted(everywhere):
        if published_until.year in {year - 1, year}:
            published_until = date(year, 12, 31)
    return Calendar(
        version=version,
        source=f"GOV.UK bank holidays of {min(everywhere)} to {max(everywhere)}, over the calendar "
        f"of {newest.version}",
        first=min(newest.first, date(min(known), 1, 1)),
        published_until=published_until,
        last=max(newest.last, date(max(known), 12, 31)),
        divisions={
            division: dict(
                sorted(
                    {
                        day: name
                        for day, name in (newest.divisions[division] | days).items()
                        if day in days or day.year not in covered[division]
                    }.items()
                )
            )
            for division, days in listed.items()
        },
    )


def _whole_years(division: Division, days: Days) -> set[int]:
    years = {day.year for day in days}
    for year in sorted(years):
        count = sum(day.year == year for day in days)
        if count < FEWEST:
            raise MendRequest(
                "incomplete-year",
                f"{division}: of {year} it lists {count}, and no year has fewer than {FEWEST} "
                "bank holidays.",
            )
    return years


def wrong(error: ValidationError) -> MendRequest:
    """Returns the refusal that says, on one line, what is wrong first and where."""
    first, *_ = error.errors(include_url=False, include_input=False)
    code = first["type"] if first["type"] in {DATES_OUTSIDE, NATION_MISSING} else None
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"] if not where else f"{where}: {first['msg']}"
    return MendRequest(code or "unreadable-calendar", f"The calendar is wrong: {said}.")
