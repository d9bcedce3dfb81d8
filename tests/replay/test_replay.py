"""Recorded histories replay with today's code, and today's commands are those of the record."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from services.workflow.complaint import Moment
from services.workflow.contract import WORKFLOW, NewComplaint, Position
from services.workflow.feedback_process import FeedbackProcess
from services.workflow.process import ComplaintProcess
from tests.replay.fingerprint import fingerprint
from tests.replay.lives import CONVERTER, LIVES, live
from tests.replay.record import BEFORE_AFTERCARE, FINGERPRINTS, HISTORIES

MEND = """
{what}

Why it matters: open complaints replay the histories that earlier code wrote. A change of the
commands wedges them; a change of a duration moves dates that people were given.
If the change is meant, guard it with workflow.patched, or make sure that no complaint of an
earlier release is open; then record anew:

    make histories
"""


FORMER = sorted(file.stem for file in BEFORE_AFTERCARE.glob("*.json") if file.stem in LIVES)
"""The lives that the release before aftercare recorded, of complaints and feedback."""


@pytest.fixture(params=sorted(LIVES))
def name(request: pytest.FixtureRequest) -> str:
    life: str = request.param
    return life


def recorded(name: str, folder: Path = HISTORIES) -> WorkflowHistory:
    text = (folder / f"{name}.json").read_text()
    return WorkflowHistory.from_json(f"complaint-{name}", text)


async def replays(workflow_class: type, name: str, folder: Path = HISTORIES) -> Exception | None:
    replayer = Replayer(workflows=[workflow_class, FeedbackProcess], data_converter=CONVERTER)
    result = await replayer.replay_workflow(recorded(name, folder), raise_on_replay_failure=False)
    return result.replay_failure


async def cut_off(history: WorkflowHistory) -> AsyncIterator[WorkflowHistory]:
    """The history as it stood whenever a worker was given it, while the workflow was open."""
    for length, event in enumerate(history.events, 1):
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            yield WorkflowHistory(f"{history.workflow_id}-{length}", history.events[:length])


async def test_recorded_histories_replay(name: str) -> None:
    failure = await replays(ComplaintProcess, name)
    assert failure is None, MEND.format(what=f"{name} does not replay: {failure}")


@pytest.mark.parametrize("life", FORMER)
async def test_complaints_that_ended_before_they_listened_on_replay(life: str) -> None:
    failure = await replays(ComplaintProcess, life, BEFORE_AFTERCARE)
    assert failure is None, MEND.format(what=f"{life} of the former release: {failure}")


@pytest.mark.parametrize("life", FORMER)
async def test_complaints_of_the_release_before_replay_wherever_they_stood(life: str) -> None:
    """As when the new release takes over, or somebody asks where a complaint stands."""
    replayer = Replayer(
        workflows=[ComplaintProcess, FeedbackProcess],
        data_converter=CONVERTER,
        workflow_runner=UnsandboxedWorkflowRunner(),
        debug_mode=True,  # a busy machine is no deadlock
    )
    results = await replayer.replay_workflows(
        cut_off(recorded(life, BEFORE_AFTERCARE)), raise_on_replay_failure=False
    )
    assert results.replay_failures == {}


async def test_the_command_fingerprint_stands(name: str) -> None:
    found = fingerprint(await live(name))
    expected = json.loads(FINGERPRINTS.read_text())[name]
    assert found == expected, MEND.format(what=f"the commands of {name} are not those recorded")


@workflow.defn(name=WORKFLOW, sandboxed=False)
class WithAnotherTimer(ComplaintProcess):
    """A planted change of the commands."""

    @workflow.init
    def __init__(self, new: NewComplaint) -> None:
        super().__init__(new)

    @workflow.run
    async def run(self, new: NewComplaint) -> Position:
        await workflow.sleep(timedelta(minutes=1))
        return await super().run(new)


@workflow.defn(name=WORKFLOW, sandboxed=False)
class WithLaterTimers(ComplaintProcess):
    """A planted change of durations alone."""

    @workflow.init
    def __init__(self, new: NewComplaint) -> None:
        super().__init__(new)

    @workflow.run
    async def run(self, new: NewComplaint) -> Position:
        return await super().run(new)

    @staticmethod
    def _left_until(moment: Moment) -> timedelta:
        return ComplaintProcess._left_until(moment) + timedelta(hours=1)  # noqa: SLF001 — planted


async def test_a_planted_timer_is_caught_by_replay() -> None:
    assert await replays(WithAnotherTimer, "in-time") is not None


async def test_a_planted_duration_is_caught_by_the_fingerprint() -> None:
    assert await replays(WithLaterTimers, "in-time") is None, "replay alone is blind to it"
    found = fingerprint(await live("in-time", WithLaterTimers))
    assert found != json.loads(FINGERPRINTS.read_text())["in-time"]
