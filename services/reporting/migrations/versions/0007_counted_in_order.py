"""Indexes in whose order stages, remedies and promises are counted, so that no row is sorted.

The facts also say what an open stage waits for. Those of complaints that are open and not answered
are made anew from the events when reporting starts, or by `putright register rebuild`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 'open'")

COUNTED_BEFORE = [
    *("month", "code_stage", "state", "decision", "responded", "responded_by_code"),
    *("responded_unextended", "acknowledged", "acknowledged_by_code", "extended"),
    *("code_acknowledge_by", "code_respond_by", "code_extended_by", "code_agreed_by"),
    *("first_respond_by", "tell_by", "escalated", "refusal_reason", "decline_reason"),
    *("further_declined", "stage", "tenure", "policy", "category", "channel", "service_area"),
    *("region", "investigator", "misses", "rungs", "received_on"),
]

COUNTED = [
    *("month", "code_stage", "state", "decision", "decline_reason", "responded", "acknowledged"),
    *("responded_by_code", "code_extended_by", "code_agreed_by"),
    *("acknowledged_by_code", "code_acknowledge_by", "responded_unextended", "first_respond_by"),
    *("escalated", "further_declined", "extended", "tell_by", "refusal_reason"),
    *("code_respond_by", "misses", "rungs", "stage"),
    *("policy", "category", "channel", "service_area", "region", "tenure", "investigator"),
    "received_on",
]

JUDGED = [
    *("code_stage", "responded_by_code", "state", "decision", "decline_reason", "responded"),
    "acknowledged",
]

BROKEN_DOWN = {
    "category": ["month", "category", "policy", *JUDGED],
    "channel": ["month", "channel", *JUDGED, "policy"],
    "area": ["month", "service_area", *JUDGED, "policy"],
    "region": ["month", "region", *JUDGED, "policy"],
    "tenure": ["month", "tenure", *JUDGED, "policy"],
    "investigator": ["month", "investigator", *JUDGED, "policy"],
}

OPEN_BEFORE = ["decision", "stage", "state"]
OPEN = [
    *("decision", "received_on", "overdue", "overdue_since", "stage", "state"),
    *("extended", "awaited", "awaited_by"),
    *("policy", "category", "channel", "service_area", "region", "tenure", "investigator"),
]


WITHOUT_WHAT_THEY_WAIT_FOR = """
    DELETE FROM stage_facts WHERE reference IN (
        SELECT reference FROM stage_facts WHERE state = 'open' AND decision IS NULL
    )
"""


def upgrade() -> None:
    """Adds the columns, and makes the indexes; those that they replace go."""
    op.execute(WITHOUT_WHAT_THEY_WAIT_FOR)
    op.add_column("stage_facts", sa.Column("awaited", sa.String()))
    op.add_column("stage_facts", sa.Column("awaited_by", sa.Date()))
    _count_by(COUNTED)
    for name, columns in BROKEN_DOWN.items():
        op.create_index(f"stage_facts_by_{name}", "stage_facts", columns)
    _open_by(OPEN)
    op.create_index("remedy_facts_given", "remedy_facts", ["on", "kind", "pence"])
    op.drop_index("ix_remedy_facts_on", "remedy_facts")
    op.create_index("promise_facts_promised", "promise_facts", ["by", "done_on"])
    op.drop_index("ix_promise_facts_by", "promise_facts")


def _count_by(columns: list[str]) -> None:
    op.drop_index("stage_facts_counted", "stage_facts")
    op.create_index("stage_facts_counted", "stage_facts", columns)


def _open_by(columns: list[str]) -> None:
    name, table = "stage_facts_open", "stage_facts"
    op.drop_index(name, table)
    op.create_index(name, table, columns, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def downgrade() -> None:
    """Makes the indexes that were there before, and drops the columns."""
    op.create_index("ix_promise_facts_by", "promise_facts", ["by"])
    op.drop_index("promise_facts_promised", "promise_facts")
    op.create_index("ix_remedy_facts_on", "remedy_facts", ["on"])
    op.drop_index("remedy_facts_given", "remedy_facts")
    _open_by(OPEN_BEFORE)
    for name in BROKEN_DOWN:
        op.drop_index(f"stage_facts_by_{name}", "stage_facts")
    _count_by(COUNTED_BEFORE)
    op.drop_column("stage_facts", "awaited_by")
    op.drop_column("stage_facts", "awaited")
