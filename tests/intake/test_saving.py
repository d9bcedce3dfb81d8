"""Complaints that come in together share a commit, and nobody suffers for another."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from services.intake import channel_keys
from services.intake.references import new_reference
from services.intake.saving import Saver
from services.intake.tables import Complaint
from tests.intake.desk import Desk


def row(key: str, **columns: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "reference": new_reference(),
        "channel_key": key,
        "idempotency_key": None,
        "body_hash": "x",
        "policy": "nacro",
        "promise": {},
        "channel": "web",
        "received_at": now,
        "entered_at": now,
        "words": "x",
        **columns,
    }


async def key_of(desk: Desk) -> str:
    """The id of the desk's own channel key."""
    [found] = await channel_keys.every_key(desk.database)
    return found.id


async def test_many_at_once_are_all_saved(desk: Desk) -> None:
    key = await key_of(desk)
    saver = Saver(desk.database, Complaint)
    rows = [row(key) for _ in range(30)]
    await asyncio.gather(*(saver.save(one) for one in rows))
    kept = [complaint.reference for complaint in await desk.complaints()]
    assert kept == [one["reference"] for one in rows]


async def test_of_many_at_once_only_the_one_at_fault_is_refused(desk: Desk) -> None:
    key = await key_of(desk)
    saver = Saver(desk.database, Complaint)
    rows = [row(key) for _ in range(9)]
    rows.append(row(key, reference=rows[4]["reference"]))
    outcomes = await asyncio.gather(*(saver.save(one) for one in rows), return_exceptions=True)
    assert outcomes[:9] == [None] * 9
    assert isinstance(outcomes[9], IntegrityError)
    assert len(await desk.complaints()) == 9


async def test_whoever_goes_away_leaves_the_others_and_the_complaint_saved(desk: Desk) -> None:
    key = await key_of(desk)
    saver = Saver(desk.database, Complaint)
    leaving, staying = (asyncio.create_task(saver.save(row(key))) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert len(await desk.complaints()) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_everybody_is_told(
    desk: Desk, migrated_url: str, shut_database: Callable[[str], None]
) -> None:
    key = await key_of(desk)
    await desk.database.close()
    shut_database(migrated_url)
    saver = Saver(desk.database, Complaint)
    saves = (saver.save(row(key)) for _ in range(3))
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError] * 3
