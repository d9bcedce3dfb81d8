"""What measures are counted from: a few discrete facts about each stage of each complaint. Pure.

They follow from the register's entry and the bank holidays alone. Each has few values, so that a
database can group by them, and a measure is then one rule over a group.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import ConfigDict

from services.reporting.register import RegisterEntry, StageEntry
from services.shared.events import Decision, Frozen, Tenure
from services.shared.local_time import local_date
from services.shared.working_days import BeyondCalendar, WorkingDays

Timeliness = Literal["in-time", "late", "none"]
"""`none`: it was not done, and so far nothing says that it is late."""

CodeTimeliness = Literal["in-time", "extended", "late", "none", "unknown"]
"""By the dates that happened. `extended`: within an extension; `unknown`: beyond the calendar."""

State = Literal["open", "closed", "withdrawn", "refused"]

CODE_STAGES: Mapping[str, Literal["1", "2"]] = {"stage-1": "1", "stage-2": "2"}
"""The stages of policies that are stages of the Code; what comes before or after them is none."""

ACKNOWLEDGE_WORKING_DAYS = 5
"""Code 6.2 and 6.11."""

RESPOND_WORKING_DAYS: Mapping[str, int] = {"1": 10, "2": 20}
"""Code 6.3 and 6.14: from the acknowledgement."""

CODE_NATION: Literal["england"] = "england"
"""The Code binds landlords in England, so its days are counted by England's bank holidays."""


