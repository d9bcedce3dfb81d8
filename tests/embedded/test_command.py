"""The command line as a whole: what it offers, what it loads, and its refusals in one line."""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner

from services import databases
from services.command import app
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash
from tests.engine import tool
from tests.ports import free_port


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """What production must set, over databases that are still to be made."""
    urls = {
        f"PUTRIGHT_{service.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/{service}.db"
        for service in databases.URLS
    }
    return {
        **urls,
        "PUTRIGHT_ENVIRONMENT": "production",
        "PUTRIGHT_PAYLOAD_KEYS": new_key_spec("test"),
        "PUTRIGHT_STAFF_KEY_HASH": key_hash("staff_key"),
        "PUTRIGHT_LINK_SECRET": "a secret of this test",
        "PUTRIGHT_MAIL_FROM": "complaints@example.org",
    }


def test_every_command_is_offered() -> None:
    said = CliRunner().invoke(app, ["--help"]).output
    for command in (
        *("up", "migrate", "policy", "deadlines", "channel-key", "register-search-attributes"),
    ):
        assert re.search(rf"\b{command}\b", said)


def test_deadlines_wait_for_no_database_and_no_web_server() -> None:
    program = (
        "import sys, services.command;"
        "print(*sorted({'sqlalchemy', 'alembic', 'fastapi', 'uvicorn'} & sys.modules.keys()))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


def test_migrate_makes_every_database_and_may_be_repeated(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    for _ in range(2):
        result = CliRunner().invoke(app, ["migrate"], env=settings)
        assert (result.exit_code, result.output.splitlines()) == (
            0,
            [f"{service} is up to date" for service in databases.URLS],
        )
    for service in databases.URLS:
        connection = sqlite3.connect(tmp_path / f"{service}.db")
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        connection.close()


def test_migrate_takes_one_service(tmp_path: Path, settings: dict[str, str]) -> None:
    result = CliRunner().invoke(app, ["migrate", "notify"], env=settings)
    assert result.output == "notify is up to date\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notify.db"]


def test_a_service_without_a_database_is_refused() -> None:
    result = CliRunner().invoke(app, ["migrate", "workflow"])
    assert result.exit_code == 2
    assert "keeps no database" in result.output


def test_a_missing_secret_is_one_line_that_names_it(settings: dict[str, str]) -> None:
    del settings["PUTRIGHT_LINK_SECRET"]
    result = CliRunner().invoke(app, ["migrate", "intake"], env=settings)
    assert result.exit_code == 2
    assert result.output.splitlines() == [
        "putright: PUTRIGHT_LINK_SECRET is not set: production needs its own"
    ]


def test_a_wrong_setting_is_one_line_that_names_it(settings: dict[str, str]) -> None:
    result = CliRunner().invoke(
        app, ["migrate", "intake"], env=settings | {"PUTRIGHT_INTAKE_PORT": "eight thousand"}
    )
    assert result.exit_code == 2
    [line] = result.output.splitlines()
    assert line.startswith("putright: PUTRIGHT_INTAKE_PORT: ")


def test_channel_keys_are_made_and_listed(settings: dict[str, str]) -> None:
    runner = CliRunner()
    runner.invoke(app, ["migrate", "intake"], env=settings)
    made = runner.invoke(app, ["channel-key", "new", "website", "--channel", "web"], env=settings)
    assert made.output.startswith("channel_")
    listed = runner.invoke(app, ["channel-key", "list"], env=settings)
    assert listed.output.startswith("website\tweb\t")
    refused = runner.invoke(
        app, ["channel-key", "new", "website", "--channel", "web"], env=settings
    )
    assert refused.exit_code == 1
    assert "Usage: putright channel-key" in runner.invoke(app, ["channel-key", "--help"]).output


async def test_search_attributes_are_registered_once(settings: dict[str, str]) -> None:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=tool("temporal"), dev_server_log_level="error"
    ) as server:
        address = server.client.service_client.config.target_host
        for said in ("New to the server: ComplaintStatus, ", "The server knew them all."):
            registering = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services", "register-search-attributes"),
                env={**os.environ, **settings, "PUTRIGHT_TEMPORAL_ADDRESS": address},
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await registering.communicate()
            assert output.decode().startswith(said)
            assert registering.returncode == 0


def test_both_ways_to_call_it_are_one() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "services", "deadlines", "--policy", "nacro"],
        env={**os.environ, "PUTRIGHT_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert "putright deadlines" in said.stderr
