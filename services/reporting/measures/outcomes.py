"""What complaints led to: decisions, remedies and compensation, promised actions kept."""

from datetime import date

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import PROMISES, REMEDIES, STAGES
from services.reporting.measures.rule_sets import CODE
from services.reporting.tables import PromiseFactsRow, RemedyFactsRow

DECISIONS = {
    "upheld": "Upheld",
    "partially-upheld": "Partially upheld",
    "not-upheld": "Not upheld",
}

REMEDY_KINDS = {
    "acknowledgement": "Said what went wrong",
    "apology": "Apologised",
    "explanation": "Explained",
    "action": "Acted",
    "changed-decision": "Changed a decision",
    "corrected-record": "Corrected a record",
    "changed-practice": "Changed a practice",
    "payment": "Paid",
}


def decided(facts: StageFacts) -> Verdict:
    """Of what was answered, whether its outcome was recorded, and which it was (Code 6.9, 8.1)."""
    if facts.decision is None:
        return out("not-answered")
    return not_met("not-recorded") if facts.decision == "not-recorded" else met(facts.decision)


def remedied(facts: RemedyFactsRow) -> Verdict:
    """What was given or done to put things right (Code 7.1)."""
    return met(facts.kind)


def paid(facts: RemedyFactsRow) -> Verdict:
    """Compensation: each payment that a response gave (Code 7.1)."""
    return met("payment") if facts.kind == "payment" else out("not-a-payment")


def promises_kept(as_at: date) -> Measure:
    """Whether promised actions were done by their day, as things stand on `as_at` (Code 6.6)."""

    def rule(facts: PromiseFactsRow) -> Verdict:
        if facts.done_on is not None:
            return met("in-time") if facts.done_on <= facts.by else not_met("late")
        return not_met("late-undone") if facts.by < as_at else out("not-yet")

    return Measure(
        name="promises-kept",
        title="Promised actions done in time",
        says="Of the actions that responses promised and that were done, or should have been by "
        "now: how many were done by the promised day.",
        source="Code 6.6, 7.2–7.4",
        rule_set=CODE,
        population=PROMISES,
        reads=("by", "done_on"),
        rule=rule,
        reasons={
            "in-time": "Done in time",
            "late": "Done late",
            "late-undone": "Late, and still to be done",
            "not-yet": "Still to be done, and not late",
        },
    )


OUTCOMES = Measure(
    name="outcomes",
    title="Outcomes recorded",
    says="Of the stages that were answered: of how many the outcome is recorded, and which it is.",
    source="Code 6.9, 6.17, 8.1",
    rule_set=CODE,
    population=STAGES,
    reads=("decision",),
    rule=decided,
    reasons={
        **DECISIONS,
        "not-recorded": "Answered, and the outcome was not recorded",
        "not-answered": "Not answered",
    },
)

REMEDIED = Measure(
    name="remedies",
    title="Remedies",
    says="What responses gave or did to put things right, by kind.",
    source="Code 7.1–7.4",
    rule_set=CODE,
    population=REMEDIES,
    reads=("kind",),
    rule=remedied,
    reasons=REMEDY_KINDS,
)

COMPENSATION = Measure(
    name="compensation",
    title="Compensation",
    says="Each payment that a response gave, and what they come to in pence.",
    source="Code 7.1",
    rule_set=CODE,
    population=REMEDIES,
    reads=("kind",),
    rule=paid,
    reasons={"payment": "A payment", "not-a-payment": "A remedy without a payment"},
    amount="pence",
)

MEASURES = (OUTCOMES, REMEDIED, COMPENSATION)
