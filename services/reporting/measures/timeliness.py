"""Whether complaints were acknowledged and answered in time by the Code, beside the policy's times.

What is still to be done is judged as if it were done on the day on which it is counted.
"""

from collections.abc import Callable, Iterator
from datetime import date

from services.reporting.code_times import Timeliness
from services.reporting.facts import StageFacts
from services.reporting.measures import policy_times
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.policy_times import not_taken_in
from services.reporting.measures.populations import STAGES
from services.reporting.measures.rule_sets import CODE
from services.reporting.measures.switches import Switches

EXTENDED = {
    "extended": "Within an extension that the Code allows",
    "extended-by-agreement": "Within a longer extension to which the resident agreed",
    "extended-beyond-the-code": "Within an extension longer than the Code allows",
    "extension-not-told": "Within an extension of which the resident was not told in time",
}
"""How an answer after its time can be within an extension."""

REASONS = {
    **policy_times.REASONS,
    **EXTENDED,
    "unanswered": "Not answered, for whatever reason",
    "never-acknowledged": "Never acknowledged",
    "never-answered": "Never answered, and its time had passed when it ended",
    "with-next-step": "Counted with the next step of the same stage of the Code",
    "not-of-the-code": "A stage that the Code does not know",
    "beyond-calendar": "Before or after the calendar of bank holidays",
}


def measures(as_at: date, switches: Switches) -> Iterator[Measure]:
    """Yields every measure of times, as they judge on a day, with the landlord's switches."""
    yield policy_times.ACKNOWLEDGED
    yield acknowledged_by_code(as_at)
    yield policy_times.RESPONDED
    yield policy_times.responded_unextended(as_at)
    yield responded_by_code(as_at, switches)
    yield responded_by_code_unextended(as_at)
    yield answered_of_received(switches)


def counts_as_within(timeliness: Timeliness, switches: Switches) -> bool:
    """Tells whether an answer was within the Code's time, or an extension that it allows."""
    agreed = timeliness == "extended-by-agreement" and switches.agreed_extensions_count
    return agreed or timeliness in {"in-time", "extended"}


def acknowledged_by_code(as_at: date) -> Measure:
    """Within 5 working days (Code 6.2, 6.11)."""

    def rule(facts: StageFacts) -> Verdict:
        left_out = _not_of_the_code(facts, facts.acknowledged_by_code) or not_taken_in(facts)
        if left_out is not None:
            return left_out
        match facts.acknowledged_by_code:
            case "in-time":
                return met("in-time")
            case "never":
                return not_met("never-acknowledged")
            case "none":
                return _undone_by(facts, facts.code_acknowledge_by, as_at)
            case _:
                return not_met("late")

    return _measure(
        "acknowledged-by-code",
        "Acknowledged within 5 working days",
        "Code 6.2, 6.11",
        rule,
        *(*BY_CODE, "acknowledged_by_code", "code_acknowledge_by"),
    )


def responded_by_code(as_at: date, switches: Switches) -> Measure:
    """Within 10 or 20 working days of the acknowledgement, or an extension (Code 6.3–6.5, 6.14)."""
    agreed = switches.agreed_extensions_count

    def rule(facts: StageFacts) -> Verdict:
        latest = facts.code_agreed_by if agreed else facts.code_extended_by
        return _answered(
            facts, latest, as_at, within=counts_as_within(facts.responded_by_code, switches)
        )

    return _measure(
        "responded-by-code",
        "Answered within the Code's time",
        "Code 6.3, 6.4, 6.5, 6.14, 6.15",
        rule,
        *(*BY_CODE, "responded_by_code", "code_extended_by", "code_agreed_by"),
        says=SAYS["responded-by-code"] + says_of_extensions(switches),
    )


