"""Something that happened on a day, before it has its number among the events of its complaint."""

from datetime import date, datetime, time
from typing import Any, NamedTuple

from services.shared.events import Event
from services.shared.local_time import at

NOON = time(12)
"""Stands in for the hour, of which a table says nothing. In London, so that it keeps the day."""


class Told(NamedTuple):
    """One thing that happened, at an instant (UTC)."""

    at: datetime
    kind: type[Event]
    stage: str
    facts: dict[str, Any]


def noon(day: date) -> datetime:
    """Returns the instant (UTC) that stands in for a day."""
    return at(day, NOON)


def told(day: date, kind: type[Event], stage: str, **facts: object) -> Told:
    """Returns what happened on a day; `facts` are the event's own fields."""
    return Told(noon(day), kind, stage, facts)
