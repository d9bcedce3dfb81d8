"""The workflow on a real server: what the pure rules cannot show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from services.notify.contract import Addressee
from services.shared.errors import AgainstTheRules, MendRequest, TryLater
from services.workflow import contract
from services.workflow.contract import (
    Acknowledge,
    AnyAction,
    Assign,
    LogContact,
    NewComplaint,
    Position,
    TellOfMail,
    Withdraw,
)
from services.workflow.outbox import Outbox, Unsent
from services.workflow.worker import build_worker
from tests.engine import dev_server, server_time, settled, skipping_time, sleep
from tests.workflow.neighbours import Neighbours

PATIENCE = timedelta(seconds=20)


def new_complaint(
    reference: str, now: datetime, received_at: datetime | None = None
) -> NewComplaint:
    return NewComplaint(
        reference=reference,
        promise=contract.promise("housing-ombudsman", received_at or now, now),
        received_at=received_at or now,
        entered_at=now,
        channel="web",
        entered_by="web",
        addressee=Addressee(name="Ada Bell", email="ada@example.org"),
        anonymous=False,
    )


def passing(reference: str, passes_at: datetime) -> NewComplaint:
    """Returns a complaint whose acknowledgement passes at a moment of the test's own."""
    new = new_complaint(reference, datetime.now(UTC))
    acknowledge, respond = new.promise.dues
    soon = acknowledge.model_copy(update={"passes_at": passes_at, "reminders": ()})
    return new.model_copy(
        update={"promise": new.promise.model_copy(update={"dues": (soon, respond)})}
    )


class Begun(NamedTuple):
    """Complaint PR-1, just received, on a server that skips time."""

    env: WorkflowEnvironment
    neighbours: Neighbours
    began_at: datetime

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.env.client.get_workflow_handle(contract.workflow_id("PR-1"))

    async def act(self, action: AnyAction) -> Position:
        return await contract.act(self.env.client, "PR-1", action, patience=PATIENCE)

    async def position(self) -> Position:
        return await contract.position(self.env.client, "PR-1", patience=PATIENCE)

    async def settled(self) -> None:
        await settled(self.env.client, "PR-1")


@asynccontextmanager
async def begun(
    *, refuse: frozenset[str] = frozenset(), cached_workflows: int = 500
) -> AsyncIterator[Begun]:
    """A complaint whose notices to the roles of `refuse` are refused for good."""
    async with skipping_time() as env:
        neighbours = Neighbours(partial(server_time, env))
        neighbours.refuse = {*refuse}
        notify, reporting = neighbours.workers(env.client)
        worker = build_worker(env.client, cached_workflows=cached_workflows)
        async with worker, notify, reporting:
            now = await server_time(env)
            await contract.start(env.client, new_complaint("PR-1", now), patience=PATIENCE)
            yield Begun(env, neighbours, now)


async def test_an_action_repeated_with_its_key_is_done_once() -> None:
    async with begun() as complaint:
        action = Assign(key="once", by="staff", investigator="sam-okafor")
        first = await complaint.act(action)
        again = await complaint.act(action)
        assert first == again
        await complaint.settled()
        assigned = [e for e in complaint.neighbours.events.values() if e.kind == "assigned"]
        assert len(assigned) == 1


async def test_an_unknown_member_of_staff_is_refused_and_changes_nothing() -> None:
    async with begun() as complaint:
        nobody = Assign(key="1", by="staff", investigator="no-such-person")
        with pytest.raises(MendRequest) as caught:
            await complaint.act(nobody)
        assert caught.value.code == "unknown-staff"
        position = await complaint.position()
        assert position.investigator is None


async def test_a_refused_action_writes_nothing_to_the_history() -> None:
    async with begun() as complaint:
        await complaint.settled()
        before = await _told_by_history(complaint.handle)
        early = LogContact(
            key="1",
            by="staff",
            outcome="made",
            how="phone",
            happened_at=complaint.began_at + timedelta(1),
        )
        with pytest.raises(MendRequest):
            await complaint.act(early)
        assert await _told_by_history(complaint.handle) == before


