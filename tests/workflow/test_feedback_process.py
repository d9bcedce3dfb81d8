"""Feedback that is no complaint on a real server: what the pure rules cannot show."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.testing import WorkflowEnvironment

from services.notify.contents import ThanksLate
from services.notify.contract import Addressee
from services.workflow import feedback_contract
from services.workflow.feedback_contract import NewFeedback
from services.workflow.worker import build_worker
from tests.days import day, london, written
from tests.engine import dev_server, server_time, skipping_time, sleep_until, workflow_settled
from tests.workflow.neighbours import Neighbours

PATIENCE = timedelta(seconds=20)
REFERENCE = "FB-LIFE-0001"
BEGIN = "Mon 2028-03-06 10:00"


def new_feedback(received_at: datetime, now: datetime) -> NewFeedback:
    return NewFeedback(
        reference=REFERENCE,
        promise=feedback_contract.promise(
            "nacro", "compliment", received_at, now, can_be_written_to=True
        ),
        received_at=received_at,
        entered_at=now,
        channel="web",
        entered_by="web",
        addressee=Addressee(name="Ada Bell", email="ada@example.org"),
        service_area="Repairs",
    )


class Town:
    """A server that skips time, the workflow's own worker, and its neighbours' to be started."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self.env = env
        self.neighbours = Neighbours(partial(server_time, env))
        self.notify, self.reporting = self.neighbours.workers(env.client)

    async def receive(self, received_at: str = BEGIN) -> None:
        new = new_feedback(london(received_at), await server_time(self.env))
        await feedback_contract.start(self.env.client, new, patience=PATIENCE)

    async def at(self, moment: str) -> None:
        await sleep_until(self.env, london(moment))

    async def told(self) -> list[str]:
        """Returns the events, once nothing goes on by itself: when, and what."""
        await workflow_settled(self.env.client, feedback_contract.workflow_id(REFERENCE))
        return self.told_so_far()

    async def heard_of(self, kind: str) -> None:
        """Waits for an event while something else, such as a mail, goes on and on."""
        async with asyncio.timeout(20):
            while kind not in {event.kind for event in self.neighbours.events.values()}:
                await asyncio.sleep(0.02)

    def told_so_far(self) -> list[str]:
        events = [event for _, event in sorted(self.neighbours.events.items())]
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        return [f"{written(event.at)} {event.kind}" for event in events]

    def written_to(self) -> list[str]:
        return [
            f"{written(at)} {notice.content.about} to {notice.to.role}"
            for at, notice in self.neighbours.notices
        ]

    async def ended(self) -> bool:
        handle = self.env.client.get_workflow_handle(feedback_contract.workflow_id(REFERENCE))
        history = await handle.fetch_history()
        return history.events[-1].HasField("workflow_execution_completed_event_attributes")


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with skipping_time() as env:
        await sleep_until(env, london(BEGIN))
        async with build_worker(env.client):
            yield Town(env)


async def test_feedback_is_answered_and_passed_on_at_once_and_ends(town: Town) -> None:
    async with town.notify, town.reporting:
        await town.receive()
        assert await town.told() == [
            "Mon 2028-03-06 10:00 feedback-received",
            "Mon 2028-03-06 10:00 feedback-notice-settled",
            "Mon 2028-03-06 10:00 feedback-notice-settled",
        ]
        assert town.written_to() == [
            "Mon 2028-03-06 10:00 thanks to resident",
            "Mon 2028-03-06 10:00 passed-on to head-of-service",
        ]
        assert await town.ended()


async def test_started_again_also_after_its_end_it_changes_nothing(town: Town) -> None:
    async with town.notify, town.reporting:
        await town.receive()
        told = await town.told()
        with pytest.raises(WorkflowAlreadyStartedError):
            await town.receive()
        assert await town.told() == told
        assert len(town.neighbours.notices) == 2


