"""The cases behind a figure: each with whether it was counted in, and why."""

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, false, or_, select, true, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.measures.measure import Measure, Standing, Verdict
from services.reporting.measures.scope import Scope
from services.shared.errors import MendRequest
from services.shared.events import Frozen
from services.shared.local_time import local_date
from services.shared.text import Code

READ_AT_ONCE = 1000

MOST_DIFFERENT = 500
"""Sets of facts that are asked for by name; more would make a statement too long to plan."""


class Wanted(Frozen):
    """Which cases are listed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    standing: Standing | None = None
    """Only those that the measure judged so."""
    reason: Code | None = None
    """Only those that it judged so for this reason."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str, Field(max_length=100)] | None = None
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


async def cases(session: AsyncSession, scope: Scope, measure: Measure, wanted: Wanted) -> Cases:
    """Lists the cases in the scope by reference, as the measure judges each.

    Raises MendRequest `cannot-be-narrowed` and `unknown-cursor`.
    """
    conditions = [*measure.population.conditions(scope)]
    if wanted.standing is not None or wanted.reason is not None:
        conditions.append(await _judged_as(wanted, session, measure, conditions))
    found: list[Case] = []
    after = None if wanted.cursor is None else _from_cursor(wanted.cursor)
    while True:
        read = await _read(session, measure, conditions, after)
        for case in read:
            if _is_wanted(wanted, case.standing, case.reason):
                if len(found) == wanted.limit:
                    last = found[-1]
                    return Cases(cases=tuple(found), next=f"{last.reference}:{last.number}")
                found.append(case)
        if len(read) < READ_AT_ONCE:
            return Cases(cases=tuple(found), next=None)
        after = (read[-1].reference, read[-1].number)


def _is_wanted(wanted: Wanted, standing: Standing, reason: str) -> bool:
    return wanted.standing in {None, standing} and wanted.reason in {None, reason}


async def _judged_as(
    wanted: Wanted, session: AsyncSession, measure: Measure, conditions: list[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Returns the condition of having facts that the rule judges as wanted.

    Rules read facts of few values, so there are few different ones to judge. Where there are many
    all the same, all rows are read and judged one by one.
    """
    if not measure.reads:
        return true()
    columns = [getattr(measure.population.table, name) for name in measure.reads]
    connection = await session.connection()
    different = select(*columns).where(*conditions).distinct().limit(MOST_DIFFERENT + 1)
    rows = (await connection.execute(different)).all()
    if len(rows) > MOST_DIFFERENT:
        return true()
    verdicts = ((row, _judged(measure, row)) for row in rows)
    fitting = [row for row, verdict in verdicts if _is_wanted(wanted, *verdict)]
    alike = (
        and_(*(_equals(column, value) for column, value in zip(columns, row, strict=True)))
        for row in fitting
    )
    return or_(false(), *alike)


def _equals(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


async def _read(
    session: AsyncSession,
    measure: Measure,
    conditions: list[ColumnElement[bool]],
    after: tuple[str, int] | None,
) -> list[Case]:
    population = measure.population
    keys = [getattr(population.table, name) for name in population.key]
    placed_by = [population.placed_by] if population.placed_by else []
    facts = [getattr(population.table, name) for name in (*measure.reads, *placed_by)]
    chosen = select(*keys, *facts).where(*conditions).order_by(*keys).limit(READ_AT_ONCE)
    if after is not None:
        chosen = chosen.where(tuple_(*keys) > tuple_(*after[: len(keys)]))
    connection = await session.connection()
    rows = (await connection.execute(chosen)).all()
    return [_case(measure, row[: len(keys)], row[len(keys) :]) for row in rows]


def _judged(measure: Measure, facts: Sequence[object]) -> Verdict:
    """Lets the rule judge; the facts begin with those that it reads, in their order."""
    return measure.rule(SimpleNamespace(**dict(zip(measure.reads, facts, strict=False))))


def _case(measure: Measure, key: Sequence[Any], facts: Sequence[Any]) -> Case:
    verdict = _judged(measure, facts)
    on = facts[-1] if measure.population.placed_by else None
    return Case(
        reference=key[0],
        number=key[1] if len(key) > 1 else 1,
        on=local_date(on) if isinstance(on, datetime) else on,
        standing=verdict.standing,
        reason=verdict.reason,
        words=measure.words(verdict.reason),
    )


def _from_cursor(cursor: str) -> tuple[str, int]:
    reference, colon, number = cursor.rpartition(":")
    if not colon or not number.isdecimal() or len(number) > 6:
        raise MendRequest(
            "unknown-cursor", "Take the cursor from the field 'next' of the page before."
        )
    return reference, int(number)
