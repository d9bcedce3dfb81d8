"""One turn of a complaint: what it records for the register and whom it writes to. Pure."""

from datetime import datetime
from typing import cast

from services.notify.contract import Content, Letterhead, Notice, ToResident, ToStaff
from services.shared.events import AnyEvent, ClockSet, Event, Rung
from services.workflow.clocks import Due
from services.workflow.complaint import Complaint, RunningClock
from services.workflow.policy import Policy


class Turn:
    """One step in the life of a complaint: the events that it records and the notices it writes.

    Recording numbers the event within the complaint, so a turn changes `complaint.sequence`.
    """

    def __init__(self, complaint: Complaint, now: datetime, by: str) -> None:
        self.complaint = complaint
        self.now = now
        self.by = by
        self.events: list[AnyEvent] = []
        self.notices: list[Notice] = []

    def record(self, event: type[Event], *, at: datetime | None = None, **facts: object) -> None:
        """Records that something happened, now unless `at` says when. `facts` are its fields."""
        self.complaint.sequence += 1
        made = event.model_validate(
            {
                "reference": self.complaint.reference,
                "sequence": self.complaint.sequence,
                "at": at or self.now,
                "stage": self.complaint.stage_name,
                "by": self.by,
                **facts,
            }
        )
        self.events.append(cast(AnyEvent, made))

    def start_clock(self, due: Due) -> None:
        """Starts a clock, or moves the one that runs, and records how its date was worked out."""
        clock = self.complaint.clock(due.clock)
        if clock is None:
            clock = RunningClock(due)
            self.complaint.clocks.append(clock)
        clock.set_to(due, self.now)
        self.record(
            ClockSet,
            clock=due.clock,
            due=due.on,
            passes_at=due.passes_at,
            anchor=due.anchor,
            anchor_date=due.anchor_date,
            provisional=due.provisional,
            day_1=due.day_1,
            skipped=due.skipped,
            calendar=due.calendar,
            clause=due.clause,
        )

    def stop_clocks(self) -> None:
        """Stops every clock that still runs: nothing is waited for any more."""
        for clock in self.complaint.clocks:
            clock.stopped = clock.stopped or clock.met_at is None

    def write_to_resident(self, content: Content) -> None:
        """Writes a notice to the addressee of the complaint."""
        to = ToResident(addressee=self.complaint.facts.addressee)
        self._write(to, content, self.complaint.rules)

    def write_to_staff(self, role: Rung, content: Content) -> None:
        """Writes a notice to whoever is in that role for this complaint."""
        to = ToStaff(
            role=role,
            investigator=self.complaint.investigator,
            service_area=self.complaint.facts.service_area,
        )
        self._write(to, content, None)

    def _write(
        self, to: ToResident | ToStaff, content: Content, signposted_by: Policy | None
    ) -> None:
        complaint = self.complaint
        self.notices.append(
            Notice(
                key=f"{complaint.reference}/{complaint.sequence}/{content.about}/{to.role}",
                reference=complaint.reference,
                stage=complaint.stage_name,
                to=to,
                letterhead=Letterhead(
                    landlord=complaint.rules.landlord,
                    policy_name=complaint.rules.title,
                    stage=complaint.stage.title,
                    tracking_url=complaint.facts.tracking_url if signposted_by else None,
                    signposts=signposted_by.signposts if signposted_by else (),
                ),
                content=content,
            )
        )
