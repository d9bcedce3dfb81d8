"""Work that never waits, done in a thread of its own: Ctrl-C is heard at once, whatever it does."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


async def aside(work: Callable[[], Result]) -> Result:
    """Returns what the work returns, or raises what it raises.

    Cancelled, it does not wait for the thread, which is left to end with the process. (The threads
    of an executor are waited for, by asyncio and by Python.)
    """
    future: Future[Result] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 — whoever waits raises it
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)


def from_aside(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Returns how a thread tells of its progress: in the event loop, so that nobody else writes.

    Where the loop is closed it raises RuntimeError, which ends the thread's work.
    """
    loop = asyncio.get_running_loop()

    def told(done: int, total: int) -> None:
        loop.call_soon_threadsafe(tell, done, total)

    return told
