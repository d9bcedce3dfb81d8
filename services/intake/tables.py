"""Intake's tables: case files of complaints and of feedback, what staff did, channels' keys."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.shared.database import UtcDateTime

# The sweep asks for these every few seconds; the indexes hold only the few rows that it seeks.
NOT_STARTED = text("started_at IS NULL")
PENDING = text("outcome = 'pending'")
UNREAD = text("state = 'new'")
UNTOLD = text("told_at IS NULL AND state IN ('reply', 'held')")


class IntakeTable(SQLModel, registry=registry()):
    """Base of intake's tables: their metadata holds these and no other service's."""


class ChannelKey(IntakeTable, table=True):
    """A channel's right to bring complaints in. The key itself is never stored."""

    __tablename__ = "channel_keys"

    id: str = Field(primary_key=True)
    """The name that its owner gave it, such as `website`; complaints say it brought them."""
    channel: str
    """The one channel that it may post as, or `*` for all."""
    prefix: str
    """The first characters of the key, to tell keys apart in a list."""
    hash: str = Field(unique=True)
    """SHA-256 of the key, hex."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Complaint(IntakeTable, table=True):
    """The case file: who complained, their words, and what they were promised on receipt."""

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("channel_key", "idempotency_key", name="one_complaint_per_key"),
        UniqueConstraint("from_feedback", name="one_complaint_per_feedback"),
        Index("newest_received", "received_at", "id"),
        Index("not_started", "id", sqlite_where=NOT_STARTED, postgresql_where=NOT_STARTED),
    )

    id: int = Field(default=None, primary_key=True)
    """The order of entry."""
    reference: str = Field(unique=True)
    channel_key: str = Field(foreign_key="channel_keys.id")
    idempotency_key: str | None
    body_hash: str
    policy: str
    promise: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    """`contract.Promise` as it was worked out on receipt; it is never worked out again."""
    channel: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    name: str | None
    email: str | None
    phone: str | None
    address: str | None = Field(sa_type=Text)
    preferred_contact: str | None
    large_print: bool = False
    texts: bool = False
    """Whether they asked for reminders by text message: these come instead of a mail or letter."""
    language: str = "en-GB"
    words: str = Field(sa_type=Text)
    outcome_sought: str | None = Field(sa_type=Text)
    category: str | None
    service_area: str | None
    region: str | None
    tenure: str | None = None
    service: str | None
    """The policy's kind of service that it is about, if that is known."""
    from_feedback: str | None = Field(default=None, foreign_key="feedback.reference")
    """The feedback whose handling is complained of (Code 1.5)."""
    entered_by: str | None = None
    """The member of staff who entered it; null where the channel itself brought it in."""
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its workflow was known to run; null until then."""


class Feedback(IntakeTable, table=True):
    """The case file of feedback that is no complaint: who sent it, and their words."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("channel_key", "idempotency_key", name="one_feedback_per_key"),
        Index("feedback_not_started", "id", sqlite_where=NOT_STARTED, postgresql_where=NOT_STARTED),
    )

    id: int = Field(default=None, primary_key=True)
    """The order of entry."""
    reference: str = Field(unique=True)
    channel_key: str = Field(foreign_key="channel_keys.id")
    idempotency_key: str | None
    body_hash: str
    kind: str
    policy: str
    promise: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    """`feedback_contract.FeedbackPromise` as it was worked out on receipt."""
    channel: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    name: str | None
    email: str | None
    phone: str | None
    address: str | None = Field(sa_type=Text)
    words: str = Field(sa_type=Text)
    service_area: str | None
    region: str | None
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its workflow was known to run; null until then."""


class SavedAction(IntakeTable, table=True):
    """What a member of staff did to a complaint: saved first, then carried out by the workflow."""

    __tablename__ = "actions"
    __table_args__ = (
        UniqueConstraint("reference", "key", name="one_action_per_key"),
        Index("pending_actions", "id", sqlite_where=PENDING, postgresql_where=PENDING),
    )

    id: int = Field(default=None, primary_key=True)
    """The order in which actions are carried out."""
    reference: str = Field(foreign_key="complaints.reference")
    key: str
    """The caller's idempotency key. It stays here: callers may write anything into it."""
    update_id: str
    """Random; the workflow knows the action by it and carries it out once."""
    verb: str
    by: str
    body: dict[str, JsonValue] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    """What was sent, with its words; null once the action was refused."""
    body_hash: str
    saved_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = "pending"
    """`pending`, `done` or `refused`."""
    answer: dict[str, JsonValue] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    """The complaint's `contract.Position` after a done action, the refusal of a refused one."""


class IncomingMail(IntakeTable, table=True):
    """One mail as it came in: its raw bytes are stored before anything is read from them."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("mail_to_read", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("mail_to_tell", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        Index("mail_by_state", "state", "id"),
        Index("mail_by_sender", "sender_hash", "fetched_at"),
    )

    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    """SHA-256 of the raw mail, hex: the same mail, fetched again, is the same row."""
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    whole: bool = True
    """False: it is larger than is read, or was not given, and `raw` is its beginning or empty."""
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    """When it came into the mailbox, by the mail server's clock."""
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "new"
    """`new`, then `complaint`, `reply`, `ignored` (a robot or a bounce), `held` (a person must
    look) or `dealt-with` (a person has)."""
    why: str | None = None
    """Why it was ignored or held, or what to look at in a reply: a code of ours, nothing from the
    mail."""
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its complaint was told of a reply, the complaints officer of a held mail."""
    attempts: int = 0
    """How often reading it was begun: what ends the process each time is held in the end."""
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when a process that has begun to read it keeps the others from it."""
    reference: str | None = Field(default=None, index=True)
    """The complaint that it became, or was joined to."""
    message_id: str | None = Field(default=None, index=True)
    sender_hash: str | None = None
    """A keyed hash of the sender's address, to notice a loop."""
    subject: str | None = Field(default=None, sa_type=Text)
    body: str | None = Field(default=None, sa_type=Text)
    """What its sender wrote, as text."""
    decided_by: str | None = None
    """Who decided about a mail that was held or ignored."""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MailAttachment(IntakeTable, table=True):
    """One attachment of a mail, under a random name, as it came: it is never opened here."""

    __tablename__ = "mail_attachments"

    name: str = Field(primary_key=True)
    """Random; what its sender called it is `given_name`, and no file is ever named by that."""
    mail: int = Field(
        sa_column=Column(Integer, ForeignKey("incoming_mail.id"), nullable=False, index=True)
    )
    given_name: str | None = Field(sa_type=Text)
    media_type: str
    size: int
    """Bytes."""
    content: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    """None where a limit of size or count left it in the raw mail only."""


class Mailbox(IntakeTable, table=True):
    """How far a mailbox was read."""

    __tablename__ = "mailboxes"

    name: str = Field(primary_key=True)
    uid_validity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
