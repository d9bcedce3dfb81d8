"""Every route asks who is there, except those that are named here with their reason."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services import databases
from services.intake import app as intake
from services.intake.settings import IntakeSettings
from services.notify import app as notify
from services.notify.settings import NotifySettings
from services.reporting import app as reporting
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash
from services.shared.temporal import lazy_client
from services.workflow import app as workflow
from services.workflow.settings import WorkflowSettings
from tests.databases import copy_migrated

DOCUMENTATION = {"/docs", "/docs/oauth2-redirect", "/openapi.json"}

HEALTH = {"/livez", "/readyz"}

OPEN = {
    "intake": {
        *DOCUMENTATION,
        *HEALTH,
        "/follow/{reference}/{token}",  # the resident's page: its link is the key
        "/manager/{purpose}/{token}",  # a manager's page: likewise
        "/manager/{purpose}/{token}/{form}",
    },
    "workflow": HEALTH,
    "notify": {*DOCUMENTATION, *HEALTH},
    "reporting": {*DOCUMENTATION, *HEALTH},
}

SECRETS = {
    "environment": "production",
    "temporal_address": "127.0.0.1:1",
    "payload_keys": new_key_spec("test"),
    "staff_key_hash": key_hash("staff_right"),
}


async def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Served:
    """A service's app as production runs it."""

    service: str
    app: FastAPI


@pytest.fixture(params=OPEN)
async def served(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Served]:
    """Each service in turn, over an empty database and without Temporal."""
    service = request.param
    url = f"sqlite+aiosqlite:///{tmp_path}/{service}.db"
    if service in databases.URLS:
        copy_migrated(databases.SERVICES / service, url)
    database = Database(url)
    yield Served(service, await made(service, database))
    await database.close()


async def made(service: str, database: Database) -> FastAPI:
    match service:
        case "intake":
            for_intake = IntakeSettings.model_validate({**SECRETS, "link_secret": "of this test"})
            client = await lazy_client(for_intake)
            return intake.create_app(for_intake, database, client, wall_clock)
        case "workflow":
            for_workflow = WorkflowSettings.model_validate(SECRETS)
            return workflow.create_app(for_workflow, await lazy_client(for_workflow))
        case "notify":
            for_notify = NotifySettings.model_validate(
                {**SECRETS, "link_secret": "of this test", "mail_from": "c@example.org"}
            )
            return notify.create_app(for_notify, database, await lazy_client(for_notify))
        case _:
            for_reporting = ReportingSettings.model_validate(SECRETS)
            client = await lazy_client(for_reporting)
            return reporting.create_app(for_reporting, database, client)


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Each method and path, such as ("GET", "/api/complaints/{reference}")."""
    found = [
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in sorted(route.methods or ())
    ]
    assert found
    return found


@pytest.mark.parametrize("key", [None, "staff_wrong"], ids=["without a key", "with a wrong key"])
async def test_every_route_asks_for_a_key(served: Served, key: str | None) -> None:
    guarded = [route for route in routes(served.app) if route[1] not in OPEN[served.service]]
    transport = httpx.ASGITransport(served.app)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=headers
    ) as client:
        answers = {
            f"{method} {path}": (
                await client.request(method, re.sub(r"{[^}]*}", "x", path))
            ).status_code
            for method, path in guarded
        }
    assert {route: status for route, status in answers.items() if status != 401} == {}


async def test_every_open_route_that_is_named_exists(served: Served) -> None:
    assert OPEN[served.service] - {path for _, path in routes(served.app)} == set()
