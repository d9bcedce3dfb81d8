"""`putright policy simulate` tells what the workflow does: 2,000 random lives, and some served.

Each life is made up by the simulation, and then lived again by the real workflow: the same
actions at the same moments, right and wrong ones. All 2,000 are lived by the workflow's own code
without a server, to the microsecond; a Temporal server serves some of the same, which shows that
what the server adds changes nothing.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from services.notify import contract as notify
from services.notify.contract import FindPerson, Notice, Person, PersonFound
from services.shared.errors import PutrightError
from services.shared.events import NoticeSettled, Recordable
from services.workflow import contract, policies
from services.workflow.worker import build_worker
from tests.engine import settled, skipping_time, sleep_until
from tests.workflow import random_lives
from tests.workflow.neighbours import Neighbours
from tests.workflow.random_lives import DIRECTORY, POLICIES, RandomLife, Tried
from tests.workflow.unserved import Unserved

UNSERVED_OF_EACH = 334
"""Six policies: 2,004 lives in all."""

SERVED_OF_EACH = 4

PATIENCE = timedelta(seconds=30)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_workflow_does_on_every_day_what_the_simulation_says(policy: str) -> None:
    with asyncio.Runner() as runner:
        for seed in range(UNSERVED_OF_EACH):
            life = random_lives.live(seed, policy)
            real = Unserved(runner, life.new, DIRECTORY)
            for tried in life.tried:
                assert real.act(tried.action, tried.at) == tried.refused, (seed, tried)
            real.run_until(life.until)
            assert real.ended == life.simulation.complaint.finished, seed
            assert differences(life, real.events, real.notices, exactly) == [], seed


async def test_a_temporal_server_changes_nothing_of_it() -> None:
    lives = [random_lives.live(seed, name) for seed in range(SERVED_OF_EACH) for name in POLICIES]
    async with skipping_time() as env:
        neighbours = OurDirectory()
        notify_worker, reporting_worker = neighbours.workers(env.client)
        async with build_worker(env.client), notify_worker, reporting_worker:
            await _live_all(env, lives)
    last = max(life.until for life in lives)
    for life in lives:
        life.simulation.run_until(last)
        events = [
            e for (ref, _), e in sorted(neighbours.events.items()) if ref == life.new.reference
        ]
        notices = [n for _, n in neighbours.notices if n.reference == life.new.reference]
        found = differences(life, events, notices, to_the_minute)
        assert found == [], life.new.reference


def test_the_lives_are_worth_comparing() -> None:
    """They reach every stage of every policy, and every kind of end."""
    reached, ends = set[tuple[str, str]](), Counter[str]()
    for policy in POLICIES:
        for seed in range(UNSERVED_OF_EACH):
            life = random_lives.live(seed, policy).simulation
            reached |= {(policy, event.stage) for event in life.events}
            ends[life.complaint.status] += 1
    assert reached == {
        (policy, stage.name)
        for policy in POLICIES
        for stage in policies.versions(policy)[-1].stages
    }
    assert min(ends["refused"], ends["withdrawn"], ends["closed"]) > 5


Shown = Callable[[datetime], str]


def exactly(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def to_the_minute(moment: datetime) -> str:
    """A server's clock ticks while it works."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")


def differences(
    life: RandomLife, events: Iterable[Recordable], notices: Iterable[Notice], at: Shown
) -> list[str]:
    """Returns a line for each event and notice that the real life has otherwise.

    Only the real life has proofs of delivery. They are numbered with the other events, so these
    are compared by their order, and notices by the number of the event that they follow.
    """
    events = list(events)
    assert [getattr(event, "sequence", 0) for event in events] == [*range(1, len(events) + 1)]
    proofs = Counter(event.notice for event in events if isinstance(event, NoticeSettled))
    notices = list(notices)
    simulated = [written.notice for written in life.simulation.notices]
    pairs = [
        *zip_longest(_told(events, at), _told(life.simulation.events, at)),
        *zip_longest(_written(notices, events), _written(simulated, life.simulation.events)),
        *zip_longest(sorted(notice.key for notice in notices), sorted(proofs.elements())),
    ]
    return [f"{real}\nsimulated: {simulated}" for real, simulated in pairs if real != simulated]


def _told(events: Iterable[Recordable], at: Shown) -> list[str]:
    kept = (event for event in events if not isinstance(event, NoticeSettled))
    return [
        f"{number} {at(event.at)} {event.model_dump_json(exclude={'sequence', 'at'})}"
        for number, event in enumerate(kept, 1)
    ]


def _written(notices: Iterable[Notice], events: Iterable[Recordable]) -> list[str]:
    order = [event.sequence for event in events if not isinstance(event, NoticeSettled)]
    told = []
    for notice in notices:
        reference, sequence, about = notice.key.split("/", 2)
        after = order.index(int(sequence)) + 1
        told.append(f"{after}/{about} of {reference} {notice.model_dump_json(exclude={'key'})}")
    # What one turn tells goes two ways, by itself or to a caseload, in no order between them.
    return sorted(told)


class OurDirectory(Neighbours):
    """The neighbours, with everybody in the directory who takes part in a random life."""

    @activity.defn(name=notify.FIND_PERSON)
    async def find_person(self, request: FindPerson) -> PersonFound:
        role = DIRECTORY.get(request.staff_id)
        known = None if role is None else Person(staff_id=request.staff_id, role=role)
        return PersonFound(person=known)


async def _live_all(env: WorkflowEnvironment, lives: list[RandomLife]) -> None:
    """Lives all lives at once: what is tried in any of them, in the order of time."""
    slots: defaultdict[datetime, list[tuple[RandomLife, Tried | None]]] = defaultdict(list)
    for life in lives:
        slots[life.new.entered_at].append((life, None))
        slots[life.until] += []
        for tried in life.tried:
            slots[tried.at].append((life, tried))
    for at, attempts in sorted(slots.items()):
        await sleep_until(env, at)
        await asyncio.gather(*(_attempt(env, life, tried) for life, tried in attempts))
    await asyncio.gather(*(settled(env.client, life.new.reference) for life in lives))


async def _attempt(env: WorkflowEnvironment, life: RandomLife, tried: Tried | None) -> None:
    assert await _outcome(env, life, tried) == (tried and tried.refused), life.new.reference
    await settled(env.client, life.new.reference)


async def _outcome(env: WorkflowEnvironment, life: RandomLife, tried: Tried | None) -> str | None:
    try:
        if tried is None:
            await contract.start(env.client, life.new, patience=PATIENCE)
        else:
            await contract.act(env.client, life.new.reference, tried.action, patience=PATIENCE)
    except PutrightError as refusal:
        return refusal.code
    return None
