"""Intake's tables: case files of complaints and of feedback, what staff did, channels' keys."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.shared.database import UtcDateTime

# The sweep asks for these every few seconds; the indexes hold only the few rows that it seeks.
NOT_STARTED = text("started_at IS NULL")
PENDING = text("outcome = 'pending'")


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
    words: str = Field(sa_type=Text)
    outcome_sought: str | None = Field(sa_type=Text)
    category: str | None
    service_area: str | None
    region: str | None
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
