"""What an open stage waits for next, and by when. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from services.reporting.register import StageEntry, Status

Awaited = Literal["acknowledge", "contact", "arrange", "respond", "reply", "undated"]
"""The next thing that is to be done. `reply`: by the resident, whose request was declined;
`undated`: no clock is set, so that somebody has to take it in hand."""


class NextStep(NamedTuple):
    """What an open stage waits for, and its last day (Europe/London)."""

    awaited: Awaited
    by: date | None


def next_step(stage: StageEntry, status: Status) -> NextStep:
    """Returns what is due first of what is still to be done at the stage where a complaint stands.

    Of two that are due on one day, the first to do. A declined request waits for the resident,
    whatever else has a date.
    """
    if status == "declined":
        return NextStep("reply", stage.reply_by)
    undone = _undone(stage)
    return min(undone, key=lambda step: step.by or date.max, default=NextStep("undated", None))


def _undone(stage: StageEntry) -> Iterator[NextStep]:
    if stage.acknowledge_due and stage.acknowledged_at is None:
        yield NextStep("acknowledge", stage.acknowledge_due)
    if stage.contact_due and stage.contacted_at is None:
        yield NextStep("contact", stage.contact_due)
    if stage.arrange_due and stage.arranged_at is None:
        yield NextStep("arrange", stage.arrange_due)
    if stage.respond_due:  # also of a response that waits to be posted
        yield NextStep("respond", stage.respond_due)
