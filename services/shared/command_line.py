"""A command that needs the Temporal server: connected, its refusals said, and ended cleanly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

import typer
from pydantic import ValidationError
from temporalio.client import Client

from services.shared.errors import PutrightError
from services.shared.settings import Settings, wrong_settings
from services.shared.temporal import leave, worker_client

REFUSED = 2
"""The exit code of what could not be begun: wrong settings, a refusal."""

INTERRUPTED = 130


def on_engine(work: Callable[[Client], Awaitable[int]]) -> NoReturn:
    """Does the work with a connection to Temporal, and ends the process with its exit code.

    What stands in the way is one line on stderr: wrong settings or a refusal (exit code 2), a
    server that is not there (1), Ctrl-C (130).
    """

    async def connected(settings: Settings) -> int:
        return await work(await worker_client(settings))

    try:
        code = asyncio.run(connected(Settings()))
    except ValidationError as error:
        for line in wrong_settings(error):
            typer.echo(line, err=True)
        raise typer.Exit(REFUSED) from None
    except PutrightError as refusal:
        typer.echo(str(refusal), err=True)
        code = REFUSED
    except RuntimeError as error:
        typer.echo(f"putright: {error}", err=True)
        code = 1
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        code = INTERRUPTED
    leave(code)
