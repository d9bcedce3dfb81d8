"""Events, and the register folded from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the four tables."""
    op.create_table("complaints", sa.Column("reference", sa.String(), primary_key=True))
    op.create_table(
        "events",
        sa.Column(
            "reference", sa.String(), sa.ForeignKey("complaints.reference"), primary_key=True
        ),
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
    )
    _register()
    _stages()


def _register() -> None:
    op.create_table(
        "register",
        sa.Column(
            "reference", sa.String(), sa.ForeignKey("complaints.reference"), primary_key=True
        ),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("policy_effective", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("category", sa.String()),
        sa.Column("service_area", sa.String()),
        sa.Column("region", sa.String()),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("investigator", sa.String()),
        sa.Column("refusal_reason", sa.String()),
        sa.Column("closed_at", INSTANT),
        sa.Column("closed_reason", sa.String()),
        sa.Column("notices_sent", sa.Integer(), nullable=False),
        sa.Column("notices_by_hand", sa.Integer(), nullable=False),
        sa.Column("notices_refused", sa.Integer(), nullable=False),
        sa.Column("last_event_at", INSTANT, nullable=False),
        sa.Column("folded_to", sa.Integer(), nullable=False),
    )
    op.create_index("register_newest", "register", ["received_at", "reference"])


def _stages() -> None:
    op.create_table(
        "register_stages",
        sa.Column("reference", sa.String(), sa.ForeignKey("register.reference"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("acknowledge_due", sa.Date()),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("acknowledged_in_time", sa.Boolean()),
        sa.Column("acknowledge_missed_at", INSTANT),
        sa.Column("respond_due", sa.Date()),
        sa.Column("respond_missed_at", INSTANT),
        sa.Column("responded_at", INSTANT),
        sa.Column("responded_in_time", sa.Boolean()),
        sa.Column("extended_from", sa.Date()),
        sa.Column("extended_until", sa.Date()),
        sa.Column("decision", sa.String()),
        sa.Column("escalate_by", sa.Date()),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("rungs_climbed", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Drops them."""
    for table in ("register_stages", "register", "events", "complaints"):
        op.drop_table(table)
