"""The annual report of a played year: made as the product makes it, with every late answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import entries
from services.reporting.landlord import Landlord, PeriodWords
from services.reporting.measures.scope import Scope
from services.reporting.reports import performance
from services.reporting.reports.document import Report
from services.reporting.reports.formats import FormatName, render
from services.reporting.reports.gathering import gather
from services.reporting.reports.making import Asked, scope_of
from services.reporting.tables import StageFactsRow
from services.shared.database import Database
from services.shared.local_time import local_date
from tests.year import part_late_responses, timetable
from tests.year.late_responses import LateResponse, late_response
from tests.year.plan import Plan
from tests.year.source import Source

FORMATS: tuple[FormatName, ...] = ("html", "pdf", "xlsx", "json")


async def annual_report(register: str, plan: Plan, source: Source) -> Report:
    """Makes the governing body's copy as things stood when the play ended.

    Raises PutrightError `does-not-add-up` where the late answers, read from events, are not as
    many as the measures count.
    """
    scope = scope_of("annual", Asked(from_on=plan.from_on, policy=source.published.policy))
    annual = performance.PLANS["annual"]
    database = Database(register)
    try:
        async with database.session() as session:
            about = _landlord(plan, source)
            asks = {**annual.asks, **part_late_responses.ASKS}
            material = await gather(session, about, scope, asks, plan.ends_at)
            late = await late_responses(session, scope, plan.ends_at)
    finally:
        await database.close()
    # Not the published one: it shows each late answer by itself.
    copy = replace(
        annual,
        subtitle=_subtitle(plan, source),
        parts=(*annual.parts, lambda material: part_late_responses.part(material, late)),
        published=False,
    )
    return performance.build(copy, material, datetime.now(UTC).replace(microsecond=0))


async def late_responses(
    session: AsyncSession, scope: Scope, now: datetime
) -> Mapping[str, Sequence[LateResponse]]:
    """Reads the late responses of the scope from events, by the stage of the Code."""
    late = select(StageFactsRow).where(
        StageFactsRow.responded_unextended == "late",
        col(StageFactsRow.code_stage).is_not(None),
        StageFactsRow.policy == scope.policy,
        col(StageFactsRow.received_on) >= scope.from_on,
        col(StageFactsRow.received_on) < scope.before,
    )
    found: dict[str, list[LateResponse]] = defaultdict(list)
    for facts in (await session.exec(late)).all():
        told = await entries.events(session, facts.reference)
        one = late_response(told, facts.stage, timetable.days(), local_date(now))
        if one is not None and facts.code_stage is not None:
            found[facts.code_stage].append(one)
    return found


def write(report: Report, folder: Path) -> list[Path]:
    """Writes the report in every format and returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in FORMATS:
        file = folder / f"annual-report.{name}"
        file.write_bytes(render(report, name))
        files.append(file)
    return files


def _subtitle(plan: Plan, source: Source) -> str:
    return (
        f"{source.published.landlord}'s complaints of {source.published.year}, played again from "
        f"{plan.from_on:%B %Y} on. The figures are those that were published; who complained of "
        "what on which day, and all that was not published, is drawn by chance. This copy is for "
        "the governing body: it names no resident, and shows each late answer by itself."
    )


def _landlord(plan: Plan, source: Source) -> Landlord:
    words = PeriodWords(from_on=plan.from_on, before=plan.before, **source.words.model_dump())
    return Landlord(name=source.published.landlord, periods=(words,))
