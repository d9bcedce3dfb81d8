"""`putright up`: checks, starts everything, says what runs where, and stops it on Ctrl-C."""

import asyncio
import os
import shlex
import time
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from services.embedded import checks, keys, stack
from services.embedded.refusals import CannotStart
from services.embedded.settings import EmbeddedSettings
from services.shared.supervisor import GaveUp, Supervisor

EXAMPLE = (
    '{"channel": "web", "service_area": "Repairs",'
    ' "complainant": {"name": "Jo Bloggs", "email": "jo.bloggs@example.org"},'
    ' "words": "The boiler has been off since Monday and nobody rang back.",'
    ' "outcome_sought": "A working boiler and an apology."}'
)


def up(console: Console, errors: Console) -> int:
    """Runs the embedded default until it is told to stop; returns the exit code."""
    try:
        _run(console, _settings())
    except CannotStart as error:
        errors.print(f"[red]putright:[/] {escape(str(error))}")
        return 1
    except GaveUp as error:
        errors.print(f"[red]putright:[/] everything is stopped, for {escape(str(error))}")
        if error.log:
            errors.print(f"The last lines of {error.name}:")
        for line in error.log:
            errors.print(f"  {escape(line)}")
        return 1
    console.print("\nStopped.")
    return 0


def _settings() -> EmbeddedSettings:
    try:
        return EmbeddedSettings()
    except ValidationError as error:
        first, *_ = error.errors()
        name = f"PUTRIGHT_{str(first['loc'][0]).upper()}"
        raise CannotStart(f"{name} is {first['input']!r}: {first['msg'].lower()}") from error


def _run(console: Console, settings: EmbeddedSettings) -> None:
    started = time.monotonic()
    temporal = checks.temporal()
    checks.mail_catcher()
    checks.directory(settings.directory_file)
    with checks.hold(settings.var):
        checks.ports_are_free(settings.ports)
        kept = keys.keep(settings.var, stack.histories(settings))
        keys.write(settings.var / "dev.env", for_commands(settings, kept))
        supervisor = Supervisor(
            stack.children(settings, kept, temporal),
            settings.var / "log",
            say=lambda line: console.print(escape(line)),
        )
        console.print(f"Starting Putright; it logs to {_near(settings.var / 'log')}/")

        def ready() -> None:
            console.print(f"Ready after {time.monotonic() - started:.1f} s.\n")
            console.print(_what_runs_where(settings))

        asyncio.run(supervisor.run(ready))


FOR_COMMANDS = (
    *("PUTRIGHT_ENVIRONMENT", "PUTRIGHT_TEMPORAL_ADDRESS", "PUTRIGHT_TEMPORAL_NAMESPACE"),
    *("PUTRIGHT_PAYLOAD_KEYS", "PUTRIGHT_CALENDARS_FOLDER", "PUTRIGHT_REPORTING_DATABASE_URL"),
    "PUTRIGHT_REPORT_FACTS_FILE",
)
"""What `putright calendar`, `report` and `register` must know of a running product, as far as it is
set."""


def for_commands(settings: EmbeddedSettings, kept: keys.Keys) -> dict[str, str]:
    """Returns what `dev.env` tells a shell: what commands must know, keys and addresses."""
    told = stack.environment(settings, kept)
    # A shell reads them, and a path may have a blank in it.
    known = {name: shlex.quote(told[name]) for name in FOR_COMMANDS if name in told}
    return known | {
        "PUTRIGHT_CHANNEL_KEY": kept.channel_key,
        "PUTRIGHT_STAFF_KEY": kept.staff_key,
        "PUTRIGHT_INTAKE_URL": settings.url(settings.intake_port),
        "PUTRIGHT_REPORTING_URL": settings.url(settings.reporting_port),
        "PUTRIGHT_NOTIFY_URL": settings.url(settings.notify_port),
    }


def _what_runs_where(settings: EmbeddedSettings) -> str:
    where = {
        "Intake API": settings.url(settings.intake_port) + "/docs",
        "Dashboards": settings.url(settings.reporting_port) + "/dashboard",
        "Register": settings.url(settings.reporting_port) + "/docs",
        "Staff, letters": settings.url(settings.notify_port) + "/docs",
        "Temporal UI": settings.url(settings.temporal_ui_port),
        "Inbox, all mail": settings.url(settings.inbox_port),
        "Keys to try it": str(_near(settings.var / "dev.env")),
    }
    lines = [f"  {what:<16} [bold]{escape(address)}[/]" for what, address in where.items()]
    return "\n".join([*lines, "", "Bring a complaint in:", "", escape(example(settings)), "", STOP])


STOP = "Ctrl-C stops everything; open complaints go on where they were at the next start."


def example(settings: EmbeddedSettings) -> str:
    """Returns a command that brings a complaint in, to be pasted as it is."""
    dev_env = shlex.quote(str(_near(settings.var / "dev.env")))
    source = dev_env if os.sep in dev_env else f"./{dev_env}"
    return (
        f"  . {source} && curl --silent --show-error $PUTRIGHT_INTAKE_URL/api/complaints"
        ' -H "Authorization: Bearer $PUTRIGHT_CHANNEL_KEY"'
        f" -H 'Content-Type: application/json' -d '{EXAMPLE}'"
    )


def _near(path: Path) -> Path:
    """Returns the path as seen from the current folder, or whole when it lies elsewhere."""
    whole = path.resolve()
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole
