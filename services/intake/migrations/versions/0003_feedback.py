"""Feedback that is no complaint, and the complaints that it became."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Brings the database forward."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("channel_key", sa.String(), sa.ForeignKey("channel_keys.id"), nullable=False),
        sa.Column("idempotency_key", sa.String()),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("address", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("service_area", sa.String()),
        sa.Column("region", sa.String()),
        sa.Column("started_at", INSTANT),
        sa.UniqueConstraint("channel_key", "idempotency_key", name="one_feedback_per_key"),
    )
    not_started = sa.text("started_at IS NULL")
    op.create_index(
        "feedback_not_started",
        "feedback",
        ["id"],
        sqlite_where=not_started,
        postgresql_where=not_started,
    )
    # SQLite adds a constraint only by copying the table.
    with op.batch_alter_table("complaints") as complaints:
        complaints.add_column(sa.Column("from_feedback", sa.String()))
        complaints.add_column(sa.Column("entered_by", sa.String()))
        complaints.create_unique_constraint("one_complaint_per_feedback", ["from_feedback"])
        complaints.create_foreign_key(
            "complaint_from_feedback", "feedback", ["from_feedback"], ["reference"]
        )