async def test_after_the_end_nothing_can_be_done_and_the_position_still_reads() -> None:
    async with begun() as complaint:
        await complaint.act(Withdraw(key="1", by="s"))
        await complaint.settled()
        with pytest.raises(AgainstTheRules) as caught:
            await complaint.act(Withdraw(key="2", by="s"))
        assert caught.value.code == "complaint-ended"
        position = await complaint.position()
        assert position.status == "withdrawn"


async def test_a_reply_to_a_withdrawn_complaint_is_refused_while_its_workflow_listens_on() -> None:
    async with begun() as complaint:
        await complaint.act(Withdraw(key="1", by="s"))
        await complaint.settled()
        mail = TellOfMail(key="2", by="mailbox")
        with pytest.raises(AgainstTheRules) as caught:
            await complaint.act(mail)
        assert caught.value.code == "complaint-ended"
        last = (await complaint.handle.fetch_history()).events[-1]
        assert last.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


async def test_a_notice_refused_for_good_is_told_to_the_complaints_officer() -> None:
    async with begun(refuse=frozenset({"resident"})) as complaint:
        await complaint.settled()
        [(_, told)] = complaint.neighbours.notices
        assert (told.to.role, told.content.about) == ("complaints-officer", "undeliverable")
        events = complaint.neighbours.events.values()
        outcomes = [e.outcome for e in events if e.kind == "notice-settled"]
        assert sorted(outcomes) == ["refused", "sent"]


async def test_a_fault_in_telling_fails_the_workflow_task_where_it_is_seen() -> None:
    outbox = Outbox(Unsent(), settle=lambda _notice, _settled: None)  # type: ignore[arg-type, return-value]  # never called

    async def faulty() -> None:
        raise KeyError("a fault of ours")

    outbox._tasks = [asyncio.create_task(faulty())]  # noqa: SLF001 — as `start` would have
    await asyncio.sleep(0)
    with pytest.raises(KeyError):
        outbox.is_telling()
    with pytest.raises(KeyError):
        await outbox.stop()


async def test_a_request_to_cancel_does_not_stop_the_clocks() -> None:
    # Without a cache every turn replays, and every turn ends with an eviction.
    async with begun(cached_workflows=0) as complaint:
        await complaint.settled()
        await complaint.handle.cancel()
        await sleep(complaint.env, timedelta(days=14))
        await complaint.settled()
        position = await complaint.position()
        assert position.status == "received"
        assert position.clocks[0].state == "missed"
        position = await complaint.act(Withdraw(key="1", by="staff"))
        assert position.status == "withdrawn"


async def test_clocks_go_on_while_notify_and_reporting_are_away(tmp_path: Path) -> None:
    async with dev_server(tmp_path) as server:
        client = await server.connect()
        async with build_worker(client):
            now = datetime.now(UTC)
            late = new_complaint("PR-1", now, received_at=now - timedelta(days=60))
            await contract.start(client, late, patience=PATIENCE)
            position = await contract.position(client, "PR-1", patience=PATIENCE)
            assert [clock.state for clock in position.clocks] == ["missed", "missed"]
            assign = Assign(key="1", by="staff", investigator="sam-okafor")
            with pytest.raises(TryLater) as caught:
                await contract.act(client, "PR-1", assign, patience=timedelta(seconds=1))
            assert caught.value.code == "engine-away"
            acknowledge = Acknowledge(
                key="2", by="staff", definition="d", points=("a",), outcomes_sought="o"
            )
            await contract.act(client, "PR-1", acknowledge, patience=PATIENCE)
            neighbours = Neighbours()
            notify, reporting = neighbours.workers(client)
            async with notify, reporting:
                # The assignment has waited for the directory all the while, and nothing else has.
                position = await contract.act(client, "PR-1", assign, patience=PATIENCE)
                assert position.investigator == "sam-okafor"
                await settled(client, "PR-1")
            told = [event for _, event in sorted(neighbours.events.items())]
            assert [event.sequence for event in told] == list(range(1, len(told) + 1))
            assert sum(event.kind == "missed" for event in told) == 2
            about = sorted(notice.content.about for _, notice in neighbours.notices)
            assert about == ["acknowledgement", "assignment", "receipt"]


