"""Lets time pass on a server that skips it, also when the server has lost count.

The server skips no time while anything is under way, and counts what is. Once in some thousand
tasks it forgets to count one down, and then stands still for ever: nothing is under way, and its
clock goes no faster than ours. It is then told to skip once more than it was told not to.
"""

import asyncio
import time
from collections.abc import Collection
from datetime import datetime

from temporalio.api.testservice.v1 import UnlockTimeSkippingRequest
from temporalio.testing import WorkflowEnvironment

from tests import engine
from tests.engine import workflow_settled

LOOKS_AFTER = 10.0
"""Seconds of a sleep after which it is looked whether the server stands still."""

A_WHILE = 1.0
"""Seconds in which a server that skips time gets farther than our own clock."""


async def sleep_until(
    env: WorkflowEnvironment,
    moment: datetime,
    workflows: Collection[str],
    *,
    looks_after: float = LOOKS_AFTER,
) -> None:
    """Lets time pass until then; all that was to happen by then has happened afterwards.

    `workflows` are the ids of all that can have something under way. Raises RPCError when it
    takes longer than `engine.LONGEST`.
    """
    sleeping = asyncio.ensure_future(engine.sleep_until(env, moment))
    try:
        while not (await asyncio.wait({sleeping}, timeout=looks_after))[0]:
            if await _stands_still(env, workflows) and not sleeping.done():
                await env.client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())
        await sleeping
    finally:
        sleeping.cancel()


async def _stands_still(env: WorkflowEnvironment, workflows: Collection[str]) -> bool:
    """Says whether nothing is under way, and the server's clock goes no faster than ours."""
    try:
        for _ in range(2):
            for workflow_id in workflows:
                await workflow_settled(env.client, workflow_id)
            was, began = await engine.server_time(env), time.monotonic()
            await asyncio.sleep(A_WHILE)
            passed = await engine.server_time(env) - was
            if passed.total_seconds() > 2 * (time.monotonic() - began):
                return False
    except TimeoutError:
        return False
    return True
