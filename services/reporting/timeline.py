"""What happened to a complaint, in plain English: one sentence for each event. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Climbed,
    ClockName,
    ClockSet,
    Closed,
    Contacted,
    Extended,
    Frozen,
    Missed,
    NoticeSettled,
    Received,
    Refused,
    Reminded,
    Responded,
    StageRequested,
    Withdrawn,
)

LONDON = ZoneInfo("Europe/London")

DUE: Mapping[ClockName, str] = {
    "acknowledge": "The acknowledgement is due on",
    "respond": "The response is due on",
    "escalate": "The next stage can be asked for until",
}

UNDONE: Mapping[ClockName, str] = {
    "acknowledge": "acknowledged",
    "respond": "answered",
    "escalate": "taken further",
}

SETTLED: Mapping[str, str] = {
    "sent": "was sent",
    "by-hand": "was given to the complaints officer to post",
    "refused": "could not be delivered, and will not be",
    "nobody": "was not sent: there is nobody to write to",
}


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


def local_day(moment: datetime) -> date:
    """Returns the day in Europe/London of an instant (aware)."""
    return moment.astimezone(LONDON).date()


def on_day(day: date) -> str:
    """Returns a day with its weekday: "Monday 6 March 2028"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def sentence(event: AnyEvent) -> str:  # noqa: C901, PLR0911, PLR0912 — one line for each kind
    """Returns one plain sentence, or two, that say what happened."""
    match event:
        case Received():
            return _received(event)
        case ClockSet():
            return _clock_set(event)
        case Accepted():
            return f"Taken in as a complaint, with {event.priority} priority."
        case Refused():
            return f"Not taken as a complaint: {event.reason}."
        case Assigned():
            return f"{event.investigator} was put in charge."
        case Acknowledged():
            points = "1 point" if event.points == 1 else f"{event.points} points"
            return f"Acknowledged {_punctually(event)}, with {points} to answer."
        case Contacted():
            what = "was made" if event.outcome == "made" else "was tried"
            return f"Contact ({event.how}) {what} on {on_day(local_day(event.happened_at))}."
        case Reminded():
            return f"The investigator was reminded. {DUE[event.clock]} {on_day(event.due)}."
        case Missed():
            return f"Not {UNDONE[event.clock]} in time: that was due on {on_day(event.due)}."
        case Climbed():
            told = " and ".join(f"the {role.replace('-', ' ')}" for role in event.told)
            were = "were" if len(event.told) > 1 else "was"
            return f"Still not {UNDONE[event.clock]}: {told} {were} told."
        case Extended():
            return _extended(event)
        case Responded():
            return f"Answered {_punctually(event)}: {event.decision.replace('-', ' ')}."
        case StageRequested():
            return f"The resident asked for the next stage, {event.stage}."
        case Withdrawn():
            return "The resident took the complaint back."
        case Closed(reason="final-response"):
            return "Closed: that was the final response."
        case Closed():
            return "Closed: the time to ask for the next stage has passed."
        case NoticeSettled():
            about, to = event.about.replace("-", " "), event.to.replace("-", " ")
            return f"The notice of {about} to the {to} {SETTLED[event.outcome]}."
    assert_never(event)


def _received(event: Received) -> str:
    sender = "anonymously, " if event.anonymous else ""
    said = f"Received {sender}by {event.channel.replace('-', ' ')}."
    entered = local_day(event.entered_at)
    if entered != local_day(event.at):
        said += f" It was entered on {on_day(entered)}."
    return said


def _clock_set(event: ClockSet) -> str:
    """Says when it is due and how that was counted, so that every date can be checked by hand."""
    still_to_come = ", when what it counts from is due" if event.provisional else ""
    counted = (
        f"counted from {on_day(event.anchor_date)}{still_to_come}, day 1 {on_day(event.day_1)}"
    )
    skipped = f", without {', '.join(event.skipped)}" if event.skipped else ""
    return (
        f"{DUE[event.clock]} {on_day(event.due)} ({event.clause}; {counted}{skipped}; "
        f"calendar of {event.calendar})."
    )


def _extended(event: Extended) -> str:
    said = f"The response was put off from {on_day(event.was)} to {on_day(event.until)}."
    if event.agreed_on is not None:
        said += f" The resident agreed to that on {on_day(event.agreed_on)}."
    return said


def _punctually(event: Acknowledged | Responded) -> str:
    return "in time" if event.in_time else f"late (due on {on_day(event.due)})"
