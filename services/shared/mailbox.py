"""Reads a mailbox by IMAP from where it was last read to, and leaves it as it is.

The folder is opened for reading only: nothing is deleted, moved or marked, so several readers, and
people with a mail program, can share one mailbox.
"""

import asyncio
import imaplib
import re
import ssl
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import structlog
from imap_tools.errors import ImapToolsError, MailboxFetchError, MailboxLoginError
from imap_tools.mailbox import (
    BaseMailBox,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
)
from pydantic import Field, SecretStr

from services.shared.errors import TryLater
from services.shared.settings import Settings

TIMEOUT = 20.0
"""Seconds that the server may take for each answer."""

MOST_MAILS = 50
MOST_BYTES = 32 * 1024 * 1024
"""How much is read in one go: no batch takes in a mail once it holds as many bytes."""

HEAD_BYTES = 64 * 1024
"""How much is read of a mail that is too large: enough to say whom it is from."""

FAILURES = 3
"""How often on end reading may end at one mail, before it is passed over as not given."""

# How often reading ended at which mail of which mailbox. It is counted per process: what a restart
# forgets is counted again in three looks.
_failures: Counter[tuple[str, int, int]] = Counter()

# Threads of our own: the default ones are waited for when a process ends, and a server that has
# fallen silent would hold it up.
_threads = ThreadPoolExecutor(2, "mailbox")

log = structlog.get_logger()


class MailboxSettings(Settings):
    """The mailbox in which mail to the installation's own address arrives."""

    imap_host: str = ""
    """Empty: no mailbox is read."""
    imap_port: int = Field(default=993, ge=1, le=65535)
    imap_security: Literal["none", "starttls", "tls"] = "tls"
    imap_username: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = "INBOX"
    imap_poll_seconds: float = Field(default=30, gt=0)
    """How often it is looked into."""

    @property
    def mailbox_name(self) -> str:
        """Which mailbox this is: what was remembered of one says nothing about another."""
        return f"{self.imap_username}@{self.imap_host}:{self.imap_port}/{self.imap_folder}"


@dataclass(frozen=True)
class Place:
    """How far a mailbox was read. Another `uid_validity` says that its numbers begin anew."""

    uid_validity: int
    last_uid: int


@dataclass(frozen=True)
class Fetched:
    """One mail as the server gave it."""

    uid: int
    raw: bytes
    whole: bool
    """False: `raw` is only its first `HEAD_BYTES`, or empty where the server did not give it."""
    arrived_at: datetime
    """When it came into the mailbox, by the server's clock (UTC)."""


@dataclass(frozen=True)
class Batch:
    """What was new, oldest first, and how far the mailbox is read once that is kept."""

    mails: tuple[Fetched, ...]
    place: Place
    more: bool
    """Whether more waits: read on at once."""


