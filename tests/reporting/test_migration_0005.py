"""What was stored before lessons had numbers, and while every answer to the survey counted."""

from datetime import date
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, insert
from sqlmodel import select

from services.reporting import entries
from services.reporting.app import SERVICE_DIR
from services.reporting.register import RegisterEntry
from services.reporting.tables import SurveyFactsRow
from services.shared.database import Database, migrate, migrations
from services.shared.events import LessonLearned, SurveyAnswered
from tests.reporting.told import Told, folded

ON = date(2028, 3, 20)

ANSWERS = ("very-satisfied", "fairly-satisfied", "neither")


def told() -> Told:
    """Three answers to the survey, and two lessons."""
    life = Told().received("Mon 2028-03-06 10:00")
    for satisfaction in ANSWERS:
        life.event(SurveyAnswered, "Mon 2028-03-20 10:00", on=ON, satisfaction=satisfaction)
    for heard in ("Late.", "Cold."):
        words = {"theme": "Repairs", "heard": heard, "done": "We ring."}
        life.event(LessonLearned, "Mon 2028-03-20 11:00", **words)
    return life


def as_it_was(entry: RegisterEntry) -> dict[str, Any]:
    """Returns the row of the register that the release before made."""
    row = entry.model_dump(exclude={"stages"})
    listed = entry.model_dump(mode="json", include=entries.AFTERCARE)
    for lesson in listed["lessons"]:
        del lesson["number"]
    surveys = [{"on": ON.isoformat(), "satisfaction": answer} for answer in ANSWERS]
    return {**row, **listed, "surveys": surveys}


async def test_lessons_get_numbers_and_of_the_answers_the_last_one_stays(
    database_url: str,
) -> None:
    entry = folded(told().events)
    command.upgrade(migrations(SERVICE_DIR, database_url), "0004")
    database = Database(database_url)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(store, entry)
        migrate(SERVICE_DIR, database_url)
        async with database.session() as session:
            found = await entries.find(session, entry.reference)
            assert found is not None
            assert (found.lessons, found.surveys) == (entry.lessons, entry.surveys)
            facts = (await session.exec(select(SurveyFactsRow))).all()
            assert [(one.number, one.satisfaction) for one in facts] == [(1, "neither")]
    finally:
        await database.close()


def store(connection: Connection, entry: RegisterEntry) -> None:
    """Puts it into the tables as they stand."""
    there = MetaData()
    there.reflect(connection, only=["complaints", "register", "register_stages", "survey_facts"])
    of = {"reference": entry.reference}
    [stage] = entry.stages
    for name, row in (
        ("complaints", of),
        ("register", as_it_was(entry)),
        ("register_stages", {**of, "position": 1, **stage.model_dump()}),
        *(
            ("survey_facts", {**of, "policy": "x", "number": at, "on": ON, "satisfaction": answer})
            for at, answer in enumerate(ANSWERS, 1)
        ),
    ):
        table = there.tables[name]
        held = {column: value for column, value in row.items() if column in table.columns}
        connection.execute(insert(table).values(held))
