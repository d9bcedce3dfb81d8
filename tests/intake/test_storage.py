"""Intake's tables and migrations agree, on both databases."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from services.intake.app import SERVICE_DIR
from services.intake.tables import Complaint, IntakeTable, SavedAction
from services.shared.database import Database, migrate, migrations
from tests.intake.desk import Desk

BEFORE_FEEDBACK = """
    INSERT INTO channel_keys (id, channel, prefix, hash, created_at)
    VALUES ('web', '*', 'x', 'x', '2026-01-05 09:30:00');
    INSERT INTO complaints (reference, channel_key, body_hash, policy, promise, channel,
        received_at, entered_at, words)
    VALUES ('PR-1', 'web', 'x', 'nacro', '{}', 'web',
        '2026-01-05 09:30:00', '2026-01-05 09:30:00', 'The heating is off.');
    INSERT INTO actions (reference, key, update_id, verb, by, body_hash, saved_at, outcome)
    VALUES ('PR-1', 'k', 'u', 'triage', 'staff', 'x', '2026-01-05 09:30:00', 'pending')
"""


async def differences(url: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, IntakeTable.metadata))

    database = Database(url)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(compare)
    await database.close()
    return found


async def test_models_and_migrations_agree(migrated_url: str) -> None:
    assert await differences(migrated_url) == []


async def test_a_column_that_no_migration_made_is_noticed(migrated_url: str) -> None:
    database = Database(migrated_url)
    async with database.session() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("ALTER TABLE complaints DROP COLUMN region")
    await database.close()
    assert await differences(migrated_url) != []


async def test_migrating_inside_a_running_loop_and_twice(database_url: str) -> None:
    migrate(SERVICE_DIR, database_url)
    migrate(SERVICE_DIR, database_url)
    assert await differences(database_url) == []


async def test_only_intakes_own_tables_are_made(migrated_url: str) -> None:
    database = Database(migrated_url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await database.close()
    own = {"complaints", "feedback", "actions", "channel_keys"}
    own |= {"incoming_mail", "mail_attachments", "mailboxes"}
    assert set(names) == own | {"alembic_version"}


async def test_what_was_kept_before_feedback_came_is_carried_over_whole(database_url: str) -> None:
    await asyncio.to_thread(command.upgrade, migrations(SERVICE_DIR, database_url), "0002")
    database = Database(database_url)
    async with database.engine.begin() as connection:
        for statement in BEFORE_FEEDBACK.split(";"):
            await connection.exec_driver_sql(statement)
    await database.close()
    migrate(SERVICE_DIR, database_url)
    assert await differences(database_url) == []
    database = Database(database_url)
    async with database.session() as session:
        [complaint] = (await session.exec(select(Complaint))).all()
        [action] = (await session.exec(select(SavedAction))).all()
        assert (complaint.words, complaint.from_feedback) == ("The heating is off.", None)
        assert action.reference == complaint.reference
    complaint.from_feedback = "FB-NOT-THERE"
    with pytest.raises(IntegrityError):
        async with database.session() as session:
            session.add(complaint)
    async with database.engine.connect() as connection:
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("complaints"))
    await database.close()
    [not_started] = [index for index in indexes if index["name"] == "not_started"]
    wheres = [
        str(where) for name, where in not_started["dialect_options"].items() if "where" in name
    ]
    assert wheres, "the sweep's index holds only the few rows that it seeks"


async def test_instants_come_back_aware_and_the_promise_whole(desk: Desk) -> None:
    await desk.bring_in(received_at="2026-06-01T09:30:00+01:00")
    [kept] = await desk.complaints()
    assert kept.received_at.isoformat() == "2026-06-01T08:30:00+00:00"
    assert kept.promise["policy"] == "housing-ombudsman"


async def test_no_key_is_stored_in_the_clear(desk: Desk) -> None:
    key = desk.channel["Authorization"].removeprefix("Bearer ")
    async with desk.database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM channel_keys")).all()
    assert len(rows) == 1
    assert key not in str(rows)
