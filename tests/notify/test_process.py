"""Notify as a process: what it needs to start, when it is ready, how it stops."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from services.notify import staff
from services.notify.app import SERVICE
from services.notify.message import mark
from services.notify.settings import NotifySettings
from services.shared.database import Database, migrate
from services.shared.mail_tags import tagged
from tests.engine import PAYLOAD_KEYS, skipping_time
from tests.notify.samples import EXAMPLE, STAFF
from tests.ports import free_port


async def readiness(port: int) -> httpx.Response:
    """The answer of /readyz, as soon as the process listens."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async with asyncio.timeout(20):
            while True:
                try:
                    assert (await client.get("/livez")).status_code == 200
                    return await client.get("/readyz")
                except httpx.TransportError:
                    await asyncio.sleep(0.05)


@pytest.mark.parametrize("database_state", ["migrated", "empty"])
async def test_it_seeds_its_directory_is_ready_without_a_mail_server_and_stops_cleanly(
    tmp_path: Path, database_state: str
) -> None:
    migrated = database_state == "migrated"
    url = f"sqlite+aiosqlite:///{tmp_path}/notify.db"
    port = free_port()
    if migrated:
        migrate(SERVICE, url)
    async with skipping_time() as environment:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.notify"),
            env={
                **os.environ,
                "PUTRIGHT_ENVIRONMENT": "embedded",
                "PUTRIGHT_PAYLOAD_KEYS": PAYLOAD_KEYS,
                "PUTRIGHT_TEMPORAL_ADDRESS": environment.client.service_client.config.target_host,
                "PUTRIGHT_NOTIFY_DATABASE_URL": url,
                "PUTRIGHT_NOTIFY_PORT": str(port),
                "PUTRIGHT_SMTP_PORT": str(free_port()),
                **({"PUTRIGHT_DIRECTORY_FILE": str(EXAMPLE)} if migrated else {}),
            },
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            ready = await readiness(port)
            assert ready.status_code == (200 if migrated else 503)
            state = "ready" if migrated else "not ready: TryLater"
            assert ready.json() == {"database": state, "temporal": "ready"}
        finally:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                await process.communicate()
        assert process.returncode == 0
    if migrated:
        database = Database(url)
        async with database.session() as session:
            assert len((await staff.load(session)).people) == len(STAFF.people)
        await database.close()


MOST_BEFORE_THE_AT = 64
"""RFC 5321, 4.5.3.1.1."""

PRODUCTION = {
    "environment": "production",
    "payload_keys": "k",
    "staff_key_hash": "h",
    "link_secret": "s",
}


def test_production_wants_a_sender_of_its_own() -> None:
    with pytest.raises(ValidationError, match="PUTRIGHT_MAIL_FROM is not set"):
        NotifySettings.model_validate(PRODUCTION)
    own = NotifySettings.model_validate(
        {**PRODUCTION, "mail_from": "complaints@elmfield.example.org"}
    )
    assert own.mail_from == "complaints@elmfield.example.org"


@pytest.mark.parametrize("name", ["mail_from", "bounce_address"])
def test_our_own_addresses_leave_room_for_a_tag(name: str) -> None:
    own = {"environment": "embedded", name: f"{'c' * 25}+x@example.org"}
    settings = NotifySettings.model_validate(own)
    sender = settings.bounce_address or settings.mail_from
    return_path = tagged(sender, "secret", "notice", mark("any"))
    assert len(return_path.rpartition("@")[0]) == MOST_BEFORE_THE_AT
    with pytest.raises(ValidationError, match="leave no tag room"):
        NotifySettings.model_validate({**own, name: f"{'c' * 26}@example.org"})


def test_an_empty_bounce_address_is_none() -> None:
    settings = NotifySettings.model_validate({"environment": "embedded", "bounce_address": ""})
    assert settings.bounce_address is None


@pytest.mark.parametrize("half", [{"smtp_username": "u"}, {"smtp_password": "p"}])
def test_half_a_sign_in_is_refused(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="or neither"):
        NotifySettings.model_validate({"environment": "embedded", **half})
