"""Recorded histories of managers replay with today's code, by the commands that were recorded."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from services.notify.manager_messages import MANAGER, Begin
from services.notify.manager_process import ManagerProcess
from tests.replay.fingerprint import fingerprint
from tests.replay.lives import CONVERTER
from tests.replay.manager_lives import MANAGERS_LIVES, live_as_manager
from tests.replay.record import BEFORE_AFTERCARE, FINGERPRINTS, HISTORIES

MEND = """
{what}

Why it matters: managers' workflows replay the histories that earlier code wrote; a change of the
commands wedges them, and nobody is written to any more.
If the change is meant, guard it with workflow.patched, or make sure that no manager of an earlier
release has anything open; then record anew:

    make histories
"""


@pytest.fixture(params=sorted(MANAGERS_LIVES))
def name(request: pytest.FixtureRequest) -> str:
    life: str = request.param
    return life


async def replays(workflow_class: type, name: str, folder: Path = HISTORIES) -> Exception | None:
    text = (folder / f"{name}.json").read_text()
    replayer = Replayer(workflows=[workflow_class], data_converter=CONVERTER)
    result = await replayer.replay_workflow(
        WorkflowHistory.from_json(name, text), raise_on_replay_failure=False
    )
    return result.replay_failure


@pytest.mark.parametrize("folder", [HISTORIES, BEFORE_AFTERCARE])
async def test_recorded_histories_of_managers_replay(name: str, folder: Path) -> None:
    failure = await replays(ManagerProcess, name, folder)
    assert failure is None, MEND.format(what=f"{name} does not replay: {failure}")


async def test_the_command_fingerprint_of_managers_stands(name: str) -> None:
    found = fingerprint(await live_as_manager(name))
    expected = json.loads(FINGERPRINTS.read_text())[name]
    assert found == expected, MEND.format(what=f"the commands of {name} are not those recorded")


@workflow.defn(name=MANAGER, sandboxed=False)
class WithAnotherTimer(ManagerProcess):
    """A planted change of the commands."""

    @workflow.init
    def __init__(self, begin: Begin) -> None:
        super().__init__(begin)

    @workflow.run
    async def run(self, begin: Begin) -> None:
        await workflow.sleep(timedelta(minutes=1))
        await super().run(begin)


async def test_a_planted_timer_is_caught_by_the_replay_of_a_manager() -> None:
    assert await replays(WithAnotherTimer, "manager-answers") is not None
