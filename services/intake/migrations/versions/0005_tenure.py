"""How the home of a complaint is held."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the database forward."""
    op.add_column("complaints", sa.Column("tenure", sa.String()))
