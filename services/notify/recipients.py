"""Whom a notice goes to, which way, and under which name and address."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.notify.contents import WindowReminder
from services.notify.contract import Addressee, Notice, ToStaff
from services.notify.directory import StaffMember
from services.notify.office import Office
from services.shared.local_time import local_date

WayName = Literal["email", "letter", "text", "by-hand", "none"]
"""`by-hand`: mail to the complaints officer, who is asked to ring the resident or to post the
letter; `none`: there is no way, or nothing could be made of the notice."""


@dataclass(frozen=True)
class Recipient:
    """The one person whom a notice reaches, and the way to them."""

    way: WayName
    name: str | None
    email: str | None = None
    """The mailbox, where it goes by mail: also that of whoever does it by hand."""
    address: str | None = None
    """The resident's postal address, a line a line, where it goes on paper."""
    phone: str | None = None
    """The resident's number, where it goes by text."""
    staff_id: str | None = None
    """The member of staff whom it reaches; None for a resident."""
    language: str = "en-GB"
    """The resident's, BCP 47; staff are written to in English."""
    large_print: bool = False
    asked_to: Literal["ring", "post"] | None = None
    """By hand only: what the complaints officer is asked to do with what is written."""
    stands_in: bool = False
    """True when this is the complaints officer in the place of a role that nobody holds."""
    deputy_for: StaffMember | None = None
    """Whose deputy this is, while they are away."""
    away_until: date | None = None
    """The last day on which whoever they are the deputy for is away."""

    @property
    def by_hand(self) -> bool:
        """Whether this is the complaints officer, who passes it on to the resident."""
        return self.way == "by-hand"


def recipient_of(notice: Notice, office: Office, ways: Collection[WayName]) -> Recipient | None:
    """Returns whom a notice reaches by one of the `ways` there are; None when nobody can be.

    Raises TryLater `no-complaints-officer` when it should be them and the directory has none.
    """
    if isinstance(notice.to, ToStaff):
        return _of_staff(notice.to, office)
    addressee = notice.to.addressee
    way = _way_to(addressee, notice, ways)
    if way == "none":
        return None
    if way == "by-hand":
        return _by_hand(addressee, office)
    return Recipient(
        way=way,
        name=addressee.name,
        email=addressee.email if way == "email" else None,
        address=addressee.address if way == "letter" else None,
        phone=addressee.phone if way == "text" else None,
        language=addressee.language,
        large_print=addressee.large_print,
    )


def _way_to(addressee: Addressee, notice: Notice, ways: Collection[WayName]) -> WayName:
    asked_for_texts = addressee.texts and isinstance(notice.content, WindowReminder)
    if asked_for_texts and addressee.phone is not None and "text" in ways:
        return "text"
    on_paper = addressee.address is not None and (
        addressee.prefers_letters or addressee.email is None
    )
    if on_paper:
        return "letter" if "letter" in ways else "by-hand"
    if addressee.email is not None:
        return "email"
    return "none" if addressee.phone is None else "by-hand"


def _by_hand(addressee: Addressee, office: Office) -> Recipient:
    officer = _of_staff(
        ToStaff(role="complaints-officer", investigator=None, service_area=None), office
    )
    return replace(
        officer,
        way="by-hand",
        language=addressee.language,
        large_print=addressee.large_print,
        asked_to="ring" if addressee.address is None else "post",
    )


def _of_staff(to: ToStaff, office: Office) -> Recipient:
    reached = office.directory.reach(to, local_date(office.now))
    return Recipient(
        way="email",
        name=reached.person.name,
        email=reached.person.email,
        staff_id=reached.person.id,
        stands_in=reached.stands_in,
        deputy_for=reached.deputy_for,
        away_until=reached.away_until,
    )
