"""The measuring code counts right; and the one limit that is a count, and no time, is kept."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import (
    ActivityTaskStartedEventAttributes,
    HistoryEvent,
    MarkerRecordedEventAttributes,
)
from temporalio.client import WorkflowHistory

from services.intake.models import NewComplaint
from tests.bench import life
from tests.bench.billing import LOCAL_ACTIVITY, cost
from tests.bench.figures import percentile, spread
from tests.bench.posting import COMPLAINT, Intake, post
from tests.ports import free_port
from tests.replay.record import HISTORIES


async def test_the_shortest_good_life_keeps_within_its_limits() -> None:
    found = (await life.measure()).cost
    assert found.events <= life.MOST_EVENTS
    assert found.actions <= life.MOST_ACTIONS
    assert found.bytes <= life.MOST_BYTES


def test_a_recorded_history_costs_what_its_text_says() -> None:
    text = (HISTORIES / "in-time.json").read_text()
    events = json.loads(text)["events"]
    kinds = Counter(event["eventType"].removeprefix("EVENT_TYPE_") for event in events)
    tasks_with_local_activities = {
        event["markerRecordedEventAttributes"]["workflowTaskCompletedEventId"]
        for event in events
        if event.get("markerRecordedEventAttributes", {}).get("markerName") == LOCAL_ACTIVITY
    }
    found = cost(WorkflowHistory.from_json("complaint", text).events)
    assert found.events == len(events)
    assert found.by_kind == {
        "activity": kinds["ACTIVITY_TASK_SCHEDULED"],
        "update": kinds["WORKFLOW_EXECUTION_UPDATE_ACCEPTED"],
        "upsert": kinds["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"],
        "timer": kinds["TIMER_STARTED"],
        "local activities": len(tasks_with_local_activities),
        "start": 1,
    }
    assert found.actions == sum(found.by_kind.values())


def test_local_activities_of_one_workflow_task_are_billed_together() -> None:
    def ran_in(task: int) -> HistoryEvent:
        return HistoryEvent(
            event_type=EventType.EVENT_TYPE_MARKER_RECORDED,
            marker_recorded_event_attributes=MarkerRecordedEventAttributes(
                marker_name=LOCAL_ACTIVITY, workflow_task_completed_event_id=task
            ),
        )

    assert cost([ran_in(4), ran_in(4), ran_in(9)]).by_kind == {"local activities": 2}


def test_every_try_of_an_activity_and_every_query_is_billed() -> None:
    scheduled = HistoryEvent(event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    third_try = HistoryEvent(
        event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
        activity_task_started_event_attributes=ActivityTaskStartedEventAttributes(attempt=3),
    )
    found = cost([scheduled, third_try], queries=5)
    assert found.by_kind == {"query": 5, "retry": 2, "activity": 1}


def test_the_size_is_that_of_the_events() -> None:
    events = [HistoryEvent(event_id=number, task_id=7) for number in (1, 2, 300)]
    assert cost(events).bytes == sum(len(event.SerializeToString()) for event in events)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    sample = [float(number) for number in range(100, 0, -1)]
    assert (percentile(sample, 0.5), percentile(sample, 0.99), percentile(sample, 1)) == (
        50,
        99,
        100,
    )
    assert percentile([7.0], 0.99) == 7.0
    found = spread([1.0, 2.0, 3.0, 1000.0])
    assert (found.p50, found.p99, found.most) == (2.0, 1000.0, 1000.0)


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


class FakeIntake:
    """Answers every request on 127.0.0.1 alike, and keeps what it was sent."""

    def __init__(self, answer: bytes) -> None:
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._answer = answer

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Intake]:
        port = free_port()
        async with await asyncio.start_server(self._serve, "127.0.0.1", port):
            yield Intake(port, "channel_key")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(length))
                writer.write(self._answer)
        except asyncio.IncompleteReadError:
            writer.close()


async def test_the_sender_sends_each_complaint_once_over_few_connections() -> None:
    intake = FakeIntake(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}")
    async with intake.listening() as address:
        seconds = await post(address, 40, at_once=3)
    assert len(seconds) == len(intake.bodies) == 40
    assert intake.connections == 3
    assert all(json.loads(body) == COMPLAINT for body in intake.bodies)
    keys = {head.split(b"Idempotency-Key: ")[1].split(b"\r\n")[0] for head in intake.heads}
    assert len(keys) == 40


async def test_a_refusal_is_no_measurement() -> None:
    intake = FakeIntake(b"HTTP/1.1 503 Away\r\nContent-Length: 4\r\n\r\naway")
    async with intake.listening() as address:
        with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="503 Away")):
            await post(address, 1, at_once=1)


def test_what_is_sent_is_a_complaint_that_intake_takes() -> None:
    assert NewComplaint.model_validate(COMPLAINT).words.startswith("The heating")
