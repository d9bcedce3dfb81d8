"""The facts of an entry as rows: written in the transaction that saves the entry."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.facts import CODE_NATION, stage_facts
from services.reporting.register import RegisterEntry
from services.reporting.tables import (
    LessonFactsRow,
    OmbudsmanFactsRow,
    PromiseFactsRow,
    RemedyFactsRow,
    StageFactsRow,
    SurveyFactsRow,
)
from services.shared.events import Frozen
from services.shared.local_time import local_date
from services.shared.working_days import working_days

FactsTable = type[
    StageFactsRow
    | RemedyFactsRow
    | PromiseFactsRow
    | OmbudsmanFactsRow
    | SurveyFactsRow
    | LessonFactsRow
]

FACTS_TABLES: tuple[FactsTable, ...] = (
    StageFactsRow,
    RemedyFactsRow,
    PromiseFactsRow,
    OmbudsmanFactsRow,
    SurveyFactsRow,
    LessonFactsRow,
)


async def save(session: AsyncSession, entry: RegisterEntry) -> None:
    """Puts the facts of an entry in the place of those before; the entry must be there already.

    Raises TryLater `calendar-unreadable`: then nothing of the transaction is kept.
    """
    await session.flush()
    # Lessons alone are taken back. Of all else, a table without rows had none before either.
    found: dict[FactsTable, list[dict[str, Any]]] = {LessonFactsRow: [], **dict(fact_rows(entry))}
    for table, rows in found.items():
        await session.exec(delete(table).where(col(table.reference) == entry.reference))
        session.add_all(table(**row) for row in rows)


def fact_rows(entry: RegisterEntry) -> Iterator[tuple[FactsTable, list[dict[str, Any]]]]:
    """Yields each table that holds anything of an entry, with its rows by column.

    Raises TryLater `calendar-unreadable`.
    """
    of = {"reference": entry.reference, "policy": entry.policy}
    stages = stage_facts(entry, working_days(CODE_NATION))
    found: dict[FactsTable, list[dict[str, Any]]] = {
        StageFactsRow: [facts.model_dump() for facts in stages],
        RemedyFactsRow: _numbered(entry.remedies, of),
        PromiseFactsRow: _numbered(entry.promises, of),
        OmbudsmanFactsRow: _numbered(entry.ombudsman, of),
        SurveyFactsRow: [*_surveys(entry, of)],
        LessonFactsRow: _numbered(entry.lessons, of),
    }
    yield from ((table, rows) for table, rows in found.items() if rows)


def _surveys(entry: RegisterEntry, of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields each answer, with whether the complaint had come in more than 12 months before it."""
    received_on = local_date(entry.received_at)
    numbered = _numbered(entry.surveys, {**of, "tenure": entry.tenure})
    for row, survey in zip(numbered, entry.surveys, strict=True):
        yield {**row, "complained_earlier": received_on < _a_year_before(survey.on)}


def _a_year_before(day: date) -> date:
    """Returns the same day of the year before, and of 29 February the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _numbered(entries: Sequence[Frozen], of: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**of, "number": number, **one.model_dump()} for number, one in enumerate(entries, 1)]
