"""Counting: the database groups equal facts, and a measure's rule judges each group once.

Questions that can be answered from the same groups are answered by one query. The SQL is the same
on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.measures.facets import Facet
from services.reporting.measures.measure import Measure, Verdict
from services.reporting.measures.populations import Population
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import NOTHING, Tally, Values, Weight

CASES = "cases"


class Question(NamedTuple):
    """A measure to count, and by which facets."""

    measure: Measure
    by: tuple[Facet, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """What has to be known of a group."""
        of_facets = (name for facet in self.by for name in facet.columns)
        return frozenset((*self.measure.reads, *of_facets))


class Groups:
    """What one query gave: a row for each group, with its values, its size and its amounts."""

    def __init__(self, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        self._places = {name: at for at, name in enumerate(columns)}
        self._rows = rows
        self._sums: dict[tuple[tuple[str, ...], str], dict[tuple[Any, ...], int]] = {}

    def sums(self, names: tuple[str, ...], of: str) -> dict[tuple[Any, ...], int]:
        """Returns, for all values of the columns `names`, the sum of the column `of`."""
        if (names, of) not in self._sums:
            self._sums[names, of] = self._added_up(names, self._places[of])
        return self._sums[names, of]

    def _added_up(self, names: tuple[str, ...], at: int) -> dict[tuple[Any, ...], int]:
        places = [self._places[name] for name in names]
        # With two places or more, itemgetter gives a tuple; twice the same adds nothing to it.
        values = itemgetter(*places, *places[:1]) if places else _nothing
        sums: dict[tuple[Any, ...], int] = {}
        for row in self._rows:
            key = values(row)
            sums[key] = sums.get(key, 0) + int(row[at])
        return sums


async def count(
    session: AsyncSession, scope: Scope, questions: Sequence[Question]
) -> tuple[Tally, ...]:
    """Answers the questions, in their order, about what is in the scope.

    Raises MendRequest `cannot-be-narrowed`.
    """
    together: dict[tuple[Population, frozenset[int]], list[Question]] = defaultdict(list)
    for question in dict.fromkeys(questions):
        together[question.measure.population, _bundles(question)].append(question)
    answers: dict[Question, Tally] = {}
    for (population, bundles), asked in together.items():
        groups = await _groups(session, population, scope, asked, alone=not bundles)
        answers |= {question: _judged(question, groups) for question in asked}
    return tuple(answers[question] for question in questions)


async def count_one(session: AsyncSession, scope: Scope, measure: Measure, *by: Facet) -> Tally:
    """Answers one question. Raises MendRequest `cannot-be-narrowed`."""
    (answer,) = await count(session, scope, [Question(measure, by)])
    return answer


def _bundles(question: Question) -> frozenset[int]:
    """Returns which bundles of the population's columns of many values the question is about."""
    bundles = enumerate(question.measure.population.bundles)
    return frozenset(at for at, bundle in bundles if question.columns & {*bundle})


async def _groups(
    session: AsyncSession,
    population: Population,
    scope: Scope,
    asked: Sequence[Question],
    *,
    alone: bool,
) -> Groups:
    """Groups by what the questions need; `alone`: by nothing that has many values."""
    names = _grouped_by(population, asked, alone=alone)
    amounts = sorted({measure.amount for measure, _ in asked if measure.amount})
    columns = [getattr(population.table, name) for name in names]
    sums = [
        func.coalesce(func.sum(getattr(population.table, name)), 0).label(_sum_of(name))
        for name in amounts
    ]
    wanted = (
        select(*columns, func.count().label(CASES), *sums)
        .select_from(population.table)
        .where(*population.conditions(scope))
        .group_by(*columns)
    )
    connection = await session.connection()
    rows = [tuple(row) for row in await connection.execute(wanted)]
    return Groups((*names, CASES, *map(_sum_of, amounts)), rows)


def _grouped_by(population: Population, asked: Sequence[Question], *, alone: bool) -> Sequence[str]:
    needed = frozenset[str]().union(*(question.columns for question in asked))
    if alone and needed <= {*population.streamed}:
        # More groups, but they come out of an index in their order: far faster than sorting.
        last = max((population.streamed.index(name) for name in needed), default=0)
        return population.streamed[: last + 1]
    # Where rows are sorted, those that differ are told apart sooner by a column of many values.
    many = {name for bundle in population.bundles for name in bundle}
    return sorted(needed, key=lambda name: (name not in many, name))


def _sum_of(name: str) -> str:
    return f"sum of {name}"


def _judged(question: Question, groups: Groups) -> Tally:
    """Lets the rule judge each group, once for all that are alike to it."""
    measure = question.measure
    weights: dict[Values, dict[Verdict, Weight]] = defaultdict(dict)
    for facts, weight in _alike(question, groups):
        verdict = measure.rule(facts)
        values = tuple(facet.value(facts) for facet in question.by)
        before = weights[values].get(verdict, NOTHING)
        weights[values][verdict] = before + weight
    return Tally(measure, tuple(facet.name for facet in question.by), dict(weights))


def _alike(question: Question, groups: Groups) -> Iterator[tuple[SimpleNamespace, Weight]]:
    """Yields what groups have in common that do not differ in what the question is about."""
    names = tuple(sorted(question.columns))
    amount = question.measure.amount
    cases = groups.sums(names, CASES)
    amounts = groups.sums(names, _sum_of(amount)) if amount else {}
    for key, number in cases.items():
        facts = SimpleNamespace(**dict(zip(names, key, strict=False)))
        yield facts, Weight(number, amounts.get(key, 0))


def _nothing(_row: tuple[Any, ...]) -> tuple[()]:
    return ()
