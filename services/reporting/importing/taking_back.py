"""Taking an import back: what a table brought in and nothing else, in one transaction."""

from collections.abc import Callable, Sequence

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.importing.preparing import Life
from services.reporting.importing.retelling import BY
from services.reporting.register_rows import COMPLAINT_TABLES, Table
from services.reporting.tables import ComplaintRow, EventRow
from services.shared.database import Database, insert
from services.shared.errors import TryLater

AT_ONCE = 500
"""References of one statement."""

EMPTIED: tuple[Table, ...] = (*reversed(COMPLAINT_TABLES), EventRow, ComplaintRow)
"""Each before those that its rows point to."""


def brought_in(stored: Life, retold: Life) -> bool:
    """Tells whether an import brought a stored life in, of the complaint of which a row tells.

    It came in as the row says; what the row says of later days may have been corrected since.
    """
    return all(event.by == BY for event in stored) and stored[0] == retold[0]


async def take_back(
    database: Database, references: Sequence[str], progress: Callable[[int], None] | None = None
) -> None:
    """Removes complaints that an import brought in, with their events: all of them, or none.

    References that are not there change nothing. `progress` is told how many are done. Raises
    TryLater `told-meanwhile` if anybody but an import has told anything of one of them.
    """
    in_order = sorted(references)
    async with database.session() as session:
        for at in range(0, len(in_order), AT_ONCE):
            some = in_order[at : at + AT_ONCE]
            await _lock(session, some)
            connection = await session.connection()
            for table in EMPTIED:
                reference = table.__table__.c.reference  # type: ignore[attr-defined]  # sqlmodel does not say so
                await connection.execute(delete(table).where(reference.in_(some)))
            if progress is not None:
                progress(at + len(some))


async def _lock(session: AsyncSession, references: Sequence[str]) -> None:
    """Keeps everybody else from adding to these, as `recording` does, and looks who has."""
    known = [{"reference": reference} for reference in references]
    await session.exec(insert(session, ComplaintRow).values(known).on_conflict_do_nothing())
    locked = select(ComplaintRow.reference).where(col(ComplaintRow.reference).in_(references))
    await session.exec(locked.order_by(col(ComplaintRow.reference)).with_for_update())
    living = select(EventRow.reference).where(
        col(EventRow.reference).in_(references), EventRow.by != BY
    )
    if (await session.exec(living.limit(1))).first() is not None:
        raise TryLater("told-meanwhile", "Somebody told more of one of these: look again.")
