"""A mail server that holds mails byte by byte as they were put in, and can misbehave at one.

The catcher mends what it is given and needs much memory for mail that is broken; real servers hand
broken mail over as it is. It speaks as much IMAP as reading takes, and refuses everything else.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tests.ports import free_port

PASSWORD = "of-these-tests"  # noqa: S105 — of a server that lives for a test


class RawMailbox:
    """One folder of mails, numbered from 1."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[bytes] = []
        self.uid_validity = 7
        self.refuses: set[int] = set()
        """The numbers of mails that it will not hand over."""
        self.hangs_up_at: int | None = None
        """The number of a mail at which it ends the connection, once."""
        self.always_hangs_up_at: int | None = None
        """Likewise, each time that it is asked for."""
        self.chokes_on: set[int] = set()
        """The numbers of mails to whose asking it answers that it did not understand."""
        self.refused: list[str] = []
        """Commands beyond reading, which nobody should send."""

    @property
    def told(self) -> dict[str, str]:
        """The variables of a process that reads it."""
        return {
            "PUTRIGHT_IMAP_HOST": "127.0.0.1",
            "PUTRIGHT_IMAP_PORT": str(self.port),
            "PUTRIGHT_IMAP_SECURITY": "none",
            "PUTRIGHT_IMAP_USERNAME": "reader",
            "PUTRIGHT_IMAP_PASSWORD": PASSWORD,
            "PUTRIGHT_IMAP_POLL_SECONDS": "0.2",
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speaks to one client until it leaves."""
        try:
            writer.write(b"* OK ready\r\n")
            while line := (await reader.readline()).decode().strip():
                tag, _, command = line.partition(" ")
                try:
                    writer.writelines(self._answer(command))
                    writer.write(tag.encode() + b" OK done\r\n")
                except LookupError:
                    writer.write(tag.encode() + b" NO not that\r\n")
                except ValueError:
                    writer.write(tag.encode() + b" BAD what is that\r\n")
                await writer.drain()
                if command == "LOGOUT":
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, command: str) -> list[bytes]:
        """Returns the lines of an answer.

        Raises LookupError for what is refused, ValueError for what is not understood, and
        ConnectionError to end the connection.
        """
        verb = command.upper().partition("(")[0]
        match verb.split():
            case ["CAPABILITY"]:
                return [b"* CAPABILITY IMAP4rev1\r\n"]
            case ["LOGIN", *_] | ["LOGOUT"]:
                return [b"* BYE\r\n"] if verb == "LOGOUT" else []
            case ["EXAMINE", *_]:
                return [b"* %d EXISTS\r\n" % len(self.mails)]
            case ["STATUS", *_]:
                place = (self.uid_validity, len(self.mails) + 1)
                return [b'* STATUS "INBOX" (UIDVALIDITY %d UIDNEXT %d)\r\n' % place]
            case ["UID", "SEARCH", "UID", numbers, *_]:
                first = int(numbers.partition(":")[0])
                found = range(min(first, len(self.mails)) or 1, len(self.mails) + 1)
                return [b"* SEARCH " + " ".join(map(str, found)).encode() + b"\r\n"]
            case ["UID", "FETCH", uid]:
                return self._fetch(int(uid), command)
            case _:
                self.refused.append(command)
                raise LookupError(command)

    def _fetch(self, uid: int, command: str) -> list[bytes]:
        raw = self.mails[uid - 1]
        if "BODY" not in command:
            when = datetime.now(UTC).strftime("%d-%b-%Y %H:%M:%S +0000").encode()
            facts = (uid, uid, len(raw), when)
            return [b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "%s")\r\n' % facts]
        if self.hangs_up_at == uid:
            self.hangs_up_at = None
            raise ConnectionResetError
        if self.always_hangs_up_at == uid:
            raise ConnectionResetError
        if uid in self.chokes_on:
            raise ValueError(uid)
        if uid in self.refuses:
            raise LookupError(uid)
        part = re.search(r"<0\.(\d+)>", command)
        given = raw[: int(part[1])] if part else raw
        return [b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(given)), given, b")\r\n"]


@asynccontextmanager
async def raw_mailbox() -> AsyncIterator[RawMailbox]:
    """An open mailbox, closed at the end."""
    mailbox = RawMailbox()
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", mailbox.port)
    async with server:
        yield mailbox