async def test_a_clock_that_passes_with_the_worker_away_is_missed_before_a_late_action(
    tmp_path: Path,
) -> None:
    async with dev_server(tmp_path) as server:
        client = await server.connect()
        neighbours = Neighbours()
        notify, reporting = neighbours.workers(client)
        async with notify, reporting:
            passes_at = datetime.now(UTC) + timedelta(seconds=2)
            async with build_worker(client):
                await contract.start(client, passing("PR-1", passes_at), patience=PATIENCE)
                await settled(client, "PR-1")
            await asyncio.sleep((passes_at - datetime.now(UTC)).total_seconds() + 0.5)
            late = asyncio.create_task(
                contract.act(
                    client,
                    "PR-1",
                    Acknowledge(
                        key="1", by="staff", definition="d", points=("a",), outcomes_sought="o"
                    ),
                    patience=PATIENCE,
                )
            )
            await asyncio.sleep(0.5)
            async with build_worker(client):
                position = await late
                assert position.clocks[0].state == "met-late"
                await settled(client, "PR-1")
            kinds = [event.kind for _, event in sorted(neighbours.events.items())]
            assert kinds.index("missed") < kinds.index("acknowledged")


@pytest.mark.parametrize("mail_is_away", [False, True])
async def test_a_long_history_is_carried_over_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, *, mail_is_away: bool
) -> None:
    short = "limit.historyCount.suggestContinueAsNew=60"
    async with dev_server(tmp_path, "--dynamic-config-value", short) as server:
        client = await server.connect()
        neighbours = Neighbours()
        neighbours.queue_first_try = mail_is_away
        notify, reporting = neighbours.workers(client)
        async with build_worker(client), notify, reporting:
            await contract.start(
                client, new_complaint("PR-1", datetime.now(UTC)), patience=PATIENCE
            )
            handle = client.get_workflow_handle(contract.workflow_id("PR-1"))
            first_run = (await handle.describe()).run_id
            position = await _acknowledge_and_contact(client, contacts=30)
            assert (await handle.describe()).run_id != first_run
            assert position.contacts == 30
            assert position.points == ("1", "2")
            again = Acknowledge(
                key="ack", by="s", definition="d", points=("a", "b"), outcomes_sought="o"
            )
            repeated = await contract.act(client, "PR-1", again, patience=PATIENCE)
            assert repeated.status == "acknowledged"
            await settled(client, "PR-1")
            keys = [notice.key for _, notice in neighbours.notices]
            assert len(keys) == len(set(keys)) == 2  # receipt and acknowledgement
            contacts = [e for e in neighbours.events.values() if e.kind == "contacted"]
            assert len(contacts) == 30
            sequences = sorted(sequence for _, sequence in neighbours.events)
            assert sequences == list(range(1, len(sequences) + 1))


async def _acknowledge_and_contact(client: Client, contacts: int) -> Position:
    definition = Acknowledge(
        key="ack", by="s", definition="d", points=("a", "b"), outcomes_sought="o"
    )
    position = await contract.act(client, "PR-1", definition, patience=PATIENCE)
    for number in range(contacts):
        contact = LogContact(
            key=f"contact-{number}",
            by="s",
            outcome="made",
            how="phone",
            happened_at=datetime.now(UTC),
        )
        position = await contract.act(client, "PR-1", contact, patience=PATIENCE)
    return position


async def _told_by_history(handle: WorkflowHandle[object, object]) -> list[int]:
    """Returns the history's event types without workflow tasks, which a server may keep or drop."""
    tasks = {
        EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    }
    history = await handle.fetch_history()
    return [event.event_type for event in history.events if event.event_type not in tasks]
