"""However events are told, the register ends as the fold of them: on both databases."""

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from services.reporting import entries
from services.reporting.recording import record
from services.reporting.register import RegisterEntry
from services.reporting.tables import EventRow
from services.shared.database import Database
from services.shared.errors import MendRequest
from services.shared.events import AnyEvent, Withdrawn
from tests.reporting.told import REFERENCE, Told, both_stages, folded

NOW = datetime(2028, 6, 1, tzinfo=UTC)


async def tell(database: Database, events: Iterable[AnyEvent]) -> None:
    async with database.session() as session:
        await record(session, events, NOW)


async def entry_of(database: Database, reference: str = REFERENCE) -> RegisterEntry | None:
    async with database.session() as session:
        return await entries.find(session, reference)


async def events_of(database: Database, reference: str = REFERENCE) -> Sequence[AnyEvent]:
    async with database.session() as session:
        return await entries.events(session, reference)


async def test_what_was_told_is_stored_and_folded(database: Database) -> None:
    events = both_stages()
    await tell(database, events)
    assert await entry_of(database) == folded(events)
    assert await events_of(database) == tuple(events)


async def test_telling_again_changes_nothing(database: Database) -> None:
    events = both_stages()
    await tell(database, events)
    await tell(database, events)
    await tell(database, [*events[3:6], *events[4:9]])
    assert await entry_of(database) == folded(events)
    assert await events_of(database) == tuple(events)


async def test_the_register_waits_at_a_gap_and_goes_on_when_it_is_filled(
    database: Database,
) -> None:
    events = both_stages()
    await tell(database, [*events[:5], *events[6:]])
    assert await entry_of(database) == folded(events[:5])
    await tell(database, [events[5]])
    assert await entry_of(database) == folded(events)


async def test_a_complaint_is_not_in_the_register_before_its_receipt_is_told(
    database: Database,
) -> None:
    events = both_stages()
    await tell(database, events[1:])
    assert await entry_of(database) is None
    await tell(database, events[:1])
    assert await entry_of(database) == folded(events)


async def test_one_batch_may_tell_of_several_complaints(database: Database) -> None:
    first, second = both_stages("PR-AAAA-0001"), both_stages("PR-AAAA-0002")
    await tell(database, [event for pair in zip(first, second, strict=True) for event in pair])
    for events in (first, second):
        assert await entry_of(database, events[0].reference) == folded(events)


async def test_another_event_under_a_number_that_is_taken_is_refused_and_nothing_of_it_stays(
    database: Database,
) -> None:
    events = both_stages()
    await tell(database, events[:5])
    other = Withdrawn(
        **events[4].model_dump(include={"reference", "sequence", "at", "stage", "by"})
    )
    with pytest.raises(MendRequest) as refusal:
        await tell(database, [events[5], other])
    assert refusal.value.code == "told-otherwise"
    assert await events_of(database) == tuple(events[:5])


async def test_a_life_that_cannot_be_is_refused_and_nothing_of_it_stays(database: Database) -> None:
    with pytest.raises(MendRequest) as refusal:
        await tell(database, Told().event(Withdrawn, "Mon 2028-03-06 10:00").events)
    assert refusal.value.code == "events-do-not-fit"
    assert await events_of(database) == ()


async def test_many_who_tell_at_once_lose_nothing(database: Database) -> None:
    lives = [both_stages(f"PR-AAAA-{number:04}") for number in range(5)]
    pieces = [life[at : at + 3] for life in lives for at in range(0, len(life), 2)]
    await asyncio.gather(*(tell(database, piece) for piece in reversed(pieces)))
    for life in lives:
        assert await entry_of(database, life[0].reference) == folded(life)
    async with database.session() as session:
        stored = await session.exec(select(func.count()).select_from(EventRow))
        assert stored.one() == sum(len(life) for life in lives)


@st.composite
def tellings(draw: st.DrawFn) -> list[list[int]]:
    """Batches of positions in the life: every one at least once, in any order, some repeated."""
    count = len(both_stages())
    every = draw(st.permutations(range(count)))
    again = draw(st.lists(st.integers(0, count - 1), max_size=10))
    told = draw(st.permutations([*every, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(told) - 1), max_size=6)))
    return [told[start:end] for start, end in zip([0, *cuts], [*cuts, len(told)], strict=True)]


# One database serves every example: each tells of a complaint of its own.
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=tellings())
async def test_any_order_repetition_and_batching_gives_the_same_entry_and_timeline(
    database: Database, batches: list[list[int]]
) -> None:
    events = both_stages(f"PR-{uuid.uuid4()}")
    for batch in batches:
        await tell(database, [events[position] for position in batch])
    reference = events[0].reference
    assert await entry_of(database, reference) == folded(events)
    assert await events_of(database, reference) == tuple(events)
