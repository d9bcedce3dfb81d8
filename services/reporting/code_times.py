"""The Complaint Handling Code's own times for each stage of it, from the dates that happened. Pure.

The Code knows two stages and nothing before, between or after them (5.1 to 5.3). So what a policy
does in several steps is one stage here: it begins with the first step, and is answered when the
last is. The last step that was reached stands for it; those before are counted with that one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, NamedTuple

from services.reporting.register import ExtensionEntry, StageEntry
from services.shared.local_time import local_date
from services.shared.working_days import BeyondCalendar, WorkingDays

CodeStage = Literal["1", "2"]

Timeliness = Literal[
    "in-time",
    "extended",
    "extended-by-agreement",
    "extended-beyond-the-code",
    "extension-not-told",
    "late",
    "never",
    "none",
    "with-next-step",
    "unknown",
]
"""How something was done by the Code.

`extended`: after its time, within an extension that the Code allows; `extended-by-agreement`:
within a longer one to which the resident agreed; `extended-beyond-the-code`: within one that is
longer without that; `extension-not-told`: within one of which the resident was not told in time
(6.5). `never`: not done, and it was answered, or its time had passed, when the stage ended.
`none`: not done, and not late when the stage ended; of an open stage its last days tell.
`with-next-step`: counted with the next step of the same stage. `unknown`: beyond the calendar.
"""

CODE_STAGES: Mapping[str, CodeStage] = {
    "first-time-resolution": "1",
    "stage-1": "1",
    "stage-2": "2",
    "panel": "2",
}
"""Of which stage of the Code each step of a policy is a part; any other step is part of none."""

ACKNOWLEDGE_WORKING_DAYS = 5
"""Code 6.2 and 6.11."""

RESPOND_WORKING_DAYS: Mapping[CodeStage, int] = {"1": 10, "2": 20}
"""Code 6.3 and 6.14: from the acknowledgement. An extension is at most as long again, from the
last day of these (6.4, 6.15)."""


class Step(NamedTuple):
    """A step of a policy, as the stage of the Code that it is part of sees it."""

    code_stage: CodeStage | None
    """None too for a step that is counted with the next one."""
    superseded: bool
    """Whether the next step stands for the stage."""
    begun_on: date
    """When the stage of the Code began, or else the step itself."""
    acknowledged_on: date | None
    """When the stage was acknowledged first, at this step or one before."""


class Times(NamedTuple):
    """How a stage was acknowledged and answered, and until when it can be.

    The days are None unless the stage is open and the thing undone.
    """

    acknowledged: Timeliness
    responded: Timeliness
    acknowledge_by: date | None = None
    respond_by: date | None = None
    """Without any extension."""
    extended_by: date | None = None
    """With what the Code allows of the extensions."""
    agreed_by: date | None = None
    """With longer extensions to which the resident agreed, too."""


def steps(stages: Sequence[StageEntry]) -> Iterator[Step]:
    """Yields each stage of a complaint, in order, as the Code sees it."""
    for code_stage, run in groupby(stages, lambda stage: CODE_STAGES.get(stage.stage)):
        held = list(run)
        acknowledged_on = None
        for at, stage in enumerate(held, 1):
            acknowledged_on = acknowledged_on or acknowledgement(stage)
            superseded = code_stage is not None and at < len(held)
            alone = code_stage is None or superseded
            yield Step(
                None if alone else code_stage,
                superseded,
                local_date((stage if alone else held[0]).requested_at),
                acknowledged_on,
            )


def acknowledgement(stage: StageEntry) -> date | None:
    """Returns the day of the acknowledgement; a letter on paper is none before it is posted."""
    if stage.acknowledged_at is None or stage.acknowledgement_to_post:
        return None
    return local_date(stage.acknowledged_at)


def answer(stage: StageEntry) -> date | None:
    """Returns the day of the answer; a letter on paper is none before it is posted."""
    if stage.responded_at is None or stage.response_to_post:
        return None
    return local_date(stage.responded_at)


def times(step: Step, stage: StageEntry, ended_on: date | None, days: WorkingDays) -> Times:
    """Judges a stage that ended on a day, or is open (None), by the working days of `days`."""
    if step.code_stage is None:
        nothing: Timeliness = "with-next-step" if step.superseded else "none"
        return Times(nothing, nothing)
    judged = _Judged(step.code_stage, step, answer(stage), ended_on, days)
    acknowledged, acknowledge_by = judged.acknowledged()
    limits = judged.limits(stage.extensions)
    if limits is None:
        return Times(acknowledged, "unknown", acknowledge_by)
    if judged.answered_on is not None:
        return Times(acknowledged, limits.judge(judged.answered_on), acknowledge_by)
    if ended_on is not None:
        over = limits.judge(ended_on) not in IN_TIME
        return Times(acknowledged, "never" if over else "none")
    return Times(
        acknowledged, "none", acknowledge_by, limits.unextended, limits.allowed, limits.agreed
    )


IN_TIME: frozenset[Timeliness] = frozenset({"in-time", "extended", "extended-by-agreement"})
"""What a stage that ended without an answer cannot be blamed for."""


class Limits(NamedTuple):
    """The last days on which an answer is in time, as different readings have them."""

    unextended: date
    allowed: date
    agreed: date
    told: date
    """With every extension of which the resident was told in time."""
    extended: date
    """With every extension."""

    def judge(self, on: date) -> Timeliness:
        """Judges an answer of that day."""
        by: tuple[tuple[date, Timeliness], ...] = (
            (self.unextended, "in-time"),
            (self.allowed, "extended"),
            (self.agreed, "extended-by-agreement"),
            (self.told, "extended-beyond-the-code"),
            (self.extended, "extension-not-told"),
        )
        return next((timeliness for latest, timeliness in by if on <= latest), "late")


@dataclass(frozen=True)
class _Judged:
    code_stage: CodeStage
    step: Step
    answered_on: date | None
    ended_on: date | None
    days: WorkingDays

    def acknowledged(self) -> tuple[Timeliness, date | None]:
        """Judges the acknowledgement, with the day by which it is to be made if it still is."""
        done_on = self.step.acknowledged_on
        if done_on is None and self.answered_on is not None:
            return "never", None
        try:
            latest = self.days.after(self.step.begun_on, ACKNOWLEDGE_WORKING_DAYS)
        except BeyondCalendar:
            return "unknown", None
        if done_on is not None:
            return ("in-time" if done_on <= latest else "late"), None
        if self.ended_on is not None:
            return ("never" if self.ended_on > latest else "none"), None
        return "none", latest

    def limits(self, extensions: Sequence[ExtensionEntry]) -> Limits | None:
        """Returns by when it is to be answered; None beyond the calendar."""
        length = RESPOND_WORKING_DAYS[self.code_stage]
        # What was never acknowledged has no day to count from but the first.
        began = self.step.acknowledged_on or self.step.begun_on
        over_on = self.answered_on or self.ended_on
        try:
            due = self.days.after(began if over_on is None else min(began, over_on), length)
            longest = self.days.after(due, length) if extensions else due
        except BeyondCalendar:
            return None
        return _extended(due, longest, extensions)


def _extended(due: date, longest: date, extensions: Sequence[ExtensionEntry]) -> Limits:
    """Puts the extensions together, each told of while the time before it still ran.

    One of which nobody was told in time breaks the chain: what follows puts off a day that the
    resident never had.
    """
    allowed = agreed = told = due
    unbroken = True
    for one in extensions:
        in_time = one.told_on is not None and one.told_on <= min(one.was, told)
        unbroken = unbroken and in_time
        if not unbroken:
            continue
        told = max(told, one.until)
        allowed = max(allowed, min(one.until, longest))
        agreed = max(agreed, allowed, one.until if one.agreed_on else allowed)
    extended = max((one.until for one in extensions), default=due)
    return Limits(due, allowed, agreed, told, max(told, extended))
