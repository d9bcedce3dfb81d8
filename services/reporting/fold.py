"""How the register follows from what happened: each event changes the entry. Pure."""

from collections.abc import Mapping

from services.reporting.register import ENDS, RegisterEntry, StageEntry, Status
from services.shared.errors import MendRequest
from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    Climbed,
    ClockName,
    ClockSet,
    Closed,
    Extended,
    Missed,
    NoticeSettled,
    Received,
    Refused,
    Responded,
    StageRequested,
    Withdrawn,
)

STATUS_AFTER: Mapping[str, Status] = {
    "accepted": "accepted",
    "acknowledged": "acknowledged",
    "responded": "answered",
    "stage-requested": "escalated",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "closed": "closed",
}
"""The kinds of event that change the status, and to which. Any other leaves it as it was."""

DUE_FIELD: Mapping[ClockName, str] = {
    "acknowledge": "acknowledge_due",
    "respond": "respond_due",
    "escalate": "escalate_by",
}

MISSED_FIELD: Mapping[ClockName, str] = {
    "acknowledge": "acknowledge_missed_at",
    "respond": "respond_missed_at",
}

NOTICES_FIELD: Mapping[str, str] = {
    "sent": "notices_sent",
    "by-hand": "notices_by_hand",
    "refused": "notices_refused",
}


def fold(entry: RegisterEntry | None, event: AnyEvent) -> RegisterEntry:
    """Returns the entry once `event` has happened; `entry` is None before the first.

    Raises MendRequest `events-do-not-fit` when `event` cannot come next: nothing guessed is
    ever put into the register.
    """
    if entry is None:
        return _opened(event)
    entered = event.stage in {stage.stage for stage in entry.stages}
    if event.sequence != entry.folded_to + 1 or entered == isinstance(event, StageRequested):
        raise _does_not_fit(event)
    stages = entry.stages
    if isinstance(event, StageRequested):
        stages = (*stages, StageEntry(stage=event.stage, requested_at=event.at))
    stages = tuple(
        stage.model_copy(update=_to_stage(stage, event)) if stage.stage == event.stage else stage
        for stage in stages
    )
    changed = entry.model_copy(
        update={
            "status": STATUS_AFTER.get(event.kind, entry.status),
            **_to_complaint(entry, event),
            "stages": stages,
            "last_event_at": max(entry.last_event_at, event.at),
            "folded_to": event.sequence,
        }
    )
    overdue = changed.status not in ENDS and stages[-1].overdue
    return changed.model_copy(update={"overdue": overdue})


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
        anonymous=event.anonymous,
        stage=event.stage,
        last_event_at=event.at,
        folded_to=1,
        stages=(StageEntry(stage=event.stage, requested_at=event.at),),
    )


def _to_complaint(  # noqa: PLR0911 — one for each kind of event that says something of the whole
    entry: RegisterEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what the event changes of the complaint as a whole, beside its status."""
    match event:
        case Accepted():
            return {"priority": event.priority}
        case Assigned():
            return {"investigator": event.investigator}
        case StageRequested():
            return {"stage": event.stage, "investigator": None}
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
        case NoticeSettled() if event.outcome in NOTICES_FIELD:
            field = NOTICES_FIELD[event.outcome]
            return {field: getattr(entry, field) + 1}
        case _:
            return {}


def _to_stage(  # noqa: PLR0911 — one for each kind of event that says something of its stage
    stage: StageEntry, event: AnyEvent
) -> dict[str, object]:
    """Returns what the event changes of the stage at which it happened."""
    match event:
        case ClockSet():
            return {DUE_FIELD[event.clock]: event.due}
        case Acknowledged():
            return {"acknowledged_at": event.at, "acknowledged_in_time": event.in_time}
        case Responded():
            return {
                "responded_at": event.at,
                "responded_in_time": event.in_time,
                "decision": event.decision,
            }
        case Extended():
            return {
                "extended_from": stage.extended_from or event.was,
                "extended_until": event.until,
            }
        case Missed() if event.clock in MISSED_FIELD:
            return {MISSED_FIELD[event.clock]: event.at, "misses": stage.misses + 1}
        case Climbed():
            return {"rungs_climbed": stage.rungs_climbed + 1}
        case _:
            return {}


def _does_not_fit(event: AnyEvent) -> MendRequest:
    return MendRequest(
        "events-do-not-fit",
        f"{event.reference}: event {event.sequence} ({event.kind}, {event.stage}) cannot come "
        "next after the events before it.",
    )
