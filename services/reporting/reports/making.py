"""Making a report on request: whoever asks, by the command line or the API, gets the same."""

from datetime import date, datetime
from typing import Annotated, Literal, assert_never

from pydantic import ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.landlord import Landlord
from services.reporting.measures.scope import KnownDay, Scope
from services.reporting.reports import performance, sample, self_assessment
from services.reporting.reports.document import Report
from services.reporting.reports.figures import day_in_words
from services.reporting.reports.gathering import check_known, gather
from services.reporting.reports.material import months_later
from services.reporting.reports.sample import OF_EACH_STAGE, Digest, Sample
from services.reporting.reports.self_assessment import Finding
from services.shared.errors import MendRequest
from services.shared.events import Frozen
from services.shared.local_time import local_date
from services.shared.text import Code, Line

Kind = Literal["annual", "quarterly", "member", "sample", "self-assessment"]

MONTHS_IN_A_YEAR = 12

MONTHS: dict[Kind, int] = {
    "annual": MONTHS_IN_A_YEAR,
    "quarterly": 3,
    "member": 3,
    "sample": 3,
    "self-assessment": MONTHS_IN_A_YEAR,
}
"""How many months each kind of report is about."""

BEGINS: dict[Kind, frozenset[int]] = {
    "annual": frozenset({4}),
    "quarterly": frozenset({1, 4, 7, 10}),
    "self-assessment": frozenset({4}),
}
"""The months in which a kind of report may begin; any month, where it does not stand here.

A year is the reporting year, for which homes and Tenant Satisfaction Measures are known.
"""


class Asked(Frozen):
    """What a report is to be about."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    from_on: KnownDay = Field(examples=["2028-04-01"])
    """The first day of its period: 1 April for `annual` and `self-assessment`, the first of
    January, April, July or October for `quarterly`, else the first of a month. A year or a quarter
    follows by itself."""
    policy: Code | None = Field(default=None, examples=["nacro"])
    """Only complaints under this policy. A self-assessment needs it: the findings are of one."""
    seed: Line | None = None
    """Of a sample, and needed there: the same seed draws the same again. Whoever chooses it should
    not be whoever answers complaints."""
    of_each_stage: Annotated[int, Field(ge=1, le=100)] = OF_EACH_STAGE
    """Of a sample: how many are drawn of each stage."""
    digest: Digest | None = Field(default=None, examples=["1f3870be274f"])
    """Of a sample: what stands on the report of it. Another sample than that is then refused."""


async def make(  # noqa: PLR0913 — each is a thing of its own, and named
    session: AsyncSession,
    kind: Kind,
    asked: Asked,
    *,
    landlord: Landlord,
    findings: tuple[Finding, ...] = (),
    now: datetime,
) -> Report:
    """Makes a report as things stand `now` (aware). `findings` are for the self-assessment.

    Raises MendRequest as `scope_of`, `not-begun` and `unknown-policy`; of a sample as `draw`; of a
    self-assessment `policy-needed` and `findings-needed`. Raises PutrightError as
    `publishing.checked`.
    """
    scope = scope_of(kind, asked)
    _check_begun(asked.from_on, now)
    await check_known(session, asked.policy)
    now = now.replace(microsecond=0)  # no format shows them, and that of a PDF knows none
    match kind:
        case "annual" | "quarterly" | "member":
            plan = performance.PLANS[kind]
            material = await gather(session, landlord, scope, plan.asks, now)
            return performance.build(plan, material, now)
        case "self-assessment":
            material = await gather(session, landlord, scope, self_assessment.ASKS, now)
            return self_assessment.build(findings, material, now)
        case "sample":
            return sample.report(await draw(session, asked), landlord, scope, now)
        case _:
            assert_never(kind)


async def draw(session: AsyncSession, asked: Asked) -> Sample:
    """Draws the sample that is asked for.

    Raises MendRequest `not-the-first-of-a-month`, `seed-needed` and `unknown-policy`, and
    `another-sample` when what is drawn now is not what had the digest: more was answered since, or
    it was asked otherwise.
    """
    if asked.seed is None:
        raise MendRequest("seed-needed", "Say by which seed the sample is to be drawn.")
    scope = scope_of("sample", asked)
    await check_known(session, asked.policy)
    found = await sample.draw(session, scope, asked.seed, asked.of_each_stage)
    if asked.digest not in {None, found.digest}:
        raise MendRequest(
            "another-sample",
            f"What is drawn now is the sample {found.digest}, not {asked.digest}: something else "
            "was asked for, or more has been answered since. Make the report and its key anew.",
            drawn=found.digest,
        )
    return found


def _check_begun(from_on: date, now: datetime) -> None:
    if from_on > local_date(now):
        raise MendRequest(
            "not-begun", f"The period begins on {day_in_words(from_on)}: it has not begun."
        )


def file_name(kind: Kind, asked: Asked, ending: str) -> str:
    """Returns what a report is called as a file: `annual-nacro-2028-04-01.html`."""
    parts = (kind, *([asked.policy] if asked.policy else []), str(asked.from_on))
    return f"{'-'.join(parts)}.{ending}"


def scope_of(kind: Kind, asked: Asked) -> Scope:
    """Returns the days and the policy of a report.

    Raises MendRequest `not-the-first-of-a-month`, `not-a-reporting-year`, `not-a-quarter`.
    """
    first = asked.from_on
    if first.day != 1:
        raise MendRequest(
            "not-the-first-of-a-month", f"A period begins on the first of a month, not on {first}."
        )
    if first.month not in BEGINS.get(kind, {first.month}):
        if MONTHS[kind] == MONTHS_IN_A_YEAR:
            raise MendRequest(
                "not-a-reporting-year",
                f"This report is of a year from 1 April on, not from {first}.",
            )
        raise MendRequest(
            "not-a-quarter",
            f"A quarter begins in January, April, July or October, not on {first}.",
        )
    return Scope(from_on=first, before=months_later(first, MONTHS[kind]), policy=asked.policy)
