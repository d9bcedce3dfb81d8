"""Ways besides mail, later news of notices, letters, absences, returned mail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds what notices, letters and absences need; a notice of before was sent by mail."""
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("deputy", sa.String(), nullable=True))
        staff.create_foreign_key("fk_staff_deputy", "staff", ["deputy"], ["id"])
    op.create_table(
        "absence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_absence_staff_id"),
        sa.ForeignKeyConstraint(["deputy"], ["staff.id"], name="fk_absence_deputy"),
    )
    op.create_index("ix_absence_until_on", "absence", ["until_on"])
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("reference", existing_type=sa.String(), nullable=True)
        notice.add_column(sa.Column("asked_by", sa.String(), nullable=True))
        notice.add_column(sa.Column("stage", sa.String(), nullable=False, server_default=""))
        notice.add_column(sa.Column("service_area", sa.String(), nullable=True))
        notice.add_column(sa.Column("letterhead", sa.JSON(), nullable=False, server_default="{}"))
        notice.add_column(sa.Column("way", sa.String(), nullable=False, server_default="email"))
        notice.add_column(sa.Column("staff_id", sa.String(), nullable=True))
        notice.add_column(
            sa.Column("language", sa.String(), nullable=False, server_default="en-GB")
        )
        notice.add_column(sa.Column("mark", sa.String(), nullable=True))
        notice.add_column(sa.Column("provider_id", sa.String(), nullable=True))
    # Nothing that was sent before had a mark in its return path: its key keeps the marks apart.
    op.execute(sa.text("UPDATE notice SET mark = key"))
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("mark", existing_type=sa.String(), nullable=False)
        notice.alter_column("way", existing_type=sa.String(), server_default=None)
        notice.alter_column("stage", existing_type=sa.String(), server_default=None)
        notice.alter_column("letterhead", existing_type=sa.JSON(), server_default=None)
        notice.alter_column("language", existing_type=sa.String(), server_default=None)
    op.create_index("ix_notice_mark", "notice", ["mark"], unique=True)
    op.create_index("ix_notice_state", "notice", ["state"])
    op.create_index("ix_notice_message_id", "notice", ["message_id"])
    op.create_index("ix_notice_provider_id", "notice", ["provider_id"])
    op.create_table(
        "letter",
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("posted_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("notice", name="pk_letter"),
        sa.ForeignKeyConstraint(["notice"], ["notice.key"], name="fk_letter_notice"),
    )
    op.create_index("ix_letter_posted_on", "letter", ["posted_on"])
    op.create_table(
        "returned_mail",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_returned_mail"),
    )
    op.create_index("ix_returned_mail_outcome", "returned_mail", ["outcome"])
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mailbox"),
    )


def downgrade() -> None:
    """Takes all of it away; notices without a reference go too."""
    op.drop_table("mailbox")
    op.drop_index("ix_returned_mail_outcome", "returned_mail")
    op.drop_table("returned_mail")
    op.drop_index("ix_letter_posted_on", "letter")
    op.drop_table("letter")
    for column in ("provider_id", "message_id", "state", "mark"):
        op.drop_index(f"ix_notice_{column}", "notice")
    op.execute(sa.text("DELETE FROM notice WHERE reference IS NULL"))
    with op.batch_alter_table("notice") as notice:
        for column in (
            "asked_by",
            "stage",
            "service_area",
            "letterhead",
            "way",
            "staff_id",
            "language",
            "mark",
            "provider_id",
        ):
            notice.drop_column(column)
        notice.alter_column("reference", existing_type=sa.String(), nullable=False)
    op.drop_index("ix_absence_until_on", "absence")
    op.drop_table("absence")
    with op.batch_alter_table("staff") as staff:
        staff.drop_constraint("fk_staff_deputy", type_="foreignkey")
        staff.drop_column("deputy")
