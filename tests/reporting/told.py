"""Events as the workflow tells them, written by hand: numbered from 1, moments with weekdays."""

from collections.abc import Iterable
from functools import reduce
from typing import Self, cast

from services.reporting.fold import fold
from services.reporting.register import RegisterEntry
from services.shared.events import (
    Accepted,
    Acknowledged,
    AnyEvent,
    Assigned,
    ClockName,
    ClockSet,
    Closed,
    Contacted,
    Event,
    Extended,
    Missed,
    MovedOn,
    NoticeSettled,
    Received,
    Responded,
    StageRequested,
)
from tests.days import day, london

REFERENCE = "PR-7K3M-2QXD"


class Told:
    """The events of one complaint so far; each method tells one more and returns itself."""

    def __init__(self, reference: str = REFERENCE) -> None:
        self.reference = reference
        self.stage = "stage-1"
        self.events: list[AnyEvent] = []

    def event(self, kind: type[Event], at: str, **facts: object) -> Self:
        """Tells an event of that kind with its own facts."""
        made = kind.model_validate(
            {
                "reference": self.reference,
                "sequence": len(self.events) + 1,
                "at": london(at),
                "stage": self.stage,
                "by": "staff",
                **facts,
            }
        )
        self.events.append(cast(AnyEvent, made))
        return self

    def received(self, at: str, *, entered: str | None = None, **facts: object) -> Self:
        """Tells that it came in by the web form, under the Ombudsman's policy."""
        told = {
            "policy": "housing-ombudsman",
            "policy_effective": day("Mon 2024-04-01"),
            "channel": "web",
            "entered_at": london(entered or at),
            **facts,
        }
        return self.event(Received, at, **told)

    def clock(self, at: str, clock: ClockName, due: str, **facts: object) -> Self:
        """Tells that a clock was set to a due date, counted from the receipt unless told so."""
        told = {
            "due": day(due),
            "passes_at": london(f"{due} 23:59"),
            "anchor": "received",
            "anchor_date": london(at).date(),
            "provisional": False,
            "day_1": day(due),
            "skipped": (),
            "calendar": "2026-11-01",
            "clause": "Code 6.2",
            **facts,
        }
        return self.event(ClockSet, at, clock=clock, **told)

    def next_stage(self, at: str, stage: str, *, late: bool = False) -> Self:
        """Tells that the resident asked for the next stage; what follows happens there."""
        before, self.stage = self.stage, stage
        return self.event(StageRequested, at, from_stage=before, late=late)

    def moved_on(self, at: str, stage: str, because: str) -> Self:
        """Tells that it went to the next stage without a request; what follows happens there."""
        before, self.stage = self.stage, stage
        return self.event(MovedOn, at, from_stage=before, because=because)

    def acknowledged(self, at: str, due: str, *, in_time: bool = True) -> Self:
        """Tells an acknowledgement with two points."""
        return self.event(Acknowledged, at, points=2, due=day(due), in_time=in_time)

    def responded(self, at: str, decision: str, due: str, *, in_time: bool = True) -> Self:
        """Tells an answer of both points, alike."""
        return self.event(
            Responded,
            at,
            decision=decision,
            findings=[{"point": point, "decision": decision} for point in ("1", "2")],
            due=day(due),
            in_time=in_time,
        )

    def missed(self, at: str, clock: ClockName, due: str) -> Self:
        """Tells that a clock passed."""
        return self.event(Missed, at, clock=clock, due=day(due), passed_at=london(at))

    def settled(
        self,
        at: str,
        outcome: str,
        about: str = "receipt",
        *,
        was: str | None = None,
        notice: str | None = None,
    ) -> Self:
        """Tells what became of a notice to the resident, perhaps in the place of what it was.

        Without the key of a notice that was told of before, it is another one.
        """
        return self.event(
            NoticeSettled,
            at,
            notice=notice or f"{self.reference}/{len(self.events)}/{about}/resident",
            about=about,
            to="resident",
            outcome=outcome,
            settled_at=london(at),
            was=was,
        )


def both_stages(reference: str = REFERENCE) -> list[AnyEvent]:
    """A whole life in time: extended at stage 1, taken further, and answered for good."""
    told = (
        Told(reference)
        .received("Mon 2028-03-06 10:00", category="repairs", service_area="Heating")
        .clock("Mon 2028-03-06 10:00", "acknowledge", "Mon 2028-03-13")
        .clock("Mon 2028-03-06 10:00", "respond", "Mon 2028-03-27")
        .settled("Mon 2028-03-06 10:01", "sent")
        .event(Accepted, "Tue 2028-03-07 09:00", priority="high")
        .event(Assigned, "Tue 2028-03-07 09:05", investigator="amy")
        .acknowledged("Wed 2028-03-08 11:00", "Mon 2028-03-13")
        .clock("Wed 2028-03-08 11:00", "respond", "Wed 2028-03-22")
        .event(
            Contacted,
            "Fri 2028-03-10 12:00",
            outcome="made",
            how="phone",
            happened_at=london("Fri 2028-03-10 11:30"),
        )
        .event(
            Extended,
            "Mon 2028-03-20 15:00",
            was=day("Wed 2028-03-22"),
            until=day("Wed 2028-04-05"),
            agreed_on=None,
        )
        .clock("Mon 2028-03-20 15:00", "respond", "Wed 2028-04-05")
        .responded("Tue 2028-04-04 16:00", "partially-upheld", "Wed 2028-04-05")
        .clock("Tue 2028-04-04 16:00", "escalate", "Wed 2029-04-04")
        .next_stage("Mon 2028-04-10 09:00", "stage-2")
        .clock("Mon 2028-04-10 09:00", "acknowledge", "Wed 2028-04-19")
        .event(Assigned, "Tue 2028-04-11 09:00", investigator="bob")
        .acknowledged("Tue 2028-04-11 10:00", "Wed 2028-04-19")
        .responded("Tue 2028-05-02 10:00", "upheld", "Thu 2028-05-11")
        .event(Closed, "Tue 2028-05-02 10:00", reason="final-response")
    )
    return told.events


def folded(events: Iterable[AnyEvent]) -> RegisterEntry:
    """Returns the entry of the register that follows from the events."""
    entry = reduce(fold, events, None)
    assert entry is not None
    return entry
