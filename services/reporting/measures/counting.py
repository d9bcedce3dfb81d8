"""Counting: the database groups equal facts, and a measure's rule judges each group once.

Questions that can be answered from the same groups are answered by one query. The SQL is the same
on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.measures.facets import Facet
from services.reporting.measures.measure import Measure, Verdict
from services.reporting.measures.populations import Population
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import NOTHING, Tally, Values, Weight

CASES = "cases"

Stream = tuple[str, ...]


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

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
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


class Kind(NamedTuple):
    """Rows that do not differ in what a measure reads."""

    facts: SimpleNamespace
    verdict: Verdict
    weight: Weight


async def count(
    session: AsyncSession, scope: Scope, questions: Sequence[Question]
) -> tuple[Tally, ...]:
    """Answers the questions, in their order, about what is in the scope.

    Raises MendRequest `cannot-be-narrowed`.
    """
    together: dict[tuple[Population, Stream], list[Question]] = defaultdict(list)
    for question in dict.fromkeys(questions):
        together[question.measure.population, _stream(question)].append(question)
    answers: dict[Question, Tally] = {}
    for (population, stream), asked in together.items():
        groups = await _groups(session, population, scope, asked, stream)
        answers |= {question: _judged(question, groups) for question in asked}
    return tuple(answers[question] for question in questions)


async def count_one(session: AsyncSession, scope: Scope, measure: Measure, *by: Facet) -> Tally:
    """Answers one question. Raises MendRequest `cannot-be-narrowed`."""
    (answer,) = await count(session, scope, [Question(measure, by)])
    return answer


async def kinds(session: AsyncSession, scope: Scope, measure: Measure) -> tuple[Kind, ...]:
    """Returns all kinds of rows in the scope, each as the measure judges it.

    Raises MendRequest `cannot-be-narrowed`.
    """
    question = Question(measure)
    groups = await _groups(session, measure.population, scope, [question], _stream(question))
    return tuple(
        Kind(facts, measure.rule(facts), weight) for facts, weight in _alike(question, groups)
    )


def all_together(measure: Measure, found: Iterable[Kind]) -> Tally:
    """Returns what `count_one` would, from the kinds of rows that there are."""
    weights: dict[Verdict, Weight] = {}
    for _, verdict, weight in found:
        weights[verdict] = weights.get(verdict, NOTHING) + weight
    return Tally(measure, (), {(): weights})


def _stream(question: Question) -> Stream:
    """Returns the columns in whose order an index gives all that the question asks for.

    Where there is none, it is what it asks for: then the database has to sort.
    """
    needed = question.columns
    found = (stream for stream in question.measure.population.streams if needed <= {*stream})
    return next(found, tuple(sorted(needed)))


async def _groups(
    session: AsyncSession,
    population: Population,
    scope: Scope,
    asked: Sequence[Question],
    stream: Stream,
) -> Groups:
    """Groups by as much of the stream as the questions need, and then by what they ask for.

    Rows come out of the index in the order of the first groups; these are far fewer than rows, and
    alone have to be sorted.
    """
    needed = frozenset[str]().union(*(question.columns for question in asked))
    last = max((stream.index(name) for name in needed), default=-1)
    columns = [_column(population, name) for name in stream[: last + 1]]
    sums: dict[str, ColumnElement[Any]] = {CASES: func.count()}
    for name in sorted({measure.amount for measure, _ in asked if measure.amount}):
        sums[_sum_of(name)] = func.coalesce(func.sum(_column(population, name)), 0)
    groups = (
        select(*columns, *(value.label(name) for name, value in sums.items()))
        .select_from(population.table)
        .where(*population.conditions(scope))
        .group_by(*columns)
    )
    names = [name for name in stream if name in needed]
    if len(names) < len(columns):
        parts = groups.subquery("alike").columns
        kept = [parts[name] for name in names]
        groups = select(*kept, *(func.sum(parts[name]) for name in sums)).group_by(*kept)
    connection = await session.connection()
    rows = (await connection.execute(groups)).all()
    return Groups((*names, *sums), rows)


def _column(population: Population, name: str) -> Any:  # noqa: ANN401 — a column of any type
    return getattr(population.table, name)


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
        if not number:  # counting all of nothing gives one row
            continue
        facts = SimpleNamespace(**dict(zip(names, key, strict=False)))
        yield facts, Weight(number, amounts.get(key, 0))


def _nothing(_row: Sequence[Any]) -> tuple[()]:
    return ()
