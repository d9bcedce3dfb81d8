"""The head of a mail: who sent it to whom, whether a machine did, and which complaint it names.

Read apart from the body, so that a mail whose body cannot be read still says whom it is from.
"""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from services.intake.mail_text import header_text, one_line
from services.shared.errors import MendRequest
from services.shared.mail_tags import named

MOST_HEAD = 256 * 1024
"""Bytes of headers beyond which no honest mail goes."""

MOST_COMMENTS = 20
"""How many comments a header of addresses may have."""

MOST_NAMED = 200
"""How many of the mails that a mail answers are looked at."""

END_OF_HEAD = re.compile(rb"(?:\A|(?>\r\n|\n|\r))(?:\r\n|\n|\r)")

ADDRESSED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
"""The headers in which an address stands that a mail was sent to."""

LIKE_A_TAG = re.compile(r"[a-z0-9-]{1,100}\.[a-z2-7]{12}")
MESSAGE_ID = re.compile(r"<([^<>@\s]{1,200})@[^<>@\s]{1,200}>")
OURS = re.compile(r"<[0-9a-f]{40}@([^<>@\s]{1,200})>")
"""How notify names its mails (`services/notify/message.py`)."""

MACHINES = frozenset({"mailer-daemon", "postmaster"})
MACHINE_PRECEDENCE = frozenset({"junk", "auto_reply"})
LIST_PRECEDENCE = frozenset({"bulk", "list"})
"""Addresses of groups give these to what people write to them."""


@dataclass(frozen=True)
class Ourselves:
    """What tells us apart in a mail: our address, and the secret that our tags are signed with."""

    address: str
    secret: str


@dataclass(frozen=True)
class Head:
    """What the head of a mail says, in codes as far as it can."""

    sender: str | None
    """Its address, in lower case; None where there is none that can be written to."""
    sender_name: str | None
    senders: int
    """How many addresses it claims to be from."""
    subject: str
    message_id: str | None
    from_us: bool
    """Whether it is one of our own mails."""
    from_our_address: bool
    """Whether it says that it is from our address, as forms on websites and staff may do."""
    listed: bool
    """Whether it came by a mailing list, or by the address of a group."""
    addressed: bool
    """Whether it was sent to our address, with a tag or without."""
    returned: bool
    """Whether it came back to the return path of a notice."""
    machine: str | None
    """By which sign a machine sent it: a code; None for a person's."""
    unanswerable: bool
    """Whether it asks for no answer by a machine, as some servers do for every mail."""
    complaint: str | None
    """The complaint that it names by a tag of ours, in lower case."""
    broken_tag: bool
    """Whether it was sent to what looks like a tag of ours and is none."""
    encrypted: bool


def read_head(raw: bytes, ourselves: Ourselves) -> Head:
    """Reads the headers of a mail. Raises MendRequest `head-too-large`."""
    found = END_OF_HEAD.search(raw, 0, MOST_HEAD)
    if found is None and len(raw) > MOST_HEAD:
        raise MendRequest("head-too-large", "Its headers are larger than any honest mail's.")
    message = BytesHeaderParser().parsebytes(raw[: found.end()] if found else raw)
    headers = _Headers(message)
    senders = {address.lower(): name for name, address in headers.addresses("from")}
    sender, name = next(iter(senders.items()), (None, ""))
    tags = headers.tags(ourselves.address)
    complaints = [named(tag, ourselves.secret, "complaint") for tag in tags if tag]
    named_by_tag = next((found for found in complaints if found), None)
    returned = any(named(tag, ourselves.secret, "notice") for tag in tags if tag)
    likely = any(LIKE_A_TAG.fullmatch(tag.lower()) for tag in tags if tag)
    machine, our_address = _machine(headers, sender), _is_our_address(sender, ourselves.address)
    return Head(
        sender=_usable(sender),
        sender_name=one_line(header_text(name)) or None,
        senders=len(senders),
        subject=one_line(headers.text("subject")),
        message_id=one_line(headers.first("message-id"), 500) or None,
        from_us=_is_our_id(headers.first("message-id"), ourselves.address)
        or (our_address and machine is not None),
        from_our_address=our_address,
        listed=headers.first("precedence").lower() in LIST_PRECEDENCE
        or bool(headers.first("list-id")),
        addressed=bool(tags),
        returned=returned,
        machine=machine,
        unanswerable=bool(headers.first("x-auto-response-suppress")),
        complaint=named_by_tag or headers.thread(ourselves.secret),
        broken_tag=likely and named_by_tag is None and not returned,
        encrypted=message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime"},
    )


class _Headers:
    """Headers as they were written. `email`'s own reading of them is not made for hostile ones."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self._found: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._found.setdefault(name.lower(), []).append(str(value))

    def all(self, name: str) -> list[str]:
        return self._found.get(name, [])

    def first(self, name: str) -> str:
        return next((value.strip() for value in self.all(name) if value.strip()), "")

    def text(self, name: str) -> str:
        return header_text(self.first(name))

    def addresses(self, name: str) -> list[tuple[str, str]]:
        written = [" ".join(value[:4_000].split()) for value in self.all(name)[:20]]
        # A comment in a comment in a comment takes `email` a call each, until Python gives up.
        written = [value for value in written if value.count("(") <= MOST_COMMENTS]
        return [(shown, address) for shown, address in getaddresses(written) if "@" in address]

    def tags(self, ours: str) -> list[str]:
        """Returns the tag, or "", of each place where our address stands as one sent to."""
        user, _, domain = ours.lower().rpartition("@")
        tag = r"(?:\+([^@\s<>\",;]{1,200}))?"
        whole = rf"(?<![\w.+-]){re.escape(user)}{tag}@{re.escape(domain)}(?!\.?[\w-])"
        address = re.compile(whole, re.IGNORECASE)
        written = (value for name in ADDRESSED for value in self.all(name))
        return [found[1] or "" for value in written for found in address.finditer(value)]

    def thread(self, secret: str) -> str | None:
        """Returns the complaint whose thread it answers in: our mails all name it as their root."""
        answered = [*self.all("in-reply-to"), *self.all("references")]
        candidates = [found[1] for value in answered for found in MESSAGE_ID.finditer(value)]
        # The root stands first and what is answered stands last.
        near = candidates[:MOST_NAMED] + candidates[MOST_NAMED:][-MOST_NAMED:]
        names = (named(candidate, secret, "complaint") for candidate in near)
        return next((name for name in names if name), None)


def _usable(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def _is_our_address(sender: str | None, ours: str) -> bool:
    user, _, domain = ours.lower().rpartition("@")
    theirs, _, their_domain = (sender or "").rpartition("@")
    return (theirs.partition("+")[0], their_domain) == (user, domain)


def _is_our_id(message_id: str, ours: str) -> bool:
    made = OURS.fullmatch(message_id)
    return made is not None and made[1].lower() == ours.lower().rpartition("@")[2]


def _machine(headers: _Headers, sender: str | None) -> str | None:
    """Returns by which sign a machine sent it (RFC 3834, and what servers do), or None."""
    submitted = headers.first("auto-submitted").lower().partition(";")[0].strip()
    signs = {
        "auto-submitted": submitted not in {"", "no"},
        "precedence": headers.first("precedence").lower() in MACHINE_PRECEDENCE,
        "null-return-path": headers.first("return-path").replace(" ", "") == "<>",
        "mailer-daemon": (sender or "").partition("@")[0] in MACHINES,
        "report": headers.message.get_content_type() == "multipart/report",
    }
    return next((sign for sign, shown in signs.items() if shown), None)
