"""Whether complaints were acknowledged and answered in time, by the policy and by the Code."""

from collections.abc import Callable

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import STAGES
from services.reporting.measures.rule_sets import CODE, POLICY

REASONS = {
    "in-time": "In time",
    "extended": "Within an extension",
    "late": "Late",
    "unanswered": "Not answered, for whatever reason",
    "late-undone": "Late, and still to be done",
    "not-yet": "Still to be done, and not late",
    "refused": "Not taken as a complaint",
    "withdrawn": "Withdrawn before it was done",
    "ended-without": "The stage ended without it",
    "not-of-the-code": "A stage that the Code does not know",
    "beyond-calendar": "Before or after the calendar of bank holidays",
}


def acknowledged(facts: StageFacts) -> Verdict:
    """By the policy."""
    return _judged(facts, facts.acknowledged, still_late=False)


def acknowledged_by_code(facts: StageFacts) -> Verdict:
    """Within 5 working days (Code 6.2, 6.11)."""
    return _by_code(facts, facts.acknowledged_by_code, by_policy=facts.acknowledged)


def responded(facts: StageFacts) -> Verdict:
    """By the policy, extensions and agreed dates counted as in time."""
    return _judged(facts, facts.responded, still_late=_waits(facts))


def responded_unextended(facts: StageFacts) -> Verdict:
    """By the policy, as if nothing had been put off."""
    return _judged(facts, facts.responded_unextended, still_late=_waits(facts))


def responded_by_code(facts: StageFacts) -> Verdict:
    """Within 10 or 20 working days of the acknowledgement, or an extension (Code 6.3–6.4, 6.14)."""
    return _by_code(facts, facts.responded_by_code, by_policy=facts.responded)


def responded_by_code_unextended(facts: StageFacts) -> Verdict:
    """Within 10 or 20 working days of the acknowledgement, extensions not counted."""
    verdict = responded_by_code(facts)
    return not_met("extended") if verdict == met("extended") else verdict


def answered_of_received(facts: StageFacts) -> Verdict:
    """Within the Code's time or an extension, of all that were asked for."""
    if facts.code_stage is None:
        return out("not-of-the-code")
    match facts.responded_by_code:
        case "in-time" | "extended":
            return met(facts.responded_by_code)
        case "unknown":
            return out("beyond-calendar")
        case "late":
            return not_met("late")
        case "none":
            return not_met("unanswered")


def _by_code(facts: StageFacts, timeliness: str, *, by_policy: str) -> Verdict:
    """Judges by the Code; what is undone is late there as soon as it is late by the policy."""
    if facts.code_stage is None:
        return out("not-of-the-code")
    if timeliness == "none" and by_policy == "late":
        return _judged(facts, "late", still_late=facts.state == "open")
    return _judged(facts, timeliness, still_late=False)


def _judged(facts: StageFacts, timeliness: str, *, still_late: bool) -> Verdict:
    """Judges what was done in time or late; `still_late`: if it is late, it is still to be done."""
    if facts.state == "refused":
        return out("refused")
    match timeliness:
        case "in-time" | "extended":
            return met(timeliness)
        case "late":
            return not_met("late-undone" if still_late else "late")
        case "unknown":
            return out("beyond-calendar")
        case _:
            return _undone(facts)


def _waits(facts: StageFacts) -> bool:
    return facts.state == "open" and facts.decision is None


def _undone(facts: StageFacts) -> Verdict:
    if facts.state == "withdrawn":
        return out("withdrawn")
    return out("not-yet" if _waits(facts) else "ended-without")


def _measure(
    name: str, title: str, source: str, rule: Callable[[StageFacts], Verdict], *reads: str
) -> Measure:
    return Measure(
        name=name,
        title=title,
        says=SAYS[name],
        source=source,
        rule_set=CODE if "code_stage" in reads else POLICY,
        population=STAGES,
        reads=reads,
        rule=rule,
        reasons=REASONS,
    )


UNDONE = ("state", "decision")
"""What tells why something is not done."""

SAYS = {
    "acknowledged": "Of the stages asked for that were acknowledged, or should have been by now: "
    "how many were acknowledged by the day that the policy promises. A letter on paper counts from "
    "the day on which it was posted.",
    "acknowledged-by-code": "The same, within 5 working days of the receipt, or of the request for "
    "stage 2.",
    "responded": "Of the stages asked for that were answered, or should have been by now: how many "
    "were answered by the day that the policy promises. A date put off by an extension, or agreed "
    "with the resident, counts as promised.",
    "responded-unextended": "The same by the first date that was promised, as if it had not been "
    "put off.",
    "responded-by-code": "The same within 10 working days of the acknowledgement at stage 1, and "
    "20 at stage 2. An answer within an extension counts as in time.",
    "answered-of-received": "Of all stages asked for, whatever became of them: how many were "
    "answered within the Code's time or an extension.",
    "responded-by-code-unextended": "The same, an answer within an extension counted as late.",
}

ACKNOWLEDGED = _measure(
    "acknowledged", "Acknowledged in time", "Code 6.2, 6.11", acknowledged, *UNDONE, "acknowledged"
)
ACKNOWLEDGED_BY_CODE = _measure(
    "acknowledged-by-code",
    "Acknowledged within 5 working days",
    "Code 6.2, 6.11",
    acknowledged_by_code,
    *UNDONE,
    *("code_stage", "acknowledged", "acknowledged_by_code"),
)
RESPONDED = _measure(
    "responded", "Answered in time", "Code 6.3, 6.14", responded, *UNDONE, "responded"
)
RESPONDED_UNEXTENDED = _measure(
    "responded-unextended",
    "Answered in time, extensions not counted",
    "Code 6.3, 6.14",
    responded_unextended,
    *UNDONE,
    "responded_unextended",
)
RESPONDED_BY_CODE = _measure(
    "responded-by-code",
    "Answered within the Code's time",
    "Code 6.3, 6.4, 6.14, 6.15",
    responded_by_code,
    *UNDONE,
    *("code_stage", "responded", "responded_by_code"),
)
RESPONDED_BY_CODE_UNEXTENDED = _measure(
    "responded-by-code-unextended",
    "Answered within the Code's time, extensions not counted",
    "Code 6.3, 6.14",
    responded_by_code_unextended,
    *UNDONE,
    *("code_stage", "responded", "responded_by_code"),
)
ANSWERED_OF_RECEIVED = _measure(
    "answered-of-received",
    "Answered within the Code's time, of all received",
    "Code 6.3, 6.4, 6.14, 6.15",
    answered_of_received,
    *("code_stage", "responded_by_code"),
)

MEASURES = (
    *(ACKNOWLEDGED, ACKNOWLEDGED_BY_CODE, RESPONDED, RESPONDED_UNEXTENDED, RESPONDED_BY_CODE),
    *(RESPONDED_BY_CODE_UNEXTENDED, ANSWERED_OF_RECEIVED),
)
