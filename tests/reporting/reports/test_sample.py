"""The board's sample: by chance, the same again for the same seed, whatever the database."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from services.reporting.landlord import Landlord
from services.reporting.reports import sample
from services.reporting.reports.adds_up import check
from services.reporting.reports.making import Asked, draw, make, scope_of
from services.reporting.reports.sample import KeyLine, Sample
from services.shared.database import Database
from services.shared.errors import MendRequest
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.recount import london, retold
from tests.reporting.measures.varied_lives import complaints

QUARTER = date(2025, 7, 1)
BEFORE = date(2025, 10, 1)
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

LIVES = Lives.of(complaints(250))

KNOWN = {life[0].reference for life in LIVES.complaints}


async def drawn(database: Database, seed: str, of_each: int = 5) -> Sample:
    async with database.session() as session:
        return await draw(session, Asked(from_on=QUARTER, seed=seed, of_each_stage=of_each))


def answered() -> set[tuple[str, int]]:
    """What was answered in the quarter, straight from the events."""
    return {
        (complaint.received.reference, position)
        for complaint in map(retold, LIVES.complaints)
        for position, stage in enumerate(complaint.stages, 1)
        if stage.answered and QUARTER <= london(stage.answered) < BEFORE
    }


@pytest.fixture
async def filled(database: Database) -> Database:
    await LIVES.fill(database)
    return database


async def test_it_is_drawn_from_what_was_answered_in_the_quarter_alone(filled: Database) -> None:
    found = await drawn(filled, "board-7")
    keys = [(one.reference, one.position) for one in found.drawn]
    assert len({*keys}) == len(keys) == 10
    assert {*keys} <= answered()
    assert Counter(one.code_stage for one in found.drawn) == {"1": 5, "2": 5}
    assert sum(found.of.values()) == len(answered())
    assert [one.number for one in found.drawn] == [*range(1, 11)]


async def test_the_same_seed_draws_the_same_whatever_order_the_register_was_filled_in(
    filled: Database,
) -> None:
    by_lot = sorted(answered(), key=lambda key: sample.lot("board-7", *key))
    found = await drawn(filled, "board-7")
    assert found == await drawn(filled, "board-7")
    everything = await drawn(filled, "board-7", of_each=100)
    stages = {(one.reference, one.position): one.code_stage for one in everything.drawn}
    for stage in ("1", "2"):
        first = [key for key in by_lot if stages[key] == stage][:5]
        assert first == [
            (one.reference, one.position) for one in found.drawn if one.code_stage == stage
        ]


async def test_another_seed_draws_others(filled: Database) -> None:
    one, other = [await drawn(filled, seed) for seed in ("board-7", "board-8")]
    assert {each.reference for each in one.drawn} != {each.reference for each in other.drawn}


async def test_every_answered_stage_is_drawn_about_as_often(filled: Database) -> None:
    times: Counter[str] = Counter()
    for seed in range(120):
        found = await drawn(filled, str(seed), of_each=5)
        times.update(one.reference for one in found.drawn if one.code_stage == "1")
    of_stage_1 = found.of["1"]
    expected = 120 * 5 / of_stage_1
    assert len(times) == of_stage_1
    assert max(times.values()) < expected + 4 * expected**0.5


async def test_fewer_than_asked_for_are_all_drawn(filled: Database) -> None:
    found = await drawn(filled, "board-7", of_each=100)
    assert {(one.reference, one.position) for one in found.drawn} == answered()


async def test_the_board_sees_numbers_and_the_key_says_which_they_are(filled: Database) -> None:
    found = await drawn(filled, "board-7")
    asked = Asked(from_on=QUARTER, seed="board-7")
    async with filled.session() as session:
        report = await make(session, "sample", asked, landlord=Landlord(), now=NOW)
    check(report)
    assert report == sample.report(found, Landlord(), scope_of("sample", asked), NOW)
    shown = report.model_dump_json()
    assert "board-7" in shown
    assert not [one.reference for one in found.drawn if one.reference in shown]


async def test_the_report_and_its_key_hold_one_digest(filled: Database) -> None:
    asked = Asked(from_on=QUARTER, seed="board-7")
    async with filled.session() as session:
        report = await make(session, "sample", asked, landlord=Landlord(), now=NOW)
        found = await draw(session, asked)
        known = asked.model_copy(update={"digest": found.digest})
        assert await draw(session, known) == found
    assert {one.sample for one in KeyLine.of(found)} == {found.digest}
    assert found.digest in " ".join(report.sections[0].paragraphs)


async def test_the_key_of_another_sample_is_refused(filled: Database) -> None:
    first = await drawn(filled, "board-7", of_each=100)
    later = [life for life in complaints(420) if life[0].reference not in KNOWN]
    await Lives.of(later).fill(filled)
    asked = Asked(from_on=QUARTER, seed="board-7", of_each_stage=100, digest=first.digest)
    async with filled.session() as session:
        with pytest.raises(MendRequest) as refused:
            await draw(session, asked)
    assert refused.value.code == "another-sample"
    assert first.digest in refused.value.detail


async def test_a_sample_needs_a_seed(filled: Database) -> None:
    async with filled.session() as session:
        with pytest.raises(MendRequest) as refused:
            await draw(session, Asked(from_on=QUARTER))
    assert refused.value.code == "seed-needed"
