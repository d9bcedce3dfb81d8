"""Connections to the mail server, kept open for the next mail.

A mail server is slow to greet and quick to take: most of the time of one mail goes into its
connection. What was kept may have been closed by the server meanwhile, which shows before anything
of a mail was handed over, and then the mail goes by a fresh one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException

MOST_MAILS = 100
"""Mails that one connection carries: servers commonly end one that carries more."""

LONGEST_LIFE = 300.0
"""Seconds after which a connection is not used again."""

LONGEST_IDLE = 20.0
"""Seconds for which a connection is kept for a next mail: it holds a place at a shared server."""

FAREWELL = 2.0
"""Seconds for the server to answer QUIT."""


@dataclass
class _Connection:
    client: SMTP
    opened_at: float
    """By the event loop's clock, as all times here."""
    mails: int = 0
    leaving: asyncio.TimerHandle | None = None
    """Ends it when no mail comes for it."""


class Connections:
    """At most `most` connections at once, made by `open_client`; idle ones are kept for a while."""

    def __init__(self, open_client: Callable[[], SMTP], most: int) -> None:
        self._open_client = open_client
        self._places = asyncio.Semaphore(most)
        self._idle: list[_Connection] = []
        self._farewells: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def transaction(self, sender: str) -> AsyncIterator[SMTP]:
        """A connection on which the server has taken MAIL FROM `sender`, for one mail.

        It is kept for the next one when the block ends without an exception, else closed. Raises
        what connecting, signing in and MAIL raise (SMTPException, OSError).
        """
        async with self._places:
            connection = await self._begun(sender)
            try:
                yield connection.client
            except BaseException:
                connection.client.close()
                raise
            self._keep(connection)

    async def close(self) -> None:
        """Takes leave of the server on every idle connection."""
        while self._idle:
            self._leave(self._idle[-1])
        await asyncio.gather(*self._farewells)

    async def _begun(self, sender: str) -> _Connection:
        kept = self._kept()
        if kept is not None:
            try:
                await kept.client.mail(sender)
            except (SMTPException, OSError):
                kept.client.close()
            except BaseException:
                kept.client.close()
                raise
            else:
                return kept
        client = self._open_client()
        try:
            await client.connect()
            await client.mail(sender)
        except BaseException:
            client.close()
            raise
        return _Connection(client, opened_at=asyncio.get_running_loop().time())

    def _kept(self) -> _Connection | None:
        """Takes the idle connection that was used last; drops those that the server closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.leaving is not None:
                connection.leaving.cancel()
            if connection.client.is_connected:
                return connection
            connection.client.close()
        return None

    def _keep(self, connection: _Connection) -> None:
        connection.mails += 1
        loop = asyncio.get_running_loop()
        self._idle.append(connection)
        if connection.mails >= MOST_MAILS or loop.time() - connection.opened_at >= LONGEST_LIFE:
            self._leave(connection)
        else:
            connection.leaving = loop.call_later(LONGEST_IDLE, self._leave, connection)

    def _leave(self, connection: _Connection) -> None:
        self._idle.remove(connection)
        if connection.leaving is not None:
            connection.leaving.cancel()
        farewell = asyncio.get_running_loop().create_task(_farewell(connection.client))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


async def _farewell(client: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await client.quit(timeout=FAREWELL)
    client.close()
