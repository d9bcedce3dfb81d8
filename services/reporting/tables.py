"""What reporting keeps: every event for ever, and the register that is folded from them."""

from datetime import date, datetime

from pydantic import JsonValue
from sqlalchemy import JSON, Column, Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.shared.database import UtcDateTime


class ReportingTable(SQLModel, registry=registry()):
    """Base of reporting's tables: their metadata holds these and no other service's."""


class ComplaintRow(ReportingTable, table=True):
    """A complaint of which anything was told. Whoever adds to its events locks this row first.

    So the fold sees every event that was stored before it, however many are told at once.
    """

    __tablename__ = "complaints"

    reference: str = Field(primary_key=True)


class EventRow(ReportingTable, table=True):
    """One event as it was told; `payload` is the whole of it, the other columns are for reading."""

    __tablename__ = "events"

    reference: str = Field(primary_key=True, foreign_key="complaints.reference")
    sequence: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)
    stage: str
    by: str
    payload: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    """When it was stored here."""


class RegisterRow(ReportingTable, table=True):
    """`register.RegisterEntry` without its stages, field by field."""

    __tablename__ = "register"
    __table_args__ = (Index("register_newest", "received_at", "reference"),)

    reference: str = Field(primary_key=True, foreign_key="complaints.reference")
    policy: str
    policy_effective: date
    channel: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    category: str | None
    service_area: str | None
    region: str | None
    anonymous: bool
    from_feedback: str | None = Field(default=None, index=True)
    priority: str
    stage: str
    status: str
    overdue: bool
    investigator: str | None
    together_with: str | None
    sent_up_at: datetime | None = Field(sa_type=UtcDateTime)
    refusal_reason: str | None
    closed_at: datetime | None = Field(sa_type=UtcDateTime)
    closed_reason: str | None
    notices_sent: int
    notices_by_hand: int
    notices_refused: int
    last_event_at: datetime = Field(sa_type=UtcDateTime)
    folded_to: int


class StageRow(ReportingTable, table=True):
    """`register.StageEntry`, field by field, as the `position`-th stage (from 1) of a complaint."""

    __tablename__ = "register_stages"

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    position: int = Field(primary_key=True)
    stage: str
    requested_at: datetime = Field(sa_type=UtcDateTime)
    entered_by: str
    requested_late: bool
    declined_at: datetime | None = Field(sa_type=UtcDateTime)
    decline_reason: str | None
    reply_by: date | None
    acknowledge_due: date | None
    acknowledged_at: datetime | None = Field(sa_type=UtcDateTime)
    acknowledged_in_time: bool | None
    acknowledge_missed_at: datetime | None = Field(sa_type=UtcDateTime)
    points: int
    points_added: int
    contact_due: date | None
    contacted_at: datetime | None = Field(sa_type=UtcDateTime)
    contact_missed_at: datetime | None = Field(sa_type=UtcDateTime)
    arrange_due: date | None
    arranged_at: datetime | None = Field(sa_type=UtcDateTime)
    arrange_missed_at: datetime | None = Field(sa_type=UtcDateTime)
    hearing_on: date | None
    respond_due: date | None
    respond_missed_at: datetime | None = Field(sa_type=UtcDateTime)
    responded_at: datetime | None = Field(sa_type=UtcDateTime)
    responded_in_time: bool | None
    extended_from: date | None
    extended_until: date | None
    agreed_from: date | None
    agreed_until: date | None
    decision: str | None
    escalate_by: date | None
    misses: int
    rungs_climbed: int


class FeedbackReferenceRow(ReportingTable, table=True):
    """Feedback of which anything was told: the row to lock, as `ComplaintRow` is of a complaint."""

    __tablename__ = "feedback_references"

    reference: str = Field(primary_key=True)


class FeedbackEventRow(ReportingTable, table=True):
    """One event of feedback as it was told, kept apart from those of complaints."""

    __tablename__ = "feedback_events"

    reference: str = Field(primary_key=True, foreign_key="feedback_references.reference")
    sequence: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    payload: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    """When it was stored here."""


class FeedbackRow(ReportingTable, table=True):
    """`feedback_register.FeedbackEntry`, field by field."""

    __tablename__ = "feedback"
    __table_args__ = (Index("feedback_newest", "received_at", "reference"),)

    reference: str = Field(primary_key=True, foreign_key="feedback_references.reference")
    kind: str
    policy: str
    policy_effective: date
    channel: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    month: str
    service_area: str | None
    region: str | None
    anonymous: bool
    thanks_by: date | None
    thanks_pass_at: datetime | None = Field(sa_type=UtcDateTime)
    thanked_at: datetime | None = Field(sa_type=UtcDateTime)
    thanked_in_time: bool | None
    late_recorded_at: datetime | None = Field(sa_type=UtcDateTime)
    passed_on_at: datetime | None = Field(sa_type=UtcDateTime)
    notices_refused: int
    last_event_at: datetime = Field(sa_type=UtcDateTime)
    folded_to: int
