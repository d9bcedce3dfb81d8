"""A made-up complaint as rows of every table in which the register would hold it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from services.reporting.tables import (
    ComplaintRow,
    LessonFactsRow,
    OmbudsmanFactsRow,
    PromiseFactsRow,
    RegisterRow,
    RemedyFactsRow,
    ReportingTable,
    StageFactsRow,
    StageRow,
    SurveyFactsRow,
)
from tests.bench.register_aftercare import Listed
from tests.bench.register_life import Life, Step

Rows = dict[type[ReportingTable], list[dict[str, Any]]]

FACTS: dict[str, type[ReportingTable]] = {
    "remedies": RemedyFactsRow,
    "promises": PromiseFactsRow,
    "ombudsman": OmbudsmanFactsRow,
    "surveys": SurveyFactsRow,
    "lessons": LessonFactsRow,
}
"""The table in which each thing is counted that the register's row lists."""

EFFECTIVE = date(2024, 4, 1)
"""From when on every policy of the register counts."""

OF_STAGE: dict[str, Any] = {
    **dict.fromkeys(StageRow.model_fields),
    **dict.fromkeys(("acknowledgement_to_post", "response_to_post"), False),
}

OF_FACTS: dict[str, Any] = dict.fromkeys(StageFactsRow.model_fields)


def rows(life: Life, aftercare: Mapping[str, Listed]) -> Rows:
    """Returns a complaint's rows, in every table that holds anything of it."""
    of = {"reference": life.reference, "policy": life.of["policy"]}
    found: Rows = {
        ComplaintRow: [{"reference": life.reference}],
        RegisterRow: [_register(life, aftercare)],
        StageRow: [_stage(life, at, step) for at, step in enumerate(life.steps, 1)],
        StageFactsRow: [_facts(life, aftercare, at) for at in range(1, len(life.steps) + 1)],
    }
    for name, listed in aftercare.items():
        asked = {"tenure": life.of["tenure"], "complained_earlier": False}
        also = of | asked if name == "surveys" else of
        numbered = enumerate(listed, 1)
        found[FACTS[name]] = [{**also, "number": number, **one} for number, one in numbered]
    return found


@lru_cache(4096)
def noon(day: date) -> datetime:
    """Returns noon (UTC) of a day."""
    return datetime.combine(day, time(12), UTC)


def _register(life: Life, aftercare: Mapping[str, Listed]) -> dict[str, Any]:
    first, last = life.steps[0], life.steps[-1]
    happened_at = noon(last.responded_on or last.acknowledged_on or last.asked_on)
    is_open = life.state == "open"
    reasons = {"open": None, "closed": "final-response"}
    return {
        **life.of,
        **{name: _as_json(listed) for name, listed in aftercare.items()},
        "reference": life.reference,
        "policy_effective": EFFECTIVE,
        "received_at": noon(first.asked_on),
        "entered_at": noon(first.asked_on),
        "anonymous": False,
        "from_feedback": None,
        "priority": "standard",
        "stage": last.stage,
        "status": _status(last) if is_open else life.state,
        "overdue": last.overdue_since is not None,
        "investigator": life.investigator,
        "together_with": None,
        "sent_up_at": None,
        "refusal_reason": life.refusal_reason,
        "closed_at": None if is_open else happened_at,
        "closed_reason": reasons.get(life.state, life.state),
        "notices_sent": 4,
        "notices_by_hand": 0,
        "notices_refused": 0,
        "last_event_at": happened_at,
        "folded_to": 12,
    }


def _as_json(listed: Listed) -> str:
    # Most lists are empty, and there are millions.
    return json.dumps(listed, default=date.isoformat) if listed else "[]"


def _status(step: Step) -> str:
    if step.responded_on:
        return "answered"
    return "acknowledged" if step.acknowledged_on else "accepted"


