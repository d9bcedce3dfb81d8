"""What notify keeps: who works here, what became of each notice, what is to print, what came back.

The ledger of notices proves what was sent to whom.
"""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.shared.database import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Only notify's tables: each service migrates its own and knows no other's."""


class NotifyTable(SQLModel, registry=registry(metadata=metadata)):
    """The base of notify's tables."""


class StaffRow(NotifyTable, table=True):
    """One member of staff. `line_manager` and `deputy` are other people's ids."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True)
    name: str
    email: str
    role: str
    service_areas: list[str] = Field(sa_column=Column(JSON, nullable=False))
    line_manager: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("staff.id"), nullable=True)
    )
    deputy: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("staff.id"), nullable=True)
    )


class AbsenceRow(NotifyTable, table=True):
    """Days (Europe/London, both included) on which a member of staff is away."""

    __tablename__ = "absence"

    id: str = Field(primary_key=True)
    staff_id: str = Field(sa_column=Column(String, ForeignKey("staff.id"), nullable=False))
    from_on: date
    until_on: date = Field(index=True)
    deputy: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("staff.id"), nullable=True)
    )
    """Who covers these days; None: the deputy of the directory."""
    entered_at: datetime = Field(sa_type=UtcDateTime)
    entered_by: str


class NoticeRow(NotifyTable, table=True):
    """One notice, claimed by its key before it is sent; afterwards the proof of what was sent.

    `state` is `queued`, `sending` or `uncertain` while it is open, then its outcome
    (`events.Outcome`). Later news may still change `sent` to `bounced` or `refused`, and
    `to-print` to `posted`. All instants are UTC.
    """

    __tablename__ = "notice"

    key: str = Field(primary_key=True)
    reference: str | None = Field(index=True)
    about: str
    to_role: str
    stage: str = ""
    """The name of the stage that it belongs to."""
    service_area: str | None = None
    """The service area, where it went to a role."""
    letterhead: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    """Its landlord and policy, so that the complaints officer can be told of later news of it; no
    links and no addresses."""
    asked_by: str | None = None
    """The workflow that hears later news of it."""
    way: str
    """`email`, `letter`, `text`, `by-hand`, or `none` when it was never made into anything."""
    state: str = Field(index=True)
    recipient: str | None
    """The address or number it goes to; None for a letter, and when it was never made."""
    staff_id: str | None = None
    """The member of staff whom it reaches; None for a resident."""
    language: str = "en-GB"
    subject: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    message_id: str = Field(index=True)
    """The same for every attempt, so that a mail sent twice can be told for one."""
    mark: str = Field(index=True, unique=True)
    """Names the notice in its return path, so that a bounce can be matched (`message.mark`)."""
    provider_id: str | None = Field(default=None, index=True)
    """The id that another service (GOV.UK Notify) gave it."""
    attempts: int
    unconfirmed: int
    """How many attempts may have been delivered, though no reply said so."""
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    """Until when the attempt under way may take; after that, it counts as unconfirmed. Of an
    `uncertain` notice: until when it waits after a lost reply."""
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    """When it was first claimed."""
    attempted_at: datetime = Field(sa_type=UtcDateTime)
    """When the newest attempt began."""
    settled_at: datetime | None = Field(sa_type=UtcDateTime)
    answer: str | None = Field(sa_column=Column(Text, nullable=True))
    """What the mail server, or our own check, last said about it."""


class LetterRow(NotifyTable, table=True):
    """A letter on paper: its PDF as it was made, and when it was posted."""

    __tablename__ = "letter"

    notice: str = Field(sa_column=Column(String, ForeignKey("notice.key"), primary_key=True))
    pdf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    pages: int
    large_print: bool
    queued_at: datetime = Field(sa_type=UtcDateTime)
    posted_on: date | None = Field(default=None, index=True)
    """The day on which it was posted; None while it waits in the print queue."""
    posted_by: str | None = None


class ReturnedMailRow(NotifyTable, table=True):
    """One mail that came back to the return path: stored raw first, then read and matched."""

    __tablename__ = "returned_mail"

    id: str = Field(primary_key=True)
    """SHA-256 of the raw mail, hex."""
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    mark: str | None = None
    """The mark of the notice that it is about; None while unread, or when it names none of ours."""
    outcome: str | None = Field(default=None, index=True)
    """`bounced`, `delayed`, `unmatched`, `ignored` (no bounce) or `unreadable`; None: not read."""
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the complaints officer was told of it; None also for what nobody need be told of."""


class MailboxRow(NotifyTable, table=True):
    """How far a mailbox was read."""

    __tablename__ = "mailbox"

    name: str = Field(primary_key=True)
    uid_validity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