class StageFacts(Frozen):
    """One stage of one complaint. Days are in Europe/London."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: str
    position: int
    """From 1, in the order in which the complaint went through its stages."""
    stage: str
    code_stage: Literal["1", "2"] | None
    """Which stage of the Code it is; None for one that the Code does not know."""
    received_on: date
    """The day on which the complaint came in, or the stage was asked for."""
    month: str
    """The month of `received_on`: "2024-04"."""
    policy: str
    channel: str
    category: str | None
    service_area: str | None
    region: str | None
    tenure: Tenure | None
    investigator: str | None
    """Who is in charge now, at the last stage; None at those before."""
    state: State
    """`open` at the last stage of a complaint that has not ended; `closed` at those before."""
    refusal_reason: str | None
    acknowledged: Timeliness
    """By the policy."""
    acknowledged_by_code: CodeTimeliness
    """Within 5 working days of `received_on` (Code 6.2, 6.11)."""
    responded: Timeliness
    """By the policy, with every extension and agreed date."""
    responded_unextended: Timeliness
    """By the policy, as if nothing had been extended or agreed."""
    responded_by_code: CodeTimeliness
    """Within 10 or 20 working days of the acknowledgement that happened (Code 6.3, 6.14)."""
    responded_on: date | None
    decision: Decision | Literal["not-recorded"] | None
    """None while unanswered."""
    extended: Literal["no", "in-time", "late", "untold"]
    """Whether the resident was told of every extension inside the time before (Code 6.5)."""
    escalated: bool
    """Whether the complaint went on to another stage of its policy."""
    misses: int
    rungs: int
    overdue: bool
    overdue_since: date | None
    """The due date that passed first of what is still to be done."""
    promised: int
    """How many actions its response promised."""
    pence: int
    """What its response pays."""


def stage_facts(entry: RegisterEntry, days: WorkingDays) -> Iterator[StageFacts]:
    """Yields the facts of each stage; `days` are the working days by which the Code counts."""
    for position, stage in enumerate(entry.stages, 1):
        last = position == len(entry.stages)
        code_stage = CODE_STAGES.get(stage.stage)
        received_on = local_date(stage.requested_at)
        yield StageFacts(
            reference=entry.reference,
            position=position,
            stage=stage.stage,
            code_stage=code_stage,
            received_on=received_on,
            month=f"{received_on:%Y-%m}",
            policy=entry.policy,
            channel=entry.channel,
            category=entry.category,
            service_area=entry.service_area,
            region=entry.region,
            tenure=entry.tenure,
            investigator=entry.investigator if last else None,
            state=_state(entry, last=last),
            refusal_reason=entry.refusal_reason if last else None,
            acknowledged=_timely(stage.acknowledged_in_time, stage.acknowledge_missed_at),
            acknowledged_by_code=_acknowledged_by_code(stage, received_on, code_stage, days),
            responded=_timely(stage.responded_in_time, stage.respond_missed_at),
            responded_unextended=_unextended(stage),
            responded_by_code=_responded_by_code(stage, received_on, code_stage, days),
            responded_on=None if stage.responded_at is None else local_date(stage.responded_at),
            decision=_decision(stage),
            extended=_extended(stage),
            escalated=not last,
            misses=stage.misses,
            rungs=stage.rungs_climbed,
            overdue=last and entry.overdue,
            overdue_since=_overdue_since(stage) if last and entry.overdue else None,
            promised=sum(one.stage == stage.stage for one in entry.promises),
            pence=sum(one.pence or 0 for one in entry.remedies if one.stage == stage.stage),
        )


def _state(entry: RegisterEntry, *, last: bool) -> State:
    if not last or entry.status == "closed":
        return "closed"
    if entry.status == "refused":
        return "refused"
    return "withdrawn" if entry.status == "withdrawn" else "open"


def _timely(in_time: bool | None, missed: object) -> Timeliness:  # noqa: FBT001 — the entry's own field
    if in_time is None:
        return "none" if missed is None else "late"
    return "in-time" if in_time else "late"


def _unextended(stage: StageEntry) -> Timeliness:
    """Judges the response by the first due date that was set, before anything put it off."""
    put_off = [day for day in (stage.extended_from, stage.agreed_from) if day is not None]
    if stage.responded_at is None or not put_off:
        return _timely(stage.responded_in_time, stage.respond_missed_at)
    return "in-time" if local_date(stage.responded_at) <= min(put_off) else "late"


def _decision(stage: StageEntry) -> Decision | Literal["not-recorded"] | None:
    if stage.responded_at is None:
        return None
    return stage.decision or "not-recorded"


def _extended(stage: StageEntry) -> Literal["no", "in-time", "late", "untold"]:
    if stage.extended_until is None:
        return "no"
    if stage.extension_told_in_time is None:
        return "untold"
    return "in-time" if stage.extension_told_in_time else "late"


def _acknowledged_by_code(
    stage: StageEntry, received_on: date, code_stage: str | None, days: WorkingDays
) -> CodeTimeliness:
    if code_stage is None or stage.acknowledged_at is None:
        return "none"
    try:
        latest = days.after(received_on, ACKNOWLEDGE_WORKING_DAYS)
    except BeyondCalendar:
        return "unknown"
    return "in-time" if local_date(stage.acknowledged_at) <= latest else "late"


def _responded_by_code(
    stage: StageEntry, received_on: date, code_stage: str | None, days: WorkingDays
) -> CodeTimeliness:
    if code_stage is None or stage.responded_at is None:
        return "none"
    responded_on = local_date(stage.responded_at)
    # What was never acknowledged has no day to count from but the first.
    acknowledged_on = (
        received_on if stage.acknowledged_at is None else local_date(stage.acknowledged_at)
    )
    try:
        latest = days.after(min(acknowledged_on, responded_on), RESPOND_WORKING_DAYS[code_stage])
    except BeyondCalendar:
        return "unknown"
    if responded_on <= latest:
        return "in-time"
    extended = stage.extended_until is not None and responded_on <= stage.extended_until
    return "extended" if extended else "late"


def _overdue_since(stage: StageEntry) -> date | None:
    waited_for = (
        (stage.acknowledge_missed_at, stage.acknowledged_at, stage.acknowledge_due),
        (stage.contact_missed_at, stage.contacted_at, stage.contact_due),
        (stage.arrange_missed_at, stage.arranged_at, stage.arrange_due),
        (stage.respond_missed_at, stage.responded_at, stage.respond_due),
    )
    undone = [due for missed, done, due in waited_for if missed and not done and due]
    return min(undone, default=None)
