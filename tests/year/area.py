"""Plays the complaints of one area in a process of its own.

    python -m tests.year.area FOLDER YEAR SEED SENIOR

Areas share nobody who is in charge of anything, so each can have a server and workers of its own,
beside the others: one process keeps no more than one core busy. All record into one register.
Every line on stdout is a `Progress`; what goes wrong is written to stderr.
"""

import asyncio
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import AwareDatetime
from temporalio.runtime import Runtime, TelemetryConfig

from services.shared.events import Frozen
from tests.year.house import open_house
from tests.year.plan import of_area, plan
from tests.year.player import play
from tests.year.source import read_source, read_staff


class Progress(Frozen):
    """How far an area has come: steps done, mails caught, and what moment it is there (UTC)."""

    steps: int
    mails: int
    at: AwareDatetime


async def main(folder: Path, year: int, seed: int, senior: str) -> None:
    """Plays the complaints that the managers under `senior` investigate; SIGTERM ends it."""
    playing = asyncio.current_task()
    if playing is not None:
        # Without this the server would outlive us.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    staff = read_staff()
    whole = plan(read_source(), staff, year, seed)
    async with open_house(folder, senior, staff.directory) as house:

        def tell(steps: int, at: datetime) -> None:
            progress = Progress(steps=steps, mails=len(house.catcher.caught), at=at)
            sys.stdout.write(f"{progress.model_dump_json()}\n")
            sys.stdout.flush()

        await play(house, of_area(whole, staff, senior), tell)


def set_up_logs() -> None:
    """Lets only warnings through, to stderr: stdout is for progress."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The client library would warn of what this server does not know, at every start.
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=None)))


if __name__ == "__main__":
    set_up_logs()
    where, which, drawn_by, whose = sys.argv[1:]
    asyncio.run(main(Path(where), int(which), int(drawn_by), whose))
