"""What measures are counted from, and what follows an answer: remedies, promises, the Ombudsman.

The new tables are filled by folding the events again: `putright register rebuild`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTS = ("remedies", "promises", "ombudsman", "surveys", "lessons")

IS_OPEN = sa.text("state = 'open'")

TEXTS = ("stage", "month", "policy", "channel", "state")
OPTIONAL_TEXTS = (
    *("code_stage", "category", "service_area", "region", "tenure", "investigator"),
    *("refusal_reason", "decision"),
)
JUDGED = (
    *("acknowledged", "acknowledged_by_code", "responded", "responded_unextended"),
    *("responded_by_code", "extended"),
)
NUMBERS = ("misses", "rungs", "promised", "pence")


NOT_DONE = sa.text("done_on IS NULL")

COUNTED = [
    *("month", "code_stage", "state", "decision", "responded", "responded_by_code"),
    *("responded_unextended", "acknowledged", "acknowledged_by_code", "extended", "escalated"),
    *("refusal_reason", "stage", "tenure", "policy", "category", "channel", "service_area"),
    *("region", "investigator", "misses", "rungs", "received_on"),
]

EXTENSION_REPLACED = """
    UPDATE register_stages SET extension_replaced = (
        SELECT {was} FROM events
        WHERE events.reference = register_stages.reference
          AND events.stage = register_stages.stage
          AND events.kind = 'extended'
          AND events.sequence <= (
            SELECT folded_to FROM register WHERE register.reference = events.reference
          )
        ORDER BY events.sequence DESC LIMIT 1
    )
"""
"""Of an open complaint, whose notice of it may be still to come."""


def upgrade() -> None:
    """Adds the columns and the tables."""
    for name in LISTS:
        op.add_column("register", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("register", sa.Column("tenure", sa.String()))
    op.add_column("register_stages", sa.Column("extension_replaced", sa.Date()))
    op.add_column("register_stages", sa.Column("extension_told_in_time", sa.Boolean()))
    was = "payload ->> 'was'"
    if op.get_bind().dialect.name == "postgresql":
        was = f"CAST({was} AS DATE)"  # on SQLite that is a number, and a date is its text
    op.execute(EXTENSION_REPLACED.format(was=was))
    op.create_table(
        "stage_facts",
        _reference(),
        sa.Column("position", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*TEXTS, *JUDGED)),
        *(sa.Column(name, sa.String()) for name in OPTIONAL_TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("responded_on", sa.Date()),
        sa.Column("overdue_since", sa.Date()),
    )
    op.create_index("stage_facts_counted", "stage_facts", COUNTED)
    op.create_index("stage_facts_received", "stage_facts", ["received_on"])
    op.create_index("stage_facts_responded", "stage_facts", ["responded_on"])
    op.create_index(
        "stage_facts_open",
        "stage_facts",
        ["decision", "stage", "state"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    _table(
        "remedy_facts",
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pence", sa.Integer()),
        sa.Column("on", sa.Date(), nullable=False, index=True),
    )
    _table(
        "promise_facts",
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Date(), nullable=False, index=True),
        sa.Column("done_on", sa.Date()),
    )
    op.create_index(
        "promise_facts_open",
        "promise_facts",
        ["by", "done_on"],
        sqlite_where=NOT_DONE,
        postgresql_where=NOT_DONE,
    )
    op.create_index("events_newest", "events", ["recorded_at"])
    _table(
        "ombudsman_facts",
        sa.Column("involved_on", sa.Date(), nullable=False, index=True),
        sa.Column("determined_on", sa.Date(), index=True),
        sa.Column("determination", sa.String()),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("recommendations", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
    )
    _table(
        "survey_facts",
        sa.Column("tenure", sa.String()),
        sa.Column("on", sa.Date(), nullable=False, index=True),
        sa.Column("satisfaction", sa.String(), nullable=False),
    )
    _table(
        "lesson_facts",
        sa.Column("on", sa.Date(), nullable=False, index=True),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
    )


def _table(name: str, *columns: sa.Column[object]) -> None:
    numbered = sa.Column("number", sa.Integer(), primary_key=True)
    policy = sa.Column("policy", sa.String(), nullable=False)
    op.create_table(name, _reference(), numbered, policy, *columns)


def _reference() -> sa.Column[str]:
    points_to = sa.ForeignKey("register.reference")
    return sa.Column("reference", sa.String(), points_to, primary_key=True)


def downgrade() -> None:
    """Drops them."""
    op.drop_index("events_newest", "events")
    for table in ("lesson", "survey", "ombudsman", "promise", "remedy", "stage"):
        op.drop_table(f"{table}_facts")
    for name in ("extension_told_in_time", "extension_replaced"):
        op.drop_column("register_stages", name)
    for name in ("tenure", *LISTS):
        op.drop_column("register", name)
