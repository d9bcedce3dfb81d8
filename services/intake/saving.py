"""Saves what comes in: what arrives while one commit is under way shares the next.

A commit costs about the same for one row as for thirty, so under load this is what keeps the
answer quick. Nobody is answered before the commit that holds what they brought.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.intake.references import Prefix, new_reference
from services.intake.tables import Complaint, Feedback
from services.shared.database import Database
from services.shared.errors import TryLater

Row = Mapping[str, Any]
"""The columns of one row: the same names in every row of a table, as one statement saves many."""

Kept = TypeVar("Kept", Complaint, Feedback)

REFERENCES_TRIED = 5
"""With a million complaints one reference in a million is taken: five in a row never are."""


class Saver:
    """Inserts rows of one table, one transaction at a time."""

    def __init__(self, database: Database, table: type[Complaint | Feedback]) -> None:
        self._database = database
        self._table = table
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def save(self, row: Row) -> None:
        """Returns once the row is committed.

        Raises IntegrityError when its reference, or another thing of which there is one, is taken.
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
                await connection.execute(insert(self._table), [row for row, _ in batch])
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


async def save_once(
    saver: Saver, row: Row, prefix: Prefix, earlier: Callable[[], Awaitable[Kept | None]]
) -> tuple[str, Kept | None]:
    """Saves a row under a new reference, unless the same thing has been saved before.

    `earlier` looks that up, when a row was refused as a second one. Returns the reference, and
    what was found with it, or None for a new one. Raises TryLater `no-free-reference`.
    """
    for _ in range(REFERENCES_TRIED):
        reference = new_reference(prefix)
        try:
            await saver.save({**row, "reference": reference})
        except IntegrityError:
            found = await earlier()
            if found is not None:
                return found.reference, found
        else:
            return reference, None
    raise TryLater("no-free-reference", "No free reference was found; send it again.")


def _settle(saved: asyncio.Future[None], error: Exception | None) -> None:
    if saved.done():  # whoever waited has gone away; what they brought is saved all the same
        return
    if error is None:
        saved.set_result(None)
    else:
        saved.set_exception(error)
