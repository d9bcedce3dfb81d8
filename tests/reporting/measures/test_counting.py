"""Counting: a rule sees what it names and no more; what is asked together takes few queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from services.reporting.landlord import Landlord
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.counting import Question, all_together, count, count_one, kinds
from services.reporting.measures.facets import FACETS, MONTH
from services.reporting.measures.policy_times import RESPONDED
from services.reporting.measures.scope import Scope
from services.reporting.measures.volumes import RECEIVED
from services.reporting.reports.gathering import gather
from services.reporting.reports.performance import PLANS
from services.shared.database import Database
from services.shared.errors import MendRequest
from tests.days import london
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.varied_lives import complaints

MEASURES = catalogue(date(2026, 6, 1))

LIVES = Lives.of(complaints(60))


@pytest.fixture
async def filled(database: Database) -> Database:
    await LIVES.fill(database)
    return database


@contextmanager
def queries(database: Database) -> Iterator[list[str]]:
    """Notes every statement that asks for facts."""
    noted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SELECT" in statement:
            noted.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


async def test_a_rule_that_reads_what_it_does_not_name_fails_loudly(filled: Database) -> None:
    blind = replace(RESPONDED, reads=("state", "decision"))
    async with filled.session() as session:
        with pytest.raises(AttributeError):
            await count_one(session, Scope(), blind)


async def test_every_figure_of_an_annual_report_takes_a_dozen_queries(filled: Database) -> None:
    plan = PLANS["annual"]
    scope = Scope(from_on=date(2025, 4, 1), before=date(2026, 4, 1))
    async with filled.session() as session:
        with queries(filled) as noted:
            await gather(session, Landlord(), scope, plan.asks, london("Mon 2026-06-01 09:00"))
    assert len(plan.asks) > 30
    of_stages = [one for one in noted if "FROM stage_facts" in one]
    assert len(of_stages) <= 8
    assert len(noted) <= 18


async def test_of_nothing_there_is_no_kind(filled: Database) -> None:
    long_ago = Scope(from_on=date(1990, 1, 1), before=date(1990, 2, 1))
    async with filled.session() as session:
        for name in ("received", "responded"):
            assert await kinds(session, long_ago, MEASURES[name]) == ()


async def test_kinds_together_are_what_is_counted(filled: Database) -> None:
    async with filled.session() as session:
        for measure in MEASURES.values():
            found = await kinds(session, Scope(), measure)
            assert (
                all_together(measure, found).reasons
                == (await count_one(session, Scope(), measure)).reasons
            )


async def test_whole_months_are_asked_for_by_month_and_cut_ones_by_day(filled: Database) -> None:
    whole = Scope(from_on=date(2025, 4, 1), before=date(2025, 7, 1))
    cut = Scope(from_on=date(2025, 4, 3), before=date(2025, 7, 1))
    async with filled.session() as session:
        with queries(filled) as noted:
            await count(session, whole, [Question(RECEIVED, (MONTH,))])
            await count(session, cut, [Question(RECEIVED, (MONTH,))])
    by_month, by_day = noted
    assert "month >=" in by_month
    assert "received_on >=" not in by_month
    assert "month >=" in by_day
    assert "received_on >=" in by_day


async def test_a_tally_is_the_sum_of_its_parts(filled: Database) -> None:
    facets = [FACETS[name] for name in ("quarter", "region")]
    async with filled.session() as session:
        tally = await count_one(session, Scope(), MEASURES["responded"], *facets)
    for facet in ("quarter", "region"):
        parts = tally.by(facet).values()
        assert sum(part.counted for part in parts) == tally.counted > 0
        assert sum(part.met for part in parts) == tally.met
    north = tally.of(region="North")
    assert north.counted == sum(p.counted for p in north.by("quarter").values()) > 0
    assert tally.of(region="Nowhere").counted == 0


async def test_what_cannot_be_known_of_rows_is_refused(filled: Database) -> None:
    async with filled.session() as session:
        for scope in (Scope(tenure="rented"), Scope(investigator="amy")):
            with pytest.raises(MendRequest) as refused:
                await count_one(session, scope, MEASURES["compliments"])
            assert refused.value.code == "cannot-be-narrowed"
        with_area = Scope(service_area="CAS-2")
        await count_one(session, with_area, MEASURES["remedies"])
        with pytest.raises(MendRequest):
            await count_one(session, Scope(stage="stage-1"), MEASURES["tp09"])


def test_every_measure_is_written_for_people() -> None:
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert measure.says.endswith("."), name
        assert measure.title
        assert measure.rule_set.dated
        assert {*measure.reads} <= {*measure.population.table.model_fields}, name
