"""Plugs pulled on the real dev server: clocks fire once, nothing is lost and nothing sent twice."""

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.workflow import contract
from tests.faults.stack import PATIENCE, SERVICES, Stack, passing, running

COMPLAINTS = 20
NOTICES = 5
"""The receipt; then, with nobody assigned, the complaints officer three times and the head of
service once."""

REFERENCES = [f"PR-FAULT-{number:04}" for number in range(COMPLAINTS)]


async def file_all(stack: Stack, after: float) -> datetime:
    """Starts the complaints; their clocks pass `after` seconds from now, and climb at once."""
    client = await stack.client()
    passes_at = datetime.now(UTC) + timedelta(seconds=after)
    rungs_at = [passes_at + timedelta(seconds=second) for second in (1, 2, 3)]
    for reference in REFERENCES:
        new = passing(reference, passes_at, rungs_at)
        await contract.start(client, new, patience=PATIENCE)
    return passes_at


async def until(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


async def told(stack: Stack) -> None:
    """Returns when the register tells of every complaint all that is to be told."""
    async with asyncio.timeout(60):
        for reference in REFERENCES:
            while (await stack.timeline(reference)).count("notice-settled") < NOTICES:
                await asyncio.sleep(0.1)


async def each_once(stack: Stack) -> None:
    """Asserts one miss, one climb of each rung and one mail of each notice, for every complaint."""
    for reference in REFERENCES:
        kinds = Counter(await stack.timeline(reference))
        assert (kinds["received"], kinds["missed"], kinds["climbed"]) == (1, 1, 3), reference
    sent = Counter(mail.message_id for mail in stack.catcher.caught)
    assert set(sent.values()) == {1}
    assert len(sent) == COMPLAINTS * NOTICES


async def test_the_workflow_worker_is_killed_while_clocks_run(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        passes_at = await file_all(stack, after=5)
        await until(passes_at + timedelta(seconds=-0.5))
        await stack.stop("workflow", sign=signal.SIGKILL)
        await until(passes_at + timedelta(seconds=0.5))
        await stack.start("workflow")
        await asyncio.sleep(0.3)
        await stack.stop("workflow", sign=signal.SIGKILL)
        await stack.start("workflow")
        await told(stack)
        await each_once(stack)


async def test_the_whole_stack_is_stopped_while_clocks_run_and_started_again(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as stack:
        passes_at = await file_all(stack, after=6)
        await until(passes_at + timedelta(seconds=-1))
        await stack.stop(*SERVICES)
        await stack.server.stop()
        await until(passes_at + timedelta(seconds=2))
        await stack.server.start()
        await stack.start(*SERVICES)
        await told(stack)
        await each_once(stack)


async def test_mail_is_away_for_a_time_and_everything_is_sent_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as stack:
        await stack.catcher.stop()
        passes_at = await file_all(stack, after=3)
        await until(passes_at + timedelta(seconds=4))
        # The clocks went on without mail, and the register says so.
        for reference in REFERENCES:
            async with asyncio.timeout(20):
                while "climbed" not in await stack.timeline(reference):
                    await asyncio.sleep(0.1)
        assert stack.catcher.caught == []
        await stack.catcher.start()
        await told(stack)
        await each_once(stack)
