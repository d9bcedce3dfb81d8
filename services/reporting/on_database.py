"""A command on reporting's database: opened, refusals said, progress shown, ended cleanly."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import InterfaceError, OperationalError

from services.reporting.settings import ReportingSettings
from services.shared.database import Database, check_migrated
from services.shared.errors import PutrightError
from services.shared.settings import wrong_settings

REFUSED = 2
"""The exit code of what could not be begun, or was refused as a whole."""

AWAY = 1
INTERRUPTED = 130

PLAIN_LINES = 10
"""How many lines tell of the progress where there is no terminal."""


def on_database(work: Callable[[Database], Awaitable[int]]) -> NoReturn:
    """Does the work on reporting's database, and exits with the code that it returns.

    What stands in the way is one line on stderr: wrong settings or a refusal (exit code 2), a
    database that is not there (1), Ctrl-C (130).
    """
    try:
        code = asyncio.run(_opened(ReportingSettings(), work))
    except ValidationError as error:
        for line in wrong_settings(error):
            say(line)
        code = REFUSED
    except PutrightError as refusal:
        say(str(refusal))
        code = REFUSED
    except (OperationalError, InterfaceError) as error:
        # Its own text only: SQLAlchemy would add the statement.
        say(f"putright: the database does not answer: {' '.join(str(error.orig).split())}")
        code = AWAY
    except KeyboardInterrupt:
        say("Interrupted.")
        code = INTERRUPTED
    raise typer.Exit(code)


@contextmanager
def shown_progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Shows on stderr how far something has come: a bar, or some lines where there is no terminal.

    Gives what is to be told how many are done, and how many there are.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(doing).tell
        return
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def say(line: str) -> None:
    """Says something on the way: stdout is for what was asked for."""
    typer.echo(line, err=True)


class _Lines:
    """A line at each tenth of the way."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._said = 0

    def tell(self, done: int, total: int) -> None:
        tenth = PLAIN_LINES * done // total if total else 0
        if tenth > self._said:
            self._said = tenth
            say(f"{self._doing}: {done:,} of {total:,}")


async def _opened(settings: ReportingSettings, work: Callable[[Database], Awaitable[int]]) -> int:
    """Raises TryLater `not-migrated` for a database of another release."""
    database = Database(settings.reporting_database_url)
    try:
        await check_migrated(database, Path(__file__).parent)
        return await work(database)
    finally:
        await database.close()
