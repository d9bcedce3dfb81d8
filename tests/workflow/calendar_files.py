"""Calendars for tests: the release's own with days added or taken off, ours or as GOV.UK lists."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from services.shared import calendars
from services.shared.calendars import CALENDARS, Calendar, Division

FOLDER = "PUTRIGHT_CALENDARS_FOLDER"

RELEASED = calendars.load(max(CALENDARS.glob("*.json")))


def changed(
    version: str,
    *,
    division: Division = "england-and-wales",
    having: Mapping[date, str] | None = None,
    lacking: Collection[date] = (),
    base: Calendar = RELEASED,
) -> Calendar:
    """Returns a calendar with some days of one part of the country changed."""
    days = {day: name for day, name in base.divisions[division].items() if day not in lacking}
    days |= having or {}
    return base.model_copy(
        update={
            "version": date.fromisoformat(version),
            "source": "A calendar for a test",
            "divisions": base.divisions | {division: dict(sorted(days.items()))},
        }
    )


def written(calendar: Calendar, folder: Path) -> Path:
    """Writes a calendar as this product keeps it, named by its version."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{calendar.version}.json"
    path.write_text(calendar.model_dump_json(), "utf-8")
    return path


def as_govuk(calendar: Calendar, years: Collection[int]) -> dict[str, Any]:
    """Returns what GOV.UK's bank-holidays.json would hold for those years."""
    return {
        division: {
            "division": division,
            "events": [
                {
                    "title": name.removesuffix(" (substitute day)"),
                    "date": day.isoformat(),
                    "notes": "Substitute day" if name.endswith(" (substitute day)") else "",
                    "bunting": True,
                }
                for day, name in days.items()
                if day.year in years
            ],
        }
        for division, days in calendar.divisions.items()
    }


def listed(calendar: Calendar, folder: Path, years: Collection[int] = range(2019, 2029)) -> Path:
    """Writes GOV.UK's bank-holidays.json into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "bank-holidays.json"
    path.write_text(json.dumps(as_govuk(calendar, years)), "utf-8")
    return path
