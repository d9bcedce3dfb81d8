"""The API of reports, for staff: each report in each format, made as things stand now."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from services.reporting import landlord
from services.reporting.landlord import Landlord
from services.reporting.reports.document import Report
from services.reporting.reports.formats import FORMATS, FormatName, render
from services.reporting.reports.making import Asked, Kind, draw, file_name, make
from services.reporting.reports.sample import KeyLine
from services.reporting.reports.self_assessment import Finding
from services.reporting.routes import Staff, WholeRegister
from services.shared.errors import MendRequest
from services.shared.problems import refusals

router = APIRouter(prefix="/api/reports", tags=["reports"])

AskedOf = Annotated[Asked, Query()]

MOST_FINDINGS = 500


def _landlord(request: Request) -> Landlord:
    return landlord.read(request.app.state.settings.report_facts_file)


TheLandlord = Annotated[Landlord, Depends(_landlord)]

IN_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, in the format that its address ends in.",
        "content": {form.media_type: {} for form in FORMATS.values()},
    }
}


@router.get("/sample/key", responses=refusals(401, 422))
async def read_sample_key(database: WholeRegister, _staff: Staff, asked: AskedOf) -> list[KeyLine]:
    """Say which complaints the cases of a sample are: for the complaints officer alone.

    With `digest`, as it stands on the report, the key of any other sample is refused.
    """
    async with database.snapshot() as session:
        return KeyLine.of(await draw(session, asked))


@router.get(
    "/{kind}.{form}", response_class=Response, responses={**IN_FORMATS, **refusals(401, 422)}
)
async def read_report(
    database: WholeRegister,
    _staff: Staff,
    the_landlord: TheLandlord,
    kind: Annotated[Kind, Path()],
    form: Annotated[FormatName, Path()],
    asked: AskedOf,
) -> Response:
    """Make a report of a year or a quarter from the live register."""
    if kind == "self-assessment":
        raise MendRequest(
            "findings-needed", "Send what 'putright policy check NAME --json' prints, by POST."
        )
    async with database.snapshot() as session:
        report = await make(session, kind, asked, landlord=the_landlord, now=datetime.now(UTC))
    return await _sent(report, file_name(kind, asked, form), form)


@router.post(
    "/self-assessment.{form}",
    response_class=Response,
    responses={**IN_FORMATS, **refusals(401, 422)},
)
async def make_self_assessment(
    database: WholeRegister,
    _staff: Staff,
    the_landlord: TheLandlord,
    form: Annotated[FormatName, Path()],
    asked: AskedOf,
    findings: Annotated[tuple[Finding, ...], Body(max_length=MOST_FINDINGS)],
) -> Response:
    """Make the self-assessment of a policy from what `putright policy check --json` prints."""
    async with database.snapshot() as session:
        report = await make(
            session,
            "self-assessment",
            asked,
            landlord=the_landlord,
            findings=findings,
            now=datetime.now(UTC),
        )
    return await _sent(report, file_name("self-assessment", asked, form), form)


async def _sent(report: Report, name: str, form: FormatName) -> Response:
    # A PDF takes about a second: the loop goes on serving meanwhile.
    body = await run_in_threadpool(render, report, form)
    return Response(
        body,
        media_type=FORMATS[form].media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