def _stage(life: Life, position: int, step: Step) -> dict[str, Any]:
    missed_at = None if step.overdue_since is None else noon(step.overdue_since)
    acknowledged_on, responded_on = step.acknowledged_on, step.responded_on
    return {
        **OF_STAGE,
        "reference": life.reference,
        "position": position,
        "stage": step.stage,
        "requested_at": noon(step.asked_on),
        "entered_by": "receipt" if position == 1 else "request",
        "requested_late": False,
        "acknowledge_due": step.acknowledge_due,
        "acknowledged_at": noon(acknowledged_on) if acknowledged_on else None,
        "acknowledged_in_time": step.acknowledged == "in-time" if acknowledged_on else None,
        "acknowledge_missed_at": None if acknowledged_on else missed_at,
        "points": 2,
        "points_added": 0,
        "respond_due": step.respond_due,
        "respond_missed_at": missed_at if acknowledged_on else None,
        "responded_at": noon(responded_on) if responded_on else None,
        "responded_in_time": step.responded == "in-time" if responded_on else None,
        "extended_from": step.first_respond_due if step.extended else None,
        "extended_until": step.respond_due if step.extended else None,
        "extensions": [_extension(step)] if step.extended else [],
        "decision": None if step.decision == "not-recorded" else step.decision,
        "misses": step.misses,
        "rungs_climbed": step.rungs,
    }


def _extension(step: Step) -> dict[str, str]:
    return {"was": f"{step.first_respond_due}", "until": f"{step.respond_due}"}


def _facts(life: Life, aftercare: Mapping[str, Listed], position: int) -> dict[str, Any]:
    step, last = life.steps[position - 1], position == len(life.steps)
    overdue_since = step.overdue_since if last else None
    undone = last and life.state == "open" and step.responded_on is None
    return {
        **OF_FACTS,
        **life.of,
        "reference": life.reference,
        "position": position,
        "stage": step.stage,
        "code_stage": step.stage[-1],
        "received_on": step.asked_on,
        "month": f"{step.asked_on:%Y-%m}",
        "investigator": life.investigator,
        "state": life.state if last else "closed",
        "refusal_reason": life.refusal_reason if last else None,
        "acknowledged": step.acknowledged,
        "acknowledged_by_code": step.acknowledged if step.acknowledged_on else "none",
        "responded": step.responded,
        "responded_unextended": step.timely(step.responded_on, step.first_respond_due),
        "responded_by_code": _by_code(step),
        "responded_on": step.responded_on,
        **_last_days(step, undone=undone),
        "decision": step.decision,
        "extended": "in-time" if step.extended else "no",
        "escalated": not last,
        "misses": step.misses,
        "rungs": step.rungs,
        "overdue": overdue_since is not None,
        "overdue_since": overdue_since,
        **_awaited(step, undone=undone),
        "promised": sum(one["stage"] == step.stage for one in aftercare["promises"]),
        "pence": sum(
            one["pence"] or 0 for one in aftercare["remedies"] if one["stage"] == step.stage
        ),
    }


def _last_days(step: Step, *, undone: bool) -> dict[str, date | None]:
    """By when what is still to be done at an open stage is to be done; None of all else."""
    days = {
        "code_respond_by": step.first_respond_due,
        "code_extended_by": step.respond_due,
        "code_agreed_by": step.respond_due,
        "first_respond_by": step.first_respond_due if step.extended else None,
        "code_acknowledge_by": None if step.acknowledged_on else step.acknowledge_due,
    }
    return days if undone else dict.fromkeys(days)


def _awaited(step: Step, *, undone: bool) -> dict[str, Any]:
    """What an open stage waits for, and by when."""
    if not undone:
        return {"awaited": None, "awaited_by": None}
    if step.acknowledged_on:
        return {"awaited": "respond", "awaited_by": step.respond_due}
    return {"awaited": "acknowledge", "awaited_by": step.acknowledge_due}


def _by_code(step: Step) -> str:
    """Says whether it was answered by the Code's date, which an extension puts off."""
    if step.responded_on is None:
        return "none"
    by_code = step.timely(step.responded_on, step.first_respond_due)
    return "extended" if by_code == "late" and step.responded == "in-time" else by_code