def responded_by_code_unextended(as_at: date) -> Measure:
    """Within 10 or 20 working days of the acknowledgement, extensions not counted."""

    def rule(facts: StageFacts) -> Verdict:
        within = facts.responded_by_code == "in-time"
        return _answered(facts, facts.code_respond_by, as_at, within=within)

    return _measure(
        "responded-by-code-unextended",
        "Answered within the Code's time, extensions not counted",
        "Code 6.3, 6.14",
        rule,
        *(*BY_CODE, "responded_by_code", "code_respond_by"),
    )


def answered_of_received(switches: Switches) -> Measure:
    """Within the Code's time or an extension, of all that were asked for."""

    def rule(facts: StageFacts) -> Verdict:
        left_out = _not_of_the_code(facts, facts.responded_by_code)
        if left_out is not None:
            return left_out
        return of_all(facts.responded_by_code, switches)

    return _measure(
        "answered-of-received",
        "Answered within the Code's time, of all received",
        "Code 6.3, 6.4, 6.5, 6.14, 6.15",
        rule,
        *("code_stage", "responded_by_code"),
        says=SAYS["answered-of-received"] + says_of_extensions(switches),
    )


def of_all(timeliness: Timeliness, switches: Switches) -> Verdict:
    """Judges an answer by the Code; without one it counts against the landlord."""
    if timeliness in {"none", "never"}:
        return not_met("unanswered")
    return met(timeliness) if counts_as_within(timeliness, switches) else not_met(timeliness)


def says_of_extensions(switches: Switches) -> str:
    """Returns the sentence on how the disputed extensions are counted."""
    counts = "counts" if switches.agreed_extensions_count else "does not count"
    return f" An extension by more days than these, to which the resident agreed, {counts}."


def _answered(facts: StageFacts, latest: date | None, as_at: date, *, within: bool) -> Verdict:
    """Judges an answer by the Code; one that is still to come is in time up to `latest`."""
    left_out = _not_of_the_code(facts, facts.responded_by_code) or not_taken_in(facts)
    if left_out is not None:
        return left_out
    match facts.responded_by_code:
        case "never":
            return not_met("never-answered")
        case "none":
            return _undone_by(facts, latest, as_at)
        case timeliness:
            return met(timeliness) if within else not_met(timeliness)


def _not_of_the_code(facts: StageFacts, timeliness: Timeliness) -> Verdict | None:
    if timeliness == "with-next-step":
        return out("with-next-step")
    if facts.code_stage is None:
        return out("not-of-the-code")
    return out("beyond-calendar") if timeliness == "unknown" else None


def _undone_by(facts: StageFacts, latest: date | None, as_at: date) -> Verdict:
    """Judges what is undone by the Code: open and to be done by a day, or over without it."""
    if facts.state == "open" and latest is not None:
        return not_met("late-undone") if latest < as_at else out("not-yet")
    return out("withdrawn" if facts.state == "withdrawn" else "ended-without")


def _measure(
    name: str,
    title: str,
    source: str,
    rule: Callable[[StageFacts], Verdict],
    *reads: str,
    says: str | None = None,
) -> Measure:
    return Measure(
        name=name,
        title=title,
        says=says or SAYS[name],
        source=source,
        rule_set=CODE,
        population=STAGES,
        reads=reads,
        rule=rule,
        reasons=REASONS,
    )


BY_CODE = ("code_stage", "state", "decline_reason")

SAYS = {
    "acknowledged-by-code": "The same, within 5 working days of the receipt, or of the request for "
    "stage 2. What was answered without an acknowledgement was never acknowledged.",
    "responded-by-code": "The same within 10 working days of the acknowledgement at stage 1, and "
    "20 at stage 2. An answer within an extension counts as in time if the resident was told of it "
    "inside the time before, and up to 10 working days more at stage 1 and 20 at stage 2.",
    "answered-of-received": "Of all stages asked for, whatever became of them: how many were "
    "answered within the Code's time, or an extension that the Code allows.",
    "responded-by-code-unextended": "The same within 10 or 20 working days, an answer within an "
    "extension counted as late.",
}
