"""The command line `putright`. A service's commands live with the service and are mounted here.

`deadlines` needs no database and no Temporal server, so it does not wait for their clients to
load: what needs those is imported by its own command.
"""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from services.notice_command import notice_app
from services.reporting.commands import register_app
from services.reporting.reports.command import report
from services.shared.settings import wrong_settings
from services.workflow.bank_holidays.command import calendar_app
from services.workflow.commands import deadlines, policy_app
from services.workflow.scenarios.command import simulate

if TYPE_CHECKING:
    from temporalio.client import Client

app = typer.Typer(
    help="Complaint handling in which no deadline is missed quietly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and those hold people
)
policy_app.command()(simulate)
app.add_typer(policy_app, name="policy")
app.add_typer(calendar_app, name="calendar")
app.add_typer(notice_app, name="notice")
app.add_typer(register_app, name="register")
app.command()(report)
app.command()(deadlines)


@app.command()
def up() -> None:
    """Run the whole product on this machine, for trying it out; Ctrl-C stops it."""
    from services.embedded.up import up as run  # noqa: PLC0415 — loads the Temporal client

    console = Console(highlight=False, soft_wrap=True)
    raise typer.Exit(run(console, Console(stderr=True, highlight=False, soft_wrap=True)))


@app.command()
def migrate(
    services: Annotated[
        list[str] | None, typer.Argument(help="Which services' databases; none means all.")
    ] = None,
) -> None:
    """Bring the databases forward to this release. Repeating it changes nothing."""
    from services import databases  # noqa: PLC0415 — loads every service's database driver

    for service in services or databases.URLS:
        if service not in databases.URLS:
            known = ", ".join(databases.URLS)
            raise typer.BadParameter(f"{service!r} keeps no database; these do: {known}")
        try:
            databases.bring_forward([service])
        except ValidationError as error:
            _wrong_settings(error)
        typer.echo(f"{service} is up to date")


@app.command()
def register_search_attributes() -> None:
    """Make the Temporal server know what complaints are listed by. Repeating it is harmless."""
    from services.shared.command_line import on_engine  # noqa: PLC0415 — loads the Temporal client
    from services.workflow import search_attributes  # noqa: PLC0415 — likewise

    async def register(client: "Client") -> int:
        new = await search_attributes.register(client)
        typer.echo(f"New to the server: {', '.join(new)}" if new else "The server knew them all.")
        return 0

    on_engine(register)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def channel_key(ctx: typer.Context) -> None:
    """Make, list and revoke the keys with which channels bring complaints in."""
    from services.intake import commands  # noqa: PLC0415 — loads the database driver

    commands.app(ctx.args, prog_name="putright channel-key")


def _wrong_settings(error: ValidationError) -> NoReturn:
    for line in wrong_settings(error):
        typer.echo(line, err=True)
    raise typer.Exit(2) from None
