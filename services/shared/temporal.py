"""How every service speaks to Temporal: one converter, one connection, one bridge for errors."""

import asyncio
import dataclasses
import logging
import os
import sys
from datetime import timedelta
from typing import NoReturn

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from services.shared.encryption import EncryptionCodec, KeyRing
from services.shared.errors import KINDS, PutrightError
from services.shared.settings import Settings

SHUTDOWN_GRACE = timedelta(seconds=5)
"""How long a worker may finish what it holds after it is told to stop."""

CONNECT_PATIENCE = timedelta(seconds=60)
"""How long a worker waits for the server at its start before it gives up and is restarted."""

AWAY = frozenset(
    {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
)
"""What the server's client answers when the server cannot be reached or does not reply in time."""


def data_converter(keys: KeyRing) -> DataConverter:
    """Pydantic JSON under encryption; failure messages and stack traces are encrypted too."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def lazy_client(settings: Settings) -> Client:
    """Returns a client that connects at its first call: its owner starts without Temporal."""
    return await _connect(settings, lazy=True)


async def worker_client(settings: Settings) -> Client:
    """Returns a connected client, waiting up to `CONNECT_PATIENCE` for the server to be there.

    Raises RuntimeError with the address when it is not.
    """
    deadline = asyncio.get_running_loop().time() + CONNECT_PATIENCE.total_seconds()
    while True:
        try:
            return await _connect(settings, lazy=False)
        except (RuntimeError, RPCError) as error:
            if asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(
                    f"no Temporal server answers at {settings.temporal_address}"
                ) from error
            await asyncio.sleep(0.5)


async def _connect(settings: Settings, *, lazy: bool) -> Client:
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(KeyRing(settings.payload_keys.get_secret_value())),
        lazy=lazy,
    )


def leave(code: int = 0) -> NoReturn:
    """Ends a process that used a client, once its work is done and closed; never returns.

    The interpreter is not taken down: a thread of the SDK that is still letting go of its last
    call would meet a half-gone interpreter and abort, and a job well done would end as a crash
    (temporalio/sdk-python issue 300).
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def raise_across(error: PutrightError) -> NoReturn:
    """Raises a refusal as the ApplicationError that carries it over Temporal."""
    raise ApplicationError(
        error.detail,
        error.status,
        error.facts,
        type=error.code,
        non_retryable=not error.retryable,
    ) from error


def from_across(error: ApplicationError) -> PutrightError | None:
    """Rebuilds the refusal that `raise_across` sent, or None when the error is no refusal."""
    match error.details:
        case [int(status), dict(facts)] if status in KINDS and error.type is not None:
            return KINDS[status](error.type, error.message, **facts)
        case _:
            return None
