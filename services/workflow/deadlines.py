"""The deadlines of one complaint as a table: from a policy and dates, with no server and no state.

What a complaint is promised, for people who ask before there is a complaint. The same clocks run
in the workflow.
"""

from datetime import date, datetime

from pydantic import AwareDatetime

from services.shared.calendars import Nation
from services.shared.errors import MendRequest, NotThere
from services.shared.events import ClockName, Frozen
from services.shared.local_time import local_date
from services.shared.working_days import working_days
from services.workflow.clocks import Due, RungTime, due_date, first_dues
from services.workflow.policy import Policy
from services.workflow.stages import Clock, Stage


class DayOff(Frozen):
    """A day that does not count, and why ("Good Friday")."""

    day: date
    why: str


class Explanation(Frozen):
    """How one due date was worked out. Dates are days in Europe/London."""

    clock: ClockName
    within: str
    """The time that the policy gives, such as "5 working days"."""
    anchor: str
    anchor_date: date
    anchor_is_provisional: bool
    """True when the day on which the anchor is due stands in: it is to come, or it came late."""
    day_1: date
    skipped: tuple[DayOff, ...]
    calendar: str
    projected: bool
    """True when the due date, or its latest extension, lies where bank holidays are not published
    yet: it may still move."""
    clause: str


class Deadline(Frozen):
    """When one clock is due, and what happens around that. Instants are UTC."""

    clock: ClockName
    due: date
    passes_at: AwareDatetime
    reminders: tuple[AwareDatetime, ...]
    ladder: tuple[RungTime, ...]
    latest_extension: date | None
    """The last date to which it may be extended without the resident's agreement."""
    clause: str


class Deadlines(Frozen):
    """The deadlines of one stage of a complaint."""

    policy: str
    policy_effective: date
    stage: str
    nation: Nation
    received: date
    acknowledged: date | None
    acknowledged_in_time: bool | None
    """None while it has not been acknowledged."""
    acknowledge_by: date | None
    """None where the stage has no time to acknowledge."""
    respond_by: date | None
    """None before a hearing from which the response counts."""
    calendar: str
    clocks: tuple[Deadline, ...]
    explain: tuple[Explanation, ...]


def work_out(
    rules: Policy,
    received_at: datetime,
    *,
    acknowledged_at: datetime | None = None,
    stage: str | None = None,
) -> Deadlines:
    """Works out the deadlines of a stage that began at `received_at` (aware), by default the first.

    Once acknowledged in time, the response counts from that; acknowledged late or not yet, from
    the day on which the acknowledgement is due.

    Raises NotThere `unknown-stage`, MendRequest `acknowledged-before-received` or
    `beyond-the-calendar`.
    """
    step = rules.stages[0] if stage is None else _stage(rules, stage)
    dues = {due.clock: due for due in first_dues(rules, step, received_at, received_at)}
    acknowledge, began = dues.get("acknowledge"), local_date(received_at)
    acknowledged = promptly = None
    if acknowledged_at is not None:
        acknowledged = local_date(acknowledged_at)
        _check_order(began, acknowledged)
        promptly = acknowledge is None or in_time(acknowledge, acknowledged_at)
        if promptly and step.respond.anchor == "acknowledged":
            dues["respond"] = due_date(
                rules, step, "respond", acknowledged_at, known_at=acknowledged_at
            )
    respond = dues.get("respond")
    return Deadlines(
        policy=rules.name,
        policy_effective=rules.effective,
        stage=step.name,
        nation=rules.nation,
        received=began,
        acknowledged=acknowledged,
        acknowledged_in_time=promptly,
        acknowledge_by=acknowledge.on if acknowledge else None,
        respond_by=respond.on if respond else None,
        calendar=working_days(rules.nation, rules.closure_days).version,
        clocks=tuple(_deadline(due) for due in dues.values()),
        explain=tuple(
            _explanation(rules, clock, due)
            for name, due in dues.items()
            if (clock := step.clock(name)) is not None
        ),
    )


def in_time(due: Due, done_at: datetime) -> bool:
    """Returns whether what the clock waits for was done (at an aware moment) before it passed."""
    return done_at < due.passes_at


def _check_order(received: date, acknowledged: date) -> None:
    if acknowledged < received:
        raise MendRequest(
            "acknowledged-before-received",
            f"What was received on {received} cannot be acknowledged on {acknowledged}.",
        )


def _stage(rules: Policy, name: str) -> Stage:
    try:
        return rules.stage(name)
    except KeyError:
        known = ", ".join(stage.name for stage in rules.stages)
        raise NotThere(
            "unknown-stage", f"Policy {rules.name!r} has no stage {name!r}; it has: {known}."
        ) from None


def _deadline(due: Due) -> Deadline:
    return Deadline(
        clock=due.clock,
        due=due.on,
        passes_at=due.passes_at,
        reminders=due.reminders,
        ladder=due.rungs,
        latest_extension=due.latest_extension,
        clause=due.clause,
    )


def _explanation(rules: Policy, clock: Clock, due: Due) -> Explanation:
    reaches = max(due.on, due.latest_extension or due.on)
    skipped = (entry.split(" ", 1) for entry in due.skipped)
    return Explanation(
        clock=due.clock,
        within=str(clock.within),
        anchor=due.anchor,
        anchor_date=due.anchor_date,
        anchor_is_provisional=due.provisional,
        day_1=due.day_1,
        skipped=tuple(DayOff(day=date.fromisoformat(day), why=why) for day, why in skipped),
        calendar=due.calendar,
        projected=reaches > working_days(rules.nation, rules.closure_days).published_until,
        clause=due.clause,
    )
