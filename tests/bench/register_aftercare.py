"""What follows from the answers to a made-up complaint, by chance, as the register lists it."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.shared.events import Determination, RemedyKind, Satisfaction
from tests.bench.register_life import Life, Step

Listed = list[dict[str, Any]]


GIVEN: dict[RemedyKind, float] = {
    "apology": 0.9,
    "explanation": 0.3,
    "action": 0.4,
    "payment": 0.25,
    "changed-practice": 0.05,
}
"""What is given to those who are right, at least in part, and to how many of them."""

EXPLAINED = 0.2
"""How many of the others are given an explanation."""

PENCE = (2_500, 5_000, 10_000, 15_000, 25_000, 60_000)

PROMISED, PROMISES_DONE = 0.3, 0.95

BEFORE_OMBUDSMAN, UNTIL_DETERMINED = 0.02, timedelta(days=300)
DETERMINATIONS: tuple[Determination, ...] = (
    *("maladministration",) * 4,
    *("service-failure",) * 3,
    *("severe-maladministration", "reasonable-redress", "no-maladministration", "mediated"),
    "outside-jurisdiction",
)
AT_FAULT = frozenset({"severe-maladministration", "maladministration", "service-failure"})

SURVEYED = 0.1
SATISFACTION: tuple[Satisfaction, ...] = (
    *("very-satisfied", "fairly-satisfied", "fairly-satisfied", "neither"),
    *("fairly-dissatisfied", "very-dissatisfied", "very-dissatisfied"),
)

LEARNT = 0.02
LESSONS = {
    "Repairs": (
        "Nobody said when a repair would be done.",
        "Each repair has a day from the start.",
    ),
    "Damp and mould": ("Mould came back after the work.", "We come back and look after six weeks."),
    "Communication": ("Calls were not returned.", "A call is returned within one working day."),
    "Missed appointment": ("People waited at home in vain.", "A text tells who comes, and when."),
    "Complaint handling": ("Answers came late.", "An officer follows every date."),
}
"""What was heard and what was done about it, by theme."""


def aftercare(chance: random.Random, life: Life) -> dict[str, Listed]:
    """Returns what the register's row lists: remedies, promises, and what came after the end."""
    today = life.today
    answered = [step for step in life.steps if step.responded_on]
    found: dict[str, Listed] = {
        "remedies": [one for step in answered for one in _remedies(chance, step)],
        "promises": _promises(chance, answered, today),
        **{name: [] for name in ("ombudsman", "surveys", "lessons")},
    }
    ended_on = life.steps[-1].responded_on
    later = ended_on and ended_on + timedelta(days=chance.randrange(5, 60))
    if later is None or later > today:
        return found
    if chance.random() < BEFORE_OMBUDSMAN:
        found["ombudsman"] = [_ombudsman(chance, later, today)]
    if chance.random() < SURVEYED:
        found["surveys"] = [{"on": later, "satisfaction": chance.choice(SATISFACTION)}]
    if chance.random() < LEARNT:
        theme = chance.choice([*LESSONS])
        heard, done = LESSONS[theme]
        found["lessons"] = [
            {
                "on": later,
                "theme": theme,
                "heard": f"{life.of['service_area']}: {heard}",
                "done": done,
            }
        ]
    return found


def _remedies(chance: random.Random, step: Step) -> Listed:
    given: dict[RemedyKind, float] = {}
    if step.decision in {"upheld", "partially-upheld"}:
        given = GIVEN
    elif step.decision == "not-upheld":
        given = {"explanation": EXPLAINED}
    return [
        {
            "stage": step.stage,
            "kind": kind,
            "pence": chance.choice(PENCE) if kind == "payment" else None,
            "on": step.responded_on,
        }
        for kind, share in given.items()
        if chance.random() < share
    ]


def _promises(chance: random.Random, answered: Sequence[Step], today: date) -> Listed:
    promising = [step for step in answered if chance.random() < PROMISED]
    return [_promise(chance, number, step, today) for number, step in enumerate(promising, 1)]


def _promise(chance: random.Random, number: int, step: Step, today: date) -> dict[str, Any]:
    if step.responded_on is None:
        raise ValueError("only an answer promises anything")
    by = step.responded_on + timedelta(days=chance.randrange(10, 60))
    done_on = by + timedelta(days=chance.randrange(-9, 6))
    done = done_on <= today and chance.random() < PROMISES_DONE
    return {
        "number": number,
        "stage": step.stage,
        "promised_on": step.responded_on,
        "by": by,
        "done_on": done_on if done else None,
    }


def _ombudsman(chance: random.Random, on: date, today: date) -> dict[str, Any]:
    found_on = on + UNTIL_DETERMINED
    determination = chance.choice(DETERMINATIONS) if found_on <= today else None
    at_fault = determination in AT_FAULT
    return {
        "involved_on": on,
        "determined_on": found_on if determination else None,
        "determination": determination,
        "orders": chance.randrange(1, 4) if at_fault else 0,
        "recommendations": chance.randrange(3) if at_fault else 0,
        "pence": chance.choice(PENCE) if at_fault else 0,
    }
