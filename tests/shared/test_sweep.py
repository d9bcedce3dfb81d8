"""The sweep: woken at once, at intervals in any case, stopped by nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from services.shared.errors import TryLater
from services.shared.sweep import Sweep

NEVER = timedelta(hours=1)
SOON = timedelta(milliseconds=5)


class Work:
    """Counts how often it is done; fails with what it was given, once each."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = 0

    async def __call__(self) -> None:
        self.done += 1
        if self.failures:
            raise self.failures.pop(0)

    async def until(self, times: int) -> None:
        async with asyncio.timeout(5):
            while self.done < times:
                await asyncio.sleep(0.001)


@asynccontextmanager
async def running(sweep: Sweep) -> AsyncIterator[None]:
    task = asyncio.create_task(sweep.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_it_works_at_once_and_when_woken() -> None:
    work, woken = Work(), asyncio.Event()
    async with running(Sweep("test", work, NEVER, woken)):
        await work.until(1)
        woken.set()
        await work.until(2)
        await asyncio.sleep(0.02)
        assert work.done == 2


async def test_it_works_again_without_being_woken() -> None:
    work = Work()
    async with running(Sweep("test", work, SOON)):
        await work.until(3)


async def test_a_failure_does_not_end_it() -> None:
    work = Work(TryLater("engine-away", "x"), ValueError("Ada Tenant"))
    async with running(Sweep("test", work, SOON)):
        await work.until(3)


async def test_while_what_it_needs_is_away_it_is_not_woken() -> None:
    work, woken = Work(TryLater("engine-away", "x")), asyncio.Event()
    async with running(Sweep("test", work, NEVER, woken)):
        await work.until(1)
        woken.set()
        await asyncio.sleep(0.02)
        assert work.done == 1


async def test_it_ends_when_it_is_stopped_just_as_it_is_woken() -> None:
    work, woken = Work(), asyncio.Event()
    task = asyncio.create_task(Sweep("test", work, NEVER, woken).run())
    await work.until(1)
    await asyncio.sleep(0)
    woken.set()
    await asyncio.sleep(0)  # the wake-up is on its way
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=1)
    assert task in done
    assert task.cancelled()
