"""Mail as a channel, and how a complainant wants to be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
UNREAD = sa.text("state = 'new'")
UNTOLD = sa.text("told_at IS NULL AND state IN ('reply', 'held')")


def upgrade() -> None:
    """Makes the tables of mail; whoever complained before is written to as before."""
    with op.batch_alter_table("complaints") as complaints:
        complaints.add_column(
            sa.Column("large_print", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        complaints.add_column(
            sa.Column("texts", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        complaints.add_column(
            sa.Column("language", sa.String(), nullable=False, server_default="en-GB")
        )
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("sender_hash", sa.String(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
    )
    op.create_index(
        "mail_to_read",
        "incoming_mail",
        ["id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index(
        "mail_to_tell",
        "incoming_mail",
        ["id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )
    op.create_index("mail_by_state", "incoming_mail", ["state", "id"])
    op.create_index("mail_by_sender", "incoming_mail", ["sender_hash", "fetched_at"])
    op.create_index("ix_incoming_mail_reference", "incoming_mail", ["reference"])
    op.create_index("ix_incoming_mail_message_id", "incoming_mail", ["message_id"])
    op.create_table(
        "mail_attachments",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("mail", sa.Integer(), sa.ForeignKey("incoming_mail.id"), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_mail_attachments_mail", "mail_attachments", ["mail"])
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Takes all of it away."""
    op.drop_table("mailboxes")
    op.drop_table("mail_attachments")
    op.drop_table("incoming_mail")
    with op.batch_alter_table("complaints") as complaints:
        for column in ("large_print", "texts", "language"):
            complaints.drop_column(column)
