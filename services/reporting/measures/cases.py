"""The cases behind a figure: each with whether it was counted in, and why."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.measures.counting import Kind, kinds
from services.reporting.measures.measure import Measure, Standing, Verdict
from services.reporting.measures.populations import Population
from services.reporting.measures.scope import Scope
from services.shared.cursors import KnownInstant, cursor_of, from_cursor, unknown_cursor
from services.shared.events import Frozen
from services.shared.local_time import local_date
from services.shared.text import Code, Line

READ_AT_ONCE = 1000

MOST_KINDS = 500
"""Kinds of rows that are asked for by name; more would make a statement too long to plan."""


class Wanted(Frozen):
    """Which cases are listed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    standing: Standing | None = None
    """Only those that the measure judged so."""
    reason: Code | None = None
    """Only those that it judged so for this reason."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str, Field(max_length=200)] | None = None
    """`next` of the page before, with the same scope."""


class Case(BaseModel):
    """One thing that was judged."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: str = Field(examples=["PR-7K3M-2QXD"])
    number: int
    """Which of the complaint's: the stage, remedy, promise or answer, from 1."""
    on: date | None
    """The day by which it falls into the period; null where a measure is about what is now."""
    standing: Standing
    """`met` and `not-met` are counted in, `out` is not."""
    reason: str = Field(examples=["late"])
    words: str = Field(examples=["Late"])
    """The reason in plain words."""


class Cases(BaseModel):
    """Some of the cases that a measure judged."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    cases: tuple[Case, ...]
    next: str | None
    """The `cursor` of the page after this one; null on the last."""


class Place(Frozen):
    """Where a case stands in the list: by the day that places it, and then by its key."""

    on: KnownInstant | date | None
    reference: Line
    number: Annotated[int, Field(ge=1, le=10**6)]


Found = tuple[Place, Case]


async def cases(
    session: AsyncSession,
    scope: Scope,
    measure: Measure,
    wanted: Wanted,
    known: Sequence[Kind] | None = None,
) -> Cases:
    """Lists the cases in the scope, the oldest first, as the measure judges each.

    `known` are all kinds of rows in the scope, where they are counted already.
    Raises MendRequest `cannot-be-narrowed` and `unknown-cursor`.
    """
    conditions = [*measure.population.conditions(scope)]
    if wanted.standing is not None or wanted.reason is not None:
        found_kinds = await kinds(session, scope, measure) if known is None else known
        conditions.append(_judged_as(wanted, measure, found_kinds))
    conditions += measure.population.days(scope)
    found: list[Found] = []
    after = None if wanted.cursor is None else _after(wanted.cursor, measure.population)
    while True:
        read = await _read(session, measure, conditions, after)
        for place, case in read:
            if _is_wanted(wanted, case.standing, case.reason):
                if len(found) == wanted.limit:
                    return Cases(cases=tuple(_cases(found)), next=cursor_of(found[-1][0]))
                found.append((place, case))
        if len(read) < READ_AT_ONCE:
            return Cases(cases=tuple(_cases(found)), next=None)
        after = read[-1][0]


def _cases(found: Iterable[Found]) -> Iterator[Case]:
    return (case for _, case in found)


def _is_wanted(wanted: Wanted, standing: Standing, reason: str) -> bool:
    return wanted.standing in {None, standing} and wanted.reason in {None, reason}


def _judged_as(wanted: Wanted, measure: Measure, known: Sequence[Kind]) -> ColumnElement[bool]:
    """Returns the condition of being of a kind that the rule judges as wanted.

    Rules read facts of few values, so there are few kinds. Where there are many all the same, all
    rows are read and judged one by one.
    """
    if len(known) > MOST_KINDS or not measure.reads:
        return true()
    table = measure.population.table
    alike = (
        and_(*(_equals(getattr(table, name), getattr(facts, name)) for name in measure.reads))
        for facts, verdict, _ in known
        if _is_wanted(wanted, *verdict)
    )
    return or_(false(), *alike)


def _equals(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


async def _read(
    session: AsyncSession,
    measure: Measure,
    conditions: list[ColumnElement[bool]],
    after: Place | None,
) -> list[Found]:
    """Returns the next cases after a place.

    References tell nothing of time or tell it all, so a list by reference alone may have to pass
    by nearly every other year's cases; the day has an index.
    """
    population = measure.population
    order = [getattr(population.table, name) for name in population.order]
    facts = [getattr(population.table, name) for name in measure.reads]
    chosen = select(*order, *facts).where(*conditions).order_by(*order).limit(READ_AT_ONCE)
    if after is not None:
        passed = after.model_dump(exclude_none=population.placed_by is None).values()
        last = (literal(value, one.type) for value, one in zip(passed, order, strict=False))
        chosen = chosen.where(tuple_(*order) > tuple_(*last))
    connection = await session.connection()
    rows = (await connection.execute(chosen)).all()
    return [_found(measure, row[: len(order)], row[len(order) :]) for row in rows]


def _judged(measure: Measure, facts: Sequence[object]) -> Verdict:
    """Lets the rule judge the facts that it reads, in their order."""
    return measure.rule(SimpleNamespace(**dict(zip(measure.reads, facts, strict=True))))


def _found(measure: Measure, order: Sequence[Any], facts: Sequence[Any]) -> Found:
    verdict = _judged(measure, facts)
    on, reference, *number = order if measure.population.placed_by else (None, *order)
    place = Place(on=on, reference=reference, number=number[0] if number else 1)
    return place, Case(
        reference=place.reference,
        number=place.number,
        on=local_date(on) if isinstance(on, datetime) else on,
        standing=verdict.standing,
        reason=verdict.reason,
        words=measure.words(verdict.reason),
    )


def _after(cursor: str, population: Population) -> Place:
    place = from_cursor(cursor, Place)
    if type(place.on) is not population.placed_as:  # a page of another measure gave it
        raise unknown_cursor()
    return place
