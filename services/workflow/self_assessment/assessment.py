"""A policy read against the Housing Ombudsman's Code: what is met, and where that stands."""

from services.shared.events import Frozen
from services.workflow.policies import PolicyFile
from services.workflow.self_assessment import policy_judgements, stage_judgements, time_judgements
from services.workflow.self_assessment.judgement import Check, Judgement, Verdict
from services.workflow.self_assessment.provisions import PROVISIONS

CHECKS: dict[str, Check] = {
    **policy_judgements.CHECKS,
    **stage_judgements.CHECKS,
    **time_judgements.CHECKS,
}
"""The provisions that a policy file can show something of; all others a person judges."""

FOR_A_PERSON = Judgement("judge")


class Finding(Frozen):
    """What the self-assessment says of one provision, or of one rule that it covers."""

    provision: str
    """The provision's number in the Code, such as "6.12"."""
    verdict: Verdict
    words: str
    """What the Code asks, in our own words."""
    value: str | None
    """What the policy says, as people would read it; None where it says nothing of this."""
    line: int | None
    """The line of the policy file on which the value stands, from 1."""


def assess(file: PolicyFile) -> tuple[Finding, ...]:
    """Judges a policy against each provision of the Code, in its order; one may have several."""
    return tuple(
        _finding(file, number, judgement)
        for number in PROVISIONS
        for judgement in (CHECKS[number](file.rules) if number in CHECKS else (FOR_A_PERSON,))
    )


def complies(findings: tuple[Finding, ...]) -> bool:
    """Returns whether no provision is `not-met`."""
    return all(finding.verdict != "not-met" for finding in findings)


def _finding(file: PolicyFile, number: str, judgement: Judgement) -> Finding:
    return Finding(
        provision=number,
        verdict=judgement.verdict,
        words=judgement.words or PROVISIONS[number],
        value=judgement.value,
        line=None if judgement.place is None else file.source.line(judgement.place),
    )
