"""The register says of a complaint, at every step of its life, what its workflow says.

Reporting knows the events only; the lives here are lived by the workflow's own rules.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.fold import fold
from services.reporting.register import RegisterEntry
from services.shared.errors import PutrightError
from services.shared.events import NoticeSettled
from tests.days import london, written
from tests.workflow.lives import Life

RECEIVED = "Mon 2028-03-06 10:00"

Step = Callable[[Life, str], object]


def _later(at: str, days: int) -> str:
    return written(london(at) + timedelta(days=days))


def _settle(life: Life, at: str) -> None:
    life.until(at)
    life.complaint.sequence += 1
    life.events.append(
        NoticeSettled(
            reference=life.complaint.reference,
            sequence=life.complaint.sequence,
            at=london(at),
            stage=life.complaint.stage_name,
            by="putright",
            notice=f"key/{life.complaint.sequence}",
            about="receipt",
            to="resident",
            outcome="sent",
            settled_at=london(at),
        )
    )


STEPS: dict[str, Step] = {
    "wait": Life.until,
    "accept": lambda life, at: life.triage(at, priority="high"),
    "refuse": lambda life, at: life.triage(
        at, decision="refuse", reason="over-12-months", explanation="It was in 2020."
    ),
    "assign amy": lambda life, at: life.assign(at, "amy"),
    "assign bob": lambda life, at: life.assign(at, "bob"),
    "acknowledge": lambda life, at: life.acknowledge(at, points=1),
    "contact": Life.contact,
    "extend": lambda life, at: life.extend(at, _later(at, 9)[:-6], agreed_on=at[:-6]),
    "respond": lambda life, at: life.respond(at, "upheld"),
    "escalate": Life.escalate,
    "withdraw": Life.withdraw,
    "settle": _settle,
}


def _agree(entry: RegisterEntry, life: Life) -> None:
    position = life.complaint.position()
    for name in ("status", "stage", "priority", "investigator", "overdue"):
        assert getattr(entry, name) == getattr(position, name), name
    assert RegisterEntry.model_validate(entry.model_dump()) == entry
    for clock in position.clocks:
        (stage,) = (stage for stage in entry.stages if stage.stage == clock.stage)
        due, met_at, missed_at = {
            "acknowledge": (
                stage.acknowledge_due,
                stage.acknowledged_at,
                stage.acknowledge_missed_at,
            ),
            "respond": (stage.respond_due, stage.responded_at, stage.respond_missed_at),
            "escalate": (stage.escalate_by, None, None),
        }[clock.clock]
        assert due == clock.due
        if clock.clock != "escalate":
            assert (met_at, missed_at) == (clock.met_at, clock.missed_at)


# Mostly steps that lead on, so that lives reach their later stages.
LEADING = ["accept", "assign amy", "acknowledge", "contact", "respond", "escalate", "assign bob"]


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Steps, each with the days that pass before it; the rules refuse some of them."""
    steps = st.one_of(st.sampled_from(LEADING), st.sampled_from(sorted(STEPS)))
    days = st.sampled_from([0, 0, 1, 3, 9, 40])
    straight = [(step, draw(days)) for step in LEADING if draw(st.integers(0, 5))]
    return [*straight, *draw(st.lists(st.tuples(steps, days), max_size=12))]


@settings(max_examples=150, deadline=None)
@given(policy=st.sampled_from(["housing-ombudsman", "nacro"]), steps=lives())
def test_register_and_workflow_agree_at_every_step(
    policy: str, steps: list[tuple[str, int]]
) -> None:
    life, entry, at, told = Life(policy, RECEIVED), None, RECEIVED, 0
    for name, days in [("wait", 0), *steps]:
        at = _later(at, days)
        with suppress(PutrightError):  # when the rules do not allow it now
            STEPS[name](life, at)
        for event in life.events[told:]:
            entry = fold(entry, event)
        told = len(life.events)
        assert entry is not None
        _agree(entry, life)
