"""One made-up complaint of the register: what chance let happen to it, stage by stage."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from services.reporting.facts import State, Timeliness
from services.shared.events import Tenure

CHANNELS = ("web", "web", "phone", "phone", "email", "letter")
CATEGORIES = (
    *("Repairs", "Damp and mould", "Staff conduct", "Missed appointment", "Service charges"),
    *("Anti-social behaviour", "Communication", "Lettings", "Estate services", None),
)
AREAS = tuple(f"Area {number}" for number in range(1, 41))
REGIONS = ("North", "South", "East", "West", "Midlands", "London", "Wales", "Coast")
TENURES: tuple[Tenure | None, ...] = (*("rented",) * 8, "shared-ownership", None)
POLICIES = (*("housing-ombudsman",) * 4, "nacro")
DECISIONS = (*("upheld",) * 4, *("partially-upheld",) * 3, *("not-upheld",) * 3, "not-recorded")
INVESTIGATORS = tuple(f"manager-{number}" for number in range(1, 81))
REFUSALS = ("over-12-months", "court-proceedings", "already-considered")

REFUSED, WITHDRAWN, EXTENDED, ESCALATED = 0.02, 0.02, 0.15, 0.1
"""How many are not taken as complaints, are taken back, are extended, go on to stage 2."""

TAKEN_BACK_AFTER = timedelta(days=3)
ACKNOWLEDGE_WITHIN = timedelta(days=7)
RESPOND_WITHIN = timedelta(days=21)
EXTENSION = timedelta(days=14)
TO_GO_FURTHER = timedelta(days=365)
"""How long an answered complaint can be taken to the next stage."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at one stage up to the day on which it is seen; None where it has not yet."""

    stage: str
    asked_on: date
    seen_on: date
    acknowledged_on: date | None
    responded_on: date | None
    extended: bool
    decision: str | None
    rungs: int

    @property
    def acknowledge_due(self) -> date:
        return self.asked_on + ACKNOWLEDGE_WITHIN

    @property
    def first_respond_due(self) -> date:
        return self.asked_on + RESPOND_WITHIN

    @property
    def respond_due(self) -> date:
        """With its extension in it."""
        return self.first_respond_due + (EXTENSION if self.extended else timedelta(0))

    @property
    def acknowledged(self) -> Timeliness:
        return self.timely(self.acknowledged_on, self.acknowledge_due)

    @property
    def responded(self) -> Timeliness:
        return self.timely(self.responded_on, self.respond_due)

    @property
    def misses(self) -> int:
        return (self.acknowledged, self.responded).count("late")

    @property
    def overdue_since(self) -> date | None:
        """The first date that has passed of what is still to be done."""
        if self.responded_on is not None:
            return None
        due = self.respond_due if self.acknowledged_on else self.acknowledge_due
        return due if due < self.seen_on else None

    def timely(self, done_on: date | None, due: date) -> Timeliness:
        """Says whether it was done by that day, or could still be."""
        if done_on is None:
            return "late" if due < self.seen_on else "none"
        return "in-time" if done_on <= due else "late"


@dataclass(frozen=True, slots=True)
class Life:
    """A complaint as it stands on `today`."""

    reference: str
    today: date
    of: dict[str, str | None]
    """What holds of all of it: policy, channel, category, service area, region, tenure."""
    steps: tuple[Step, ...]
    state: State
    investigator: str | None
    refusal_reason: str | None


def live(chance: random.Random, reference: str, on: date, today: date) -> Life:
    """Draws the life of a complaint that came in on a day."""
    ending, seen_on = _early_end(chance, on, today)
    steps = _steps(chance, on, seen_on)
    in_charge = steps[-1].acknowledged_on or chance.random() < 0.5
    return Life(
        reference=reference,
        today=today,
        of={
            "policy": chance.choice(POLICIES),
            "channel": chance.choice(CHANNELS),
            "category": chance.choice(CATEGORIES),
            "service_area": chance.choice(AREAS),
            "region": chance.choice(REGIONS),
            "tenure": chance.choice(TENURES),
        },
        steps=steps,
        state=ending or _stands(steps, today),
        investigator=chance.choice(INVESTIGATORS) if in_charge else None,
        refusal_reason=chance.choice(REFUSALS) if ending == "refused" else None,
    )


def _early_end(chance: random.Random, on: date, today: date) -> tuple[State | None, date]:
    """Returns how it ended without an answer, if it did, and the last day that is seen of it."""
    drawn = chance.random()
    if drawn < REFUSED:
        return "refused", on
    if drawn < REFUSED + WITHDRAWN and on + TAKEN_BACK_AFTER <= today:
        return "withdrawn", on + TAKEN_BACK_AFTER
    return None, today


def _steps(chance: random.Random, on: date, seen_on: date) -> tuple[Step, ...]:
    first = _step(chance, "stage-1", on, seen_on)
    if first.responded_on and chance.random() < ESCALATED:
        asked_on = first.responded_on + timedelta(days=chance.randrange(1, 60))
        if asked_on <= seen_on:
            return first, _step(chance, "stage-2", asked_on, seen_on)
    return (first,)


def _step(chance: random.Random, stage: str, on: date, seen_on: date) -> Step:
    acknowledged_on = on + timedelta(days=chance.randrange(1, 10))
    responded_on = acknowledged_on + timedelta(days=chance.randrange(3, 32))
    answered = responded_on <= seen_on
    return Step(
        stage=stage,
        asked_on=on,
        seen_on=seen_on,
        acknowledged_on=acknowledged_on if acknowledged_on <= seen_on else None,
        responded_on=responded_on if answered else None,
        extended=chance.random() < EXTENDED,
        decision=chance.choice(DECISIONS) if answered else None,
        rungs=chance.choice((0, 0, 0, 0, 1)),
    )


def _stands(steps: tuple[Step, ...], today: date) -> State:
    answered_on = steps[-1].responded_on
    if answered_on is None:
        return "open"
    further = len(steps) == 1 and today - answered_on < TO_GO_FURTHER
    return "open" if further else "closed"
