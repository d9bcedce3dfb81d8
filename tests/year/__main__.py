"""Plays a landlord's published year again, and writes its annual report.

    python -m tests.year              as `make year` does
    python -m tests.year --seed 2     the same figures, and other complaints

135 complaints go through the real workers, on servers that skip time, so the year that is played
lies ahead: the next one from 1 April on. Takes some minutes.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.year import area, comparing, reporting
from tests.year.comparing import Compared
from tests.year.plan import plan
from tests.year.playing import ROOT, Told, play_year
from tests.year.source import read_source, read_staff

SEED = 1
OUT = ROOT / "var" / "year"
PLAIN_WIDTH = 100
LINES = 20
"""How many lines tell of the progress where there is no terminal."""


def next_year(today: date) -> int:
    """Returns the calendar year in which the next complaints year begins."""
    return today.year if today < date(today.year, 4, 1) else today.year + 1


@contextmanager
def shown_progress(console: Console, total: int) -> Iterator[Told]:
    """Shows how far the areas have come together: as a bar on a terminal, or else line by line."""
    steps: dict[str, int] = {}
    told_at = 0

    def done(senior: str, progress: area.Progress) -> tuple[int, str]:
        steps[senior] = progress.steps
        return sum(steps.values()), f"{progress.at:%B %Y}"

    def say(senior: str, progress: area.Progress) -> None:
        nonlocal told_at
        together, month = done(senior, progress)
        if together * LINES // total > told_at:
            told_at = together * LINES // total
            console.print(f"… {month}: {together} of {total} steps")

    if not console.is_terminal:
        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("", total=total)

        def move(senior: str, progress: area.Progress) -> None:
            together, month = done(senior, progress)
            bar.update(task, completed=together, description=f"{month:14}")

        yield move


async def run(year: int, seed: int, out: Path, console: Console) -> Sequence[Compared]:
    """Plays the year, writes its report, and returns it beside the published figures."""
    source, began = read_source(), time.monotonic()
    total = len(plan(source, read_staff(), year, seed).steps)
    console.print(f"{source.published.landlord}'s {source.published.year}, played from {year} on")
    with tempfile.TemporaryDirectory(prefix="putright-year-") as folder:
        with shown_progress(console, total) as told:
            played = await play_year(Path(folder), year, seed, told)
        report = await reporting.annual_report(played.register, played.plan, source)
        files = await asyncio.to_thread(reporting.write, report, out)
        shutil.copy(Path(folder) / "register.db", out)
    took = time.monotonic() - began
    console.print(f"{total} steps, {played.mails} mails, {took:.0f} seconds. Written:")
    for file in (*files, out / "register.db"):
        console.print(f"  {file}", soft_wrap=True)
    return comparing.compare(report, source.published)


def judge(compared: Sequence[Compared], console: Console) -> None:
    """Shows every published figure beside the played one. Raises typer.Exit(1) where two differ."""
    console.print(comparing.table(compared))
    if not all(one.same for one in compared):
        raise typer.Exit(1)


def main(
    year: Annotated[
        int | None, typer.Option(help="From 1 April of which year on it is played.")
    ] = None,
    seed: Annotated[int, typer.Option(help="By which complaints and dates are drawn.")] = SEED,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = OUT,
) -> None:
    """Play a landlord's published year again, and write its annual report."""
    area.set_up_logs()
    console = Console()
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    begins = next_year(datetime.now(UTC).date()) if year is None else year
    judge(asyncio.run(run(begins, seed, out, console)), console)


if __name__ == "__main__":
    typer.run(main)
