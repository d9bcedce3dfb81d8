"""How it has gone, month by month: charts from the measures, each figure with its cases. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.dashboard.addresses import CASES
from services.reporting.dashboard.filters import EARLIEST, Filters
from services.reporting.dashboard.linked import Linked, LinkedChart
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.counting import Question
from services.reporting.measures.facets import CODE_STAGE, MONTH
from services.reporting.measures.outcomes import DECISIONS
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Chart, Series
from services.reporting.reports.figures import Figure, Share
from services.reporting.reports.material import STAGES, count, share

MONTHS = 24
"""How many months are shown when no period is asked for, and at most."""


class Line(NamedTuple):
    """One line of a chart: a measure, or the part of it that was judged for one reason."""

    name: str
    measure: str
    reason: str | None = None
    code_stage: str | None = None


class Plan(NamedTuple):
    """One chart, and the lines in it."""

    title: str
    description: str
    lines: tuple[Line, ...]
    shares: bool = True


PLANS = (
    Plan(
        "Received",
        "Complaints received each month, and requests for stage 2, by the day of each.",
        tuple(Line(title, "received", code_stage=stage) for stage, title in STAGES.items()),
        shares=False,
    ),
    Plan(
        "Acknowledged in time",
        "Of the stages asked for in each month and acknowledged, or late by now: how many were "
        "acknowledged in time, by the policy and within the Code’s 5 working days.",
        (
            Line("By the policy", "acknowledged"),
            Line("By the Code", "acknowledged-by-code"),
        ),
    ),
    Plan(
        "Answered in time",
        "Of the stages asked for in each month and answered, or late by now: how many were "
        "answered in time. Extensions count as in time, except in the second line.",
        (
            Line("By the policy", "responded"),
            Line("By the policy, without extensions", "responded-unextended"),
            Line("By the Code", "responded-by-code"),
        ),
    ),
    Plan(
        "Outcomes",
        "Of the stages asked for in each month whose outcome is recorded: what it was.",
        tuple(Line(title, "outcomes", reason) for reason, title in DECISIONS.items()),
    ),
    Plan(
        "Taken on to the next stage",
        "Of the complaints received in each month and answered at stage 1: how many went on to "
        "another stage by now. Of late months fewer have, for the time to ask still runs.",
        (Line("Taken on", "escalated"),),
    ),
)


def questions(measures: Catalogue) -> list[Question]:
    """Returns what has to be counted for the charts."""
    names = dict.fromkeys(line.measure for plan in PLANS for line in plan.lines)
    return [Question(measures[name], (MONTH, CODE_STAGE)) for name in names]


def period(filters: Filters, today: date, months: int = MONTHS) -> Filters:
    """Returns the filters with a period of whole months: as asked for, and at most so many.

    Of a period that is still to come it is the first month, in which there is nothing yet.
    """
    last = filters.until or max(today, filters.from_on or today)
    first = max(_months_before(last, months - 1), EARLIEST)
    if filters.from_on is not None:
        first = max(filters.from_on.replace(day=1), first)
    return filters.during(first, _end_of_month(last))


def begun(days: Filters, tallies: Sequence[Tally]) -> Filters:
    """Returns the period from its first month with anything; of an empty one its last month."""
    found = [month for tally in tallies for month in tally.values(MONTH.name) if month is not None]
    last = days.until
    if last is None:
        return days
    first = date.fromisoformat(f"{min(found)}-01") if found else last.replace(day=1)
    return days.during(first, last)


def charts(filters: Filters, tallies: Sequence[Tally]) -> tuple[LinkedChart, ...]:
    """Returns every chart for the months of the filters."""
    by_measure = {tally.measure.name: tally for tally in tallies}
    return tuple(_chart(plan, filters, by_measure) for plan in PLANS)


def _chart(plan: Plan, filters: Filters, tallies: Mapping[str, Tally]) -> LinkedChart:
    months = tuple(_months(filters))
    series, links = [], {}
    for at, line in enumerate(plan.lines, 1):
        figures = []
        for month in months:
            name = f"{line.measure}/{at}/{month:%Y-%m}"
            of_month = tallies[line.measure].of(month=f"{month:%Y-%m}")
            figures.append(_figure(name, plan, line, of_month))
            links[name] = _link(filters, line, month)
        series.append(Series(name=line.name, figures=tuple(figures)))
    chart = Chart(
        kind="lines",
        title=plan.title,
        description=plan.description,
        heading="Month",
        categories=tuple(f"{month:%b %Y}" for month in months),
        series=tuple(series),
    )
    newest_first = chart.table.model_copy(update={"rows": chart.table.rows[::-1]})
    return LinkedChart(chart, Linked(newest_first, links))


def _figure(name: str, plan: Plan, line: Line, of_month: Tally) -> Figure:
    if line.code_stage is not None:
        of_month = of_month.of(code_stage=line.code_stage)
    if not plan.shares:
        return count(name, of_month.met)
    if line.reason is not None:
        return Share(id=name, met=of_month.because(line.reason), of=of_month.met)
    return share(name, of_month)


def _link(filters: Filters, line: Line, month: date) -> str:
    of_month = filters.during(month, _end_of_month(month))
    asked = {"measure": line.measure, "reason": line.reason, "code_stage": line.code_stage}
    return of_month.url(CASES, **asked)


def _months(filters: Filters) -> Iterator[date]:
    """Yields the first day of each month of the period."""
    month, last = filters.from_on, filters.until
    while month and last and month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _months_before(day: date, number: int) -> date:
    """Returns the first day of the month so many months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, 1)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
