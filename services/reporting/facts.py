"""What measures are counted from: a few discrete facts about each stage of each complaint. Pure.

They follow from the register's entry and the bank holidays alone. Each has few values, so that a
database can group by them, and a measure is then one rule over a group.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import ConfigDict

from services.reporting import code_times
from services.reporting.awaiting import Awaited, next_step
from services.reporting.code_times import CodeStage, Step
from services.reporting.register import RegisterEntry, StageEntry
from services.shared.events import Decision, Frozen, Tenure
from services.shared.local_time import local_date
from services.shared.working_days import WorkingDays

Timeliness = Literal["in-time", "late", "none"]
"""`none`: it was not done, and so far nothing says that it is late."""

State = Literal["open", "closed", "withdrawn", "refused"]

Extended = Literal["no", "in-time", "late", "untold"]

CODE_NATION: Literal["england"] = "england"
"""The Code binds landlords in England, so its days are counted by England's bank holidays."""


class StageFacts(Frozen):
    """One stage of one complaint. Days are in Europe/London.

    What is still to be done at an open stage has its last day here, and a measure says of the day
    on which it counts whether that has passed. Other stages have none, so groups stay few.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: str
    position: int
    """From 1, in the order in which the complaint went through its stages."""
    stage: str
    code_stage: CodeStage | None
    """Which stage of the Code it stands for; None for one that the Code does not know, and for a
    step that is counted with the next one."""
    received_on: date
    """The day on which the complaint came in, or the stage was asked for. Where a policy takes
    several steps for a stage of the Code, that of the first stands at the last."""
    month: str
    """The month of `received_on`: "2024-04"."""
    policy: str
    channel: str
    category: str | None
    service_area: str | None
    region: str | None
    tenure: Tenure | None
    investigator: str | None
    """Who is, or was last, in charge of this stage."""
    state: State
    """`open` at the last stage of a complaint that has not ended, or whose answer waits to be
    posted; `closed` at those before."""
    refusal_reason: str | None
    decline_reason: str | None
    """Why the request for this stage was declined, if that stands (Code 5.11)."""
    further_declined: str | None
    """Why the request for the next stage was declined, if that stands."""
    acknowledged: Timeliness
    """By the policy."""
    acknowledged_by_code: code_times.Timeliness
    """Within 5 working days of `received_on` (Code 6.2, 6.11)."""
    code_acknowledge_by: date | None
    responded: Timeliness
    """By the policy, with every extension and agreed date."""
    responded_unextended: Timeliness
    """By the policy, as if nothing had been extended or agreed."""
    first_respond_by: date | None
    """The first due date of the policy, where an open stage was put off from it."""
    responded_by_code: code_times.Timeliness
    """Within 10 or 20 working days of the acknowledgement that happened (Code 6.3, 6.14)."""
    code_respond_by: date | None
    code_extended_by: date | None
    """With extensions, as far as the Code allows them (6.4, 6.15)."""
    code_agreed_by: date | None
    """With longer ones to which the resident agreed, too."""
    responded_on: date | None
    decision: Decision | Literal["not-recorded"] | None
    """None while unanswered."""
    extended: Extended
    """Whether the resident was told of every extension inside the time before (Code 6.5)."""
    tell_by: date | None
    """By when the resident is to be told of the first extension of which they were not."""
    escalated: bool
    """Whether the complaint went on to another stage of its policy: one that was asked for and
    declined is none."""
    misses: int
    rungs: int
    overdue: bool
    overdue_since: date | None
    """The due date that passed first of what is still to be done."""
    awaited: Awaited | None
    """What an open stage waits for next that is not answered; None of all others."""
    awaited_by: date | None
    promised: int
    """How many actions its response promised."""
    pence: int
    """What its response pays."""


def stage_facts(entry: RegisterEntry, days: WorkingDays) -> Iterator[StageFacts]:
    """Yields the facts of each stage; `days` are the working days by which the Code counts."""
    seen = [*code_times.steps(entry.stages)]
    for position, (stage, step) in enumerate(zip(entry.stages, seen, strict=True), 1):
        last = position == len(entry.stages)
        next_stage = None if last else entry.stages[position]
        state, decision = _state(entry, stage, last=last), _decision(stage)
        awaited = None
        if state == "open" and decision is None:
            awaited = next_step(stage, entry.status)
        further_declined = next_stage and _declined(entry, next_stage)
        yield StageFacts(
            reference=entry.reference,
            position=position,
            stage=stage.stage,
            policy=entry.policy,
            channel=entry.channel,
            category=entry.category,
            service_area=entry.service_area,
            region=entry.region,
            tenure=entry.tenure,
            investigator=stage.investigator,
            state=state,
            refusal_reason=entry.refusal_reason if last else None,
            decline_reason=_declined(entry, stage),
            further_declined=further_declined,
            escalated=not last and further_declined is None,
            misses=stage.misses,
            rungs=stage.rungs_climbed,
            overdue=last and entry.overdue,
            overdue_since=_overdue_since(stage) if last and entry.overdue else None,
            decision=decision,
            awaited=awaited and awaited.awaited,
            awaited_by=awaited and awaited.by,
            promised=sum(one.stage == stage.stage for one in entry.promises),
            pence=sum(one.pence or 0 for one in entry.remedies if one.stage == stage.stage),
            **_times(stage, step, _ended_on(entry, next_stage, state), days),
        )


def _times(
    stage: StageEntry, step: Step, ended_on: date | None, days: WorkingDays
) -> dict[str, object]:
    """Returns when things were done, and how that was by the policy and by the Code."""
    by_code = code_times.times(step, stage, ended_on, days)
    acknowledged = stage.acknowledged_in_time if code_times.acknowledgement(stage) else None
    unextended, first_respond_by = _unextended(stage, ended_on)
    extended, tell_by = _extended(stage)
    return {
        "code_stage": step.code_stage,
        "received_on": step.begun_on,
        "month": f"{step.begun_on:%Y-%m}",
        "acknowledged": _timely(acknowledged, stage.acknowledge_missed_at),
        "acknowledged_by_code": by_code.acknowledged,
        "code_acknowledge_by": by_code.acknowledge_by,
        "responded": _responded(stage),
        "responded_unextended": unextended,
        "first_respond_by": first_respond_by,
        "responded_by_code": by_code.responded,
        "code_respond_by": by_code.respond_by,
        "code_extended_by": by_code.extended_by,
        "code_agreed_by": by_code.agreed_by,
        "responded_on": code_times.answer(stage),
        "extended": extended,
        "tell_by": tell_by,
    }


def _state(entry: RegisterEntry, stage: StageEntry, *, last: bool) -> State:
    if not last:
        return "closed"
    if entry.status == "closed":
        return "open" if stage.response_to_post else "closed"
    if entry.status == "refused":
        return "refused"
    return "withdrawn" if entry.status == "withdrawn" else "open"


def _ended_on(entry: RegisterEntry, next_stage: StageEntry | None, state: State) -> date | None:
    """Returns when a stage was left for the next, or over with the complaint; None: it is open."""
    if next_stage is not None:
        return local_date(next_stage.requested_at)
    if state == "open" or entry.closed_at is None:
        return None
    return local_date(entry.closed_at)


def _declined(entry: RegisterEntry, stage: StageEntry) -> str | None:
    """Returns why the request for a stage was declined, unless it was considered again since."""
    stands = entry.status == "declined" or (
        entry.status == "closed" and stage.responded_at is None and stage.acknowledged_at is None
    )
    if stage is not entry.stages[-1] or stage.declined_at is None or not stands:
        return None
    return stage.decline_reason


def _timely(in_time: bool | None, missed: object) -> Timeliness:  # noqa: FBT001 — the entry's own field
    if in_time is None:
        return "none" if missed is None else "late"
    return "in-time" if in_time else "late"


def _responded(stage: StageEntry) -> Timeliness:
    in_time = stage.responded_in_time if code_times.answer(stage) else None
    return _timely(in_time, stage.respond_missed_at)


def _unextended(stage: StageEntry, ended_on: date | None) -> tuple[Timeliness, date | None]:
    """Judges the response by the first due date that was set, before anything put it off.

    Also returns that date, while nothing else tells whether it was kept.
    """
    put_off = [day for day in (stage.extended_from, stage.agreed_from) if day is not None]
    as_extended = _responded(stage)
    done_on = code_times.answer(stage) or ended_on
    if not put_off or (done_on is None and as_extended == "late"):
        return as_extended, None
    first = min(put_off)
    if done_on is None:
        return "none", first
    if done_on > first:
        return "late", None
    return ("in-time" if code_times.answer(stage) else as_extended), None


def _decision(stage: StageEntry) -> Decision | Literal["not-recorded"] | None:
    if code_times.answer(stage) is None:
        return None
    return stage.decision or "not-recorded"


def _extended(stage: StageEntry) -> tuple[Extended, date | None]:
    """Returns how the resident was told, and by when it is to be done where it was not."""
    told = [one.told_in_time for one in stage.extensions]
    if not told:
        return "no", None
    if False in told:
        return "late", None
    if None in told:
        return "untold", min(one.was for one in stage.extensions if one.told_on is None)
    return "in-time", None


def _overdue_since(stage: StageEntry) -> date | None:
    waited_for = (
        (stage.acknowledge_missed_at, stage.acknowledged_at, stage.acknowledge_due),
        (stage.contact_missed_at, stage.contacted_at, stage.contact_due),
        (stage.arrange_missed_at, stage.arranged_at, stage.arrange_due),
        (stage.respond_missed_at, stage.responded_at, stage.respond_due),
    )
    undone = [due for missed, done, due in waited_for if missed and not done and due]
    return min(undone, default=None)
