"""A real SMTP server inside the test's own event loop, which keeps all that it is sent.

    async with MailCatcher() as catcher:
        ...                                  # send to 127.0.0.1, port catcher.port
        [mail] = catcher.caught
        assert mail.subject == "…"

It can refuse everybody or one address, cut the connection once it has a mail whole, hang up on
whoever is connected, and be stopped and started again on the same port.
"""

import asyncio
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port


@dataclass(frozen=True)
class Caught:
    """One mail as the server got it. `to` and `return_path` are what SMTP was told."""

    to: str
    return_path: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        # A long one begins on the next line, and what is left of the fold is a space.
        return str(self.message["Subject"]).strip()

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: Literal["plain", "html"]) -> str:
        body = self.message.get_body((kind,))
        assert body is not None, f"the mail has no {kind} body"
        return str(body.get_content()).replace("\r\n", "\n")


class MailCatcher:
    """The server. `options` go to aiosmtpd's SMTP (TLS, authentication)."""

    def __init__(self, **options: Any) -> None:
        self.port = free_port()
        self.caught: list[Caught] = []
        """Every mail that was taken, oldest first; also those whose sender got no reply."""
        self.connections = 0
        """How many connections there have been."""
        self._options = options
        self._refusals: dict[str | None, tuple[int, str]] = {}
        self._cuts = 0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Transport] = set()

    def refuse(
        self, code: int, address: str | None = None, *, at: Literal["MAIL", "RCPT", "DATA"] = "RCPT"
    ) -> None:
        """Answers with `code` from now on, to everybody or only to mails to `address`."""
        self._refusals[address] = (code, at)

    def accept(self) -> None:
        """Takes every mail again."""
        self._refusals.clear()

    def cut_after_data(self, times: int = 1) -> None:
        """Takes the next mails whole and then cuts the connection without a reply."""
        self._cuts = times

    @property
    def open_connections(self) -> int:
        """How many connections there are now."""
        return len(self._connections)

    def to(self, address: str) -> list[Caught]:
        """Returns what was taken for one address, oldest first."""
        return [mail for mail in self.caught if mail.to == address]

    async def start(self) -> None:
        """Listens on `port` of 127.0.0.1."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Cuts every connection and listens no more; `start` brings it back on the same port."""
        if self._server is None:
            return
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def handle_MAIL(  # noqa: N802 — aiosmtpd finds its hooks by these names
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.mail_from = address
        return self._refusal("MAIL", None) or "250 OK"

    async def handle_RCPT(  # noqa: N802 — as above
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        refusal = self._refusal("RCPT", address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802 — as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        refusal = self._refusal("DATA", envelope.rcpt_tos[0])
        if refusal is not None:
            return refusal
        if self._take(envelope):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"

    def hang_up(self) -> None:
        """Cuts every connection, as a server does that has waited long enough; still listens."""
        for connection in self._connections:
            connection.abort()

    def _protocol(self) -> SMTP:
        self.connections += 1
        return _Protocol(
            self._connections,
            self,
            hostname="catcher.example.org",
            loop=asyncio.get_running_loop(),
            **self._options,
        )

    def _refusal(self, command: str, address: str | None) -> str | None:
        for concerned in (address, None):
            code, at = self._refusals.get(concerned, (0, ""))
            if at == command:
                return f"{code} refused by the test"
        return None

    def _take(self, envelope: Envelope) -> bool:
        """Keeps a mail; says whether the connection is to be cut now."""
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        return_path = envelope.mail_from or ""
        self.caught += [
            Caught(to=address, return_path=return_path, message=message)
            for address in envelope.rcpt_tos
        ]
        self._cuts -= 1
        return self._cuts >= 0


class _Protocol(SMTP):
    """Remembers its connection, so that a stopped server lets go of it."""

    def __init__(
        self, connections: set[asyncio.Transport], handler: MailCatcher, **options: Any
    ) -> None:
        super().__init__(handler, **options)
        self._open = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        self._open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self.transport)
        super().connection_lost(error)
