"""What a mail that came back says: which notice it is about, and what became of that. Pure.

A delivery status (RFC 3464) is believed first. Without one the words of well-known mail servers
are, where the mail comes from such a server; whatever stays unclear is left to a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import Literal

from services.notify.returned_phrases import (
    DAEMON,
    REFUSED_FOR_GOOD,
    STILL_TRYING,
    SUBJECT_GIVEN_UP,
    SUBJECT_OF_A_ROBOT,
    SUBJECT_WAITS,
)
from services.shared.mail_tags import named

MOST_BYTES = 256 * 1024
"""What is read of a mail: a report stands at its beginning, what it returns comes after."""

MOST_PARTS = 50
"""Parts that are looked at: a report has three."""

MOST_WORDS = 500
"""Characters that are kept of what a server says."""

MOST_TAGS = 50
"""Tags whose signature is checked in one mail."""

Outcome = Literal["bounced", "delayed", "ignored", "unreadable"]
"""`ignored`: no bounce (a robot's answer, a receipt); `unreadable`: a person must look."""

TAG = re.compile(r"(?i)\+([a-z2-7]{25}\.[a-z2-7]{12})@")
"""What may be the tag of a notice: its mark and a signature."""

MESSAGE_ID = re.compile(r"(?im)^Message-ID:\s*(<[0-9a-f]{40}@[^>\s]{1,255}>)")
"""The id of a mail of ours (`message.message_id`)."""

ACTION = re.compile(r"(?im)^Action:\s*([\w-]+)")
STATUS = re.compile(r"(?im)^Status:\s*(\d\.\d{1,3}\.\d{1,3})")
DIAGNOSTIC = re.compile(r"(?im)^Diagnostic-Code:([^\n]*(?:\n[ \t][^\n]*)*)")
"""The fields of a delivery status that are read."""

FROM_A_SERVER = re.compile(r"(?im)^Return-Path:\s*<>|report-type=\"?delivery-status")
"""What the head of a mail from a mail server holds."""

SENDER = re.compile(r"(?im)^(?:From|Sender|Return-Path):[^\n]*")

RECEIVED_BY = (
    *("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"),
    *("X-Forwarded-To", "Resent-To", "To"),
)
"""The headers that say which address a mail came to."""


@dataclass(frozen=True)
class Returned:
    """What a mail says."""

    mark: str | None
    """The mark of the notice whose signed return path it came to, or holds."""
    message_id: str | None
    """The Message-ID of the mail of ours that it returns."""
    outcome: Outcome
    words: str
    """The server's own words: they may repeat an address, so they stay in the ledger."""


def may_be_ours(raw: bytes, secret: str) -> bool:
    """Says whether a mail came to a return path of ours, or from a mail server.

    In a mailbox shared with residents no other is kept here. Only its head is looked at, and that
    without parsing it.
    """
    head = re.split(rb"\r?\n\r?\n", raw[:MOST_BYTES], maxsplit=1)[0].decode("latin-1")
    if next(_marks(head, secret), None) is not None or FROM_A_SERVER.search(head):
        return True
    return any(DAEMON.search(sender[0]) for sender in SENDER.finditer(head))


def read(raw: bytes, secret: str) -> Returned:
    """Reads a mail that came back. Never raises for what stands in it."""
    raw = raw[:MOST_BYTES]
    text = raw.decode("latin-1")
    mark, message_id = next(_marks(text, secret), None), None
    try:
        if raw.lower().count(b"boundary=") > MOST_PARTS:
            return Returned(mark, message_id, "unreadable", "too many parts")
        message = message_from_bytes(raw)
        parts = list(_parts(message))
        mark = _came_to(message, secret) or mark
        message_id = _returns(parts, text)
        outcome, words = _said(message, parts)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError):
        # What is hostile enough to make the library's parser fail, a person looks at.
        outcome, words = "unreadable", "cannot be parsed"
    return Returned(mark=mark, message_id=message_id, outcome=outcome, words=_printable(words))


