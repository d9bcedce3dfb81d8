"""How the register follows from what happened: each event changes the entry. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from services.reporting.fold_notices import notice_counts, notice_facts
from services.reporting.register import (
    ENDS,
    ExtensionEntry,
    LessonEntry,
    OmbudsmanEntry,
    PromiseEntry,
    RegisterEntry,
    RemedyEntry,
    StageEntry,
    Status,
    SurveyEntry,
)
from services.shared.errors import MendRequest
from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Classified,
    Climbed,
    ClockName,
    ClockSet,
    Closed,
    Contacted,
    DateAgreed,
    DeclineAnswered,
    Declined,
    Extended,
    HearingSet,
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
    Responded,
    SentUpAtOnce,
    StageRequested,
    SurveyAnswered,
    Withdrawn,
)
from services.shared.local_time import local_date

STATUS_AFTER: Mapping[str, Status] = {
    "accepted": "accepted",
    "acknowledged": "acknowledged",
    "responded": "answered",
    "stage-requested": "escalated",
    "moved-on": "escalated",
    "declined": "declined",
    "decline-answered": "escalated",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "closed": "closed",
}
"""The kinds of event that change the status, and to which. Any other leaves it as it was."""

ENTERING = (StageRequested, MovedOn)
"""The events that enter a stage."""

NOTHING_OVERDUE: frozenset[Status] = ENDS | {"declined"}
"""Where no clock of the landlord's runs, whatever was missed before."""

DUE_FIELD: Mapping[ClockName, str] = {
    "acknowledge": "acknowledge_due",
    "contact": "contact_due",
    "arrange": "arrange_due",
    "respond": "respond_due",
    "escalate": "escalate_by",
    "reply": "reply_by",
}

MISSED_FIELD: Mapping[ClockName, str] = {
    "acknowledge": "acknowledge_missed_at",
    "contact": "contact_missed_at",
    "arrange": "arrange_missed_at",
    "respond": "respond_missed_at",
}

BEGUN_ANEW: Mapping[str, None] = dict.fromkeys((*MISSED_FIELD.values(), "contacted_at"))
"""What a stage forgets when a decline was answered: its clocks start again from that."""


def fold(entry: RegisterEntry | None, event: AnyEvent) -> RegisterEntry:
    """Returns the entry once `event` has happened; `entry` is None before the first.

    Raises MendRequest `events-do-not-fit` when `event` cannot come next: nothing guessed is
    ever put into the register.
    """
    if entry is None:
        return _opened(event)
    known = event.stage in {stage.stage for stage in entry.stages}
    if event.sequence != entry.folded_to + 1 or known == isinstance(event, ENTERING):
        raise _does_not_fit(event)
    stages = entry.stages
    if isinstance(event, ENTERING):
        stages = (*stages, _entered(event))
    stages = tuple(
        stage.model_copy(update=_to_stage(stage, event)) if stage.stage == event.stage else stage
        for stage in stages
    )
    status = _status(entry, event)
    return entry.model_copy(
        update={
            **_to_complaint(entry, event),
            "status": status,
            "overdue": status not in NOTHING_OVERDUE and stages[-1].overdue,
            "stages": stages,
            "last_event_at": max(entry.last_event_at, event.at),
            "folded_to": event.sequence,
        }
    )


def _opened(event: AnyEvent) -> RegisterEntry:
    if not isinstance(event, Received) or event.sequence != 1:
        raise _does_not_fit(event)
    return RegisterEntry(
        reference=event.reference,
        policy=event.policy,
        policy_effective=event.policy_effective,
        channel=event.channel,
        received_at=event.at,
        entered_at=event.entered_at,
        category=event.category,
        service_area=event.service_area,
        region=event.region,
        tenure=event.tenure,
        anonymous=event.anonymous,
        from_feedback=event.from_feedback,
        stage=event.stage,
        last_event_at=event.at,
        folded_to=1,
        stages=(StageEntry(stage=event.stage, requested_at=event.at),),
    )


def _entered(event: StageRequested | MovedOn) -> StageEntry:
    entered_by: Literal["request", "not-resolved", "referred"] = "request"
    if isinstance(event, MovedOn):
        entered_by = event.because
    return StageEntry(
        stage=event.stage,
        requested_at=event.at,
        entered_by=entered_by,
        requested_late=isinstance(event, StageRequested) and event.late,
    )


