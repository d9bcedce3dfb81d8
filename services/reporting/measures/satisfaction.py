"""What people said: how satisfied they are with how complaints are handled, and other feedback."""

from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import FEEDBACK, SURVEYS
from services.reporting.measures.rule_sets import PUTRIGHT
from services.reporting.tables import FeedbackRow, SurveyFactsRow

SATISFIED = frozenset({"very-satisfied", "fairly-satisfied"})

ANSWERS = {
    "very-satisfied": "Very satisfied",
    "fairly-satisfied": "Fairly satisfied",
    "neither": "Neither satisfied nor dissatisfied",
    "fairly-dissatisfied": "Fairly dissatisfied",
    "very-dissatisfied": "Very dissatisfied",
}

FEEDBACK_KINDS = {
    "compliment": "A compliment",
    "comment": "A comment",
    "service-request": "A request for a service",
    "anti-social-behaviour": "A report of anti-social behaviour",
}


def satisfied(facts: SurveyFactsRow) -> Verdict:
    """Very or fairly satisfied, of everybody who answered."""
    answer = facts.satisfaction
    return met(answer) if answer in SATISFIED else not_met(answer)


def complimented(facts: FeedbackRow) -> Verdict:
    """A compliment."""
    return met(facts.kind) if facts.kind == "compliment" else out(facts.kind)


def other_feedback(facts: FeedbackRow) -> Verdict:
    """Feedback that is neither a complaint nor a compliment (Code 1.4)."""
    return out(facts.kind) if facts.kind == "compliment" else met(facts.kind)


SATISFACTION = Measure(
    name="satisfaction",
    title="Satisfied with how complaints are handled",
    says="Of everybody who answered the survey: how many are very or fairly satisfied. Of one "
    "complaint the answer recorded last counts.",
    source="Code 8.1, 9.1",
    rule_set=PUTRIGHT,
    population=SURVEYS,
    reads=("satisfaction",),
    rule=satisfied,
    reasons=ANSWERS,
)

COMPLIMENTS = Measure(
    name="compliments",
    title="Compliments",
    says="Compliments that came in.",
    source="",
    rule_set=PUTRIGHT,
    population=FEEDBACK,
    reads=("kind",),
    rule=complimented,
    reasons=FEEDBACK_KINDS,
)

OTHER_FEEDBACK = Measure(
    name="other-feedback",
    title="Other feedback",
    says="Comments, requests for a service and reports of anti-social behaviour: what came in and "
    "is no complaint.",
    source="Code 1.4, 1.5",
    rule_set=PUTRIGHT,
    population=FEEDBACK,
    reads=("kind",),
    rule=other_feedback,
    reasons=FEEDBACK_KINDS,
)

MEASURES = (SATISFACTION, COMPLIMENTS, OTHER_FEEDBACK)
