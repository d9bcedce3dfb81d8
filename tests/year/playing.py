"""Plays a whole year: every area at the same time, into one register."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.shared.database import migrate
from tests.year.area import Progress
from tests.year.house import SERVICES, register_url
from tests.year.plan import Plan, of_area, plan
from tests.year.source import read_source, read_staff

ROOT = Path(__file__).parents[2]

Told = Callable[[str, Progress], None]
"""Hears how far an area has come."""


@dataclass(frozen=True)
class Played:
    """A year that was played: its plan, its register and what was mailed."""

    plan: Plan
    register: str
    """The URL of the register's database."""
    mails: int


async def play_year(folder: Path, year: int, seed: int, told: Told) -> Played:
    """Plays the year from 1 April of `year` on, with its databases in an empty folder.

    Raises RuntimeError with what an area said when its process failed.
    """
    source, staff = read_source(), read_staff()
    whole = plan(source, staff, year, seed)
    await asyncio.to_thread(migrate, SERVICES / "reporting", register_url(folder))
    async with asyncio.TaskGroup() as group:
        areas = [
            group.create_task(_play_area(folder, year, seed, senior, told))
            for senior in staff.seniors
        ]
    mails = 0
    for senior, area in zip(staff.seniors, areas, strict=True):
        progress = area.result()
        if progress.steps != len(of_area(whole, staff, senior).steps):
            raise RuntimeError(f"the area of {senior} ended after {progress.steps} steps")
        mails += progress.mails
    return Played(whole, register_url(folder), mails)


async def _play_area(folder: Path, year: int, seed: int, senior: str, told: Told) -> Progress:
    log = folder / f"{senior}.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.year.area"),
            *(str(folder), str(year), str(seed), senior),
            cwd=ROOT,
            stdout=PIPE,
            stderr=errors,
        )
        try:
            progress = await _follow(process, senior, told)
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
    if process.returncode or progress is None:
        raise RuntimeError(f"the area of {senior} failed:\n{log.read_text()[-2000:]}")
    return progress


async def _follow(process: asyncio.subprocess.Process, senior: str, told: Told) -> Progress | None:
    """Returns the last progress, when the process has ended."""
    progress = None
    if process.stdout is None:
        raise ValueError("the process has no pipe to follow")
    async for line in process.stdout:
        progress = Progress.model_validate_json(line)
        told(senior, progress)
    await process.wait()
    return progress
