"""What holds for every complaint under every policy, whatever anybody tries and in which order.

Hypothesis makes the lives up and prints the one that breaks a rule. What must hold is read off the
events, which say what happened, rather than off the state that made them.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from services.reporting.fold import fold
from services.reporting.register import RegisterEntry
from services.shared.errors import PutrightError
from services.shared.events import (
    AnyEvent,
    Assigned,
    Classified,
    Climbed,
    ClockSet,
    Closed,
    DeclineAnswered,
    Declined,
    Extended,
    LessonLearned,
    LessonWithdrawn,
    Missed,
    MovedOn,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    PromiseKept,
    Received,
    Refused,
    ResidentWrote,
    Responded,
    StageRequested,
    SurveyAnswered,
    Withdrawn,
)
from services.shared.working_days import working_days
from services.workflow import handover
from services.workflow.counting import add
from services.workflow.handover import Handover
from services.workflow.outbox import Unsent
from services.workflow.policy import Policy
from services.workflow.simulation import Simulation
from tests.workflow.lives import Life
from tests.workflow.random_lives import DIRECTORY, POLICIES, new_complaint, next_action

SEEDS = st.integers(0, 2**32)
"""Of what is tried. Hypothesis's own source of chance would draw some actions hardly ever."""

SETTINGS = settings(
    max_examples=120,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
"""The same lives at every run, so that a red test is red again; all six policies in seconds.

`Phase.shrink` beside `Phase.generate` looks for the shortest such life, which can take minutes.
"""

HEARD = (
    Classified,
    ResidentWrote,
    PromiseKept,
    OmbudsmanInvolved,
    OmbudsmanDetermined,
    SurveyAnswered,
    LessonLearned,
    LessonWithdrawn,
)
"""What is heard of a complaint at any time, also after its end."""


class AnyLife(RuleBasedStateMachine):
    """One complaint to which anything may be done at any time."""

    policy = ""

    @initialize(seed=SEEDS, steps=st.integers(0, 30))
    def receive_and_get_on(self, seed: int, steps: int) -> None:
        """Begins somewhere on the way, for chance alone seldom gets to the later steps."""
        chance = Random(seed)  # noqa: S311 — hypothesis repeats the seed
        self.life = Simulation(new_complaint(chance, self.policy, "PR-ANY-0001"), DIRECTORY)
        self.keys = 0
        self.entry: RegisterEntry | None = None
        self.folded = 0
        for _ in range(steps):
            if self.life.complaint.over:
                break
            self._try(chance, chance.randint(0, 1000), sensible_of_10=10)

    @rule(seed=SEEDS, minutes=st.integers(0, 4000))
    def act(self, seed: int, minutes: int) -> None:
        self._try(Random(seed), minutes, sensible_of_10=6)  # noqa: S311 — hypothesis repeats the seed

    def _try(self, chance: Random, minutes: int, *, sensible_of_10: int) -> None:
        now = self.life.now + timedelta(minutes=minutes)
        self.life.run_until(now)
        before = copy.deepcopy(self.life.complaint)
        events, notices = len(self.life.events), len(self.life.notices)
        self.keys += 1
        action = next_action(
            chance,
            self.life.complaint,
            now,
            f"key-{self.keys}",
            sensible_of_10=sensible_of_10,
        )
        try:
            self.life.act(action, now)
        except PutrightError:
            assert self.life.complaint == before
            assert (len(self.life.events), len(self.life.notices)) == (events, notices)
        else:
            self.life.run_until(now)  # what was asked for long ago may be due already
            done = copy.deepcopy(self.life.complaint)
            assert self.life.act(action, now).events == []
            assert self.life.complaint == done

    @rule(days=st.sampled_from([1, 3, 10, 30, 400]))
    def wait(self, days: int) -> None:
        now = self.life.now + timedelta(days=days)
        self.life.run_until(now)
        self.life.now = now

    @rule()
    def hand_over(self) -> None:
        written = handover.write(Handover(self.life.complaint, Unsent()))
        read = handover.read(written).complaint
        assert read == self.life.complaint
        self.life.complaint = read

    @invariant()
    def no_rule_is_broken_and_the_register_can_follow(self) -> None:
        new_events = self.life.events[self.folded :]
        for event in new_events:
            self.entry = fold(self.entry, event)
        self.folded = len(self.life.events)
        broken = [*broken_rules(self.life)] if new_events else []
        assert not broken, broken


def broken_rules(life: Simulation) -> Iterator[str]:
    """Says which of the rules that hold for every complaint this one has broken."""
    rules = life.complaint.rules
    yield from _steps(rules, life.events)
    yield from _answers(rules, life.events)
    yield from _extensions(rules, life.events)
    yield from _endings(life.events)
    yield from _ladder(rules, life.events)
    if [event.sequence for event in life.events] != [*range(1, len(life.events) + 1)]:
        yield "events are not numbered one by one"
    keys = [written.notice.key for written in life.notices]
    if len(keys) != len(set(keys)):
        yield "two notices have the same key"
    if life.complaint.finished and life.complaint.next_moment() is not None:
        yield "something is still to come after the end"


def _steps(rules: Policy, events: list[AnyEvent]) -> Iterator[str]:
    """A complaint goes through the steps of its policy in their order, none twice."""
    entered = [e.stage for e in events if isinstance(e, Received | StageRequested | MovedOn)]
    if entered != [stage.name for stage in rules.stages[: len(entered)]]:
        yield f"the steps were {entered}"


def _answers(rules: Policy, events: list[AnyEvent]) -> Iterator[str]:
    """Whoever answers may do so at that step, and has not had to answer an earlier one."""
    charged: defaultdict[str, set[str]] = defaultdict(set)
    latest: dict[str, Assigned] = {}
    for event in events:
        if isinstance(event, Assigned):
            latest[event.stage] = event
            charged[event.stage] |= {event.investigator, event.together_with or ""} - {""}
        if not isinstance(event, Responded):
            continue
        stage, answering = rules.stage(event.stage), latest.get(event.stage)
        if answering is None:
            yield f"{event.stage}: answered by nobody"
            continue
        who = {answering.investigator, answering.together_with or ""} - {""}
        rule = stage.answered_by
        if rule is None:
            continue
        earlier = set().union(*(charged[name] for name in charged if name != event.stage))
        if rule.not_previously_involved and who & earlier:
            yield f"{event.stage}: {who & earlier} had to answer an earlier step"
        if rule.together_with and len(who) < 2:
            yield f"{event.stage}: answered by {who} alone"
        if rule.roles and DIRECTORY[answering.investigator] not in rule.roles:
            yield f"{event.stage}: {answering.investigator} may not answer it"


def _extensions(rules: Policy, events: list[AnyEvent]) -> Iterator[str]:
    """No extension lies beyond the cap without agreement, and none at all where that is never."""
    days = working_days(rules.nation, rules.closure_days)
    uncapped: dict[str, ClockSet] = {}
    for event in events:
        if isinstance(event, ClockSet) and event.clock == "respond":
            if event.anchor not in {"extended", "agreed"}:
                uncapped[event.stage] = event
        elif isinstance(event, Extended):
            rule = rules.stage(event.stage).extension
            if rule is None:
                yield f"{event.stage}: there is no extension, but one was made"
                continue
            if rule.needs_agreement and event.agreed_on is None:
                yield f"{event.stage}: extended without agreement"
            if rule.at_most == "uncapped":
                continue
            latest = add(rule.at_most, days, uncapped[event.stage].due)
            if event.until > latest and (rule.beyond == "never" or event.agreed_on is None):
                yield f"{event.stage}: extended to {event.until}, beyond {latest}"


def _endings(events: list[AnyEvent]) -> Iterator[str]:
    """It ends answered, refused, withdrawn, declined or in the resident's silence, never open."""
    for number, event in enumerate(events):
        if not isinstance(event, Closed | Refused | Withdrawn):
            continue
        before = events[:number]
        # What is heard of it comes whenever it comes, and sets nothing going by itself.
        after = [one for one in events[number + 1 :] if not isinstance(one, HEARD)]
        if after and not isinstance(after[0], StageRequested | DeclineAnswered):
            yield f"{after[0].kind} after the end"
        if isinstance(event, Closed):
            yield from _left_open(event, [one for one in before if one.stage == event.stage])


def _left_open(closed: Closed, before: list[AnyEvent]) -> Iterator[str]:
    """Says what a complaint was closed without, by what happened at its stage before that."""
    passed = {
        event.clock: event.passes_at <= closed.at for event in before if isinstance(event, ClockSet)
    }
    declines = [event for event in before if isinstance(event, Declined)]
    if closed.reason == "declined":
        if not declines:
            yield "closed as declined, but was not"
        elif not declines[-1].final and not passed["reply"]:
            yield "closed before the resident's time to reply had passed"
        return
    if not any(isinstance(event, Responded) for event in before):
        yield f"closed ({closed.reason}) without a response"
    if closed.reason == "not-escalated" and not passed["escalate"]:
        yield "closed before the resident's time to ask had passed"


def _ladder(rules: Policy, events: list[AnyEvent]) -> Iterator[str]:
    """Each missed clock has one miss, and climbs each rung at most once, in order."""
    misses = Counter[Hashable]()
    climbed: defaultdict[Hashable, list[str]] = defaultdict(list)
    requests = 0
    for event in events:
        if isinstance(event, DeclineAnswered):
            requests += 1  # its clocks begin anew
        if not isinstance(event, Missed | Climbed):
            continue
        clock = (event.stage, event.clock, requests)
        if isinstance(event, Missed):
            misses[clock] += 1
            if event.at < event.passed_at:
                yield f"{clock}: missed before it passed"
        else:
            climbed[clock].append(event.rung)
            if not misses[clock]:
                yield f"{clock}: climbed without a miss"
    rungs = [rung.tell for rung in rules.ladder]
    yield from (f"{clock}: missed twice" for clock, times in misses.items() if times > 1)
    yield from (
        f"{clock}: climbed {reached}"
        for clock, reached in climbed.items()
        if reached != rungs[: len(reached)]
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_whatever_is_tried_in_any_order_no_rule_is_broken(policy: str) -> None:
    machine = type("AnyLifeUnderThePolicy", (AnyLife,), {"policy": policy})
    run_state_machine_as_test(machine, settings=SETTINGS)


def test_two_people_who_answer_together_stay_two() -> None:
    life = Life("nottingham", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "amy", "bob")
    with pytest.raises(PutrightError) as refusal:
        life.assign("Mon 2028-03-06 12:00", "bob")
    assert refusal.value.code == "same-person"
    life.assign("Mon 2028-03-06 13:00", "bob", "amy")
    assert (life.complaint.investigator, life.complaint.together_with) == ("bob", "amy")


def test_a_second_person_who_was_replaced_has_been_involved_all_the_same() -> None:
    life = Life("housing-ombudsman", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "amy", "bob")
    life.assign("Mon 2028-03-06 12:00", "amy", "cal")
    life.acknowledge("Mon 2028-03-06 13:00", points=1)
    life.respond("Tue 2028-03-07 10:00", "upheld")
    life.escalate("Wed 2028-03-08 10:00")
    for barred in ("amy", "bob", "cal"):
        with pytest.raises(PutrightError) as refusal:
            life.assign("Wed 2028-03-08 11:00", barred)
        assert refusal.value.code == "previously-involved"
