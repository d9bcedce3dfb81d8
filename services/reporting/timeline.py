"""What happened to a complaint, in order, for people to read. Pure."""

from datetime import UTC, datetime

from pydantic import ConfigDict, Field

from services.reporting.sentences import local_day, on_day, sentence
from services.shared.events import AnyEvent, Frozen


class TimelineEntry(Frozen):
    """One event of a complaint, for people to read."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sequence: int
    kind: str = Field(examples=["responded"])
    at: datetime
    """When it happened, in UTC."""
    on: str = Field(examples=["Tuesday 4 April 2028"])
    """The day on which that was in Europe/London, with its weekday."""
    stage: str
    by: str
    """A staff id, a channel key's id, or `putright` for what the clocks did by themselves."""
    sentence: str = Field(examples=["Answered in time: partially upheld."])


def line(event: AnyEvent) -> TimelineEntry:
    """Returns the timeline's entry for an event."""
    return TimelineEntry(
        sequence=event.sequence,
        kind=event.kind,
        at=event.at.astimezone(UTC),
        on=on_day(local_day(event.at)),
        stage=event.stage,
        by=event.by,
        sentence=sentence(event),
    )