def _said(message: Message, parts: list[Message]) -> tuple[Outcome, str]:
    status = next(_of_type(parts, "message/delivery-status"), None)
    if status is not None:
        return _of_status(_content(status).replace("\r", ""))
    if any(_of_type(parts, "message/disposition-notification", "message/feedback-report")):
        return "ignored", "a receipt or a report, no bounce"
    subject = _header(message, "Subject")
    given_up = SUBJECT_GIVEN_UP.search(subject) or message.get("X-Failed-Recipients")
    if _is_automatic(message) and not _is_daemon(message) and not given_up:
        return "ignored", "an automatic reply"
    if _is_daemon(message) or _header(message, "Return-Path") == "<>":
        written = (part for part in parts if part.get_content_type() in {"text/plain", "text/html"})
        return _of_words("\n".join(map(_content, written)), subject, given_up=bool(given_up))
    return "unreadable", "neither from a mail server nor an automatic reply"


def _of_status(status: str) -> tuple[Outcome, str]:
    """Reads the fields of a delivery status: the action decides (RFC 3464, 2.3.3)."""
    actions = {action.lower() for action in ACTION.findall(status)}
    codes = STATUS.findall(status)
    classes = set() if actions else {code[0] for code in codes}
    diagnostic = DIAGNOSTIC.search(status)
    words = " ".join([*codes[:3], diagnostic[1].strip() if diagnostic else ""]).strip()
    if "failed" in actions or "5" in classes:
        return "bounced", words
    if "delayed" in actions or "4" in classes:
        return "delayed", words
    if actions & {"delivered", "relayed", "expanded"} or "2" in classes:
        return "ignored", words
    return "unreadable", words or "a delivery status without an action"


def _of_words(words: str, subject: str, *, given_up: bool) -> tuple[Outcome, str]:
    """Reads what a mail server says in plain words, or else in its subject."""
    refusal, waits = REFUSED_FOR_GOOD.search(words), STILL_TRYING.search(words)
    if waits and not refusal:
        return "delayed", _line_of(words, waits)
    if refusal and not waits:
        return "bounced", _line_of(words, refusal)
    if SUBJECT_WAITS.search(subject):
        return "delayed", subject
    return ("bounced" if given_up else "unreadable"), subject


def _line_of(words: str, found: re.Match[str]) -> str:
    start = words.rfind("\n", 0, found.start()) + 1
    end = words.find("\n", found.end())
    return words[start : end if end >= 0 else None]


def _is_daemon(message: Message) -> bool:
    return DAEMON.search(_header(message, "From")) is not None


def _is_automatic(message: Message) -> bool:
    """Says whether a robot answers (RFC 3834, and what was usual before it)."""
    if _header(message, "Auto-Submitted").lower() not in {"", "no"}:
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")):
        return True
    robot = SUBJECT_OF_A_ROBOT.search(_header(message, "Subject"))
    return robot is not None or _header(message, "Precedence").lower() == "auto_reply"


def _header(message: Message, name: str) -> str:
    """Returns the words of a header, or nothing; encoded ones are decoded where they can be."""
    value = str(message.get(name, "")).strip()
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, MessageError):
        return value


def _came_to(message: Message, secret: str) -> str | None:
    for name in RECEIVED_BY:
        for value in message.get_all(name, []):
            for mark in _marks(str(value), secret):
                return mark
    return None


def _returns(parts: list[Message], text: str) -> str | None:
    """Returns the id of the mail that is returned: of a part, or quoted in the text."""
    for part in _of_type(parts, "message/rfc822", "text/rfc822-headers", "message/global"):
        found = MESSAGE_ID.search(_content(part))
        if found:
            return found[1]
    found = MESSAGE_ID.search(text)
    return found[1] if found else None


def _marks(text: str, secret: str) -> Iterator[str]:
    """Yields the marks in a text whose tags are signed by us."""
    for count, tag in enumerate(TAG.finditer(text)):
        if count == MOST_TAGS:
            return
        mark = named(tag[1], secret, "notice")
        if mark is not None:
            yield mark


def _parts(message: Message) -> Iterator[Message]:
    """Yields the parts of a mail, those inside the returned mail left out."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(one for one in part.get_payload() if isinstance(one, Message))


def _of_type(parts: list[Message], *types: str) -> Iterator[Message]:
    return (part for part in parts if part.get_content_type() in types)


def _content(part: Message) -> str:
    """Returns the text of a part; what is made of parts itself is written out."""
    if part.is_multipart():
        return "\n".join(str(inner) for inner in part.get_payload())
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _printable(words: str) -> str:
    return "".join(one if one.isprintable() else " " for one in words)[:MOST_WORDS]
