"""A register of any size, made of chance: the same rows for the same seed.

Every row is one that real events could have led to, as far as reading goes: dates follow each
other, an answered complaint stays open for the year in which it can be taken further, and what came
in lately is still being answered. No events are made; nothing here can be folded again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert

from services.reporting.entries import AFTERCARE
from services.reporting.tables import (
    ComplaintRow,
    OmbudsmanFactsRow,
    PromiseFactsRow,
    RegisterRow,
    ReportingTable,
    StageFactsRow,
    StageRow,
    SurveyFactsRow,
)

TABLES: tuple[type[ReportingTable], ...] = (
    *(ComplaintRow, RegisterRow, StageRow, StageFactsRow),
    *(PromiseFactsRow, OmbudsmanFactsRow, SurveyFactsRow),
)
"""In the order in which they are filled: each after those that it points to."""

AT_ONCE = 2000
"""Complaints of one insert."""

CHANNELS = ("web", "web", "phone", "phone", "email", "letter")
CATEGORIES = (
    *("Repairs", "Damp and mould", "Staff conduct", "Missed appointment", "Service charges"),
    *("Anti-social behaviour", "Communication", "Lettings", "Estate services", None),
)
AREAS = tuple(f"Area {number}" for number in range(1, 41))
REGIONS = ("North", "South", "East", "West", "Midlands", "London", "Wales", "Coast")
TENURES = (*("rented",) * 8, "shared-ownership", None)
POLICIES = (*("housing-ombudsman",) * 4, "nacro")
DECISIONS = (*("upheld",) * 4, *("partially-upheld",) * 3, *("not-upheld",) * 3, "not-recorded")
INVESTIGATORS = tuple(f"manager-{number}" for number in range(1, 81))

TO_GO_FURTHER = 365
"""Days in which an answered complaint can be taken to the next stage."""

Rows = dict[type[ReportingTable], list[dict[str, Any]]]


def fill(connection: Connection, stages: int, last_day: date, years: int = 10) -> None:
    """Puts at least so many stages into empty tables, received up to `last_day`, and commits."""
    lives = complaints(stages, last_day, years)
    while batch := list(islice(lives, AT_ONCE)):
        together: Rows = {table: [] for table in TABLES}
        for life in batch:
            for table, rows in life.items():
                together[table] += rows
        for table in TABLES:
            if together[table]:
                connection.execute(insert(table), together[table])
        connection.commit()


def complaints(stages: int, last_day: date, years: int, seed: int = 1) -> Iterator[Rows]:
    """Yields the rows of one complaint after another, evenly over the years."""
    chance = random.Random(seed)  # noqa: S311 — made-up rows are no secret
    first_day, days = last_day - timedelta(days=365 * years), 365 * years
    made = number = 0
    while made < stages:
        received_on = first_day + timedelta(days=days * made // stages)
        life = Life(chance, f"PR-{number:08}", received_on, last_day)
        rows = life.rows()
        made += len(rows[StageRow])
        number += 1
        yield rows


@dataclass(frozen=True)
class Step:
    """What chance let happen at one stage; None where it has not yet."""

    stage: str
    asked_on: date
    acknowledged_on: date | None
    acknowledge_due: date
    responded_on: date | None
    respond_due: date
    extended: bool


class Life:
    """One complaint as it stands on `today`."""

    def __init__(self, chance: random.Random, reference: str, on: date, today: date) -> None:
        self._chance = chance
        self._reference = reference
        self._today = today
        self._steps = [self._step("stage-1", on)]
        first = self._steps[0]
        if first.responded_on and chance.random() < 0.1:
            asked_on = first.responded_on + timedelta(days=chance.randrange(1, 60))
            if asked_on <= today:
                self._steps.append(self._step("stage-2", asked_on))
        self._of = {
            "policy": chance.choice(POLICIES),
            "channel": chance.choice(CHANNELS),
            "category": chance.choice(CATEGORIES),
            "service_area": chance.choice(AREAS),
            "region": chance.choice(REGIONS),
            "tenure": chance.choice(TENURES),
        }
        self._state = self._stands()

    def rows(self) -> Rows:
        """Returns its rows in every table."""
        key = {"reference": self._reference}
        numbered = {**key, "number": 1, "policy": self._of["policy"]}
        rows: Rows = {
            ComplaintRow: [key],
            RegisterRow: [self._register()],
            StageRow: [self._stage(at, step) for at, step in enumerate(self._steps, 1)],
            StageFactsRow: [self._facts(at, step) for at, step in enumerate(self._steps, 1)],
        }
        answered_on = self._steps[-1].responded_on
        if answered_on is None:
            return rows
        later = answered_on + timedelta(days=self._chance.randrange(10, 60))
        done_on = later if later <= self._today and self._often(0.95) else None
        if self._often(0.3):
            promise = {"stage": "stage-1", "promised_on": answered_on, "by": later}
            rows[PromiseFactsRow] = [{**numbered, **promise, "done_on": done_on}]
        if self._often(0.02) and later <= self._today:
            rows[OmbudsmanFactsRow] = [{**numbered, **self._ombudsman(later)}]
        if self._often(0.1):
            said = self._chance.choice(("very-satisfied", "neither", "very-dissatisfied"))
            survey = {"tenure": self._of["tenure"], "on": answered_on, "satisfaction": said}
            rows[SurveyFactsRow] = [{**numbered, **survey}]
        return rows

    def _step(self, stage: str, on: date) -> Step:
        first, second = self._chance.randrange(1, 10), self._chance.randrange(3, 32)
        extended = self._often(0.15)
        acknowledged_on = self._by_now(on + timedelta(days=first))
        return Step(
            stage,
            on,
            acknowledged_on,
            on + timedelta(days=7),
            acknowledged_on and self._by_now(acknowledged_on + timedelta(days=second)),
            on + timedelta(days=35 if extended else 21),
            extended,
        )

    def _by_now(self, day: date) -> date | None:
        return day if day <= self._today else None

    def _stands(self) -> str:
        answered_on = self._steps[-1].responded_on
        if answered_on is None:
            return "withdrawn" if self._often(0.02) else "open"
        final = len(self._steps) == 2
        within = self._today - answered_on < timedelta(days=TO_GO_FURTHER)
        return "open" if within and not final else "closed"

    def _register(self) -> dict[str, Any]:
        first, last = self._steps[0], self._steps[-1]
        late = self._late(last)
        status = {"open": "acknowledged" if last.acknowledged_on else "accepted"}
        if last.responded_on is not None:
            status["open"] = "answered"
        happened_on = last.responded_on or last.acknowledged_on or last.asked_on
        return {
            **self._of,
            **{name: [] for name in AFTERCARE},
            **dict.fromkeys(("notices_by_hand", "notices_refused"), 0),
            **dict.fromkeys(("from_feedback", "together_with", "sent_up_at")),
            "reference": self._reference,
            "policy_effective": date(2024, 4, 1),
            "received_at": _noon(first.asked_on),
            "entered_at": _noon(first.asked_on),
            "anonymous": False,
            "priority": "standard",
            "stage": last.stage,
            "status": status.get(self._state, self._state),
            "overdue": self._state == "open" and late is not None,
            "investigator": self._investigator,
            "refusal_reason": None,
            "closed_at": None if self._state == "open" else _noon(happened_on),
            "closed_reason": None if self._state == "open" else "final-response",
            "notices_sent": 4,
            "last_event_at": _noon(happened_on),
            "folded_to": 12,
        }

    def _stage(self, position: int, step: Step) -> dict[str, Any]:
        empty = dict.fromkeys(set(StageRow.model_fields) - {"misses", "points"})
        empty |= dict.fromkeys(("acknowledgement_to_post", "response_to_post"), False)
        extension = {"was": str(step.asked_on + timedelta(days=21)), "until": str(step.respond_due)}
        missed = _noon(late) if (late := self._late(step)) else None
        in_time = None if step.responded_on is None else step.responded_on <= step.respond_due
        return {
            **empty,
            "reference": self._reference,
            "position": position,
            "stage": step.stage,
            "requested_at": _noon(step.asked_on),
            "entered_by": "receipt" if position == 1 else "request",
            "requested_late": False,
            "acknowledge_due": step.acknowledge_due,
            "acknowledged_at": _noon(step.acknowledged_on),
            "acknowledged_in_time": self._timely(step.acknowledged_on, step.acknowledge_due)
            == "in-time"
            if step.acknowledged_on
            else None,
            "acknowledge_missed_at": missed if step.acknowledged_on is None else None,
            "points": 2,
            "points_added": 0,
            "respond_due": step.respond_due,
            "respond_missed_at": missed if step.acknowledged_on else None,
            "responded_at": _noon(step.responded_on),
            "responded_in_time": in_time,
            "extended_until": step.respond_due if step.extended else None,
            "extensions": [extension] if step.extended else [],
            "misses": 1 if missed else 0,
            "rungs_climbed": 0,
        }

    def _facts(self, position: int, step: Step) -> dict[str, Any]:
        last = position == len(self._steps)
        late = self._late(step) if last and self._state == "open" else None
        acknowledged = self._timely(step.acknowledged_on, step.acknowledge_due)
        responded = self._timely(step.responded_on, step.respond_due)
        by_code = "extended" if step.extended and responded == "in-time" else responded
        return {
            **self._of,
            "reference": self._reference,
            "position": position,
            "stage": step.stage,
            "code_stage": step.stage[-1],
            "received_on": step.asked_on,
            "month": f"{step.asked_on:%Y-%m}",
            "investigator": self._investigator,
            "state": self._state if last else "closed",
            "refusal_reason": None,
            "acknowledged": acknowledged,
            "acknowledged_by_code": acknowledged if step.acknowledged_on else "none",
            "responded": responded,
            "responded_unextended": "late" if step.extended else responded,
            "responded_by_code": by_code if step.responded_on else "none",
            "responded_on": step.responded_on,
            **self._last_days(step, undone=last and self._state == "open"),
            "decision": self._chance.choice(DECISIONS) if step.responded_on else None,
            "extended": "in-time" if step.extended else "no",
            "escalated": not last,
            "misses": self._chance.choice((0, 0, 0, 1, 2)),
            "rungs": self._chance.choice((0, 0, 0, 0, 1)),
            "overdue": late is not None,
            "overdue_since": late,
            "promised": 0,
            "pence": self._chance.choice((0, 0, 0, 5000)),
        }

    def _last_days(self, step: Step, *, undone: bool) -> dict[str, date | None]:
        """By when what is still to be done at an open stage is to be done; None of all else."""
        undone = undone and step.responded_on is None
        first = step.asked_on + timedelta(days=21)
        put_off = first if step.extended else None
        due = dict.fromkeys(("code_extended_by", "code_agreed_by"), step.respond_due)
        days = {**due, "code_respond_by": first, "first_respond_by": put_off}
        waits = undone and step.acknowledged_on is None
        return {
            **{name: day if undone else None for name, day in days.items()},
            "code_acknowledge_by": step.acknowledge_due if waits else None,
        }

    @property
    def _investigator(self) -> str | None:
        if self._steps[-1].acknowledged_on is None and self._reference[-1] in "01234":
            return None
        return INVESTIGATORS[int(self._reference[3:]) % len(INVESTIGATORS)]

    def _late(self, step: Step) -> date | None:
        """The first date that has passed of what is still to be done."""
        if step.responded_on is not None:
            return None
        due = step.respond_due if step.acknowledged_on else step.acknowledge_due
        return due if due < self._today else None

    def _timely(self, done_on: date | None, due: date) -> str:
        if done_on is None:
            return "late" if due < self._today else "none"
        return "in-time" if done_on <= due else "late"

    def _ombudsman(self, on: date) -> dict[str, Any]:
        found_on = self._by_now(on + timedelta(days=300))
        return {
            "involved_on": on,
            "determined_on": found_on,
            "determination": None if found_on is None else "service-failure",
            **dict.fromkeys(("orders", "recommendations", "pence"), 0),
        }

    def _often(self, share: float) -> bool:
        return self._chance.random() < share


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(12), UTC)
