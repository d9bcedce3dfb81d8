"""One mail as an e-mail message: its headers, its two bodies, its ids."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from unicodedata import category

from email_validator import EmailNotValidError, validate_email

from services.notify.letters import Letter
from services.notify.recipients import Recipient
from services.shared.errors import MendRequest
from services.shared.text import REFUSED_CATEGORIES

WIRE = SMTP.clone(cte_type="7bit")
"""Bodies in ASCII, so that no mail server on the way needs to know more."""

LONGEST_NAME = 200
"""A longer display name is left out: some servers refuse the whole mail for it."""


@dataclass(frozen=True)
class Envelope:
    """A message ready for the wire, and the two addresses that SMTP is told."""

    sender: str
    recipient: str
    message: bytes


def message_id(key: str, sender: str) -> str:
    """Returns the Message-ID of a notice: the same for every attempt, and nothing in it to read."""
    return _id("notice", key, sender)


def mark(key: str) -> str:
    """Returns what names a notice in its return path: 25 characters, nothing in them to read."""
    return base64.b32encode(hashlib.sha256(f"mark:{key}".encode()).digest()).decode().lower()[:25]


def seal(  # noqa: PLR0913 — each is a header of its own
    letter: Letter,
    recipient: Recipient,
    *,
    key: str,
    reference: str | None,
    sender: str,
    landlord: str,
    now: datetime,
) -> Envelope:
    """Makes the message of a letter to a recipient; `sender` is the installation's own address.

    Raises MendRequest `unusable-address` or `unprintable-header` when it can never be sent so.
    """
    address = mailable(recipient.email)
    message = EmailMessage(policy=WIRE)
    message["From"] = _address(f"{landlord} complaints", sender)
    message["To"] = _address(recipient.name or "", address)
    message["Subject"] = _printable(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(key, sender)
    # Mail programs show the letters of one complaint together by the root that they all name.
    if reference is not None:
        message["In-Reply-To"] = message["References"] = _id("complaint", reference, sender)
    # RFC 3834: keeps out-of-office replies and other robots from answering.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    # Last: making the two bodies moves earlier Content headers into the first of them.
    message["Content-Language"] = "en-GB"
    return Envelope(sender=sender, recipient=address, message=message.as_bytes())


def _id(kind: str, name: str, sender: str) -> str:
    digest = hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()
    return f"<{digest[:40]}@{sender.rpartition('@')[2]}>"


def mailable(email: str) -> str:
    """Returns the address in ASCII, as every mail server takes it.

    Raises MendRequest `unusable-address`: also for the rare one that is not ASCII before its @.
    """
    try:
        checked = validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise MendRequest(
            "unusable-address", "The address is not one that can be mailed."
        ) from None
    return checked.ascii_email or checked.normalized


def _address(name: str, email: str) -> Address:
    shown = name if len(name) <= LONGEST_NAME else ""
    user, _, domain = email.rpartition("@")
    return Address(display_name=_printable(shown), username=user, domain=domain)


def _printable(value: str) -> str:
    """Refuses what would end a header early or break it: CR, LF, NEL, U+2028 and their like."""
    if any(category(character) in REFUSED_CATEGORIES for character in value):
        raise MendRequest("unprintable-header", "A name or subject holds a control character.")
    return value
