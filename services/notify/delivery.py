"""Hands one message to the mail server, and says what its answer means for the notice.

MAIL, RCPT and DATA are spoken apart, because who is refused decides what follows: whatever fails
before RCPT is about this installation and can be mended; a 5xx to RCPT or DATA is about this
mail and is for good; silence after DATA may hide a delivered mail.
"""

import asyncio
import ssl
from contextlib import suppress

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientRefused

from services.notify.message import Envelope, mailable
from services.notify.settings import NotifySettings
from services.notify.ways import Delivery, Result

PATIENCE = 20.0
"""Seconds for the whole dialogue, the wait for a free line included: well inside every lease."""

REPLY_PATIENCE = 10.0
"""Seconds for any one reply."""

LINES = 10
"""Connections at once: many clocks can pass in the same second, and a mail server is shared."""

SIGN_IN_REPLIES = frozenset({503, 530, 534, 535, 538})
"""5xx replies about how we signed in, whichever command they answer: the settings mend them."""


MOST_WORDS = 500
"""Characters that are kept of a reply."""


class Mailer:
    """Delivers messages by SMTP as the settings say.

    `tls` stands in for the system's trusted certificates. Raises MendRequest `unusable-address`
    when the settings' own address is not one that can send.
    """

    def __init__(self, settings: NotifySettings, tls: ssl.SSLContext | None = None) -> None:
        self.sender = mailable(settings.mail_from)
        self._settings = settings
        self._tls = tls
        self._lines = asyncio.Semaphore(LINES)

    async def deliver(self, envelope: Envelope) -> Delivery:
        """Makes one attempt. Never raises for what a mail server, or the way to it, does."""
        client = self._client()
        try:
            delivery = await self._dialogue(client, envelope)
            if delivery.result == "delivered":
                with suppress(SMTPException, OSError):
                    await client.quit(timeout=2)
        finally:
            client.close()
        return delivery

    async def _dialogue(self, client: SMTP, envelope: Envelope) -> Delivery:
        handed_over = False
        try:
            async with asyncio.timeout(PATIENCE), self._lines:
                await client.connect()
                await client.mail(envelope.sender)
                await client.rcpt(envelope.recipient)
                handed_over = True
                code, words = await client.data(envelope.message)
        except (SMTPRecipientRefused, SMTPDataError) as error:
            for_good = 500 <= error.code < 600 and error.code not in SIGN_IN_REPLIES
            return _delivery("refused" if for_good else "temporary", error.code, error.message)
        except (SMTPException, OSError) as error:
            result: Result = "unconfirmed" if handed_over else "temporary"
            return _delivery(result, type(error).__name__, str(error))
        return _delivery("delivered", code, words)

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
            timeout=REPLY_PATIENCE,
            # Without it the library asks the resolver for this machine's name, which can take long.
            local_hostname=self.sender.rpartition("@")[2],
        )


def _delivery(result: Result, reason: int | str, words: str) -> Delivery:
    printable = "".join(character if character.isprintable() else " " for character in words)
    return Delivery(result, str(reason), f"{reason} {printable}"[:MOST_WORDS])
