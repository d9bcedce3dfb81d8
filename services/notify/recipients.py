"""Whom a notice goes to, and under which name and address."""

from dataclasses import dataclass

from services.notify.contract import Notice, ToResident
from services.notify.directory import Directory


@dataclass(frozen=True)
class Recipient:
    """The mailbox that a notice goes to."""

    name: str | None
    email: str
    by_hand: bool = False
    """True when this is the complaints officer, asked to post a letter to the resident."""
    stands_in: bool = False
    """True when this is the complaints officer in the place of a role that nobody holds."""


def recipient_of(notice: Notice, directory: Directory) -> Recipient | None:
    """Returns whom to mail; None when nobody can be written to.

    Raises TryLater `no-complaints-officer` when it should be them and the directory has none.
    """
    if not isinstance(notice.to, ToResident):
        reached = directory.reach(notice.to)
        return Recipient(reached.person.name, reached.person.email, stands_in=reached.stands_in)
    addressee = notice.to.addressee
    if addressee.email is not None:
        return Recipient(addressee.name, addressee.email)
    if addressee.address is None and addressee.phone is None:
        return None
    officer = directory.complaints_officer(None)
    return Recipient(officer.name, officer.email, by_hand=True)
