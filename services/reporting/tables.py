"""What reporting keeps: every event for ever, and the register that is folded from them."""

from datetime import date, datetime

from pydantic import JsonValue
from sqlalchemy import JSON, Column, Index, Text, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.shared.database import UtcDateTime

IS_OPEN = text("state = 'open'")
"""The few stages that a dashboard asks for most."""


NOT_DONE = text("done_on IS NULL")

TOLD_APART = (
    *("month", "code_stage", "state", "decision", "decline_reason", "responded", "acknowledged"),
    *("responded_by_code", "code_extended_by", "code_agreed_by"),
    *("acknowledged_by_code", "code_acknowledge_by", "responded_unextended", "first_respond_by"),
    *("escalated", "further_declined", "extended", "tell_by", "refusal_reason"),
    *("code_respond_by", "misses", "rungs", "stage"),
)
"""What rules read of a stage, the most asked for first: none of it has many values."""

ALSO_ASKED = (
    *("policy", "category", "channel", "service_area", "region", "tenure", "investigator"),
)
"""What else a scope may be narrowed by: an index with it spares reading the table itself."""

JUDGED = (
    *("code_stage", "responded_by_code", "state", "decision", "decline_reason", "responded"),
    "acknowledged",
)

BROKEN_DOWN = {
    "category": ("month", "category", "policy", *JUDGED),
    "channel": ("month", "channel", *JUDGED, "policy"),
    "area": ("month", "service_area", *JUDGED, "policy"),
    "region": ("month", "region", *JUDGED, "policy"),
    "tenure": ("month", "tenure", *JUDGED, "policy"),
    "investigator": ("month", "investigator", *JUDGED, "policy"),
}
"""For each thing by which reports and dashboards tell stages apart, what they ask of them then.

Each is an index, and so is what is told apart: rows come out of it in the order of their groups,
and need no sorting, which takes SQLite most of the time.
"""

WAITING = ("decision", "received_on", "overdue", "overdue_since")
"""What is counted of open stages, in the order of their index."""


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
    __table_args__ = (Index("events_newest", "recorded_at"),)

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
    tenure: str | None
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
    remedies: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    promises: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    ombudsman: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    surveys: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    lessons: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
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
    investigator: str | None
    reply_by: date | None
    acknowledge_due: date | None
    acknowledged_at: datetime | None = Field(sa_type=UtcDateTime)
    acknowledged_in_time: bool | None
    acknowledgement_to_post: bool
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
    response_to_post: bool
    responded_in_time: bool | None
    extended_from: date | None
    extended_until: date | None
    extensions: list[JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    agreed_from: date | None
    agreed_until: date | None
    decision: str | None
    escalate_by: date | None
    misses: int
    rungs_climbed: int


class StageFactsRow(ReportingTable, table=True):
    """`facts.StageFacts`, field by field: what measures are counted from."""

    __tablename__ = "stage_facts"
    __table_args__ = (
        Index("stage_facts_counted", *TOLD_APART, *ALSO_ASKED, "received_on"),
        *(Index(f"stage_facts_by_{name}", *columns) for name, columns in BROKEN_DOWN.items()),
        Index("stage_facts_received", "received_on"),
        Index("stage_facts_responded", "responded_on"),
        Index(
            "stage_facts_open",
            *WAITING,
            *("stage", "state", "extended", "awaited", "awaited_by", *ALSO_ASKED),
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    position: int = Field(primary_key=True)
    stage: str
    code_stage: str | None
    received_on: date
    month: str
    policy: str
    channel: str
    category: str | None
    service_area: str | None
    region: str | None
    tenure: str | None
    investigator: str | None
    state: str
    refusal_reason: str | None
    decline_reason: str | None
    further_declined: str | None
    acknowledged: str
    acknowledged_by_code: str
    code_acknowledge_by: date | None
    responded: str
    responded_unextended: str
    first_respond_by: date | None
    responded_by_code: str
    code_respond_by: date | None
    code_extended_by: date | None
    code_agreed_by: date | None
    responded_on: date | None
    decision: str | None
    extended: str
    tell_by: date | None
    escalated: bool
    misses: int
    rungs: int
    overdue: bool
    overdue_since: date | None
    awaited: str | None
    awaited_by: date | None
    promised: int
    pence: int


class RemedyFactsRow(ReportingTable, table=True):
    """One remedy that a response gave."""

    __tablename__ = "remedy_facts"
    __table_args__ = (Index("remedy_facts_given", "on", "kind", "pence"),)

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    number: int = Field(primary_key=True)
    policy: str
    stage: str
    kind: str
    pence: int | None
    on: date


class PromiseFactsRow(ReportingTable, table=True):
    """One action that a response promised."""

    __tablename__ = "promise_facts"
    __table_args__ = (
        Index("promise_facts_promised", "by", "done_on"),
        Index(
            "promise_facts_open",
            "by",
            "done_on",
            sqlite_where=NOT_DONE,
            postgresql_where=NOT_DONE,
        ),
    )

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    number: int = Field(primary_key=True)
    policy: str
    stage: str
    promised_on: date
    by: date
    done_on: date | None


class OmbudsmanFactsRow(ReportingTable, table=True):
    """One case of the Housing Ombudsman's."""

    __tablename__ = "ombudsman_facts"

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    number: int = Field(primary_key=True)
    policy: str
    involved_on: date = Field(index=True)
    determined_on: date | None = Field(index=True)
    determination: str | None
    orders: int
    recommendations: int
    pence: int


class SurveyFactsRow(ReportingTable, table=True):
    """One answer to the survey."""

    __tablename__ = "survey_facts"

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    number: int = Field(primary_key=True)
    policy: str
    tenure: str | None
    on: date = Field(index=True)
    satisfaction: str
    complained_earlier: bool | None
    """Whether the complaint came in more than 12 months before the answer."""


class LessonFactsRow(ReportingTable, table=True):
    """One lesson, in words to be published."""

    __tablename__ = "lesson_facts"

    reference: str = Field(primary_key=True, foreign_key="register.reference")
    number: int = Field(primary_key=True)
    policy: str
    on: date = Field(index=True)
    theme: str
    heard: str = Field(sa_type=Text)
    done: str = Field(sa_type=Text)


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
