"""Saves complaints: those that come in while one commit is under way share the next.

A commit costs about the same for one row as for thirty, so under load this is what keeps the
answer quick. Nobody is answered before the commit that holds their complaint.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.intake.tables import Complaint
from services.shared.database import Database

Row = Mapping[str, Any]
"""The columns of a complaint."""


class Saver:
    """Inserts complaints, one transaction at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def save(self, row: Row) -> None:
        """Returns once the complaint is committed.

        Raises IntegrityError when its reference, or its channel's idempotency key, is taken.
        """
        saved = asyncio.get_running_loop().create_future()
        self._waiting.append((row, saved))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._save_waiting())
        await saved

    async def _save_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._save(batch)

    async def _save(self, batch: Sequence[tuple[Row, asyncio.Future[None]]]) -> None:
        try:
            async with self._database.engine.begin() as connection:
                await connection.execute(insert(Complaint), [row for row, _ in batch])
        except IntegrityError as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            for single in batch:  # one of them is at fault; the others must not suffer for it
                await self._save([single])
        except Exception as error:  # noqa: BLE001 — whoever waits is told, whatever it was
            for _, saved in batch:
                _settle(saved, error)
        else:
            for _, saved in batch:
                _settle(saved, None)


def _settle(saved: asyncio.Future[None], error: Exception | None) -> None:
    if saved.done():  # whoever waited has gone away; the complaint is saved all the same
        return
    if error is None:
        saved.set_result(None)
    else:
        saved.set_exception(error)
