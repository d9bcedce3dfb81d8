"""A notice made ready: what the ledger will prove, and the mail, if there is one to send."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.contract import Notice
from services.notify.directory import Directory
from services.notify.ledger import Entry, Outcome
from services.notify.letters import compose
from services.notify.message import Envelope, mark, message_id, seal
from services.notify.recipients import recipient_of
from services.shared.errors import MendRequest


@dataclass(frozen=True)
class Draft:
    """What one attempt at a notice will do."""

    entry: Entry
    envelope: Envelope | None
    """The mail, or None when there is nothing to send and the outcome stands already."""
    outcome: Outcome
    """What the notice is settled as once the mail is delivered, or at once without a mail."""
    why: str = ""
    """Why there is nothing to send."""


def draft(notice: Notice, directory: Directory, *, sender: str, now: datetime) -> Draft:
    """Drafts a notice from the installation's address `sender`, dated `now` (aware).

    What can never be rendered or put in a header is drafted as refused: trying it again would
    change nothing. Raises TryLater `no-complaints-officer` while the directory has none.
    """
    recipient = recipient_of(notice, directory)
    if recipient is None:
        return _without_mail(notice, sender, "nobody", "no email or postal address")
    try:
        letter = compose(notice, recipient, directory)
        envelope = seal(
            letter,
            recipient,
            key=notice.key,
            reference=notice.reference,
            sender=sender,
            landlord=notice.letterhead.landlord,
            now=now,
        )
    except MendRequest as refusal:
        return _without_mail(notice, sender, "refused", refusal.code)
    return Draft(
        entry=_entry(
            notice,
            sender,
            way="by-hand" if recipient.by_hand else "email",
            recipient=envelope.recipient,
            subject=letter.subject,
            text=letter.text,
        ),
        envelope=envelope,
        outcome="by-hand" if recipient.by_hand else "sent",
    )


def _without_mail(notice: Notice, sender: str, outcome: Outcome, why: str) -> Draft:
    entry = _entry(notice, sender, way="none", recipient=None, subject="", text="")
    return Draft(entry=entry, envelope=None, outcome=outcome, why=why)


def _entry(  # noqa: PLR0913 — each is a column of its own
    notice: Notice, sender: str, *, way: str, recipient: str | None, subject: str, text: str
) -> Entry:
    return Entry(
        key=notice.key,
        reference=notice.reference,
        about=notice.content.about,
        to_role=notice.to.role,
        asked_by=notice.asked_by,
        way=way,
        mark=mark(notice.key),
        recipient=recipient,
        subject=subject,
        text=text,
        message_id=message_id(notice.key, sender),
    )
