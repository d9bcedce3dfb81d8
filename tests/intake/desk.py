"""An intake app as its callers meet it, with its database to look into."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlmodel import col, select
from temporalio.client import Client

from services.intake.engine import Patience
from services.intake.settings import IntakeSettings
from services.intake.tables import Complaint, SavedAction
from services.shared.database import Database

STAFF_KEY = "staff_key_of_these_tests"
PATIENCE = Patience(between_sweeps=timedelta(milliseconds=300))
LITTLE_PATIENCE = Patience(
    start=timedelta(seconds=1),
    act=timedelta(seconds=1),
    read=timedelta(seconds=1),
    between_sweeps=timedelta(milliseconds=300),
)
"""For tests in which the engine is away, and what fails is tried again."""

STAFF = {"Authorization": f"Bearer {STAFF_KEY}"}


async def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """An intake app with callers at its door, and its database to look into."""

    app: FastAPI
    settings: IntakeSettings
    database: Database
    client: Client
    http: httpx.AsyncClient
    channel: dict[str, str]
    """The headers of a channel that may post as every channel."""

    async def bring_in(self, words: str = "The heating is off.", **fields: Any) -> str:
        """Brings a complaint in and returns its reference."""
        body = {"channel": "web", "words": words, **fields}
        answer = await self.http.post("/api/complaints", json=body, headers=self.channel)
        assert answer.status_code == 201, answer.text
        reference: str = answer.json()["reference"]
        return reference

    async def act(self, reference: str, verb: str, key: str | None = None, **body: Any) -> Any:
        """Has staff act on a complaint; returns the response."""
        headers = STAFF if key is None else {**STAFF, "Idempotency-Key": key}
        path = f"/api/complaints/{reference}/{verb}"
        return await self.http.post(path, json=body, headers=headers)

    async def read(self, reference: str) -> Any:
        """Returns the case file as staff read it."""
        answer = await self.http.get(f"/api/complaints/{reference}", headers=STAFF)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def carried_out(self, reference: str) -> list[str]:
        """Returns what the workflow double carried out, in order, as Python reads it."""
        handle = self.client.get_workflow_handle(f"complaint-{reference}")
        log: list[str] = await handle.query("log")
        return log

    async def complaints(self) -> list[Complaint]:
        in_order = select(Complaint).order_by(col(Complaint.id))
        async with self.database.session() as session:
            return list((await session.exec(in_order)).all())

    async def actions(self) -> list[SavedAction]:
        in_order = select(SavedAction).order_by(col(SavedAction.id))
        async with self.database.session() as session:
            return list((await session.exec(in_order)).all())

    @asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        """Runs the app's own background work, as while it serves."""
        async with self.app.router.lifespan_context(self.app):
            yield


async def eventually(check: Callable[[], Awaitable[object]], seconds: float = 15) -> None:
    """Waits until the awaited `check()` is true."""
    for _ in range(int(seconds / 0.05)):
        if await check():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came true")
