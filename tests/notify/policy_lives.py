"""Complaints of the six policies lived through, so that every kind of notice is written."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache

from services.notify.contract import Notice
from services.shared.errors import PutrightError
from services.shared.events import Assigned
from services.shared.local_time import local_date
from services.workflow import contract
from services.workflow.messages import (
    Acknowledge,
    AddPoints,
    Answer,
    AnyAction,
    Assign,
    Decline,
    Escalate,
    Extend,
    LogContact,
    NewComplaint,
    Respond,
    Triage,
)
from services.workflow.policy import Exclusion, Policy
from services.workflow.simulation import Simulation
from tests.days import london
from tests.notify.planted import ADDRESSEE, PlantedLife
from tests.reporting import panel
from tests.workflow.random_lives import BLANK, DIRECTORY, live

LIVES = 24
"""How many complaints of each policy are lived through."""

WHO = {role: who for who, role in DIRECTORY.items()}
"""Somebody in each role."""

ACKNOWLEDGE = Acknowledge(**BLANK, definition="…", points=("…",), outcomes_sought="…")


@cache
def notices(policy: str) -> tuple[Notice, ...]:
    """Returns one notice of each sort that the lives of a policy write."""
    found: dict[object, Notice] = {}
    for simulation in _lives(policy):
        for _, notice in simulation.notices:
            found.setdefault(_sort(notice), notice)
    return tuple(found.values())


@cache
def rules_of(policy: str) -> Policy:
    """Returns the version under which the lives are lived."""
    return live(0, policy).simulation.complaint.rules


def can_send(rules: Policy) -> set[str]:
    """Returns the kinds of notice that a complaint under these rules can come to send."""
    stages, joins = rules.stages, rules.further_complaints
    kinds = {
        *("receipt", "acknowledgement", "stage-acknowledgement", "response", "closing"),
        *("assignment", "reminder", "escalation", "to-assign", "help-wanted", "from-resident"),
        *("refusal", "window-reminder"),
    }
    sometimes = {
        "points-added": joins is None or joins.join_before_response,
        "urgent": rules.at_once,
        "extension": any(stage.extension for stage in stages),
        "agreed-date": any(stage.agreed_date for stage in stages),
        "hearing": any(stage.hearing for stage in stages),
        "panel-hearing": any(stage.hearing for stage in stages),
        "moved-on": any(stage.can_be_referred_to for stage in stages),
        "decline": any(stage.request and stage.request.declines for stage in stages),
    }
    return kinds | {kind for kind, sent in sometimes.items() if sent}


def _lives(policy: str) -> Iterator[Simulation]:
    for seed in range(LIVES):
        yield _lived_again(seed, policy)
    new = _planted_start(live(0, policy).new)
    for exclusion in rules_of(policy).exclusions:
        refused = PlantedLife(new, DIRECTORY)
        refused.act(_refusal(exclusion, new), new.entered_at + timedelta(hours=1))
        yield refused
    closed = _answered(new)
    closed.run_until(closed.now + timedelta(days=800))
    yield closed
    yield _acknowledged_first(new)
    yield _answered_twice(new)
    if rules_of(policy).stages[0].extension:
        yield _extended(new)
    yield from _declined(new)
    if any(stage.hearing for stage in rules_of(policy).stages):
        heard = PlantedLife(_early(new), DIRECTORY)
        panel.play(heard, WHO)
        yield heard


def _lived_again(seed: int, policy: str) -> Simulation:
    """Returns the life of a seed, with planted words: no rule turns on what words say."""
    first = live(seed, policy)
    again = PlantedLife(_planted_start(first.new), DIRECTORY)
    for tried in first.tried:
        with suppress(PutrightError):
            again.act(tried.action, tried.at)
    again.run_until(first.until)
    return again


def _planted_start(new: NewComplaint) -> NewComplaint:
    return new.model_copy(update={"addressee": ADDRESSEE, "tracking_url": "https://x.example/t/1"})


def _acknowledged_first(new: NewComplaint) -> Simulation:
    """Returns a life that is acknowledged at its first stage, whether or not that has to be."""
    life = PlantedLife(new, DIRECTORY)
    _act(life, Triage(**BLANK, decision="accept"))
    _assign(life)
    _act(life, ACKNOWLEDGE)
    return life


def _answered(new: NewComplaint) -> PlantedLife:
    """Returns a life to which a further complaint is joined, up to the answer to both."""
    life = PlantedLife(new, DIRECTORY)
    _act(life, Triage(**BLANK, decision="accept"))
    if life.complaint.stage.acknowledge is None:
        life.run_until(life.now + timedelta(days=30))
    _assign(life)
    _act(life, ACKNOWLEDGE)
    _act(life, AddPoints(**BLANK, points=("…",)))
    _answer(life)
    return life


def _answered_twice(new: NewComplaint) -> Simulation:
    """Returns a life up to the answer at the stage that the resident asked for."""
    life = _asked_again(new)
    _assign(life)
    _act(life, ACKNOWLEDGE)
    _answer(life)
    return life


def _extended(new: NewComplaint) -> Simulation:
    """Returns a life that is given more time, which the resident agreed to."""
    life = PlantedLife(new, DIRECTORY)
    _act(life, Triage(**BLANK, decision="accept"))
    _assign(life)
    _act(life, ACKNOWLEDGE)
    today = local_date(life.now)
    until = today + timedelta(days=21)
    _act(life, Extend(**BLANK, reason="…", until=until, agreed_on=today))
    return life


def _assign(life: PlantedLife) -> None:
    """Assigns somebody in a role that the stage wants, who was not in charge before."""
    rule = life.complaint.stage.answered_by
    before = {event.investigator for event in life.events if isinstance(event, Assigned)}
    fitting = [
        who
        for who, role in DIRECTORY.items()
        if who not in before and (not rule or not rule.roles or role in rule.roles)
    ]
    second = WHO[rule.together_with[0]] if rule and rule.together_with else None
    _act(life, Assign(**BLANK, investigator=fitting[0], together_with=second))


def _answer(life: PlantedLife) -> None:
    _act(life, LogContact(**BLANK, outcome="made", how="phone", happened_at=life.now))
    answers = tuple(
        Answer(point=point, text="…", decision="not-upheld", reasons="…")
        for point in life.complaint.points
    )
    _act(life, Respond(**BLANK, definition="…", answers=answers))


def _declined(new: NewComplaint) -> Iterator[Simulation]:
    """Yields a life for each reason for which the next stage can be declined."""
    request = _asked_again(new).complaint.stage.request
    for reason in request.declines if request else ():
        life = _asked_again(new)
        by = WHO[request.decided_by[0]] if request and request.decided_by else "amy"
        _act(life, Decline(key="", by=by, reason=reason.code, explanation="…"))
        life.run_until(life.now + timedelta(days=100))
        yield life


def _asked_again(new: NewComplaint) -> PlantedLife:
    life = _answered(new)
    _act(life, Escalate(**BLANK))
    return life


def _act(life: PlantedLife, action: AnyAction) -> None:
    """Acts an hour later, under a key of its own."""
    key = f"told-{len(life.turns)}"
    named = action.model_copy(update={"key": key, "by": action.by or "amy"})
    life.act(named, life.now + timedelta(hours=1))


def _early(new: NewComplaint) -> NewComplaint:
    """Returns the complaint as if it had come in on Monday 6 March 2028."""
    at = london("Mon 2028-03-06 10:00")
    promise = contract.promise(new.promise.policy, at, at)
    return new.model_copy(update={"received_at": at, "entered_at": at, "promise": promise})


def _refusal(exclusion: Exclusion, new: NewComplaint) -> Triage:
    received_on = local_date(new.received_at)
    return Triage(
        key="refuse",
        by=WHO[exclusion.decided_by[0]] if exclusion.decided_by else "amy",
        decision="refuse",
        reason=exclusion.code,
        explanation="…",
        issue_on=received_on - timedelta(days=3_000),
        concluded_on=received_on - timedelta(days=5),
        no_exception=True,
    )


def _sort(notice: Notice) -> tuple[object, ...]:
    """Tells apart what is written at another stage, to another role or with other parts."""
    content = notice.content.model_dump()
    chosen = {"reason", "because", "clock", "decision", "help"}
    parts = sorted((key, value if key in chosen else bool(value)) for key, value in content.items())
    return (notice.stage, notice.to.role, content["about"], str(parts))