def _to_complaint(  # noqa: C901, PLR0911 — one for each kind of event that says something of the whole
    entry: RegisterEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what the event changes of the complaint as a whole, beside its status."""
    match event:
        case Accepted():
            return {"priority": event.priority}
        case SentUpAtOnce():
            return {"sent_up_at": event.at}
        case Classified():
            facts = {"category", "service_area", "region", "tenure"}
            return event.model_dump(include=facts, exclude_none=True)
        case Assigned():
            return {"investigator": event.investigator, "together_with": event.together_with}
        case StageRequested() | MovedOn():
            # A late request sets a closed complaint going again.
            ended = {"closed_at": None, "closed_reason": None}
            return {"stage": event.stage, "investigator": None, "together_with": None, **ended}
        case DeclineAnswered():
            return {"closed_at": None, "closed_reason": None}
        case Refused():
            return {
                "refusal_reason": event.reason,
                "closed_at": event.at,
                "closed_reason": "refused",
            }
        case Withdrawn():
            return {"closed_at": event.at, "closed_reason": "withdrawn"}
        case Closed():
            return {"closed_at": event.at, "closed_reason": event.reason}
        case NoticeSettled():
            return notice_counts(entry, event)
        case _:
            return _put_right(entry, event)


def _put_right(  # noqa: PLR0911 — as above
    entry: RegisterEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what it adds to what was given and promised, and to what followed the answer."""
    match event:
        case Responded():
            on = local_date(event.at)
            given = (RemedyEntry(stage=event.stage, on=on, **dict(one)) for one in event.remedies)
            promised = (
                PromiseEntry(number=one.number, stage=event.stage, promised_on=on, by=one.by)
                for one in event.promises
            )
            return {
                "remedies": (*entry.remedies, *given),
                "promises": (*entry.promises, *promised),
            }
        case PromiseKept():
            return {"promises": _kept(entry, event)}
        case OmbudsmanInvolved():
            return {"ombudsman": (*entry.ombudsman, OmbudsmanEntry(involved_on=event.on))}
        case OmbudsmanDetermined():
            if not entry.ombudsman:
                raise _does_not_fit(event)
            *before, case = entry.ombudsman
            found = event.model_dump(
                include={"determination", "orders", "recommendations", "pence"}
            )
            determined = case.model_copy(update={"determined_on": event.on, **found})
            return {"ombudsman": (*before, determined)}
        case SurveyAnswered():
            survey = SurveyEntry(on=event.on, satisfaction=event.satisfaction)
            return {"surveys": (survey,)}
        case LessonLearned():
            return {"lessons": (*_put_in(entry.lessons, event),)}
        case LessonWithdrawn():
            kept = (one for one in entry.lessons if one.number != event.number)
            return {"lessons": tuple(kept)}
        case _:
            return {}


def _kept(entry: RegisterEntry, event: PromiseKept) -> tuple[PromiseEntry, ...]:
    """Returns the promises with that of the event done.

    Of a response that went out before promises were told of, the event is the first to say what
    was promised; the day of that is then the day on which its stage was answered.
    """
    by_number = {one.number: one for one in entry.promises}
    if event.number not in by_number:
        answers = [stage.responded_at for stage in entry.stages if stage.stage == event.stage]
        promised_on = local_date(answers[0] or event.at)
        by_number[event.number] = PromiseEntry(
            number=event.number, stage=event.stage, promised_on=promised_on, by=event.promised_for
        )
    done = by_number[event.number].model_copy(update={"done_on": event.done_on})
    by_number[event.number] = done
    return tuple(by_number[number] for number in sorted(by_number))


def _put_in(lessons: Sequence[LessonEntry], event: LessonLearned) -> Iterator[LessonEntry]:
    """Yields the lessons with that of the event, in the place of the one that has its number."""
    following = max((one.number for one in lessons), default=0) + 1
    learnt = LessonEntry(
        number=event.number or following,
        on=local_date(event.at),
        theme=event.theme,
        heard=event.heard,
        done=event.done,
    )
    by_number = {one.number: one for one in (*lessons, learnt)}
    yield from by_number.values()


def _to_stage(  # noqa: PLR0911 — one for each kind of event that says something of its stage
    stage: StageEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what the event changes of the stage at which it happened."""
    match event:
        case ClockSet():
            return {DUE_FIELD[event.clock]: event.due}
        case Missed() if event.clock in MISSED_FIELD:
            return {MISSED_FIELD[event.clock]: event.at, "misses": stage.misses + 1}
        case Climbed():
            return {"rungs_climbed": stage.rungs_climbed + 1}
        case Extended():
            first = stage.extended_from or event.was
            extension = ExtensionEntry(was=event.was, until=event.until, agreed_on=event.agreed_on)
            return {
                "extended_from": first,
                "extended_until": event.until,
                "extensions": (*stage.extensions, extension),
            }
        case DateAgreed():
            first = stage.agreed_from or event.was
            return {"agreed_from": first, "agreed_until": event.until}
        case Assigned():
            return {"investigator": event.investigator}
        case Declined():
            return {"declined_at": event.at, "decline_reason": event.reason}
        case DeclineAnswered():
            return {**BEGUN_ANEW}
        case _:
            return _done(stage, event)


def _done(  # noqa: PLR0911 — as above
    stage: StageEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what people did at the stage."""
    match event:
        case Acknowledged():
            return {
                "acknowledged_at": event.at,
                "acknowledged_in_time": event.in_time,
                "points": event.points,
            }
        case PointsAdded():
            return {
                "points": stage.points + event.points,
                "points_added": stage.points_added + event.points,
            }
        case Contacted(counts=True):
            return {"contacted_at": stage.contacted_at or event.at}
        case HearingSet():
            return {"arranged_at": stage.arranged_at or event.at, "hearing_on": event.on}
        case Responded():
            return {
                "responded_at": event.at,
                "responded_in_time": event.in_time,
                "decision": event.decision,
                # Where nothing was acknowledged, the response itself sets the points out; one that
                # went out by other means may say nothing of them.
                "points": len(event.findings) or stage.points,
            }
        case NoticeSettled():
            return notice_facts(stage, event)
        case _:
            return {}


def _status(entry: RegisterEntry, event: AnyEvent) -> Status:
    if isinstance(event, Accepted) and entry.status != "received":
        # Triage came after the acknowledgement, or after the complaint had moved on.
        return entry.status
    return STATUS_AFTER.get(event.kind, entry.status)


def _does_not_fit(event: AnyEvent) -> MendRequest:
    return MendRequest(
        "events-do-not-fit",
        f"{event.reference}: event {event.sequence} ({event.kind}, {event.stage}) cannot come "
        "next after the events before it.",
    )
