"""One turn of a complaint: what it records for the register and whom it writes to. Pure."""

from datetime import datetime
from typing import cast

from services.notify.contents import Content
from services.notify.contract import Brand, Letterhead, Notice, ToResident, ToStaff, Word
from services.shared.events import AnyEvent, ClockSet, Event, Rung
from services.workflow.clocks import Due
from services.workflow.complaint import Complaint, RunningClock
from services.workflow.messages import workflow_id
from services.workflow.words import standings, words


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
        self._before = standings(complaint)
        self._was_over = complaint.over

    @property
    def words(self) -> tuple[Word, ...]:
        """What those in charge learn of it; asked for when the turn is over."""
        return words(self.complaint, self._before, self.notices)

    @property
    def ends(self) -> bool:
        """Whether the complaint came to its end in this turn."""
        return self.complaint.over and not self._was_over

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
        if clock is None or not clock.running:
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
        self._write(to, content, to_whom=to.role)

    def write_to_staff(self, role: Rung, content: Content, *, instead: str | None = None) -> None:
        """Writes a notice to whoever is in that role for this complaint.

        `instead` is the staff id of somebody to write to in the place of the investigator.
        """
        to = ToStaff(
            role=role,
            investigator=instead or self.complaint.investigator,
            service_area=self.complaint.facts.service_area,
        )
        self._write(to, content, to_whom=role if instead is None else f"{role}/{instead}")

    def _write(self, to: ToResident | ToStaff, content: Content, *, to_whom: str) -> None:
        complaint = self.complaint
        to_resident = isinstance(to, ToResident)
        self.notices.append(
            Notice(
                key="/".join(
                    (complaint.reference, str(complaint.sequence), content.about, to_whom)
                ),
                reference=complaint.reference,
                stage=complaint.stage_name,
                to=to,
                letterhead=Letterhead(
                    landlord=complaint.rules.landlord,
                    policy_name=complaint.rules.title,
                    stage=complaint.stage.title,
                    brand=complaint.rules.brand or Brand(),
                    tracking_url=complaint.facts.tracking_url if to_resident else None,
                    signposts=complaint.rules.signposts_for(
                        service=complaint.facts.service,
                        stage=complaint.stage_name,
                        notice=content.about,
                    )
                    if to_resident
                    else (),
                ),
                content=content,
                asked_by=workflow_id(complaint.reference),
            )
        )


def about_and_role(complaint: Complaint, key: str) -> tuple[str, str] | None:
    """Returns the kind of a notice and the role it was for, from its key; None if not its own."""
    reference, _, rest = key.partition("/")
    parts = rest.split("/")
    if reference != complaint.reference or len(parts) < 3:
        return None
    return parts[1], parts[2]


def whom(complaint: Complaint, rung: Rung) -> tuple[Rung, ...]:
    """Returns who is told at a rung: always the complaints officer too (Code 4.1 to 4.3).

    Without an investigator there is no line to go up: the complaints officer hears it once.
    """
    nobody_there = complaint.investigator is None and rung in {"investigator", "line-manager"}
    if nobody_there or rung == "complaints-officer":
        return ("complaints-officer",)
    return (rung, "complaints-officer")
