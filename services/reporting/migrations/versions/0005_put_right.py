"""One answer to the survey of each complaint, the newest; and lessons by their numbers.

Promises that an earlier release did not tell of come in by `putright register rebuild`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REGISTER = sa.table(
    "register",
    sa.column("reference", sa.String()),
    sa.column("surveys", sa.JSON()),
    sa.column("lessons", sa.JSON()),
)

SURVEYS = sa.table(
    "survey_facts", sa.column("reference", sa.String()), sa.column("number", sa.Integer())
)


def upgrade() -> None:
    """Changes what the rows hold; the tables stay as they are."""
    connection = op.get_bind()
    for reference, surveys, lessons in _with_any(connection):
        numbered = [{"number": at, **lesson} for at, lesson in enumerate(lessons, 1)]
        changed = {"surveys": surveys[-1:], "lessons": numbered}
        connection.execute(
            sa.update(REGISTER).where(REGISTER.c.reference == reference).values(changed)
        )
    later = SURVEYS.alias("later")
    connection.execute(
        sa.delete(SURVEYS).where(
            sa.exists().where(
                later.c.reference == SURVEYS.c.reference, later.c.number > SURVEYS.c.number
            )
        )
    )
    connection.execute(sa.update(SURVEYS).values(number=1))


def _with_any(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    """Yields the reference, surveys and lessons of every complaint that has some."""
    nothing = [
        sa.cast(column, sa.Text()) == "[]" for column in (REGISTER.c.surveys, REGISTER.c.lessons)
    ]
    yield from connection.execute(sa.select(REGISTER).where(sa.not_(sa.and_(*nothing)))).all()


def downgrade() -> None:
    """Takes the numbers away again; the older answers to the survey stay in the events alone."""
    connection = op.get_bind()
    for reference, _, lessons in _with_any(connection):
        bare = [{name: lesson[name] for name in lesson if name != "number"} for lesson in lessons]
        connection.execute(
            sa.update(REGISTER).where(REGISTER.c.reference == reference).values(lessons=bare)
        )
