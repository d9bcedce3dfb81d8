"""A mail as a person would read it: who wrote, what about, what they wrote, what came with it.

Pure: bytes in, values out. Attachments are carried as they came and never opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser

from services.intake.mail_head import Head, Ourselves, read_head
from services.intake.mail_text import (
    decoded,
    from_html,
    header_text,
    one_line,
    tidy,
    without_quotes,
)
from services.shared.errors import MendRequest

MOST_LINES = 500_000
"""25 MB of attachments are 350,000 lines; each line costs the parser a hundred times its length."""

MOST_PARTS = 1_000
MOST_NESTED = 100
"""How many parts, and parts within parts, a mail may have: forwarded again and again, a dozen."""

NESTS = re.compile(rb"boundary[\s*\d]{0,10}=|content-type:\s{0,10}message/", re.IGNORECASE)

MOST_WORDS = 20_000
"""Characters of words that are taken over, as from every channel."""

CUT = "\n\n[It goes on: the whole mail is kept.]"

ARMOUR = "-----BEGIN PGP MESSAGE-----"


@dataclass(frozen=True)
class Limits:
    """How much is taken over from a mail; what is beyond stays in the raw mail only."""

    attachments: int
    attachment_bytes: int


@dataclass(frozen=True)
class Attachment:
    """One thing that came with a mail."""

    given_name: str | None
    media_type: str
    size: int
    content: bytes | None
    """None where it is larger than the limit."""


@dataclass(frozen=True)
class Body:
    """What a mail holds below its headers."""

    text: str
    """What its sender wrote, with what it quotes."""
    attachments: tuple[Attachment, ...]
    left_out: bool
    """Whether anything that came with it stays in the raw mail only."""
    encrypted: bool
    invitation: bool
    """Whether it is an entry for a calendar, or the answer to one."""

    @property
    def reply(self) -> str:
        """The text without what it quotes, for showing."""
        return without_quotes(self.text)


@dataclass(frozen=True)
class Mail:
    """A mail that was read whole."""

    head: Head
    body: Body

    @property
    def words(self) -> str:
        """What it says, as the words of a complaint: its subject is a part of them."""
        return shortened("\n\n".join(part for part in (self.head.subject, self.body.text) if part))


def read(raw: bytes, ourselves: Ourselves, limits: Limits) -> Mail:
    """Reads a mail whole.

    Raises MendRequest `head-too-large`, `too-many-lines`, `too-many-parts` or `nested-too-deep`
    for what would cost more to read than any honest mail.
    """
    head = read_head(raw, ourselves)
    check_bounds(raw)
    return Mail(head, _body(BytesParser().parsebytes(raw), limits))


def check_bounds(raw: bytes) -> None:
    """Refuses what would take too much time or memory to parse. Raises as `read` does."""
    if raw.count(b"\n") + raw.count(b"\r") > 2 * MOST_LINES:
        raise MendRequest("too-many-lines", "It has more lines than any honest mail.")
    if raw.count(b"\n--") + raw.count(b"\r--") > MOST_PARTS:
        raise MendRequest("too-many-parts", "It has more parts than any honest mail.")
    if sum(1 for _ in NESTS.finditer(raw)) > MOST_NESTED:
        raise MendRequest("nested-too-deep", "It has more mails within mails than any honest one.")


def shortened(words: str) -> str:
    """Returns words that are no longer than a complaint's may be, saying so where they were cut."""
    words = words.strip()
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - len(CUT)].rstrip() + CUT


def _body(message: Message, limits: Limits) -> Body:
    plain: list[str] = []
    marked_up: list[str] = []
    attached: list[Attachment] = []
    left_out = invitation = False
    for part in _leaves(message):
        kind = part.get_content_type()
        invitation = invitation or kind == "text/calendar"
        if kind in {"text/plain", "text/html"} and not _is_attached(part):
            (plain if kind == "text/plain" else marked_up).append(_text(part))
        elif len(attached) < limits.attachments:
            attached.append(_attachment(part, limits))
        else:
            left_out = True
    text = tidy("\n\n".join(plain))
    text = text or tidy("\n\n".join(from_html(markup) for markup in marked_up))
    return Body(
        text=text,
        attachments=tuple(attached),
        left_out=left_out or any(one.content is None for one in attached),
        encrypted=message.get_content_type() == "multipart/encrypted" or ARMOUR in text,
        invitation=invitation,
    )


def _leaves(message: Message) -> Iterator[Message]:
    """Yields the parts that hold something, in order. A mail within the mail is one of them."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        within = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(within, list):
            waiting += [inner for inner in reversed(within) if isinstance(inner, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or _given_name(part) is not None


def _given_name(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError):  # parameters can be encoded wrongly in many ways
        return None
    return one_line(header_text(name)) or None if name else None


def _text(part: Message) -> str:
    return decoded(_content(part), part.get_content_charset())


def _content(part: Message) -> bytes:
    """Returns what a part holds, decoded; what is encoded wrongly stays as it is."""
    inner = part.get_payload()
    if isinstance(inner, list):  # a mail within the mail, or the reports of a mail server
        return b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attachment(part: Message, limits: Limits) -> Attachment:
    content = _content(part)
    kind = one_line(part.get_content_type(), 100)
    within = len(content) <= limits.attachment_bytes
    return Attachment(_given_name(part), kind, len(content), content if within else None)
