"""The register of feedback that is no complaint, and which complaints began so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the three tables, and the complaint's link to them."""
    op.create_table("feedback_references", sa.Column("reference", sa.String(), primary_key=True))
    op.create_table(
        "feedback_events",
        _reference(),
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
    )
    op.create_table(
        "feedback",
        _reference(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("policy_effective", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("service_area", sa.String()),
        sa.Column("region", sa.String()),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("thanks_by", sa.Date()),
        sa.Column("thanks_pass_at", INSTANT),
        sa.Column("thanked_at", INSTANT),
        sa.Column("thanked_in_time", sa.Boolean()),
        sa.Column("late_recorded_at", INSTANT),
        sa.Column("passed_on_at", INSTANT),
        sa.Column("notices_refused", sa.Integer(), nullable=False),
        sa.Column("last_event_at", INSTANT, nullable=False),
        sa.Column("folded_to", sa.Integer(), nullable=False),
    )
    op.create_index("feedback_newest", "feedback", ["received_at", "reference"])
    op.add_column("register", sa.Column("from_feedback", sa.String()))
    op.create_index("ix_register_from_feedback", "register", ["from_feedback"])


def _reference() -> sa.Column[str]:
    points_to = sa.ForeignKey("feedback_references.reference")
    return sa.Column("reference", sa.String(), points_to, primary_key=True)


def downgrade() -> None:
    """Drops them."""
    op.drop_index("ix_register_from_feedback", "register")
    op.drop_column("register", "from_feedback")
    for table in ("feedback", "feedback_events", "feedback_references"):
        op.drop_table(table)
