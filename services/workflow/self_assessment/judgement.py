"""What is found about one provision of the Code, and when it may be said.

`met` and `not-met` are said only of what the policy file shows by itself. Where the landlord's
document is silent the provision is `not-stated`, our reading of the silence included; what takes
reading and weighing is for a person to `judge`.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from services.workflow.policy import Policy, Whereto
from services.workflow.self_assessment.span_comparison import Comparison
from services.workflow.stages import Rule
from services.workflow.toml_source import Place

Verdict = Literal["met", "not-met", "not-stated", "judge"]


class Judgement(NamedTuple):
    """A verdict on one provision, or on one rule that it covers."""

    verdict: Verdict
    value: str | None = None
    """What the policy says, as people would read it."""
    place: Place | None = None
    """Where in the policy file the value stands."""
    words: str | None = None
    """What this rule asks, where the provision asks several things; else the provision's words."""

    def by(self, *rules: Rule) -> "Judgement":
        """Returns this judgement of stated rules, and `not-stated` where one is our reading."""
        key = self.place[-1] if self.place else None
        if all(rule.stated and key not in rule.readings for rule in rules):
            return self
        return self._replace(verdict="not-stated", value=f"our reading: {self.value}")


Check = Callable[[Policy], Iterable[Judgement]]
"""Judges a policy against one provision: at least one judgement."""

NOT_STATED = Judgement("not-stated")


BY_LENGTH: dict[Comparison, Verdict] = {"within": "met", "beyond": "not-met", "depends": "judge"}
"""The verdict on a time that must end within another."""


def met_if(condition: bool) -> Verdict:  # noqa: FBT001 — the question is the argument
    """Returns `met` or `not-met`."""
    return "met" if condition else "not-met"


def ombudsman_in(policy: Policy, *, stage: str, notice: str) -> Whereto | None:
    """Returns the signpost by which such letters of a stage name the Housing Ombudsman, or None."""
    for signpost in policy.signposts:
        if (
            "housing ombudsman" in signpost.name.lower()
            and (not signpost.stages or stage in signpost.stages)
            and (not signpost.notices or notice in signpost.notices)
        ):
            return signpost
    return None
