"""Work that is saved and still to be done: tried when woken, and every few seconds in any case."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from services.shared.errors import TryLater

log = structlog.get_logger()


class Sweep:
    """Does `work` whenever `woken` is set, and every `every` in any case, for ever.

    `work` finds by itself what is to be done, so a wake-up that is lost costs time only. While
    what it needs is away (TryLater), waking it is of no use and it waits for its next turn.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        every: timedelta,
        woken: asyncio.Event | None = None,
    ) -> None:
        self._name = name
        self._work = work
        self._every = every.total_seconds()
        self._woken = woken or asyncio.Event()

    async def run(self) -> None:
        """Works until cancelled. Whatever goes wrong is logged and tried again."""
        while True:
            self._woken.clear()
            try:
                await self._work()
            except TryLater as error:
                log.warning("swept in vain", sweep=self._name, code=error.code)
                await asyncio.sleep(self._every)
            except Exception as error:  # noqa: BLE001 — one bad round must not end all others
                kind = type(error).__name__
                log.error("sweep failed", sweep=self._name, error=kind)  # noqa: TRY400 — text may hold people
                await asyncio.sleep(self._every)
            else:
                # Not by `wait_for`: in Python 3.11 it forgets that it was cancelled when it is
                # woken at the same time, and then nothing would end the sweep.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every):
                        await self._woken.wait()


@asynccontextmanager
async def sweeping(sweeps: Iterable[Sweep]) -> AsyncIterator[None]:
    """Runs the sweeps as long as the block lasts."""
    tasks = [asyncio.create_task(sweep.run()) for sweep in sweeps]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
