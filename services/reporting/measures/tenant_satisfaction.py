"""The Tenant Satisfaction Measures that come from complaints: CH01, CH02 and TP09.

Rented homes and shared ownership are never counted together. What the Regulator's text leaves open
is a switch, and the sentence of each measure says how it is set.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from services.reporting.facts import StageFacts
from services.reporting.measures.measure import Measure, Verdict, met, out
from services.reporting.measures.populations import STAGES, SURVEYS
from services.reporting.measures.rule_sets import TENANT_SATISFACTION
from services.reporting.measures.satisfaction import ANSWERS, satisfied
from services.reporting.measures.switches import Switches
from services.reporting.measures.timeliness import EXTENDED, of_all, says_of_extensions
from services.reporting.tables import SurveyFactsRow
from services.shared.events import Tenure

RELEVANT: tuple[Tenure, ...] = ("rented", "shared-ownership")
"""LCRA and LCHO, as the Regulator calls them."""

TENURES = {
    "rented": "Rented homes (LCRA)",
    "shared-ownership": "Shared ownership (LCHO)",
    "other": "Other homes, or none",
}

STAGES_OF_THE_CODE: tuple[Literal["1", "2"], ...] = ("1", "2")

REASONS = {
    "received": "Received",
    "in-time": "Within the Code's time",
    **EXTENDED,
    "late": "Late",
    "unanswered": "Not answered",
    "refused": "Not taken as a complaint",
    "declined": "The request for the stage was declined",
    "withdrawn": "Withdrawn",
    "complained-earlier": "Complained more than 12 months before",
    "tenure-not-recorded": "Nobody recorded how the home is held",
    "not-a-relevant-home": "Not a home that the measure is about",
    "not-this-stage": "Not at this stage of the Code",
    "beyond-calendar": "Before or after the calendar of bank holidays",
    **ANSWERS,
}


def measures(switches: Switches) -> Iterator[Measure]:
    """Yields CH01 and CH02 for both stages, and TP09."""
    for stage in STAGES_OF_THE_CODE:
        yield _received(stage, switches)
    for stage in STAGES_OF_THE_CODE:
        yield _in_time(stage, switches)
    yield TP09


def per_1000_homes(complaints: int, homes: int) -> Decimal | None:
    """Returns complaints per 1,000 homes with one decimal, rounded half up; None without homes."""
    if not homes:
        return None
    return (Decimal(complaints) * 1000 / homes).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _left_out(facts: StageFacts, stage: str, switches: Switches) -> Verdict | None:
    if facts.code_stage != stage:
        return out("not-this-stage")
    if facts.state == "refused" and not switches.refused_count:
        return out("refused")
    if facts.decline_reason is not None and not switches.declined_count:
        return out("declined")
    if facts.state == "withdrawn" and not switches.withdrawn_count:
        return out("withdrawn")
    return _not_relevant(facts)


def _not_relevant(facts: StageFacts | SurveyFactsRow) -> Verdict | None:
    if facts.tenure is None:
        return out("tenure-not-recorded")
    return None if facts.tenure in RELEVANT else out("not-a-relevant-home")


def _received(stage: Literal["1", "2"], switches: Switches) -> Measure:
    def rule(facts: StageFacts) -> Verdict:
        return _left_out(facts, stage, switches) or met("received")

    return Measure(
        name=f"ch01-{stage}",
        title=f"CH01 ({stage}): stage {stage} complaints received",
        says=f"Stage {stage} complaints received, shown for 1,000 relevant homes. "
        f"{_says(switches)}",
        source=f"TSM CH01 ({stage})",
        rule_set=TENANT_SATISFACTION,
        population=STAGES,
        reads=("code_stage", "state", "decline_reason", "tenure"),
        rule=rule,
        reasons=REASONS,
        apart="tenure",
    )


def _in_time(stage: Literal["1", "2"], switches: Switches) -> Measure:
    def rule(facts: StageFacts) -> Verdict:
        left_out = _left_out(facts, stage, switches)
        if left_out is not None:
            return left_out
        if facts.responded_by_code == "unknown":
            return out("beyond-calendar")
        verdict = of_all(facts.responded_by_code, switches)
        unanswered = verdict.reason == "unanswered"
        return out("unanswered") if unanswered and switches.ch02_of == "responded" else verdict

    return Measure(
        name=f"ch02-{stage}",
        title=f"CH02 ({stage}): stage {stage} complaints answered within the Code's time",
        says=f"Of the stage {stage} complaints {switches.ch02_of}: how many were answered within "
        "the Code's time, extensions that it allows counted as within."
        f"{says_of_extensions(switches)} {_says(switches)}",
        source=f"TSM CH02 ({stage})",
        rule_set=TENANT_SATISFACTION,
        population=STAGES,
        reads=("code_stage", "state", "decline_reason", "tenure", "responded_by_code"),
        rule=rule,
        reasons=REASONS,
        apart="tenure",
    )


def _says(switches: Switches) -> str:
    refused = "count" if switches.refused_count else "do not count"
    withdrawn = "count" if switches.withdrawn_count else "do not count"
    declined = "count" if switches.declined_count else "do not count"
    return (
        f"Complaints that were refused {refused}, requests for stage 2 that were declined "
        f"{declined}, complaints that were withdrawn {withdrawn}."
    )


def _tp09(facts: SurveyFactsRow) -> Verdict:
    if facts.complained_earlier:
        return out("complained-earlier")
    return _not_relevant(facts) or satisfied(facts)


TP09 = Measure(
    name="tp09",
    title="TP09: satisfied with the landlord's way of handling complaints",
    says="Of those in relevant homes who complained in the last 12 months and answered the survey: "
    "how many are very or fairly satisfied. Of one complaint the answer recorded last counts.",
    source="TSM TP09",
    rule_set=TENANT_SATISFACTION,
    population=SURVEYS,
    reads=("satisfaction", "tenure", "complained_earlier"),
    rule=_tp09,
    reasons=REASONS,
    apart="tenure",
)
