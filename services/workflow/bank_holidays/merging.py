"""A newer calendar from a file: ours, or GOV.UK's list merged over the newest that is here.

Nothing is written before everything has been checked.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pydantic import ValidationError

from services.shared.calendars import Calendar, Division
from services.shared.errors import AgainstTheRules, MendRequest, TryLater
from services.workflow.bank_holidays.govuk_list import merged, read_list, wrong

NAMED_AT_MOST = 5
"""How many days a refusal names; the number says how many there are."""

Change = Literal["added", "removed", "renamed"]


class Difference(NamedTuple):
    """One day on which two calendars differ."""

    day: date
    division: Division
    name: str
    change: Change


class Prepared(NamedTuple):
    """What an import comes to."""

    calendar: Calendar
    """The calendar that will count: the new one, or the newest if the file says nothing new."""
    differences: tuple[Difference, ...]
    new: bool


def prepare(
    content: bytes,
    newest: Calendar,
    *,
    version: date | None,
    today: date,
    allow_removals: bool = False,
) -> Prepared:
    """Reads a file and checks it against the newest calendar; writes nothing.

    `version` dates the new calendar; without it a file of ours keeps its own date, and a list of
    GOV.UK gets `today`'s.

    Raises MendRequest `unreadable-calendar`, `nation-missing`, `dates-outside`, `incomplete-year`
    or `covers-less`; AgainstTheRules `not-newer`, or `past-days-removed` unless that is allowed.
    """
    found = _read(content)
    if "divisions" in found:
        calendar = _ours(found, version)
    else:
        calendar = merged(read_list(found), newest, version or today)
    if not _differ(calendar, newest):
        return Prepared(newest, (), new=False)
    if calendar.version <= newest.version:
        raise AgainstTheRules(
            "not-newer",
            f"It is dated {calendar.version}, and the newest calendar here {newest.version}: give "
            "a later date with --version.",
        )
    if calendar.first > newest.first or calendar.last < newest.last:
        raise MendRequest(
            "covers-less",
            f"It covers {calendar.first} to {calendar.last}, and the newest calendar here "
            f"{newest.first} to {newest.last}: open complaints may need those days.",
        )
    found_differences = tuple(differences(newest, calendar))
    if not allow_removals:
        _check_the_past(found_differences, until=min(today, newest.published_until))
    return Prepared(calendar, found_differences, new=True)


def differences(old: Calendar, new: Calendar) -> Iterator[Difference]:
    """Returns where two calendars differ, day by day within each part of the country."""
    for division in get_args(Division):
        before, after = old.divisions[division], new.divisions[division]
        for day in sorted(before.keys() | after.keys()):
            if day not in before:
                yield Difference(day, division, after[day], "added")
            elif day not in after:
                yield Difference(day, division, before[day], "removed")
            elif before[day] != after[day]:
                yield Difference(day, division, after[day], "renamed")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the calendars folder, which is made if need be: two imports go one after the other.

    Raises TryLater `calendars-folder-unwritable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("a")
    except OSError as error:
        raise _unwritable(folder, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(calendar: Calendar, folder: Path) -> Path:
    """Writes a calendar into the folder, whole or not at all, and returns its file.

    Raises TryLater `calendars-folder-unwritable`.
    """
    path = folder / f"{calendar.version}.json"
    half = folder / f".{calendar.version}.new"
    try:
        with half.open("w", encoding="utf-8") as file:
            shown = calendar.model_dump(mode="json")
            file.write(json.dumps(shown, indent=1, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return path


def _read(content: bytes) -> dict[str, object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MendRequest("unreadable-calendar", f"It is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise MendRequest("unreadable-calendar", "It is JSON, and no calendar.")
    return found


def _ours(found: dict[str, object], version: date | None) -> Calendar:
    dated = found if version is None else found | {"version": version.isoformat()}
    try:
        # By way of JSON: only then are days read from texts and nothing else.
        return Calendar.model_validate_json(json.dumps(dated))
    except ValidationError as error:
        raise wrong(error) from None


def _differ(one: Calendar, other: Calendar) -> bool:
    said = set(Calendar.model_fields) - {"version", "source"}
    return one.model_dump(include=said) != other.model_dump(include=said)


def _check_the_past(found: tuple[Difference, ...], until: date) -> None:
    """Refuses to forget a bank holiday that was published and has been: dates counted on it."""
    gone = [one for one in found if one.change == "removed" and one.day <= until]
    if gone:
        named = ", ".join(f"{one.day} ({one.division})" for one in gone[:NAMED_AT_MOST])
        more = f" and {len(gone) - NAMED_AT_MOST} more" if len(gone) > NAMED_AT_MOST else ""
        raise AgainstTheRules(
            "past-days-removed",
            f"These days have been bank holidays and the file lacks them: {named}{more}. If that "
            "is right, say --allow-removals.",
        )


def _unwritable(folder: Path, error: OSError) -> TryLater:
    return TryLater(
        "calendars-folder-unwritable", f"Nothing can be written to {folder}: {error.strerror}."
    )
