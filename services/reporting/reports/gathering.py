"""Reading what a report is made of: one transaction, a handful of queries."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.landlord import Landlord
from services.reporting.measures.catalogue import Catalogue, catalogue
from services.reporting.measures.counting import Question, count
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Period
from services.reporting.reports.material import (
    Asks,
    Lesson,
    Material,
    months_later,
    months_of,
)
from services.reporting.reports.part_themes import ASKS_BEFORE
from services.reporting.tables import LessonFactsRow, RegisterRow
from services.shared.errors import MendRequest
from services.shared.local_time import local_date


async def gather(
    session: AsyncSession, landlord: Landlord, scope: Scope, asks: Asks, now: datetime
) -> Material:
    """Returns everything that `asks` wants to know of the scope, and what was learnt in it.

    The scope has a first day and an end. `now` (aware) is when open things are judged.
    Raises MendRequest `cannot-be-narrowed`.
    """
    measures = catalogue(local_date(now), landlord.tenant_satisfaction_measures)
    period = Period.model_validate(scope, from_attributes=True)
    return Material(
        period=period,
        as_at=now,
        landlord=landlord,
        measures=measures,
        counts=await _answers(session, scope, measures, asks),
        before=await _answers(session, _before(scope, period), measures, ASKS_BEFORE),
        lessons=await _lessons(session, scope),
        policy=scope.policy,
    )


async def check_known(session: AsyncSession, policy: str | None) -> None:
    """Returns when the register holds a complaint under the policy, or holds none at all.

    A new landlord can so assess its policy before the first complaint. Raises MendRequest
    `unknown-policy` with those that are known.
    """
    if policy is None:
        return
    under_it = select(RegisterRow.policy).where(RegisterRow.policy == policy).limit(1)
    if (await session.exec(under_it)).first() is not None:
        return
    known = sorted((await session.exec(select(RegisterRow.policy).distinct())).all())
    if known:
        raise MendRequest(
            "unknown-policy",
            f"No complaint is under a policy '{policy}'. Known are: {', '.join(known)}.",
            known=[*known],
        )


async def _answers(
    session: AsyncSession, scope: Scope, measures: Catalogue, asks: Asks
) -> dict[str, Tally]:
    questions = [Question(measures[ask.measure], ask.by) for ask in asks.values()]
    return dict(zip(asks, await count(session, scope, questions), strict=True))


def _before(scope: Scope, period: Period) -> Scope:
    """Returns the scope of as many months before."""
    return scope.during(
        months_later(period.from_on, -len(tuple(months_of(period)))), period.from_on
    )


async def _lessons(session: AsyncSession, scope: Scope) -> tuple[Lesson, ...]:
    wanted = select(LessonFactsRow.theme, LessonFactsRow.heard, LessonFactsRow.done).order_by(
        col(LessonFactsRow.on), col(LessonFactsRow.reference), col(LessonFactsRow.number)
    )
    if scope.from_on is not None:
        wanted = wanted.where(col(LessonFactsRow.on) >= scope.from_on)
    if scope.before is not None:
        wanted = wanted.where(col(LessonFactsRow.on) < scope.before)
    if scope.policy is not None:
        wanted = wanted.where(LessonFactsRow.policy == scope.policy)
    rows = await session.exec(wanted)
    return tuple(Lesson(*row) for row in rows)
