"""A server that has lost count skips time again; while anything is under way, none does."""

import asyncio
import time
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.api.testservice.v1 import LockTimeSkippingRequest
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.engine import server_time, skipping_time
from tests.year.skipped_time import sleep_until

SOON = 0.3
"""Seconds after which these sleeps are looked at."""

WORKS_FOR = 3.0


@activity.defn
async def work() -> None:
    await asyncio.sleep(WORKS_FOR)


@workflow.defn
class Works:
    """Works for some seconds, and then waits."""

    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(work, start_to_close_timeout=timedelta(minutes=1))
        await workflow.sleep(timedelta(days=30))


async def test_a_server_that_counts_one_too_many_skips_time_again_and_no_farther() -> None:
    async with skipping_time() as env:
        await env.client.test_service.lock_time_skipping(LockTimeSkippingRequest())
        for _ in range(2):
            moment = await server_time(env) + timedelta(days=3)
            await sleep_until(env, moment, [], looks_after=SOON)
            late = await server_time(env) - moment
            assert timedelta(0) <= late < timedelta(minutes=1)


async def test_while_something_is_under_way_no_time_is_skipped() -> None:
    async with (
        skipping_time() as env,
        Worker(
            env.client,
            task_queue="works",
            workflows=[Works],
            activities=[work],
            workflow_runner=UnsandboxedWorkflowRunner(),
        ),
    ):
        began_at, began = await server_time(env), time.monotonic()
        await env.client.start_workflow(Works.run, id="works", task_queue="works")
        sleeping = asyncio.create_task(
            sleep_until(env, began_at + timedelta(days=3), ["works"], looks_after=SOON)
        )
        await asyncio.sleep(WORKS_FOR * 0.8)
        passed = await server_time(env) - began_at
        assert passed.total_seconds() <= time.monotonic() - began + 1
        await sleeping
        assert await server_time(env) - began_at < timedelta(days=3, minutes=1)