async def read_new(
    settings: MailboxSettings, place: Place | None, *, first_from: date, largest: int
) -> Batch:
    """Returns what has come in since `place`; mails above `largest` bytes only by their head.

    A mailbox that is read for the first time, or whose numbers begin anew, is read from the mails
    of the day `first_from` on: what lay in it for years is no news.

    A mail at which the server fails, or ends the connection, `FAILURES` times on end is not asked
    for again: it is returned as one that is not given, so that those behind it are read.

    Raises TryLater `mailbox-away` or `mailbox-login-refused`.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _read_new, settings, place, first_from, largest)


def _read_new(
    settings: MailboxSettings, place: Place | None, first_from: date, largest: int
) -> Batch:
    try:
        box = _connect(settings)
        try:
            password = settings.imap_password.get_secret_value()
            box.login(settings.imap_username, password, initial_folder=None)
            return _batch(box, settings, place, first_from, largest)
        finally:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                box.logout()
            with suppress(OSError):  # a connection that ended by itself is still to be let go of
                box.client.shutdown()
    except MailboxLoginError as error:
        raise TryLater("mailbox-login-refused", "The mailbox refuses the login.") from error
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        raise TryLater("mailbox-away", "The mailbox cannot be read now.") from error


def _connect(settings: MailboxSettings) -> BaseMailBox:
    host, port = settings.imap_host, settings.imap_port
    match settings.imap_security:
        case "tls":
            # Without a context of ours the certificate would not be looked at.
            return MailBox(host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
        case "starttls":
            return MailBoxStartTls(
                host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context()
            )
        case "none":
            return MailBoxUnencrypted(host, port, timeout=TIMEOUT)


def _batch(
    box: BaseMailBox,
    settings: MailboxSettings,
    place: Place | None,
    first_from: date,
    largest: int,
) -> Batch:
    folder = settings.imap_folder
    box.folder.set(folder, readonly=True)
    status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    if place is None or place.uid_validity != status["UIDVALIDITY"]:
        place = Place(status["UIDVALIDITY"], 0)
        wanted = f"UID 1:* SINCE {first_from:%d-%b-%Y}"
    else:
        wanted = f"UID {place.last_uid + 1}:*"
    # The answer to "from 8 on" holds 7, if that is the last: `*` always stands for a mail.
    found = sorted(uid for uid in map(int, box.uids(wanted, None)) if uid > place.last_uid)
    mails: list[Fetched] = []
    last = place.last_uid
    for uid in found[:MOST_MAILS]:
        try:
            mail = _fetched(box, (settings.mailbox_name, place.uid_validity, uid), largest)
        except (imaplib.IMAP4.error, OSError):
            if not mails:
                raise
            log.warning("mailbox read in part", mails=len(mails))
            break
        last = uid
        mails += [mail] if mail else []
        if sum(len(read.raw) for read in mails) >= MOST_BYTES:
            break
    more = bool(found) and last < found[-1]
    if not more:
        last = max(last, status["UIDNEXT"] - 1)
    return Batch(tuple(mails), Place(status["UIDVALIDITY"], last), more)


def _fetched(box: BaseMailBox, mail: tuple[str, int, int], largest: int) -> Fetched | None:
    """Returns the mail, or None for one that is gone by now, and counts where reading ends."""
    *_, uid = mail
    if _failures[mail] >= FAILURES:
        log.warning("mail passed over", uid=uid)
        return _not_given(uid)
    try:
        fetched = _fetch(box, uid, largest)
    except (imaplib.IMAP4.error, OSError):
        _failures[mail] += 1
        raise
    del _failures[mail]
    return fetched


def _fetch(box: BaseMailBox, uid: int, largest: int) -> Fetched | None:
    try:
        facts = b"".join(_answer(box, uid, "(UID RFC822.SIZE INTERNALDATE)")[0])
        size = re.search(rb"RFC822\.SIZE (\d+)", facts)
        whole = size is not None and int(size[1]) <= largest
        wanted = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{HEAD_BYTES}>)"
        answered, raw = _answer(box, uid, wanted) if facts else ([], b"")
    except MailboxFetchError:
        return _not_given(uid)
    return Fetched(uid, raw, whole=whole, arrived_at=_arrived_at(facts)) if answered else None


def _not_given(uid: int) -> Fetched:
    """It must not hold up those behind it; whoever reads it sees that there is nothing."""
    return Fetched(uid, b"", whole=False, arrived_at=datetime.now(UTC))


def _answer(box: BaseMailBox, uid: int, wanted: str) -> tuple[list[bytes], bytes]:
    """Returns what the server says about one mail, and the text that it gives with it.

    It says nothing about a mail that is no more. Raises MailboxFetchError where it refuses.
    """
    kind, answer = box.client.uid("FETCH", str(uid), wanted)
    if kind != "OK":
        raise MailboxFetchError((kind, answer), "OK")
    said: list[bytes] = []
    text = b""
    for piece in answer:
        if isinstance(piece, tuple):
            said.append(piece[0])
            text = piece[1]
        elif piece:
            said.append(piece)
    return said, text


def _arrived_at(facts: bytes) -> datetime:
    found = re.search(rb'INTERNALDATE "([^"]+)"', facts)
    try:
        written = found[1].decode("ascii").strip() if found else ""
        return datetime.strptime(written, "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
