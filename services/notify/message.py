"""One mail as an e-mail message: its headers, its two bodies, its ids."""

import base64
import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from unicodedata import category

from email_validator import EmailNotValidError, validate_email

from services.notify.contract import Notice
from services.notify.letters import Letter
from services.notify.office import Office
from services.notify.recipients import Recipient
from services.shared.errors import MendRequest
from services.shared.mail_tags import tag, tagged
from services.shared.text import REFUSED_CATEGORIES

WIRE = SMTP.clone(cte_type="7bit")
"""Bodies in ASCII, so that no mail server on the way needs to know more."""

LONGEST_NAME = 200
"""A longer display name is left out: some servers refuse the whole mail for it."""

NO_ANSWER_BY_MACHINE = "DR, RN, NRN, OOF, AutoReply"
"""What Exchange is asked not to send back. All but the report that a mail could not be delivered:
that one is wanted, and the usual `All` would hold it back too."""


@dataclass(frozen=True)
class Envelope:
    """A message ready for the wire, its address, and the mark that it comes back under."""

    mark: str
    """Names the notice in the return path, which the mailer makes (`message.mark`)."""
    recipient: str
    message: bytes


def message_id(key: str, sender: str) -> str:
    """Returns the Message-ID of a notice: the same for every attempt, and nothing in it to read."""
    digest = hashlib.sha256(f"notice:{key}".encode()).hexdigest()
    return f"<{digest[:40]}@{sender.rpartition('@')[2]}>"


def mark(key: str) -> str:
    """Returns what names a notice in its return path: 25 characters, nothing in them to read."""
    return base64.b32encode(hashlib.sha256(f"mark:{key}".encode()).digest()).decode().lower()[:25]


def seal(notice: Notice, letter: Letter, recipient: Recipient, office: Office) -> Envelope:
    """Makes the message of a notice's letter to a recipient who has a mailbox.

    Whoever answers it writes to the complaint's own tagged address, and a mail program that
    answers in the thread names the complaint's tag too: intake knows a reply by either. What is
    about several complaints is answered to the notice's tag, so that no answer becomes a complaint.

    Raises MendRequest `unusable-address` or `unprintable-header` when it can never be sent so.
    """
    address = mailable(recipient.email or "")
    message = EmailMessage(policy=WIRE)
    message["From"] = _address(f"{notice.letterhead.landlord} complaints", office.sender)
    message["To"] = _address(recipient.name or "", address)
    message["Subject"] = _printable(letter.subject)
    message["Date"] = format_datetime(office.now)
    message["Message-ID"] = message_id(notice.key, office.sender)
    secret, domain = office.link_secret, office.sender.rpartition("@")[2]
    if notice.reference is None:
        message["Reply-To"] = tagged(office.sender, secret, "notice", mark(notice.key))
    else:
        message["Reply-To"] = tagged(office.sender, secret, "complaint", notice.reference)
        # Mail programs show the letters of one complaint together by the root that they all name.
        root = f"<{tag(secret, 'complaint', notice.reference)}@{domain}>"
        message["In-Reply-To"] = message["References"] = root
    # RFC 3834: keeps out-of-office replies and other robots from answering.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = NO_ANSWER_BY_MACHINE
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    # Last: making the two bodies moves earlier Content headers into the first of them.
    message["Content-Language"] = letter.language
    return Envelope(mark=mark(notice.key), recipient=address, message=message.as_bytes())


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
