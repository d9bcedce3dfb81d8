"""Each event of a complaint as one plain sentence, or two. Pure.

Every date stands there with its weekday and how it was counted, to be checked by hand.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from services.shared.events import (
    RESIDENTS_TIME,
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Classified,
    Climbed,
    ClockName,
    ClockSet,
    Closed,
    Confirmed,
    Contacted,
    DateAgreed,
    DeclineAnswered,
    Declined,
    DueMoved,
    Extended,
    HearingSet,
    Help,
    HelpAsked,
    LessonLearned,
    LessonWithdrawn,
    Missed,
    MovedOn,
    NoticeSettled,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PointsAdded,
    PromiseKept,
    Received,
    Refused,
    Reminded,
    ResidentWrote,
    Responded,
    Rung,
    SentUpAtOnce,
    StageRequested,
    SurveyAnswered,
    Withdrawn,
)

LONDON = ZoneInfo("Europe/London")

DUE: Mapping[ClockName, str] = {
    "acknowledge": "The acknowledgement is due on",
    "contact": "The resident is to be spoken to by",
    "arrange": "The hearing is to be given a date by",
    "respond": "The response is due on",
    "escalate": "The next stage can be asked for until",
    "reply": "The resident can answer the decline until",
}

UNDONE: Mapping[ClockName, str] = {
    "acknowledge": "acknowledged",
    "contact": "in contact with the resident",
    "arrange": "given a date for its hearing",
    "respond": "answered",
    "escalate": "taken further",
    "reply": "taken up again by the resident",
}

ANCHORS: Mapping[str, str] = {
    "received": "the receipt",
    "requested": "the request",
    "referred": "the move to this stage",
    "acknowledged": "the acknowledgement",
    "heard": "the hearing",
    "responded": "the response",
    "declined": "the decline",
}
"""What a clock counts from, in words."""

CHANNELS: Mapping[str, str] = {
    "web": "on the web",
    "in-person": "in person",
    "social": "on social media",
}
"""How something came in, where that is not "by" its channel."""

CLOSED: Mapping[str, str] = {
    "final-response": "Closed: that was the final response.",
    "not-escalated": "Closed: the time to ask for the next stage has passed.",
    "declined": "Closed: the request for this stage was declined.",
    "sent-on": "Closed: the complaint can go straight to the Ombudsman, past the next stage.",
}

HELP: Mapping[Help, str] = {
    "records": "to get at records",
    "time": "to have time for it",
    "advice": "on how to go on",
    "decision": "by a decision from above",
    "somebody-else": "by somebody else to take it on",
}
"""What somebody in charge asked for."""

NOTICES: Mapping[str, str] = {
    "from-resident": "new mail",
    "panel-hearing": "the panel's hearing",
    "help-wanted": "help wanted",
    "letter-to-post": "a letter to post",
    "to-assign": "a stage to assign",
    "window-reminder": "their time to go further",
    "points-added": "the points added",
    "due-moved": "dates that moved",
}
"""Notices whose kind alone does not read as what they are about."""

SETTLED: Mapping[str, str] = {
    "sent": "was sent",
    "entered": "is with them: their next mail holds it",
    "to-print": "is in the print queue",
    "posted": "was posted",
    "by-hand": "was given to the complaints officer, to ring and tell it",
    "uncertain": "may have arrived or not: its delivery was never confirmed",
    "refused": "could not be delivered, and will not be",
    "bounced": "came back",
    "nobody": "was not sent: there is nobody to write to",
}


def local_day(moment: datetime) -> date:
    """Returns the day in Europe/London of an instant (aware)."""
    return moment.astimezone(LONDON).date()


def on_day(day: date) -> str:
    """Returns a day with its weekday: "Monday 6 March 2028"."""
    return f"{day:%A} {_plain_day(day)}"


def _plain_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def sentence(event: AnyEvent) -> str:  # noqa: C901, PLR0911, PLR0912 — one line for each kind
    """Returns one plain sentence, or two, that say what happened."""
    match event:
        case Received():
            return _received(event)
        case ClockSet():
            return _clock_set(event)
        case DueMoved():
            now_due = f"{DUE[event.clock]} {on_day(event.due)}"
            return f"The bank holidays changed. {now_due}, in place of {on_day(event.was)}."
        case Accepted():
            return f"Taken in as a complaint, with {event.priority} priority."
        case Refused():
            return f"Not taken as a complaint: {_spaced(event.reason)}."
        case SentUpAtOnce():
            return f"Sent up at once, for {_count(event.grounds, 'ground')}: {_told(event.told)}."
        case Classified():
            return _classified(event)
        case Assigned(together_with=None):
            return f"{event.investigator} was put in charge."
        case Assigned():
            return f"{event.investigator} was put in charge, together with {event.together_with}."
        case Acknowledged():
            return _acknowledged(event)
        case PointsAdded():
            return f"{_count(event.points, 'further point')} to answer, added before the response."
        case Contacted():
            return _contacted(event)
        case Reminded():
            who = "resident" if event.clock in RESIDENTS_TIME else "investigator"
            return f"The {who} was reminded. {DUE[event.clock]} {on_day(event.due)}."
        case Missed():
            return f"Not {UNDONE[event.clock]} in time: that was due on {on_day(event.due)}."
        case Climbed():
            return f"Still not {UNDONE[event.clock]}: {_told(event.told)}."
        case Extended() | DateAgreed():
            return _put_off(event)
        case HearingSet():
            moved = "set for" if event.was is None else f"moved from {on_day(event.was)} to"
            return f"The hearing was {moved} {on_day(event.on)}."
        case Confirmed():
            return f"{event.investigator} confirmed that it is theirs."
        case HelpAsked():
            return f"Help was asked for, {HELP[event.help]}: {_told(event.told)}."
        case ResidentWrote():
            return f"The resident wrote {_by_way_of(event.channel)}; it is in the case file."
        case Responded():
            return _responded(event)
        case PromiseKept():
            return (
                f"Promised action {event.number} was done on {on_day(event.done_on)}; it was "
                f"promised for {on_day(event.promised_for)}."
            )
        case OmbudsmanInvolved():
            return f"The resident brought it before the Housing Ombudsman on {on_day(event.on)}."
        case OmbudsmanDetermined():
            return _determined(event)
        case SurveyAnswered():
            answer = _spaced(event.satisfaction)
            return f"Asked about how complaints are handled, the resident said: {answer}."
        case LessonLearned():
            lesson = "A lesson" if event.number is None else f"Lesson {event.number}"
            return f"{lesson} was recorded, on {event.theme}."
        case LessonWithdrawn():
            return f"Lesson {event.number} was taken back: it is published no more."
        case StageRequested():
            late = ", late, and that is considered" if event.late else ""
            return f"The resident asked for the next stage, {_spaced(event.stage)}{late}."
        case Declined():
            answer = "" if event.final else " The resident can answer that."
            stage, reason = _spaced(event.stage), _spaced(event.reason)
            return f"The request for {stage} was declined: {reason}.{answer}"
        case DeclineAnswered():
            stage = _spaced(event.stage)
            return f"The resident answered the decline: {stage} is considered again."
        case MovedOn():
            return _moved_on(event)
        case Withdrawn():
            return "The resident took the complaint back."
        case Closed():
            return CLOSED[event.reason]
        case NoticeSettled():
            about = NOTICES.get(event.about, _spaced(event.about))
            # It is entered later than it happens, and the day of posting is what counts.
            when = f" on {on_day(local_day(event.settled_at))}" if event.outcome == "posted" else ""
            return (
                f"The notice of {about} to the {_spaced(event.to)} {SETTLED[event.outcome]}{when}."
            )
    assert_never(event)


def _received(event: Received) -> str:
    sender = "anonymously, " if event.anonymous else ""
    said = f"Received {sender}{_by_way_of(event.channel)}."
    entered = local_day(event.entered_at)
    if entered != local_day(event.at):
        said += f" It was entered on {on_day(entered)}."
    return said


def _classified(event: Classified) -> str:
    recorded = {
        "category": event.category,
        "service area": event.service_area,
        "region": event.region,
        "tenure": None if event.tenure is None else _spaced(event.tenure),
    }
    said = "; ".join(f"{what} {value}" for what, value in recorded.items() if value is not None)
    return f"Recorded of the complaint: {said}."


def _clock_set(event: ClockSet) -> str:
    """Says when it is due and how that was counted."""
    return (
        f"{DUE[event.clock]} {on_day(event.due)} ({event.clause}; {_counted(event)}; "
        f"calendar of {_plain_day(date.fromisoformat(event.calendar))})."
    )


def _counted(event: ClockSet) -> str:
    anchor_day = on_day(event.anchor_date)
    if event.anchor not in ANCHORS:  # put off: the new date was chosen, and not counted
        return f"in place of {anchor_day}"
    due = "due " if event.provisional else ""
    skipped = f", without {', '.join(map(_day_off, event.skipped))}" if event.skipped else ""
    return (
        f"counted from {ANCHORS[event.anchor]} {due}on {anchor_day}, "
        f"day 1 {on_day(event.day_1)}{skipped}"
    )


def _day_off(entry: str) -> str:
    """Returns a day that did not count, with its reason unless that is its weekday."""
    written, _, why = entry.partition(" ")
    day = date.fromisoformat(written)
    return on_day(day) if why == f"{day:%A}" else f"{on_day(day)} ({why})"


def _acknowledged(event: Acknowledged) -> str:
    promptly = "" if event.due is None else f" {_punctually(event.due, event.in_time)}"
    return f"Acknowledged{promptly}, with {_count(event.points, 'point')} to answer."


def _contacted(event: Contacted) -> str:
    day = on_day(local_day(event.happened_at))
    if event.outcome == "left-out":
        return f"Contact was left out on {day}: {_spaced(event.exception or 'no reason')}."
    how = f" ({_spaced(event.how)})" if event.how else ""
    before = "" if event.counts else ", before this stage began"
    return f"Contact{how} was {'made' if event.outcome == 'made' else 'tried'} on {day}{before}."


def _responded(event: Responded) -> str:
    decision = "the decision was not recorded" if event.decision is None else event.decision
    by_other_means = " in a letter of the landlord's own" if event.outside else ""
    said = f"Answered{by_other_means} {_punctually(event.due, event.in_time)}: {_spaced(decision)}."
    if paid := sum(remedy.pence or 0 for remedy in event.remedies):
        said += f" It pays {pounds(paid)}."
    if event.promises:
        days = sorted({promise.by for promise in event.promises})
        by = " and ".join(on_day(day) for day in days)
        said += f" It promises {_count(len(event.promises), 'action')}, by {by}."
    return said


def _determined(event: OmbudsmanDetermined) -> str:
    put_right = "Put right: the" if event.corrected else "The"
    said = (
        f"{put_right} Housing Ombudsman determined it on {on_day(event.on)}: "
        f"{_spaced(event.determination)}, with {_count(event.orders, 'order')} and "
        f"{_count(event.recommendations, 'recommendation')}"
    )
    return f"{said}, and compensation of {pounds(event.pence)}." if event.pence else f"{said}."


def pounds(pence: int) -> str:
    """Returns an amount of money: "£3,178", or "£12.50"."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


def _put_off(event: Extended | DateAgreed) -> str:
    moved = "put off" if event.until > event.was else "brought forward"
    said = f"The response was {moved} from {on_day(event.was)} to {on_day(event.until)}."
    if event.agreed_on is not None:
        said += f" The resident agreed to that on {on_day(event.agreed_on)}."
    return said


def _moved_on(event: MovedOn) -> str:
    before, after = _spaced(event.from_stage), _spaced(event.stage)
    if event.because == "not-resolved":
        return f"Not resolved at {before}, so it went on to {after}."
    return f"Passed on from {before} to {after}."


def _punctually(due: date, in_time: bool) -> str:  # noqa: FBT001 — the event's own field
    return "in time" if in_time else f"late (due on {on_day(due)})"


def _by_way_of(channel: str) -> str:
    return CHANNELS.get(channel, f"by {_spaced(channel)}")


def _told(roles: tuple[Rung, ...]) -> str:
    named = " and ".join(f"the {_spaced(role)}" for role in roles)
    return f"{named} {'were' if len(roles) > 1 else 'was'} told"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _spaced(code: str) -> str:
    return code.replace("-", " ")
