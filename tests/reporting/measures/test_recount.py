"""Every measure, counted by the database and its rule, is what a plain recount of events finds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.categories import theme_of
from services.reporting.measures.cases import Wanted, cases
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.counting import Question, count
from services.reporting.measures.facets import FACETS, Facet
from services.reporting.measures.measure import Measure
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.shared.database import Database
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.recount import Judged, Recount
from tests.reporting.measures.varied_lives import complaints, feedback

AS_AT = date(2028, 6, 1)

MEASURES = catalogue(AS_AT)

SIZES = {"sqlite": (5000, 400), "postgresql": (600, 60)}
"""How many complaints, and how much other feedback. SQLite alone counts the whole five thousand."""

SCOPES = {
    "everything": Scope(),
    "half-a-year": Scope(from_on=date(2025, 4, 1), before=date(2025, 10, 1)),
    "days-within-months": Scope(from_on=date(2025, 5, 13), before=date(2028, 3, 20)),
    "an-area": Scope(service_area="CAS-2", region="North"),
}


@cache
def made(complaints_made: int, feedback_made: int) -> tuple[Lives, Recount]:
    """Makes them once for all tests of a run."""
    lives = Lives.of(complaints(complaints_made), feedback(feedback_made))
    return lives, Recount(lives.complaints, lives.feedback, AS_AT)


@dataclass
class Counted:
    """A filled database, and what the events of everything in it say."""

    database: Database
    recount: Recount


@pytest.fixture
async def counted(database: Database) -> Counted:
    lives, recount = made(*SIZES[database.engine.dialect.name])
    await lives.fill(database)
    return Counted(database, recount)


def test_every_measure_has_a_recount() -> None:
    recount = Recount([], [], AS_AT)
    kinds = ("stage", "remedy", "promise", "ombudsman", "survey", "lesson", "feedback")
    for name in MEASURES:
        rules = [f"{kind}_{name.replace('-', '_')}" for kind in kinds]
        assert any(hasattr(recount, rule) for rule in rules), name


async def test_every_measure_counts_what_a_plain_recount_finds(counted: Counted) -> None:
    async with counted.database.session() as session:
        for said, scope in SCOPES.items():
            tallies = await count(session, scope, QUESTIONS)
            for (measure, by), tally in zip(QUESTIONS, tallies, strict=True):
                kept = [*within(scope, counted.recount.of(measure.name)).values()]
                about = said, measure.name, tally.facets
                assert numbers(tally) == added_up(kept, tally.facets), about
                assert tally.facets == tuple(facet.name for facet in by)
                amounts = (one.amount for one in kept if one.standing == "met")
                assert tally.amount == sum(amounts), about


async def test_every_case_is_listed_with_the_reason_that_a_plain_recount_finds(
    counted: Counted,
) -> None:
    scope = SCOPES["days-within-months"]
    async with counted.database.session() as session:
        for name, measure in MEASURES.items():
            expected = {
                key: (judged.standing, judged.reason, judged.on)
                for key, judged in within(scope, counted.recount.of(name)).items()
            }
            assert await listed(session, scope, measure, Wanted(limit=997)) == expected, name
            for standing, reason in {(judged[0], judged[1]) for judged in expected.values()}:
                wanted = Wanted.model_validate(
                    {"standing": standing, "reason": reason, "limit": 1000}
                )
                assert await listed(session, scope, measure, wanted) == {
                    key: one for key, one in expected.items() if one[:2] == (standing, reason)
                }, (name, standing, reason)


async def listed(
    session: AsyncSession, scope: Scope, measure: Measure, wanted: Wanted
) -> dict[tuple[str, int], tuple[object, ...]]:
    """Lists page by page, to the end, the oldest first."""
    found: dict[tuple[str, int], tuple[object, ...]] = {}
    days: list[date] = []
    while True:
        page = await cases(session, scope, measure, wanted)
        keys = [(case.reference, case.number) for case in page.cases]
        assert not {*keys} & {*found}
        judged = ((case.standing, case.reason, case.on) for case in page.cases)
        found |= dict(zip(keys, judged, strict=True))
        days += (case.on for case in page.cases if case.on is not None)
        if page.next is None:
            assert days == sorted(days)
            return found
        wanted = wanted.model_copy(update={"cursor": page.next})


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_questions_asked_together_are_answered_as_if_asked_alone(counted: Counted) -> None:
    async with counted.database.session() as session:
        together = await count(session, Scope(), QUESTIONS)
        for question, answer in zip(QUESTIONS, together, strict=True):
            (alone,) = await count(session, Scope(), [question])
            assert answer.weights == alone.weights, question.measure.name


def test_the_lives_meet_every_reason_but_what_lies_beyond_the_calendar() -> None:
    _, recount = made(*SIZES["sqlite"])
    met = {judged.reason for name in MEASURES for judged in recount.of(name).values()}
    known = {reason for measure in MEASURES.values() for reason in measure.reasons}
    # No policy has a step that the Code does not know.
    assert known - met == {"no-reason", "beyond-calendar", "not-of-the-code"}


def facets_of(population: str) -> list[tuple[Facet, ...]]:
    if population == "stages":
        names = [(), ("month", "code-stage"), ("theme",), ("service-area", "region"), ("quarter",)]
        return [tuple(FACETS[name] for name in by) for by in [*names, ("channel", "stage")]]
    return [(), (FACETS["tenure"],)] if population == "surveys" else [()]


QUESTIONS = [
    Question(measure, by)
    for measure in MEASURES.values()
    for by in facets_of(measure.population.name)
]


def within(scope: Scope, judged: dict[tuple[str, int], Judged]) -> dict[tuple[str, int], Judged]:
    wanted = scope.narrowed
    first, end = scope.from_on or date.min, scope.before or date.max
    return {
        key: one
        for key, one in judged.items()
        if (one.on is None or first <= one.on < end)
        and all(one.facets[name] == value for name, value in wanted.items())
    }


def added_up(judged: Iterable[Judged], facets: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    return Counter(
        (*(value_of(facet, one.facets) for facet in facets), one.standing, one.reason)
        for one in judged
    )


def numbers(tally: Tally) -> Counter[tuple[object, ...]]:
    return Counter(
        {
            (*values, verdict.standing, verdict.reason): weight.cases
            for values, held in tally.weights.items()
            for verdict, weight in held.items()
        }
    )


def value_of(facet: str, facets: dict[str, str]) -> str | None:
    match facet:
        case "theme":
            return theme_of(facets["policy"], facets["category"])
        case "quarter":
            year, month = map(int, facets["month"].split("-"))
            return f"{year - (month < 4)}-q{1 + (month - 4) % 12 // 3}"
        case _:
            return facets[facet.replace("-", "_")]
