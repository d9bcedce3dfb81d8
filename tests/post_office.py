"""A real mail server for tests, with SMTP to send to and IMAP to read: the embedded catcher."""

import asyncio
import imaplib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiosmtplib
from pydantic import SecretStr

from services.shared.mailbox import MailboxSettings
from services.shared.readiness import every, listens
from tests.engine import PAYLOAD_KEYS
from tests.ports import free_port

USER = "everybody@example.org"
PASSWORD = "a-password-of-these-tests"  # noqa: S105 — of a server that lives for a test


class PostOffice:
    """The one mailbox of a mail catcher, in a process of its own."""

    def __init__(self) -> None:
        self.smtp_port = free_port()
        self.imap_port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def settings(self) -> MailboxSettings:
        """What reads this mailbox."""
        told = {"environment": "embedded", "payload_keys": PAYLOAD_KEYS, **self.told}
        return MailboxSettings.model_validate(told)

    @property
    def told(self) -> dict[str, object]:
        """The settings of the mailbox alone."""
        return {
            "imap_host": "127.0.0.1",
            "imap_port": self.imap_port,
            "imap_security": "none",
            "imap_username": USER,
            "imap_password": SecretStr(PASSWORD),
            "imap_poll_seconds": 0.2,
        }

    async def open(self) -> None:
        """Starts it, with nothing in it."""
        ports = {"--smtp-port": self.smtp_port, "--imap-port": self.imap_port}
        options = {"--host": "127.0.0.1", "--user": USER, **ports}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mail_devel", "--no-http"),
            *(str(part) for option in options.items() for part in option),
            env={**os.environ, "MAIL_PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        ready = every(listens(self.smtp_port), listens(self.imap_port))
        async with asyncio.timeout(30):
            while not await ready():
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Ends it; what lay in it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def send(self, mail: bytes, *, to: str = "complaints@example.org") -> None:
        """Sends a mail by SMTP, as a mail program does."""
        await aiosmtplib.send(
            mail,
            sender="somebody@example.org",
            recipients=[to],
            hostname="127.0.0.1",
            port=self.smtp_port,
        )

    async def put(self, *mails: bytes, arrived_at: datetime | None = None) -> None:
        """Puts mails into the mailbox byte by byte as they are, whatever they are."""
        await asyncio.to_thread(self._put, mails, arrived_at or datetime.now(UTC))

    def _put(self, mails: tuple[bytes, ...], arrived_at: datetime) -> None:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=60) as box:
            box.login(USER, PASSWORD)
            for mail in mails:
                when = imaplib.Time2Internaldate(arrived_at)
                kind, said = box.append("INBOX", "", when, mail)
                assert kind == "OK", said

    async def empty(self) -> None:
        """Takes everything out of the mailbox; its numbers go on."""
        await asyncio.to_thread(self._empty)

    def _empty(self) -> None:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=60) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX")
            box.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            box.expunge()

    async def flags(self) -> list[bytes]:
        """Returns what the server says about each mail's flags."""
        return await asyncio.to_thread(self._flags)

    def _flags(self) -> list[bytes]:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=60) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX", readonly=True)
            _, said = box.fetch("1:*", "(FLAGS)")
            return [line for line in said if isinstance(line, bytes)]


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    """An open post office, closed at the end."""
    office = PostOffice()
    await office.open()
    try:
        yield office
    finally:
        await office.close()
