"""`putright channel-key`: make, list and revoke the keys with which channels reach intake."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar, get_args

import typer
from pydantic import TypeAdapter, ValidationError

from services.intake import channel_keys
from services.intake.settings import IntakeSettings
from services.shared.database import Database
from services.shared.errors import PutrightError
from services.shared.text import Code
from services.workflow.contract import Channel

app = typer.Typer(
    name="channel-key",
    help="The keys with which channels bring complaints in.",
    no_args_is_help=True,
)

CHANNELS = (*get_args(Channel), channel_keys.EVERY_CHANNEL)

Answer = TypeVar("Answer")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What to call it, such as 'website'.")],
    channel: Annotated[str, typer.Option(help=f"One of: {', '.join(CHANNELS)} (* is every one).")],
) -> None:
    """Make a key and print it. It is shown this once: only its hash is kept."""
    if channel not in CHANNELS:
        raise typer.BadParameter(f"there is no channel {channel!r}")
    try:
        TypeAdapter(Code).validate_python(name)
    except ValidationError:
        raise typer.BadParameter("a name is lower-case letters, digits and hyphens") from None
    typer.echo(_run(lambda database: channel_keys.issue(database, name, channel, _now())))


@app.command("list")
def list_keys() -> None:
    """List every key: name, channel, how it begins, when it was made and revoked."""
    for key in _run(channel_keys.every_key):
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "in use"
        typer.echo(f"{key.id}\t{key.channel}\t{key.prefix}…\t{key.created_at:%Y-%m-%d}\t{state}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The key's name.")]) -> None:
    """End a key's right to bring complaints in, within seconds."""
    _run(lambda database: channel_keys.revoke(database, name, _now()))
    typer.echo(f"{name} is revoked")


def _run(command: Callable[[Database], Awaitable[Answer]]) -> Answer:
    async def on_database() -> Answer:
        database = Database(IntakeSettings().intake_database_url)
        try:
            return await command(database)
        finally:
            await database.close()

    try:
        return asyncio.run(on_database())
    except PutrightError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(1) from None


def _now() -> datetime:
    return datetime.now(UTC)
