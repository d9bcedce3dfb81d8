"""What people do at each stage of a complaint, as actions with their moments. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.notify.contents import PromisedAction
from services.shared.events import Decision, Remedy
from services.shared.local_time import local_date
from services.workflow.contract import (
    Acknowledge,
    AnyAction,
    AskHelp,
    Assign,
    Confirm,
    Escalate,
    Extend,
    LogContact,
    LogResponse,
    Respond,
    Triage,
)
from services.workflow.messages import Answer
from tests.year import timetable
from tests.year.cases import Case, Stage
from tests.year.extras import Extras

Doing = tuple[datetime, AnyAction]

A_LITTLE = timedelta(minutes=5)
CONFIRMED_AFTER = timedelta(minutes=70)
LOGGED_AFTER = timedelta(minutes=25)
"""How long after a letter of the landlord's own it is logged that it went out."""

POINTS = ("What was promised was not done.", "Nobody kept the resident informed.")

FINDINGS: dict[Decision, tuple[Decision, Decision]] = {
    "upheld": ("upheld", "upheld"),
    "partially-upheld": ("upheld", "not-upheld"),
    "not-upheld": ("not-upheld", "not-upheld"),
}
"""How the two points are decided, so that the whole is."""

PROMISED_WITHIN = (10, 20)
"""The working days within which each of the promised actions is to be done."""


def of(case: Case, extras: Extras, officer: str) -> list[Doing]:
    """Returns what is done about a complaint up to its last answer."""
    first, *further = case.stages
    done = [*_first_stage(case, first, extras, officer)]
    for stage in further:
        done += _second_stage(case, stage, officer)
    return done


def _first_stage(case: Case, stage: Stage, extras: Extras, officer: str) -> Iterator[Doing]:
    times, name, manager = stage.times, case.reference, stage.investigator
    actor = manager if case.team.confirms else officer
    yield times.assigned_at, Triage(key=f"{name}-triage", by=officer, decision="accept")
    yield (
        times.assigned_at + A_LITTLE,
        Assign(key=f"{name}-assign-1", by=officer, investigator=manager),
    )
    if case.team.confirms:
        confirm = Confirm(key=f"{name}-confirm-1", by=manager)
        yield times.assigned_at + CONFIRMED_AFTER, confirm
    yield times.acknowledged_at, _acknowledge(f"{name}-acknowledge-1", actor)
    if name in extras.rung_up:
        yield times.midway, _call(f"{name}-contact-1", actor, times.midway)
    if name in extras.help_asked:
        asked = extras.help_asked[name]
        yield times.midway + A_LITTLE, AskHelp(key=f"{name}-help", by=manager, help=asked)
    if times.extended_at is not None and times.extended_until is not None:
        reason = "We need the repair records of another landlord."
        until = times.extended_until
        yield (
            times.extended_at,
            Extend(key=f"{name}-extend", by=actor, reason=reason, until=until),
        )
    yield _answer(case, stage, extras, actor)


def _second_stage(case: Case, stage: Stage, officer: str) -> Iterator[Doing]:
    times, name, senior = stage.times, case.reference, stage.investigator
    yield times.requested_at, Escalate(key=f"{name}-escalate", by=officer)
    yield (
        times.assigned_at,
        Assign(key=f"{name}-assign-2", by=officer, investigator=senior),
    )
    yield times.assigned_at + CONFIRMED_AFTER, Confirm(key=f"{name}-confirm-2", by=senior)
    yield times.acknowledged_at, _acknowledge(f"{name}-acknowledge-2", senior)
    yield times.midway, _call(f"{name}-contact-2", senior, times.midway)
    decision = stage.outline.decision
    if decision is None:
        raise ValueError(f"{name}: every outcome of stage 2 is recorded")
    yield times.responded_at, _letter(f"{name}-respond-2", senior, decision)


def _answer(case: Case, stage: Stage, extras: Extras, by: str) -> Doing:
    at, name, decision = stage.times.responded_at, case.reference, stage.outline.decision
    if decision is None:
        return at + LOGGED_AFTER, LogResponse(key=f"{name}-respond-1", by=by, responded_at=at)
    letter = _letter(f"{name}-respond-1", by, decision, pence=extras.paid.get(name))
    if name in extras.promised:
        letter = letter.model_copy(update={"actions": promised(at)})
    return at, letter


def promised(answered_at: datetime) -> tuple[PromisedAction, ...]:
    """Returns the actions that a letter of that moment promises."""
    return tuple(
        PromisedAction(
            what="We will come back and see that the work has held.",
            by=timetable.days().after(local_date(answered_at), within),
        )
        for within in PROMISED_WITHIN
    )


def _letter(key: str, by: str, decision: Decision, pence: int | None = None) -> Respond:
    answers = tuple(
        Answer(point=str(number), text=text, decision=found, reasons="Our records show it.")
        for number, (text, found) in enumerate(zip(POINTS, FINDINGS[decision], strict=True), 1)
    )
    remedies = [] if decision == "not-upheld" else [Remedy(kind="apology")]
    remedies += [] if pence is None else [Remedy(kind="payment", pence=pence)]
    return Respond(
        key=key,
        by=by,
        definition="The resident was let down by how the service was delivered.",
        answers=answers,
        remedy="We apologise." if remedies else None,
        remedies=tuple(remedies),
    )


def _acknowledge(key: str, by: str) -> Acknowledge:
    return Acknowledge(
        key=key,
        by=by,
        definition="The resident was let down by how the service was delivered.",
        points=POINTS,
        outcomes_sought="That it is put right.",
    )


def _call(key: str, by: str, at: datetime) -> LogContact:
    return LogContact(key=key, by=by, outcome="made", how="phone", happened_at=at)
