"""What the register learns from the proof of a notice: what was sent, posted, told. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from services.reporting.register import ExtensionEntry, RegisterEntry, StageEntry
from services.shared.events import NoticeSettled, Outcome
from services.shared.local_time import local_date

WENT_OUT: frozenset[Outcome] = frozenset({"sent", "posted"})
"""What has to become of a notice so that the resident is told by it."""

CAME_BACK: frozenset[Outcome] = frozenset({"bounced", "refused"})

NOTICES_FIELD: Mapping[str, str] = {
    "sent": "notices_sent",
    "posted": "notices_sent",
    "by-hand": "notices_by_hand",
    "refused": "notices_refused",
    "uncertain": "notices_refused",
    "bounced": "notices_refused",
}


def notice_counts(entry: RegisterEntry, event: NoticeSettled) -> dict[str, object]:
    """Counts a notice under what is known of it last, and no more under what was known before."""
    counts: dict[str, object] = {}
    for outcome, by in ((event.was, -1), (event.outcome, 1)):
        field = NOTICES_FIELD.get(outcome or "")
        if field is not None:
            before = counts.get(field, getattr(entry, field))
            counts[field] = cast(int, before) + by
    return counts


def notice_facts(stage: StageEntry, event: NoticeSettled) -> dict[str, object]:
    """Returns what is known of the stage once something is known of a notice of it.

    A letter on paper counts from the day on which it was posted, and not before.
    """
    to_post = event.outcome == "to-print"
    match event.about:
        case "acknowledgement" | "stage-acknowledgement":
            changed: dict[str, object] = {"acknowledgement_to_post": to_post}
            if event.outcome == "posted":
                posted = _posted(event, stage.acknowledged_at, stage.acknowledge_due)
                in_time = bool(stage.acknowledged_in_time) and posted.in_time
                changed |= {"acknowledged_at": posted.at, "acknowledged_in_time": in_time}
            return changed
        case "response":
            changed = {"response_to_post": to_post}
            if event.outcome == "posted":
                posted = _posted(event, stage.responded_at, stage.respond_due)
                in_time = bool(stage.responded_in_time) and posted.in_time
                changed |= {"responded_at": posted.at, "responded_in_time": in_time}
            return changed
        case "extension":
            return {"extensions": (*_told(stage.extensions, event),)}
        case _:
            return {}


class Posted(NamedTuple):
    """When a letter on paper really went to the resident, and whether that was in time."""

    at: datetime
    in_time: bool


def _posted(event: NoticeSettled, written_at: datetime | None, due: date | None) -> Posted:
    """What is written on its last day and posted after it comes too late for the resident."""
    at = event.settled_at if written_at is None else max(written_at, event.settled_at)
    return Posted(at, due is None or local_date(event.settled_at) <= due)


def _told(extensions: Sequence[ExtensionEntry], event: NoticeSettled) -> Iterator[ExtensionEntry]:
    """Yields the extensions, the one of the notice with what is now known of it.

    A notice of which nothing was known yet is that of the newest.
    """
    newest = len(extensions) - 1
    known = (at for at, one in enumerate(extensions) if one.notice == event.notice)
    meant = next(known, newest)
    for at, one in enumerate(extensions):
        if at == meant:
            changed = {"notice": event.notice, "told_on": _told_on(event)}
            yield one.model_copy(update=changed)
        else:
            yield one


def _told_on(event: NoticeSettled) -> date | None:
    """Returns the day on which a notice went out; None for one that did not, or that came back.

    News that it came back may arrive before the news that it was sent, which is then stale.
    """
    stale = event.outcome == "sent" and event.was in CAME_BACK
    if event.outcome not in WENT_OUT or stale:
        return None
    return local_date(event.settled_at)
