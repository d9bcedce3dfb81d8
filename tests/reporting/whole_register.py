"""Everything that is folded, to be compared; and commands on it as processes of their own."""

import os

from sqlalchemy import select

from services.reporting.register_rows import COMPLAINT_TABLES, FEEDBACK_TABLES, Table
from services.shared.database import Database

TABLES: tuple[Table, ...] = (*COMPLAINT_TABLES, *FEEDBACK_TABLES)

Snapshot = dict[str, list[str]]


async def snapshot(database: Database) -> Snapshot:
    """Every row of every table that is folded, in order."""
    async with database.session() as session:
        connection = await session.connection()
        return {
            table.__name__: sorted(
                repr(dict(row)) for row in (await connection.execute(select(table))).mappings()
            )
            for table in TABLES
        }


def environment(database_url: str) -> dict[str, str]:
    """What a command on reporting's database is started with."""
    told = {"ENVIRONMENT": "embedded", "REPORTING_DATABASE_URL": database_url}
    return {**os.environ, **{f"PUTRIGHT_{name}": value for name, value in told.items()}}
