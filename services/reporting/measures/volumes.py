"""How many came in, what was not taken in or taken back, what went on, and what is open now."""

from datetime import date

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, not_met, out
from services.reporting.measures.populations import OPEN_STAGES, STAGES
from services.reporting.measures.rule_sets import CODE, PUTRIGHT

AGES = ((14, "up-to-14-days"), (28, "15-to-28-days"), (56, "29-to-56-days"))
OLDEST = "over-56-days"

AGE_REASONS = {
    "up-to-14-days": "Up to 14 days",
    "15-to-28-days": "15 to 28 days",
    "29-to-56-days": "29 to 56 days",
    OLDEST: "More than 56 days",
}
"""Calendar days, in the order of growing age."""


def received(_facts: StageFacts) -> Verdict:
    """Whatever was asked for, also what was then refused or withdrawn."""
    return met("received")


def refused(facts: StageFacts) -> Verdict:
    """Not taken as a complaint, for a reason of the policy (Code 2.2, 8.1)."""
    if facts.state != "refused":
        return out("taken-in")
    return met(facts.refusal_reason or "no-reason")


def withdrawn(facts: StageFacts) -> Verdict:
    """Taken back by the resident, at this stage."""
    return met("withdrawn") if facts.state == "withdrawn" else out("not-withdrawn")


def escalated(facts: StageFacts) -> Verdict:
    """Of what was answered at stage 1, what went on to another stage (Code 6.10)."""
    if facts.code_stage != "1":
        return out("not-stage-1")
    if facts.escalated:
        return met("went-on")
    if facts.further_declined is not None:
        return not_met("declined")
    return out("not-answered") if facts.decision is None else not_met("not-taken-further")


def declined(facts: StageFacts) -> Verdict:
    """A request for a stage that was declined, for a reason of the policy (Code 5.11, 8.1)."""
    return out("not-declined") if facts.decline_reason is None else met(facts.decline_reason)


def age(days: int) -> str:
    """Returns the reason that stands for an age in calendar days."""
    return next((name for most, name in AGES if days <= most), OLDEST)


def waiting(as_at: date) -> Measure:
    """What is to be answered on a day, by its age in calendar days."""

    def rule(facts: StageFacts) -> Verdict:
        if facts.decision is not None:
            return out("answered")
        return met(age((as_at - facts.received_on).days))

    return Measure(
        name="waiting",
        title="To be answered now",
        says="The stages that are open and not answered, by the days since they were asked for. An "
        "answered stage that the resident may still take further is not among them.",
        source="Code 6.3, 6.14",
        rule_set=PUTRIGHT,
        population=OPEN_STAGES,
        reads=("decision", "received_on"),
        rule=rule,
        reasons={**AGE_REASONS, "answered": "Answered, and still open to the next stage"},
    )


def overdue(as_at: date) -> Measure:
    """What is overdue on a day, by how long it has been, in calendar days."""

    def rule(facts: StageFacts) -> Verdict:
        if facts.decision is not None:
            return out("answered")
        if not facts.overdue:
            return not_met("not-overdue")
        since = facts.overdue_since or facts.received_on
        return met(age((as_at - since).days))

    return Measure(
        name="overdue",
        title="Overdue now",
        says="Of the stages that are open and not answered: how many have missed a clock and not "
        "done since what it waits for, by the days since it was due.",
        source="Code 6.2, 6.3, 6.11, 6.14",
        rule_set=PUTRIGHT,
        population=OPEN_STAGES,
        reads=("decision", "received_on", "overdue", "overdue_since"),
        rule=rule,
        reasons={
            **AGE_REASONS,
            "answered": "Answered, and still open to the next stage",
            "not-overdue": "Nothing is overdue",
        },
    )


RECEIVED = Measure(
    name="received",
    title="Received",
    says="Every stage that was asked for, by the day of that: for the first it is the day on which "
    "the complaint came in. What was refused, declined or withdrawn afterwards is among them.",
    source="Code 8.1, 9.7",
    rule_set=PUTRIGHT,
    population=STAGES,
    reads=(),
    rule=received,
    reasons={"received": "Received"},
)

REFUSED = Measure(
    name="refused",
    title="Not taken as complaints",
    says="What was not taken in as a complaint, by the policy's reason.",
    source="Code 2.2, 2.4, 8.1",
    rule_set=CODE,
    population=STAGES,
    reads=("state", "refusal_reason"),
    rule=refused,
    reasons={"taken-in": "Taken in", "no-reason": "No reason recorded"},
)

DECLINED = Measure(
    name="declined",
    title="Requests declined",
    says="Requests for a stage that were declined, by the policy's reason, unless the request was "
    "considered again since.",
    source="Code 5.11, 8.1",
    rule_set=CODE,
    population=STAGES,
    reads=("decline_reason",),
    rule=declined,
    reasons={"not-declined": "Not declined"},
)

WITHDRAWN = Measure(
    name="withdrawn",
    title="Withdrawn",
    says="What the resident took back.",
    source="Code 8.1",
    rule_set=PUTRIGHT,
    population=STAGES,
    reads=("state",),
    rule=withdrawn,
    reasons={"withdrawn": "Withdrawn", "not-withdrawn": "Not withdrawn"},
)

ESCALATED = Measure(
    name="escalated",
    title="Taken on to the next stage",
    says="Of the complaints received at stage 1 that were answered there, or went on without that: "
    "how many went on to another stage by now. A request for it that was declined did not go on.",
    source="Code 6.10, 8.1",
    rule_set=PUTRIGHT,
    population=STAGES,
    reads=("code_stage", "escalated", "further_declined", "decision"),
    rule=escalated,
    reasons={
        "went-on": "Went on to another stage",
        "declined": "Asked for, and declined",
        "not-taken-further": "Not taken further",
        "not-answered": "Not answered at stage 1",
        "not-stage-1": "Not at stage 1",
    },
)

MEASURES = (RECEIVED, REFUSED, DECLINED, WITHDRAWN, ESCALATED)
