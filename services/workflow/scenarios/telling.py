"""Events and notices in plain words, on one short line each: what a play tells."""

from datetime import date, datetime

from services.notify.contract import Notice
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
    DateAgreed,
    Declined,
    DueMoved,
    Extended,
    HearingSet,
    Missed,
    MovedOn,
    PointsAdded,
    Received,
    Refused,
    Reminded,
    Responded,
    SentUpAtOnce,
    StageRequested,
)
from services.shared.local_time import LONDON
from services.workflow.wording import ANCHORS, said_day

WAITS_FOR: dict[ClockName, str] = {
    "acknowledge": "acknowledge",
    "contact": "speak to the resident",
    "arrange": "set a hearing",
    "respond": "respond",
    "escalate": "ask for the next stage",
    "reply": "answer the decline",
}
"""What a clock waits for, in words."""


def told_event(event: AnyEvent, at: datetime) -> str:  # noqa: C901, PLR0911, PLR0912 — one line for each kind
    """Returns an event in plain words, told at the moment `at` (aware) at which it is recorded."""
    match event:
        case Received():
            return f"received by {event.channel}{_earlier(event.at, at)}"
        case ClockSet():
            return _clock_set(event)
        case DueMoved():
            return f"moved by a bank holiday: {_due(event.clock, event.due)}, was {_day(event.was)}"
        case Accepted():
            return f"accepted, priority {event.priority}"
        case Refused():
            return f"complaint refused: {event.reason}"
        case SentUpAtOnce():
            return f"sent up at once for {event.grounds} grounds: told {_people(event.told)}"
        case Assigned(together_with=None):
            return f"assigned to {event.investigator}"
        case Assigned():
            return f"assigned to {event.investigator}, together with {event.together_with}"
        case Acknowledged():
            return f"acknowledged {_in_time(in_time=event.in_time)}, points: {event.points}"
        case PointsAdded():
            return f"points added: {event.points}"
        case Contacted():
            return f"contact {event.outcome.replace('-', ' ')}"
        case Reminded():
            return f"reminder: {_due(event.clock, event.due)}"
        case Missed():
            return f"MISSED: {_due(event.clock, event.due)}"
        case Climbed():
            return f"ladder: {event.rung}, still to {WAITS_FOR[event.clock]}: told " + _people(
                event.told
            )
        case Extended():
            agreed = f", agreed on {_day(event.agreed_on)}" if event.agreed_on else ""
            return f"extended from {_day(event.was)} to {_day(event.until)}{agreed}"
        case DateAgreed():
            return f"date agreed: {_day(event.until)} instead of {_day(event.was)}"
        case HearingSet():
            return f"hearing on {_day(event.on)}"
        case Responded():
            return f"answered {_in_time(in_time=event.in_time)}: {event.decision}"
        case StageRequested():
            late = ", after its time" if event.late else ""
            return f"{event.stage} asked for{late}{_earlier(event.at, at)}"
        case Declined():
            return f"request declined: {event.reason}"
        case MovedOn():
            return f"moved on to {event.stage}: {event.because.replace('-', ' ')}"
        case Closed():
            return f"closed: {event.reason.replace('-', ' ')}"
        case _:
            return event.kind.replace("-", " ")


def told_notice(notice: Notice) -> str:
    """Returns to whom a notice is written, and what about."""
    return f"-> {notice.to.role}: {notice.content.about}"


def _clock_set(event: ClockSet) -> str:
    anchor = ANCHORS.get(event.anchor, event.anchor)
    since = f"the day on which {anchor} is due" if event.provisional else anchor
    if event.anchor in ANCHORS:
        since = f"from {since}"
    return f"{_due(event.clock, event.due)} ({since}, day 1 {_day(event.day_1)}; {event.clause})"


def _due(clock: ClockName, due: date) -> str:
    return f"{WAITS_FOR[clock]} by {_day(due)}"


def _day(day: date) -> str:
    return said_day(day)


def _in_time(*, in_time: bool) -> str:
    return "in time" if in_time else "LATE"


def _people(roles: tuple[str, ...]) -> str:
    return " and ".join(roles)


def _earlier(happened: datetime, told: datetime) -> str:
    if happened == told:
        return ""
    return f", which was on {happened.astimezone(LONDON):%a %d %b %Y %H:%M}"
