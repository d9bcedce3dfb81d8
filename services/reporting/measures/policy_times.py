"""Whether complaints were acknowledged and answered as their policy promises."""

from collections.abc import Callable
from datetime import date

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import STAGES
from services.reporting.measures.rule_sets import POLICY

REASONS = {
    "in-time": "In time",
    "late": "Late",
    "late-undone": "Late, and still to be done",
    "not-yet": "Still to be done, and not late",
    "refused": "Not taken as a complaint",
    "declined": "The request for the stage was declined",
    "withdrawn": "Withdrawn before it was done",
    "ended-without": "The stage ended without it",
}

UNDONE = ("state", "decision", "decline_reason")
"""What tells why something is not done."""


def responded_unextended(as_at: date) -> Measure:
    """By the policy, as if nothing had been put off."""
    by_fact = _still_late(_by_policy(lambda facts: facts.responded_unextended))

    def rule(facts: StageFacts) -> Verdict:
        verdict, first = by_fact(facts), facts.first_respond_by
        passed = first is not None and first < as_at
        return not_met("late-undone") if verdict == out("not-yet") and passed else verdict

    return _measure(
        "responded-unextended",
        "Answered in time, extensions not counted",
        "The same by the first date that was promised, as if it had not been put off.",
        rule,
        *("responded_unextended", "first_respond_by"),
    )


def not_taken_in(facts: StageFacts) -> Verdict | None:
    """Returns why a stage that was asked for never began, if that is so."""
    if facts.state == "refused":
        return out("refused")
    return None if facts.decline_reason is None else out("declined")


def _by_policy(timeliness: Callable[[StageFacts], str]) -> Callable[[StageFacts], Verdict]:
    """Returns the rule that judges by a fact about the policy's times."""

    def rule(facts: StageFacts) -> Verdict:
        left_out = not_taken_in(facts)
        if left_out is not None:
            return left_out
        match timeliness(facts):
            case "in-time":
                return met("in-time")
            case "late":
                return not_met("late")
            case _:
                return _undone(facts)

    return rule


def _still_late(rule: Callable[[StageFacts], Verdict]) -> Callable[[StageFacts], Verdict]:
    """Returns a rule that says of a late answer whether it is still to come."""

    def told(facts: StageFacts) -> Verdict:
        verdict = rule(facts)
        waits = facts.state == "open" and facts.decision is None
        return not_met("late-undone") if verdict == not_met("late") and waits else verdict

    return told


def _undone(facts: StageFacts) -> Verdict:
    if facts.state == "withdrawn":
        return out("withdrawn")
    waits = facts.state == "open" and facts.decision is None
    return out("not-yet" if waits else "ended-without")


def _measure(
    name: str, title: str, says: str, rule: Callable[[StageFacts], Verdict], *reads: str
) -> Measure:
    return Measure(
        name=name,
        title=title,
        says=says,
        source=SOURCES[name],
        rule_set=POLICY,
        population=STAGES,
        reads=(*UNDONE, *reads),
        rule=rule,
        reasons=REASONS,
    )


SOURCES = {
    "acknowledged": "Code 6.2, 6.11",
    "responded": "Code 6.3, 6.14",
    "responded-unextended": "Code 6.3, 6.14",
}

ACKNOWLEDGED = _measure(
    "acknowledged",
    "Acknowledged in time",
    "Of the stages asked for that were acknowledged, or should have been by now: how many were "
    "acknowledged by the day that the policy promises. A letter on paper counts from the day on "
    "which it was posted.",
    _by_policy(lambda facts: facts.acknowledged),
    "acknowledged",
)
RESPONDED = _measure(
    "responded",
    "Answered in time",
    "Of the stages asked for that were answered, or should have been by now: how many were "
    "answered by the day that the policy promises. A date put off by an extension, or agreed with "
    "the resident, counts as promised. A letter on paper counts from the day on which it was "
    "posted.",
    _still_late(_by_policy(lambda facts: facts.responded)),
    "responded",
)
