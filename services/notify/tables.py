"""What notify keeps: the staff directory, and the ledger that proves what became of each notice."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, MetaData, String, Text
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
    """One member of staff. `line_manager` is another one's id."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True)
    name: str
    email: str
    role: str
    service_areas: list[str] = Field(sa_column=Column(JSON, nullable=False))
    line_manager: str | None = Field(
        default=None, sa_column=Column(String, ForeignKey("staff.id"), nullable=True)
    )


class NoticeRow(NotifyTable, table=True):
    """One notice, claimed by its key before it is sent; afterwards the proof of what was sent.

    `state` is `queued` or `sending` while it is open, then for ever its outcome: `sent`,
    `by-hand`, `refused` or `nobody`. All instants are UTC.
    """

    __tablename__ = "notice"

    key: str = Field(primary_key=True)
    reference: str = Field(index=True)
    about: str
    to_role: str
    state: str
    recipient: str | None
    """The address it goes to; None when it was never made into a mail."""
    subject: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    message_id: str
    """The same for every attempt, so that a mail sent twice can be told for one."""
    attempts: int
    unconfirmed: int
    """How many attempts may have been delivered, though no reply said so."""
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    """Until when the attempt under way may take; after that, it counts as unconfirmed."""
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    """When it was first claimed."""
    attempted_at: datetime = Field(sa_type=UtcDateTime)
    """When the newest attempt began."""
    settled_at: datetime | None = Field(sa_type=UtcDateTime)
    answer: str | None = Field(sa_column=Column(Text, nullable=True))
    """What the mail server, or our own check, last said about it."""
