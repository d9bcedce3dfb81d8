"""Hands one message to the mail server, and says what its answer means for the notice.

MAIL, RCPT and DATA are spoken apart, because who is refused decides what follows: whatever fails
before RCPT is about this installation and can be mended; a 5xx to RCPT or DATA is about this
mail and is for good; silence once the mail itself is on its way may hide a delivered mail.
"""

import asyncio
import ssl
from dataclasses import dataclass

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPServerDisconnected,
    SMTPStatus,
)
from aiosmtplib.protocol import SMTPProtocol

from services.notify.connections import Connections
from services.notify.message import Envelope, mailable
from services.notify.pace import Pace, TooFast
from services.notify.settings import NotifySettings
from services.notify.ways import Delivery, Ready, Result
from services.shared.mail_tags import tagged


@dataclass(frozen=True)
class Patience:
    """How many seconds each part of an attempt may take: all together well inside its lease."""

    turn: float = 10.0
    """Until its turn, where mails are spaced."""
    beginning: float = 15.0
    """Until MAIL is answered: the wait for a connection, connecting and signing in included."""
    handing_over: float = 30.0
    """From there to the last answer, which decides whether there may be a second copy."""
    reply: float = 10.0
    """For any one reply before the mail is handed over."""


SIGN_IN_REPLIES = frozenset({503, 530, 534, 535, 538})
"""5xx replies about how we signed in, whichever command they answer: the settings mend them."""

MOST_WORDS = 500
"""Characters that are kept of a reply."""


class Mailer:
    """The way by mail: delivers messages by SMTP as the settings say.

    `tls` stands in for the system's trusted certificates. Raises MendRequest `unusable-address`
    when the settings' own address is not one that can send. To be closed at the end.
    """

    def __init__(
        self,
        settings: NotifySettings,
        tls: ssl.SSLContext | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._patience = patience
        self._return_address = mailable(settings.bounce_address or settings.mail_from)
        self._domain = mailable(settings.mail_from).rpartition("@")[2]
        self._connections = Connections(self._client, settings.mail_connections)
        self._pace = Pace(settings.mails_a_minute)

    async def deliver(self, ready: Ready) -> Delivery:
        """Makes one attempt. Never raises for what a mail server, or the way to it, does."""
        if ready.envelope is None:
            raise ValueError(f"{ready.notice.key} was not sealed as a mail")
        return await self.send(ready.envelope)

    async def send(self, envelope: Envelope) -> Delivery:
        """Makes one attempt at a sealed message, as `deliver` does."""
        try:
            await self._pace.turn(self._patience.turn)
        except TooFast:
            return _delivery("temporary", "rate-limit", "its turn is too far away")
        return await self._dialogue(envelope)

    async def close(self) -> None:
        """Takes leave of the mail server."""
        await self._connections.close()

    async def _dialogue(self, envelope: Envelope) -> Delivery:
        patience, loop = self._patience, asyncio.get_running_loop()
        handed_over = False
        try:
            async with (
                asyncio.timeout(patience.beginning) as limit,
                self._connections.transaction(self._return_path(envelope)) as client,
            ):
                limit.reschedule(loop.time() + patience.handing_over)
                await client.rcpt(envelope.recipient)
                protocol = await _ready_for_data(client)
                protocol.write(_dotted(envelope.message))
                handed_over = True
                code, words = await protocol.read_response(patience.handing_over)
                if code != SMTPStatus.completed:
                    raise SMTPDataError(code, words)  # noqa: TRY301 — read with the other refusals
        except (SMTPRecipientRefused, SMTPDataError) as error:
            return _refusal(error, handed_over=handed_over)
        except (SMTPException, OSError) as error:
            result: Result = "unconfirmed" if handed_over else "temporary"
            return _delivery(result, type(error).__name__, str(error))
        return _delivery("delivered", code, words)

    def _return_path(self, envelope: Envelope) -> str:
        """What comes back names the notice by the address that it comes back to."""
        secret = self._settings.link_secret.get_secret_value()
        return tagged(self._return_address, secret, "notice", envelope.mark)

    def _client(self) -> SMTP:
        settings = self._settings
        password = settings.smtp_password
        return SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username or None,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            tls_context=self._tls,
            timeout=self._patience.reply,
            # Without it the library asks the resolver for this machine's name, which can take long.
            local_hostname=self._domain,
        )


async def _ready_for_data(client: SMTP) -> SMTPProtocol:
    """Asks the server to take the mail; returns what to write it to, and read the answer from.

    aiosmtplib's own `data` does not tell whether a connection was lost before the mail or with it.
    Raises SMTPDataError when the server does not want it.
    """
    reply = await client.execute_command(b"DATA")
    if reply.code != SMTPStatus.start_input:
        raise SMTPDataError(reply.code, reply.message)
    if client.protocol is None:
        raise SMTPServerDisconnected("Connection lost")
    return client.protocol


def _dotted(message: bytes) -> bytes:
    """Returns the message as it goes after DATA (RFC 5321 section 4.5.2).

    Its lines end in CRLF, a dot that begins one of them is doubled, and a dot by itself ends it.
    """
    lines = (b"." + line if line.startswith(b".") else line for line in message.splitlines())
    return b"\r\n".join((*lines, b".", b""))


def _refusal(error: SMTPRecipientRefused | SMTPDataError, *, handed_over: bool) -> Delivery:
    """Reads a reply that is not the one hoped for."""
    result: Result = "temporary"
    if 500 <= error.code < 600 and error.code not in SIGN_IN_REPLIES:
        result = "refused"
    elif handed_over and error.code < 400:
        # It does not say that the mail was not taken.
        result = "unconfirmed"
    return _delivery(result, error.code, error.message)


def _delivery(result: Result, reason: int | str, words: str) -> Delivery:
    printable = "".join(character if character.isprintable() else " " for character in words)
    return Delivery(result, str(reason), f"{reason} {printable}"[:MOST_WORDS])
