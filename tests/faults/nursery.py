"""Lives of notify's worker, each a process of its own that begins in milliseconds.

Run as a program it imports everything once, and forks a worker for each line that it reads: the
real activities over a real ledger and a real mail server. Its clock is fast, so that the lease of a
killed attempt runs out in seconds, and it runs no workflows, which take longest to get ready.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from temporalio.worker import PollerBehaviorAutoscaling, Worker

from services.notify.activities import NotifyActivities
from services.notify.contract import TASK_QUEUE
from services.notify.delivery import Mailer
from services.notify.ledger import LEASE
from services.notify.settings import NotifySettings
from services.shared import logs
from services.shared.database import Database
from services.shared.temporal import worker_client
from tests.notify.reading import letter
from tests.notify.samples import to_resident

LEASE_SECONDS = 2.0
"""How long a lease lasts by the clock on the wall."""

AT_ONCE = 4
"""Notices that a life has in its hands at most."""

FASTER = LEASE.total_seconds() / LEASE_SECONDS

BEGAN = time.time()
"""When this program was begun: every life that it forks counts from here."""


async def fast_now() -> datetime:
    """Tells a time that runs `FASTER` times as fast, and is the same in every life."""
    return datetime.fromtimestamp(BEGAN + (time.time() - BEGAN) * FASTER, UTC)


async def live(settings: NotifySettings) -> None:
    """Works until it is killed."""
    mailer = Mailer(settings)
    activities = NotifyActivities(
        Database(settings.notify_database_url),
        {"email": mailer, "by-hand": mailer},
        settings,
        fast_now,
    )
    await Worker(
        await worker_client(settings),
        task_queue=TASK_QUEUE,
        build_id="nursery",  # or it is made of all the code there is, in every life anew
        activities=activities.every(),
        max_concurrent_activities=AT_ONCE,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    ).run()


def main() -> None:
    """Forks a life for each line of standard input, and writes its process id."""
    settings = NotifySettings()
    letter(to_resident())  # templates are compiled once, and not in every life
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    for _line in sys.stdin:
        life = os.fork()
        if life == 0:
            log = os.open(os.environ["NURSERY_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            logs.set_up("notify", settings.log_level)
            asyncio.run(live(settings))
        print(life, flush=True)  # noqa: T201 — this is how it answers


class Nursery:
    """The program, as a test uses it: one life at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._life: int | None = None

    async def begin(self) -> None:
        """Begins a life."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        self._life = int(await self._process.stdout.readline())

    def kill(self) -> None:
        """Ends it by SIGKILL."""
        if self._life is not None:
            os.kill(self._life, signal.SIGKILL)
            self._life = None


@asynccontextmanager
async def nursery(folder: Path, **settings: str) -> AsyncIterator[Nursery]:
    """The program, told the `settings`; whatever lives at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.nursery"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"NURSERY_LOG": f"{folder}/lives.log"} | settings,
    )
    lives = Nursery(process)
    try:
        yield lives
    finally:
        lives.kill()
        process.kill()
        await process.communicate()


if __name__ == "__main__":
    main()
