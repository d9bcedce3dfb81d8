"""`putright calendar`: show the bank holidays, import newer ones, count open complaints by them.

What was asked for goes to stdout; what is said on the way goes to stderr.
"""

import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, get_args

import typer
from rich.console import Console
from rich.progress import Progress, TaskProgressColumn, TextColumn

from services.shared import calendars
from services.shared.calendars import DIVISIONS, Calendar, Division
from services.shared.errors import MendRequest, TryLater
from services.shared.local_time import local_date
from services.workflow import printing
from services.workflow.bank_holidays import report as calendar_report
from services.workflow.bank_holidays.merging import Difference, Prepared, alone, keep, prepare
from services.workflow.commands import NATIONS, refusals

if TYPE_CHECKING:
    from temporalio.client import Client

    from services.workflow.bank_holidays.open_complaints import Answers, Telling

calendar_app = typer.Typer(
    name="calendar", help="Bank holidays: what counts, and what changed.", no_args_is_help=True
)

ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        dir_okay=False,
        help="Write the report there (CSV, or JSON by its name) instead of printing it.",
    ),
]
Patience = Annotated[
    float,
    typer.Option(
        metavar="SECONDS", min=1, help="How long to go on when no complaint answers any more."
    ),
]


@calendar_app.command()
def show(
    nation: Annotated[
        str | None, typer.Argument(help=f"One of: {', '.join(NATIONS)}; else all.")
    ] = None,
    *,
    year: Annotated[
        int | None, typer.Option(help="Of which year; else from this one to the last published.")
    ] = None,
) -> None:
    """Show the bank holidays that count here."""
    with refusals():
        newest = calendars.newest()
        divisions = get_args(Division) if nation is None else (_division(nation),)
        _say(
            f"Calendar of {newest.version}, {newest.first} to {newest.last}, projected after "
            f"{newest.published_until}: {newest.source}"
        )
        years = _years(newest, year)
        printing.table(
            ("day", "weekday", "nation", "bank holiday"),
            (
                (day.isoformat(), f"{day:%A}", division, name)
                for division in divisions
                for day, name in newest.divisions[division].items()
                if day.year in years
            ),
        )


@calendar_app.command()
def check(*, patience: Patience = 60) -> None:
    """Say which open complaints were counted by an older calendar; exit code 1 if any was."""

    async def ask(client: "Client") -> int:
        version = calendars.newest().version.isoformat()
        answers = await _round(client, version, patience, "nobody")
        older = [
            (reference, found.calendar)
            for reference, found in answers.counting.items()
            if found.calendar is not None and found.calendar < version
        ]
        printing.table(
            ("complaint", "counted by"),
            [*older, *((each, calendar_report.SILENT) for each in answers.silent)],
        )
        _say(f"{len(older)} of {len(answers.counting)} counted by a calendar before {version}.")
        return 1 if older or answers.silent else 0

    _on_engine(ask)


@calendar_app.command("import")
def import_calendar(  # noqa: PLR0913 — one parameter per option
    file: Annotated[
        str,
        typer.Argument(help="GOV.UK's bank-holidays.json, or a calendar of ours; - reads stdin."),
    ],
    *,
    version: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The new calendar's date; else the file's, or today's."),
    ] = None,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Bank holidays that have been may vanish.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    report: ReportFile = None,
    patience: Patience = 60,
) -> None:
    """Take in newer bank holidays, and count every open complaint anew by them."""
    with refusals():
        content = _content(file)
        dated = None if version is None else _date(version)

        def prepared() -> Prepared:
            return prepare(
                content,
                calendars.newest(),
                version=dated,
                today=local_date(datetime.now(UTC)),
                allow_removals=allow_removals,
            )

        _differences(prepared().differences, dry_run=dry_run)
        if dry_run:
            return
        _check_writable(report)

    async def take_in(client: "Client") -> int:
        with alone(calendars.installed()):
            # Anew: another import may have come first.
            found = prepared()
            if found.new:
                _say(f"Imported: {keep(found.calendar, calendars.installed())}")
            else:
                _say(f"The calendar of {found.calendar.version} says all that already.")
        tell: Telling = "everybody" if found.new else "whoever-needs-it"
        return await _recount(client, found.calendar, tell, report, patience)

    _on_engine(take_in)


@calendar_app.command()
def recount(*, report: ReportFile = None, patience: Patience = 60) -> None:
    """Count open complaints anew by the newest calendar: the rest of an import, or a release's."""
    with refusals():
        _check_writable(report)
    _on_engine(
        lambda client: _recount(client, calendars.newest(), "whoever-needs-it", report, patience)
    )


async def _recount(
    client: "Client", calendar: Calendar, tell: "Telling", file: Path | None, patience: float
) -> int:
    version = calendar.version.isoformat()
    answers = await _round(client, version, patience, tell)
    report = calendar_report.report(version, answers.counting, answers.silent)
    if file is None:
        printing.table(calendar_report.COLUMNS, calendar_report.rows(report))
    else:
        calendar_report.write(report, file)
        _say(f"The report is in {file}.")
    _say(f"Open complaints: {report.complaints}")
    for outcome, count in report.totals.items():
        _say(f"  {count:>6}  {outcome}")
    if answers.silent:
        _say("`putright calendar recount` finishes the rest.")
    return 1 if answers.silent else 0


async def _round(client: "Client", version: str, patience: float, tell: "Telling") -> "Answers":
    from services.workflow.bank_holidays.open_complaints import Round  # noqa: PLC0415 — loads the Temporal client

    console = Console(stderr=True)
    columns = (TextColumn("{task.completed} of {task.total} complaints"), TaskProgressColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=0)
        round_ = Round(
            client,
            version,
            patience=patience,
            progress=lambda done, known: bar.update(task, completed=done, total=known),
        )
        return await round_.make(tell)


def _on_engine(work: Callable[["Client"], Awaitable[int]]) -> NoReturn:
    from services.shared.command_line import on_engine  # noqa: PLC0415 — loads the Temporal client

    on_engine(work)


def _differences(found: Iterable[Difference], *, dry_run: bool) -> None:
    lines = [
        (one.change, one.day.isoformat(), f"{one.day:%A}", one.division, one.name) for one in found
    ]
    if dry_run:
        printing.table(("change", "day", "weekday", "nation", "bank holiday"), lines)
        if not lines:
            _say("It says nothing new.")
        return
    for line in lines:
        _say("  ".join(line))


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise MendRequest("unreadable-calendar", f"{file}: {error.strerror}.") from None


def _check_writable(report: Path | None) -> None:
    """Refuses a report that could not be written, before anything is done."""
    if report is None:
        return
    try:
        report.touch()
    except OSError as error:
        raise TryLater("report-unwritable", f"{report}: {error.strerror}.") from None


def _division(nation: str) -> Division:
    for known, division in DIVISIONS.items():
        if nation in {known, division}:
            return division
    raise MendRequest("unknown-nation", f"{nation!r} is none of: {', '.join(NATIONS)}.")


def _years(newest: Calendar, year: int | None) -> range:
    if year is None:
        return range(datetime.now(UTC).year, newest.published_until.year + 1)
    if not newest.first.year <= year <= newest.last.year:
        raise MendRequest(
            "beyond-the-calendar", f"The calendar runs from {newest.first} to {newest.last}."
        )
    return range(year, year + 1)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MendRequest(
            "unreadable-date", f"{text!r} is no ISO date such as 2027-02-03."
        ) from None


def _say(line: str) -> None:
    typer.echo(line, err=True)
