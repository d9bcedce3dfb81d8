"""Which of the policy's kinds of service a complaint is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the database forward."""
    op.add_column("complaints", sa.Column("service", sa.String()))
