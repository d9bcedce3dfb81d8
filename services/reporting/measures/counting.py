"""Counting: the database groups equal facts, and a measure's rule judges each group once.

Questions that can be answered from the same groups are answered by one query. The SQL is the same
on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
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


class Groups(NamedTuple):
    """What one query gave: a row for each group, with its values, its size and its amounts."""

    columns: dict[str, int]
    """Where each column stands in a row."""
    rows: Sequence[Row[Any]]


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
    rows = (await session.execute(wanted)).all()
    held = (*names, CASES, *map(_sum_of, amounts))
    return Groups({name: at for at, name in enumerate(held)}, rows)


def _grouped_by(population: Population, asked: Sequence[Question], *, alone: bool) -> Sequence[str]:
    needed = frozenset[str]().union(*(question.columns for question in asked))
    if alone and needed <= {*population.streamed}:
        # More groups, but they come out of an index in their order: far faster than sorting.
        return population.streamed
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


def _alike(question: Question, groups: Groups) -> list[tuple[SimpleNamespace, Weight]]:
    """Puts groups together that do not differ in what the question is about."""
    names = sorted(question.columns)
    places = [groups.columns[name] for name in names]
    cases_at = groups.columns[CASES]
    amount = question.measure.amount
    amount_at = groups.columns[_sum_of(amount)] if amount else None
    cases: dict[Any, int] = defaultdict(int)
    amounts: dict[Any, int] = defaultdict(int)
    alike = itemgetter(*places) if places else _nothing
    for row in groups.rows:
        key = alike(row)
        cases[key] += row[cases_at]
        if amount_at is not None:
            amounts[key] += row[amount_at]
    whole = len(places) != 1  # of one place, itemgetter gives the value itself
    return [
        (
            SimpleNamespace(**dict(zip(names, key if whole else (key,), strict=True))),
            Weight(number, int(amounts[key])),
        )
        for key, number in cases.items()
    ]


def _nothing(_row: Row[Any]) -> tuple[()]:
    return ()
