"""The state of one complaint, and what comes next for it. Pure: no Temporal, no IO.

`actions.py` and `moments.py` change this state, one turn at a time; `rules.py` says what may be
done. The state travels whole from one run of the workflow to the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from services.notify.contents import Need
from services.shared.events import RESIDENTS_TIME, ClockName, Outcome
from services.shared.local_time import end_of
from services.workflow import policies
from services.workflow.clocks import Due
from services.workflow.messages import (
    ClockPosition,
    NewComplaint,
    Position,
    PromisePosition,
    Status,
)
from services.workflow.policy import Policy
from services.workflow.recount_messages import Recount
from services.workflow.search_attributes import Listing
from services.workflow.stages import Stage

ITSELF = "putright"
"""Who did what the clocks do by themselves."""

ENDS: frozenset[Status] = frozenset({"refused", "withdrawn", "closed"})


@dataclass
class RunningClock:
    """A clock of one stage: when it is due, and what has become of it. Instants are UTC."""

    due: Due
    met_at: datetime | None = None
    missed_at: datetime | None = None
    stopped: bool = False
    reminders_past: int = 0
    """How many of `due.reminders` lie behind, sent or skipped."""
    reminders_sent: int = 0
    rungs_climbed: int = 0

    @property
    def running(self) -> bool:
        """Whether the thing that it waits for is still to be done."""
        return self.met_at is None and not self.stopped

    @property
    def state(self) -> Literal["running", "met", "missed", "met-late", "stopped"]:
        """The clock as a person would call it."""
        if self.met_at is not None:
            # By when it was done: what was done in time may be logged after the miss was recorded.
            return "met" if self.met_at < self.due.passes_at else "met-late"
        if self.missed_at is not None:
            return "missed"
        return "stopped" if self.stopped else "running"

    def set_to(self, due: Due, now: datetime) -> None:
        """Moves the clock to another due date; reminders that would lie in the past are skipped."""
        self.due = due
        self.reminders_past = sum(at <= now for at in due.reminders)


@dataclass
class PromisedUntil:
    """An action that a response promised: by when, and when it was done."""

    number: int
    stage: str
    promised_on: date
    by: date
    done_on: date | None = None


class Moment(NamedTuple):
    """The next thing that the clocks will do by themselves, and when (UTC)."""

    at: datetime
    what: Literal["reminder", "passing", "rung", "moving-on", "too-late", "at-rest"]
    """`moving-on`: not resolved in time, so the next stage begins by itself.

    `too-late`: from now on not even a late request for the next stage is considered; `at-rest`:
    nothing more is expected of a complaint that has been at its end for long.
    """
    stage: str
    clock: ClockName


@dataclass
class Complaint:
    """Everything that a complaint must remember between two turns."""

    facts: NewComplaint
    """What it began with, in which later words on what it is about are taken over."""
    stage_name: str
    began_on: date
    """The day (Europe/London) on which the stage began: its clocks count from there."""
    status: Status = "received"
    triaged: bool = False
    priority: str = "standard"
    investigators: list[str] = field(default_factory=list)
    """Everybody put in charge at this stage; the last of them is."""
    together_with: str | None = None
    """Who answers this stage together with the investigator."""
    in_charge: dict[str, datetime] = field(default_factory=dict)
    """Since when (UTC) each person in charge of this stage has been, by staff id."""
    confirmed: list[str] = field(default_factory=list)
    """Who of them has confirmed that it is theirs, or has acted on it."""
    involved: list[str] = field(default_factory=list)
    """Everybody who had to answer an earlier stage; Code 6.13 wants somebody else."""
    points: tuple[str, ...] = ()
    contacts: int = 0
    """Contacts made, attempted or rightly left out at this stage."""
    offers: tuple[Need, ...] = ()
    """What the resident gave when asking for this stage."""
    hearing_on: date | None = None
    panel: tuple[str, ...] = ()
    """The staff ids of those who hear it."""
    late_requests_until: datetime | None = None
    """Until when a closed complaint may go on: by a request that is considered as an exception,
    or that came in time and was entered late."""
    promises: list[PromisedUntil] = field(default_factory=list)
    """The actions that responses promised, of every stage."""
    ombudsman_since: date | None = None
    """Since when the Housing Ombudsman has had its newest case about it, if there is one."""
    determined: bool = False
    """Whether the Housing Ombudsman has determined that case."""
    lessons: int = 0
    """How many lessons were recorded: the number of the newest."""
    lessons_withdrawn: list[int] = field(default_factory=list)
    """The numbers of those that were taken back."""
    listens_until: datetime | None = None
    """Until when a complaint at its end takes in what is heard of it, and for longer while it
    awaits something: see `aftercare.py`. None: it does not listen."""
    clocks: list[RunningClock] = field(default_factory=list)
    recounts: list[Recount] = field(default_factory=list)
    """What each newer calendar did to the clocks that ran, oldest first."""
    sequence: int = 0
    """The number of the last event."""
    done: list[str] = field(default_factory=list)
    """The idempotency keys of the actions carried out."""
    heard: list[str] = field(default_factory=list)
    """The later news of notices that were recorded: key and outcome."""
    settled: dict[str, tuple[str, Outcome]] = field(default_factory=dict)
    """The stage of each notice and the last that is known of it, by its key."""

    @property
    def reference(self) -> str:
        """The reference that people use for the complaint."""
        return self.facts.reference

    @property
    def rules(self) -> Policy:
        """The policy version under which the complaint was received."""
        return policies.version(self.facts.promise.policy, self.facts.promise.policy_effective)

    @property
    def stage(self) -> Stage:
        """The stage that the complaint is at."""
        return self.rules.stage(self.stage_name)

    @property
    def investigator(self) -> str | None:
        """The named investigator, or None while there is none."""
        return self.investigators[-1] if self.investigators else None

    @property
    def following(self) -> Stage | None:
        """The stage after this one, or None at the last."""
        return self.rules.next_stage(self.stage_name)

    @property
    def lessons_standing(self) -> tuple[int, ...]:
        """The numbers of the lessons that were not taken back."""
        every = range(1, self.lessons + 1)
        return tuple(number for number in every if number not in self.lessons_withdrawn)

    @property
    def asked_for_again(self) -> bool:
        """Whether a request would answer that this stage was declined, not ask for the next."""
        return self.status == "declined" or (self.over and self.clock("escalate") is None)

    @property
    def window(self) -> RunningClock | None:
        """The resident's time for such a request, or None when none was ever given."""
        if self.asked_for_again and (reply := self.clock("reply")) is not None:
            return reply
        windows = (clock for clock in self.clocks if clock.due.clock == "escalate")
        return max(windows, key=lambda clock: clock.due.anchored_at, default=None)

    @property
    def over(self) -> bool:
        """Whether the complaint is at its end: no clock runs and nothing is left to be done."""
        return self.status in ENDS

    @property
    def finished(self) -> bool:
        """Whether it is over for good: nothing can set it going again, or is still to be heard."""
        return self.over and self.late_requests_until is None and self.listens_until is None

    @property
    def with_ombudsman(self) -> bool:
        """Whether the Housing Ombudsman has it and has not determined it."""
        return self.ombudsman_since is not None and not self.determined

    @property
    def awaits_something(self) -> bool:
        """Whether an action is promised and not done, or the Ombudsman has yet to determine it."""
        return self.with_ombudsman or any(one.done_on is None for one in self.promises)

    @property
    def exceptions_until(self) -> datetime | None:
        """Until when a request after its time is considered, now that the complaint is closed.

        None where the policy considers none: then it only sleeps on for requests that lay unread.
        """
        if self.late_requests_until is None or self.window is None:
            return None
        late_on = self.window.due.late_on
        return None if late_on is None else end_of(late_on, None)

    def enter(self, stage: Stage, began_on: date) -> None:
        """Moves to a stage, where everything begins anew; its clocks are started apart."""
        self.began_on = began_on
        self.involved += self.investigators
        if self.together_with is not None:
            self.involved.append(self.together_with)
        self.stage_name = stage.name
        self.status = "escalated"
        self.investigators = []
        self.together_with = None
        self.in_charge = {}
        self.confirmed = []
        self.points = ()
        self.contacts = 0
        self.offers = ()
        self.hearing_on = None
        self.panel = ()
        self.late_requests_until = None

    def clock(self, name: ClockName) -> RunningClock | None:
        """Returns the newest clock of that name at this stage, or None when it was not started."""
        for clock in reversed(self.clocks):
            if (clock.due.stage, clock.due.clock) == (self.stage_name, name):
                return clock
        return None

    def next_moment(self) -> Moment | None:
        """Returns the earliest thing that the clocks will do by themselves, or None."""
        return min(self._moments(), default=None)

    def _moments(self) -> Iterator[Moment]:
        if self.late_requests_until is not None:
            yield Moment(self.late_requests_until, "too-late", self.stage_name, "escalate")
        if self.over and self.listens_until is not None and not self.awaits_something:
            yield Moment(self.listens_until, "at-rest", self.stage_name, "escalate")
        for clock in self.clocks:
            if not clock.running:
                continue
            due = clock.due
            if clock.missed_at is None:
                yield Moment(due.passes_at, "passing", due.stage, due.clock)
                if due.clock in RESIDENTS_TIME and not self.facts.addressee.texts:
                    continue
                for at in due.reminders[clock.reminders_past :]:
                    yield Moment(at, "reminder", due.stage, due.clock)
            else:
                if due.moves_on_at is not None:
                    yield Moment(due.moves_on_at, "moving-on", due.stage, due.clock)
                for rung in due.rungs[clock.rungs_climbed :]:
                    yield Moment(rung.at, "rung", due.stage, due.clock)

    def listing(self) -> Listing:
        """Returns what the complaint is listed under in the Temporal UI.

        The next thing due of one that is closed is the end of the time in which it may go on.
        """
        waiting = [clock for clock in self.clocks if clock.running]
        may_go_on_until = self.late_requests_until if self.listens_until is not None else None
        return Listing(
            stage=self.stage_name,
            status=self.status,
            priority=self.priority,
            investigator=self.investigator,
            next_due=min((clock.due.passes_at for clock in waiting), default=may_go_on_until),
            overdue=any(clock.missed_at is not None for clock in waiting),
            service_area=self.facts.service_area,
            region=self.facts.region,
        )

    def position(self) -> Position:
        """Returns where the complaint stands, for people and other services."""
        listing = self.listing()
        asked_for = self.following.request if self.following is not None else None
        return Position(
            reference=self.reference,
            policy=self.rules.name,
            policy_effective=self.rules.effective,
            stage=self.stage_name,
            stage_title=self.stage.title,
            status=self.status,
            priority=self.priority,
            investigator=self.investigator,
            together_with=self.together_with,
            confirmed=tuple(self.confirmed),
            points=self.points,
            contacts=self.contacts,
            hearing_on=self.hearing_on,
            late_requests_until=self.exceptions_until,
            next_stage_needs=asked_for.needs if asked_for is not None else (),
            promises=tuple(
                PromisePosition(number=one.number, stage=one.stage, by=one.by, done_on=one.done_on)
                for one in self.promises
            ),
            with_ombudsman=self.with_ombudsman,
            determined=self.determined,
            lessons=self.lessons_standing,
            clocks=tuple(_clock_position(clock) for clock in self.clocks),
            next_due=None if self.over else listing.next_due,
            overdue=listing.overdue,
        )


def _clock_position(clock: RunningClock) -> ClockPosition:
    return ClockPosition(
        stage=clock.due.stage,
        clock=clock.due.clock,
        due=clock.due.on,
        passes_at=clock.due.passes_at,
        state=clock.state,
        met_at=clock.met_at,
        missed_at=clock.missed_at,
        reminders_sent=clock.reminders_sent,
        rungs_climbed=clock.rungs_climbed,
        latest_extension=clock.due.latest_extension,
    )
