"""The register says of a complaint, after every turn of its life, what its workflow says.

Reporting knows the events only; the lives here are lived by the workflow's own rules.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import get_args

import pytest

from services.reporting.fold import fold
from services.reporting.register import RegisterEntry, StageEntry
from services.shared.errors import PutrightError
from services.shared.events import AnyEvent, ClockName, DueMoved, NoticeSettled
from services.workflow.simulation import Simulation
from services.workflow.turn import Turn
from tests.days import day
from tests.reporting import panel
from tests.workflow.lives import Life
from tests.workflow.random_lives import DIRECTORY, POLICIES, new_complaint, next_action

LIVES = 60
"""How many complaints of each policy are lived through."""


class Watched(Simulation):
    """A complaint whose events are folded, and compared with its own state, after every turn."""

    entry: RegisterEntry | None = None

    def _take(self, turn: Turn) -> None:
        super()._take(turn)
        for event in turn.events:
            self.entry = fold(self.entry, event)
        self.compare()

    def settle(self, at: datetime) -> None:
        """Tells what became of a notice, as the outbox does between two turns."""
        turn = Turn(self.complaint, at, "putright")
        turn.record(
            NoticeSettled,
            notice=f"key/{at}",
            about="receipt",
            to="resident",
            outcome="sent",
            settled_at=at,
        )
        self._take(turn)

    def compare(self) -> None:
        """Fails where the entry and the complaint do not say the same."""
        assert self.entry is not None
        assert RegisterEntry.model_validate(self.entry.model_dump()) == self.entry
        position = self.complaint.position()
        for name in ("status", "stage", "priority", "investigator", "together_with", "overdue"):
            assert getattr(self.entry, name) == getattr(position, name), name
        assert (self.entry.closed_at is not None) == self.complaint.over
        stages = {stage.stage: stage for stage in self.entry.stages}
        assert stages[position.stage].hearing_on == position.hearing_on
        if position.points:
            assert stages[position.stage].points == len(position.points)
        # Of two clocks of a stage and name, the newer one is the one that counts.
        clocks = {(clock.stage, clock.clock): clock for clock in position.clocks}
        for (stage, name), clock in clocks.items():
            found = in_the_register(stages[stage], name)
            assert found == (clock.due, clock.met_at, clock.missed_at), (stage, name)


def in_the_register(
    stage: StageEntry, clock: ClockName
) -> tuple[date | None, datetime | None, datetime | None]:
    """Returns when it is due, when it was done and when it was missed, as the register has it."""
    match clock:
        case "acknowledge":
            return stage.acknowledge_due, stage.acknowledged_at, stage.acknowledge_missed_at
        case "contact":
            return stage.contact_due, stage.contacted_at, stage.contact_missed_at
        case "arrange":
            return stage.arrange_due, stage.arranged_at, stage.arrange_missed_at
        case "respond":
            return stage.respond_due, stage.responded_at, stage.respond_missed_at
        case "escalate":
            return stage.escalate_by, None, None
        case "reply":
            return stage.reply_by, None, None


@cache
def lives(policy: str) -> tuple[Watched, ...]:
    """Returns the complaints of a policy, each lived to its end."""
    return tuple(live(policy, seed) for seed in range(LIVES))


def live(policy: str, seed: int) -> Watched:
    """Lives one complaint to its end, and compares after every turn."""
    chance = Random(seed)  # noqa: S311 — the same seed must give the same life
    life = Watched(new_complaint(chance, policy, f"PR-{seed:04}"), DIRECTORY)
    for number in range(chance.randint(0, 30)):
        now = life.now + timedelta(hours=chance.choice([1, 1, 2, 2, 20, 30, 60, 200, 500]))
        life.run_until(now)
        if chance.randint(0, 4) == 0:
            life.settle(now)
        with suppress(PutrightError):  # when the rules do not allow it now
            life.act(next_action(chance, life.complaint, now, f"key-{number}"), now)
    life.run_until(life.now + timedelta(days=chance.choice([3, 30, 400])))
    return life


@pytest.mark.parametrize("policy", POLICIES)
def test_register_and_workflow_agree_after_every_turn(policy: str) -> None:
    entries = [life.entry for life in lives(policy)]
    assert all(entries)
    assert any(entry.status == "closed" and len(entry.stages) > 1 for entry in entries if entry)


def test_they_agree_from_the_first_step_to_a_hearing_that_is_late() -> None:
    life = heard()
    assert life.entry is not None
    heard_at = life.entry.stages[-1]
    assert [stage.entered_by for stage in life.entry.stages] == [
        *("receipt", "not-resolved", "request", "referred")
    ]
    assert (heard_at.hearing_on, heard_at.respond_due) == (
        day("Mon 2028-05-15"),
        day("Mon 2028-06-05"),
    )
    assert (heard_at.arrange_missed_at is None, heard_at.responded_in_time) == (False, False)
    assert life.entry.together_with == "hal"


def test_between_them_the_lives_meet_every_kind_of_event_that_people_and_clocks_make() -> None:
    met = {type(event) for event in heard().events}
    met |= {type(event) for name in POLICIES for life in lives(name) for event in life.events}
    # Bank holidays change no due date here.
    assert met == {*get_args(get_args(AnyEvent)[0])} - {DueMoved}


def heard() -> Watched:
    """Lives the life of a complaint that goes to a panel."""
    received = Life("review-panel", "Mon 2028-03-06 10:00").complaint.facts
    life = Watched(received, DIRECTORY)
    panel.play(life, {role: who for who, role in DIRECTORY.items()})
    return life
