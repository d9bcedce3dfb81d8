"""What stages of any policy have: requests and declines, contact, hearings, agreed dates, points.

The register follows from the stored events, so what they tell of complaints that are there is
filled in from them. Every column is a new one: an open complaint's entry goes on from where it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

NEW = {
    "register": (
        sa.Column("together_with", sa.String()),
        sa.Column("sent_up_at", INSTANT),
    ),
    "register_stages": (
        sa.Column("entered_by", sa.String(), nullable=False, server_default="request"),
        sa.Column("requested_late", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("declined_at", INSTANT),
        sa.Column("decline_reason", sa.String()),
        sa.Column("reply_by", sa.Date()),
        sa.Column("points", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("points_added", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("contact_due", sa.Date()),
        sa.Column("contacted_at", INSTANT),
        sa.Column("contact_missed_at", INSTANT),
        sa.Column("arrange_due", sa.Date()),
        sa.Column("arranged_at", INSTANT),
        sa.Column("arrange_missed_at", INSTANT),
        sa.Column("hearing_on", sa.Date()),
        sa.Column("agreed_from", sa.Date()),
        sa.Column("agreed_until", sa.Date()),
    ),
}

FIRST_STAGES = "UPDATE register_stages SET entered_by = 'receipt' WHERE position = 1"

OF_THE_STAGE = """
    FROM events
    WHERE events.reference = register_stages.reference
      AND events.stage = register_stages.stage
      AND events.sequence <= (
        SELECT folded_to FROM register WHERE register.reference = events.reference
      )
"""

POINTS = f"""
    UPDATE register_stages SET points = COALESCE((
        SELECT MAX(CAST(events.payload ->> 'points' AS INTEGER))
        {OF_THE_STAGE} AND events.kind = 'acknowledged'
    ), 0)
"""  # noqa: S608 — made of this file's own words

CONTACTS = f"""
    UPDATE register_stages SET contacted_at = (
        SELECT MIN(events.at) {OF_THE_STAGE} AND events.kind = 'contacted'
    )
"""  # noqa: S608 — made of this file's own words


def upgrade() -> None:
    """Adds the columns, and fills in what the events of each stage tell."""
    for table, columns in NEW.items():
        for column in columns:
            op.add_column(table, column)
    for statement in (FIRST_STAGES, POINTS, CONTACTS):
        op.execute(statement)


def downgrade() -> None:
    """Drops them."""
    for table, columns in NEW.items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