async def test_while_mail_is_away_the_clock_goes_on_and_thanks_go_out_afterwards(
    town: Town,
) -> None:
    town.neighbours.mail_is_away = True
    async with town.notify, town.reporting:
        await town.at("Mon 2028-03-13 22:00")
        await town.receive("Mon 2028-03-06 10:00")
        await town.at("Tue 2028-03-14 07:00")
        await town.heard_of("feedback-late")
        assert town.told_so_far() == [
            "Mon 2028-03-06 10:00 feedback-received",
            "Tue 2028-03-14 00:00 feedback-late",
        ]
        town.neighbours.mail_is_away = False
        await town.at("Tue 2028-03-14 09:00")
        told = await town.told()
        assert [line.split()[-1] for line in told[2:]] == ["feedback-notice-settled"] * 3
        assert [line.split(" ", 3)[3] for line in town.written_to()][-1] == (
            "thanks-late to complaints-officer"
        )
        late = town.neighbours.notices[-1][1].content
        assert isinstance(late, ThanksLate)
        assert late.thanked_on == day("Tue 2028-03-14")
        assert await town.ended()


async def test_feedback_entered_after_its_time_is_late_from_the_first_moment(town: Town) -> None:
    async with town.notify, town.reporting:
        await town.receive("Mon 2028-02-14 10:00")
        assert await town.told() == [
            "Mon 2028-02-14 10:00 feedback-received",
            "Mon 2028-03-06 10:00 feedback-late",
            "Mon 2028-03-06 10:00 feedback-notice-settled",
            "Mon 2028-03-06 10:00 feedback-notice-settled",
        ]
        await town.at("Tue 2028-03-07 12:00")
        assert (await town.told())[-1] == "Tue 2028-03-07 08:00 feedback-notice-settled"
        assert town.written_to()[-1] == "Tue 2028-03-07 08:00 thanks-late to complaints-officer"
        assert await town.ended()


async def test_a_request_to_cancel_does_not_keep_the_sender_from_being_thanked(
    town: Town,
) -> None:
    town.neighbours.mail_is_away = True
    async with town.notify, town.reporting:
        await town.receive()
        await town.heard_of("feedback-received")
        handle = town.env.client.get_workflow_handle(feedback_contract.workflow_id(REFERENCE))
        await handle.cancel()
        town.neighbours.mail_is_away = False
        await town.at("Mon 2028-03-06 12:00")
        await town.told()
        assert sorted(line.split(" ", 3)[3] for line in town.written_to()) == [
            "passed-on to head-of-service",
            "thanks to resident",
        ]
        assert await town.ended()


async def test_every_turn_replayed_gives_the_same_life() -> None:
    async with skipping_time() as env:
        await sleep_until(env, london(BEGIN))
        town = Town(env)
        async with build_worker(env.client, cached_workflows=0), town.notify, town.reporting:
            await town.receive("Mon 2028-02-14 10:00")
            await town.told()
            await town.at("Tue 2028-03-07 12:00")
            told = await town.told()
            assert told[1] == "Mon 2028-03-06 10:00 feedback-late"
            assert town.written_to()[-1] == (
                "Tue 2028-03-07 08:00 thanks-late to complaints-officer"
            )
            assert await town.ended()


async def test_with_notify_and_reporting_away_the_miss_is_recorded_all_the_same(
    tmp_path: Path,
) -> None:
    async with dev_server(tmp_path) as server:
        client = await server.connect()
        now = datetime.now(UTC)
        new = new_feedback(now - timedelta(days=60), now)
        async with build_worker(client):
            await feedback_contract.start(client, new, patience=PATIENCE)
            handle = client.get_workflow_handle(feedback_contract.workflow_id(REFERENCE))
            async with asyncio.timeout(20):
                while not any(
                    event.HasField("timer_started_event_attributes")
                    for event in (await handle.fetch_history()).events
                ):
                    await asyncio.sleep(0.05)
            neighbours = Neighbours()
            notify, reporting = neighbours.workers(client)
            async with notify, reporting:
                await workflow_settled(client, handle.id)
        events = [event for _, event in sorted(neighbours.events.items())]
        assert [event.kind for event in events] == [
            "feedback-received",
            "feedback-late",
            "feedback-notice-settled",
            "feedback-notice-settled",
        ]
