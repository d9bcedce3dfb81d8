"""The case file, what staff did to it, and the channels' keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Brings the database forward."""
    op.create_table(
        "channel_keys",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False, unique=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(), nullable=False, unique=True),
        sa.Column("channel_key", sa.String(), sa.ForeignKey("channel_keys.id"), nullable=False),
        sa.Column("idempotency_key", sa.String()),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("name", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("address", sa.Text()),
        sa.Column("preferred_contact", sa.String()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("outcome_sought", sa.Text()),
        sa.Column("category", sa.String()),
        sa.Column("service_area", sa.String()),
        sa.Column("region", sa.String()),
        sa.Column("started_at", INSTANT),
        sa.UniqueConstraint("channel_key", "idempotency_key", name="one_complaint_per_key"),
    )
    op.create_index("newest_received", "complaints", ["received_at", "id"])
    not_started = sa.text("started_at IS NULL")
    op.create_index(
        "not_started",
        "complaints",
        ["id"],
        sqlite_where=not_started,
        postgresql_where=not_started,
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(), sa.ForeignKey("complaints.reference"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("update_id", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("body", sa.JSON()),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.UniqueConstraint("reference", "key", name="one_action_per_key"),
    )
    pending = sa.text("outcome = 'pending'")
    op.create_index(
        "pending_actions", "actions", ["id"], sqlite_where=pending, postgresql_where=pending
    )
