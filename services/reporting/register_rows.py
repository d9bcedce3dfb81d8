"""Entries of both registers as rows of their tables, many at a time.

`entries.py` and `fact_rows.py` save one complaint as it goes on; whoever folds a whole register, or
thousands of complaints at once, writes by these.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import bulk
from services.reporting.entries import AFTERCARE
from services.reporting.fact_rows import FACTS_TABLES, fact_rows
from services.reporting.feedback_register import FeedbackEntry
from services.reporting.register import RegisterEntry
from services.reporting.tables import FeedbackRow, RegisterRow, ReportingTable, StageRow

Table = type[ReportingTable]

Rows = Mapping[Table, Sequence[Mapping[str, Any]]]
"""Rows by column, in the order of their keys; a table without any is left out."""

COMPLAINT_TABLES: tuple[Table, ...] = (RegisterRow, StageRow, *FACTS_TABLES)
"""Each after those that its rows point to."""

FEEDBACK_TABLES: tuple[Table, ...] = (FeedbackRow,)


def of_complaint(entry: RegisterEntry) -> Rows:
    """Returns every row that an entry has, its facts among them.

    Raises TryLater `calendar-unreadable`.
    """
    listed = entry.model_dump(mode="json", include=AFTERCARE)
    # Their other fields are plain values, so a shallow copy does.
    stages = (
        {
            "reference": entry.reference,
            "position": position,
            **dict(stage),
            "extensions": [one.model_dump(mode="json") for one in stage.extensions],
        }
        for position, stage in enumerate(entry.stages, 1)
    )
    register = {field: value for field, value in entry if field != "stages"}
    return {
        RegisterRow: [{**register, **listed}],
        StageRow: list(stages),
        **dict(fact_rows(entry)),
    }


def of_feedback(entry: FeedbackEntry) -> Rows:
    """Returns the one row that an entry of the feedback register has."""
    return {FeedbackRow: [entry.model_dump()]}


async def held(
    session: AsyncSession, tables: Iterable[Table], references: Collection[str]
) -> dict[str, Rows]:
    """Returns the rows that the database holds under each of the references."""
    found: dict[str, dict[Table, list[Mapping[str, Any]]]] = {each: {} for each in references}
    connection = await session.connection()
    for table in tables:
        keys = inspect(table).primary_key
        chosen = select(table).where(keys[0].in_(references)).order_by(*keys)
        for row in (await connection.execute(chosen)).mappings():
            found[row["reference"]].setdefault(table, []).append(dict(row))
    return dict(found)


async def add(session: AsyncSession, entries: Iterable[Rows]) -> None:
    """Inserts the rows of many entries, table by table."""
    kind = bulk.kind_of(session.get_bind().dialect)
    together: dict[Table, list[Mapping[str, Any]]] = {}
    for rows in entries:
        for table, listed in rows.items():
            together.setdefault(table, []).extend(listed)
    for table in (*COMPLAINT_TABLES, *FEEDBACK_TABLES):
        lines = bulk.lines(table, together.get(table, ()), kind)
        await bulk.write(session, table, lines)


async def replace(
    session: AsyncSession, tables: Sequence[Table], entries: Mapping[str, Rows]
) -> None:
    """Puts the rows of each reference in the place of whatever stands under it."""
    connection = await session.connection()
    for table in reversed(tables):
        (reference, *_) = inspect(table).primary_key
        await connection.execute(delete(table).where(reference.in_(entries)))
    await add(session, entries.values())
