"""Which of a policy's stages the Code would call stage 1 and stage 2, and checks of just those."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.workflow.policy import Policy
from services.workflow.self_assessment.judgement import NOT_STATED, Check, Judgement
from services.workflow.stages import Stage

StageCheck = Callable[[Policy, Stage], Iterator[Judgement]]
"""Judges one stage of a policy."""


class CodeStages(NamedTuple):
    """A policy's stages as the Code would call them."""

    informal: tuple[Stage, ...]
    """What comes before stage 1: whatever a complaint leaves by itself when it is not resolved."""
    first: Stage
    later: tuple[Stage, ...]
    """Stage 2, and all that comes after it."""

    @property
    def second(self) -> Stage | None:
        """Stage 2, or None where the policy has none."""
        return self.later[0] if self.later else None


def code_stages(policy: Policy) -> CodeStages:
    """Returns which stages of the policy are the Code's stage 1 and stage 2."""
    formal = max(
        (at for at, each in enumerate(policy.stages) if each.admission == "when-not-resolved"),
        default=0,
    )
    first, *later = policy.stages[formal:]
    return CodeStages(policy.stages[:formal], first, tuple(later))


def of_stage_1(check: StageCheck) -> Check:
    """Returns a check of a policy's stage 1."""

    def judge(policy: Policy) -> Iterator[Judgement]:
        yield from check(policy, code_stages(policy).first)

    return judge


def of_stage_2(check: StageCheck) -> Check:
    """Returns a check of a policy's stage 2; a policy without one is silent."""

    def judge(policy: Policy) -> Iterator[Judgement]:
        second = code_stages(policy).second
        if second is None:
            yield NOT_STATED
        else:
            yield from check(policy, second)

    return judge


def of_stage_2_on(check: StageCheck) -> Check:
    """Returns a check of stage 2 and what comes after it: the Code gives no more time for that."""

    def judge(policy: Policy) -> Iterator[Judgement]:
        yield from of_stage_2(check)(policy)
        for stage in code_stages(policy).later[1:]:
            yield from (found for found in check(policy, stage) if found != NOT_STATED)

    return judge
