"""The register of feedback that is no complaint, and how it follows from what happened. Pure.

It is a register of its own: nothing in it is counted among complaints (Code 1.4).
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from services.shared.errors import MendRequest
from services.shared.events import (
    AnyFeedbackEvent,
    FeedbackKind,
    FeedbackLate,
    FeedbackNoticeSettled,
    FeedbackReceived,
    Frozen,
)

LONDON = ZoneInfo("Europe/London")

HEARD_BACK = frozenset({"thanks", "directed"})
"""The notices with which a sender hears back."""

WENT_OUT = frozenset({"sent", "posted", "by-hand"})


class FeedbackEntry(Frozen):
    """One piece of feedback: ids, dates and codes, and no person. Instants are UTC.

    It is the fold of its events 1 to `folded_to`.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: str = Field(examples=["FB-7K3M-2QXD"])
    kind: FeedbackKind
    policy: str = Field(examples=["nacro"])
    policy_effective: date
    channel: str = Field(examples=["web"])
    received_at: datetime
    entered_at: datetime
    month: str = Field(examples=["2028-03"])
    """The month of receipt in Europe/London."""
    service_area: str | None = Field(examples=["Heating"])
    region: str | None = Field(examples=["North"])
    anonymous: bool
    """Whether there is nobody to write to."""
    thanks_by: date | None
    """The last day in Europe/London for thanks in time; null where none is promised."""
    thanks_pass_at: datetime | None
    """When that day has passed."""
    thanked_at: datetime | None = None
    """When the sender heard back: thanks, or the procedure to which it was directed."""
    thanked_in_time: bool | None = None
    """Null where no date is promised, and while it is still to come."""
    late_recorded_at: datetime | None = None
    """When it was recorded that the thanks were late."""
    passed_on_at: datetime | None = None
    """When the team concerned was told."""
    notices_refused: int = 0
    """Notices that could not be delivered, for good."""
    last_event_at: datetime
    folded_to: int


def fold(entry: FeedbackEntry | None, event: AnyFeedbackEvent) -> FeedbackEntry:
    """Returns the entry once `event` has happened; `entry` is None before the first.

    Raises MendRequest `events-do-not-fit` when `event` cannot come next.
    """
    if entry is None:
        return _opened(event)
    if event.sequence != entry.folded_to + 1 or isinstance(event, FeedbackReceived):
        raise _does_not_fit(event)
    return entry.model_copy(
        update={
            **_changes(entry, event),
            "last_event_at": max(entry.last_event_at, event.at),
            "folded_to": event.sequence,
        }
    )


def _opened(event: AnyFeedbackEvent) -> FeedbackEntry:
    if not isinstance(event, FeedbackReceived) or event.sequence != 1:
        raise _does_not_fit(event)
    return FeedbackEntry(
        reference=event.reference,
        kind=event.feedback_kind,
        policy=event.policy,
        policy_effective=event.policy_effective,
        channel=event.channel,
        received_at=event.at,
        entered_at=event.entered_at,
        month=f"{event.at.astimezone(LONDON):%Y-%m}",
        service_area=event.service_area,
        region=event.region,
        anonymous=event.anonymous,
        thanks_by=event.thanks.on if event.thanks else None,
        thanks_pass_at=event.thanks.passes_at if event.thanks else None,
        last_event_at=event.at,
        folded_to=1,
    )


def _changes(
    entry: FeedbackEntry, event: FeedbackLate | FeedbackNoticeSettled
) -> dict[str, object]:
    match event:
        case FeedbackLate():
            return {"late_recorded_at": event.at, "thanked_in_time": bool(entry.thanked_in_time)}
        case FeedbackNoticeSettled(outcome="refused" | "uncertain" | "bounced"):
            return {"notices_refused": entry.notices_refused + 1}
        case FeedbackNoticeSettled() if event.about in HEARD_BACK and event.outcome in WENT_OUT:
            passes_at = entry.thanks_pass_at
            in_time = None if passes_at is None else event.settled_at < passes_at
            return {"thanked_at": event.settled_at, "thanked_in_time": in_time}
        case FeedbackNoticeSettled(about="passed-on") if event.outcome in WENT_OUT:
            return {"passed_on_at": event.settled_at}
        case _:
            return {}


def _does_not_fit(event: AnyFeedbackEvent) -> MendRequest:
    return MendRequest(
        "events-do-not-fit",
        f"{event.reference}: event {event.sequence} ({event.kind}) cannot come next after the "
        "events before it.",
    )
