"""Complaints by service area, region and category, and what stands out among them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from services.reporting import categories
from services.reporting.dashboard.addresses import CASES
from services.reporting.dashboard.filters import Filters
from services.reporting.dashboard.linked import NOT_RECORDED, Linked
from services.reporting.dashboard.trend import period
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.counting import Question
from services.reporting.measures.facets import (
    CODE_STAGE,
    QUARTER,
    REGION,
    SERVICE_AREA,
    THEME,
    Facet,
    plain,
)
from services.reporting.measures.tally import Tally
from services.reporting.measures.themes import (
    SAYS_ABOVE_AVERAGE,
    SAYS_NOT_COMPARED,
    SAYS_RECURRING,
    above_average,
    recurring,
    services_above_average,
)
from services.reporting.reports.document import Chart, Row, Series, Table
from services.reporting.reports.figures import Cell, Count, Share, Text
from services.reporting.reports.material import STAGES, codes_of, count, share

MONTHS = 12
"""How many months are shown when no period is asked for."""

By = Literal["service_area", "region", "category"]

FACETS: Mapping[By, Facet] = {
    "service_area": SERVICE_AREA,
    "region": REGION,
    "category": plain("category", "Category"),
}

MOST_BARS = 12
"""As many as are still read at a glance; the table has them all."""

NONE_COMPARED = "Complaints at stage 1 are compared, and there are none here."

STANDS_OUT = "More than chance explains"

NOTE = (
    "The first two figures count what was received. The percentages are of what was answered or is "
    "late, and of the outcomes that are recorded, at all stages together."
)


class AreaFilters(Filters):
    """By what the page tells complaints apart."""

    by: By = "service_area"


class Breakdown(NamedTuple):
    """What the page shows."""

    by: By
    title: str
    flagged: tuple[str, ...]
    """Sentences on what stands out, and by which rule."""
    chart: Chart | None
    """None where nothing was received at stage 1, which is all that it draws."""
    table: Linked


def questions(by: By, measures: Catalogue) -> list[Question]:
    """Returns what has to be counted."""
    facet = FACETS[by]
    asked = [Question(measures["received"], (facet, CODE_STAGE))]
    asked += [Question(measures[name], (facet,)) for name in ("responded", "outcomes")]
    if by == "category":  # to say which themes stand out
        asked.append(Question(measures["received"], (THEME, CODE_STAGE, QUARTER)))
    return asked


def with_period(filters: Filters, today: date, months: int = MONTHS) -> Filters:
    """Returns the filters with a period: as asked for, or so many months up to this one."""
    return filters if filters.from_on or filters.until else period(filters, today, months)


def breakdown(
    by: By,
    filters: Filters,
    tallies: Sequence[Tally],
    homes: Mapping[str, int] | None = None,
) -> Breakdown:
    """Returns the page's figures from the answers; `homes` are those of each service area."""
    received, responded, outcomes, *of_themes = tallies
    title = FACETS[by].title
    values = received.values(FACETS[by].name)
    standing_out = _standing_out(by, filters, received.of(code_stage="1"), homes or {})
    codes = codes_of([value or NOT_RECORDED for value in values])
    counted = zip(
        values,
        _parts(received, values).values(),
        _parts(responded, values).values(),
        _parts(outcomes, values).values(),
        strict=True,
    )
    rows, links, headings = [], dict[str, str](), dict[str, str]()
    for value, *parts in counted:
        heading = value or NOT_RECORDED
        cells = _cells(codes[heading], *parts)
        if standing_out:
            cells = (*cells, Text(text=STANDS_OUT if value in standing_out else ""))
        rows.append(Row(heading=heading, cells=cells))
        if value is not None:
            headings[heading] = filters.url(CASES, **{"measure": "received", by: value})
            links |= _links(codes[heading], filters, by, value)
    linked = Linked(_table(title, rows, flagged=bool(standing_out)), links, headings)
    chart = _chart(title, rows)
    flagged = _flagged_themes(*of_themes) if of_themes else _flagged(title, standing_out)
    return Breakdown(by, title, flagged if chart else (NONE_COMPARED,), chart, linked)


def _standing_out(
    by: By, filters: Filters, of_stage_1: Tally, homes: Mapping[str, int]
) -> tuple[str, ...] | None:
    """Returns the values with more complaints than chance explains; of areas, as reports do.

    None where services cannot be compared, as their homes are not known.
    Where filters take areas away they are compared as if all were alike: of the homes nobody knows
    which are in a region.
    """
    parts = of_stage_1.by(FACETS[by].name)
    numbers = {value: part.met for value, part in parts.items() if value is not None}
    if by != "service_area" or filters.service_area or filters.region:
        return above_average(numbers)
    return services_above_average(numbers, homes)


def _parts(tally: Tally, values: Sequence[str | None]) -> dict[str | None, Tally]:
    facet = tally.facets[0]
    return {value: tally.among(facet, [value]) for value in values}


def _cells(code: str, received: Tally, responded: Tally, outcomes: Tally) -> tuple[Cell, ...]:
    upheld = outcomes.because("upheld", "partially-upheld")
    return (
        *(count(f"{code}/received/{stage}", received.of(code_stage=stage).met) for stage in STAGES),
        share(f"{code}/responded", responded),
        Share(id=f"{code}/outcomes", met=upheld, of=outcomes.met),
    )


def _links(code: str, filters: Filters, by: By, value: str) -> dict[str, str]:
    of_stages = {
        f"{code}/received/{stage}": {"measure": "received", "code_stage": stage} for stage in STAGES
    }
    of_measures = {
        f"{code}/{measure}": {"measure": measure} for measure in ("responded", "outcomes")
    }
    return {
        name: filters.url(CASES, **asked, **{by: value})
        for name, asked in (of_stages | of_measures).items()
    }


def _table(title: str, rows: Sequence[Row], *, flagged: bool) -> Table:
    return Table(
        caption=f"Complaints by {title.lower()}",
        columns=(
            *(title, *STAGES.values(), "Answered in time", "Upheld, in whole or in part"),
            *(("Stands out",) if flagged else ()),
        ),
        rows=tuple(rows),
        notes=(NOTE,),
    )


def _chart(title: str, rows: Sequence[Row]) -> Chart | None:
    """Draws those with the most complaints at stage 1; None where there is none."""

    def stage_1(row: Row) -> int:
        first = row.cells[0]
        return first.value if isinstance(first, Count) else 0

    most = sorted((row for row in rows if stage_1(row)), key=stage_1, reverse=True)[:MOST_BARS]
    if not most:
        return None
    figures = tuple(count(f"bar-{at}", stage_1(row)) for at, row in enumerate(most))
    said = f"The {len(most)} with the most complaints" if len(most) == MOST_BARS else "Complaints"
    return Chart(
        kind="bars",
        title=f"Received at stage 1 by {title.lower()}",
        description=f"{said} at stage 1, the most first. The table below has all figures.",
        heading=title,
        categories=tuple(row.heading for row in most),
        series=(Series(name="Stage 1", figures=figures),),
    )


def _flagged(title: str, standing_out: Sequence[str] | None) -> tuple[str, ...]:
    if standing_out is None:
        return (SAYS_NOT_COMPARED,)
    named = f": {', '.join(standing_out)}." if standing_out else ": none."
    return (f"{title}, above the average{named}", SAYS_ABOVE_AVERAGE)


def _flagged_themes(tally: Tally) -> tuple[str, ...]:
    of_stage_1 = tally.of(code_stage="1")
    quarters = of_stage_1.values("quarter")
    numbers = {
        theme: [of_stage_1.of(theme=theme, quarter=quarter).met for quarter in quarters]
        for theme in categories.all_themes()
    }
    above = above_average({theme: sum(by_quarter) for theme, by_quarter in numbers.items()})
    found = {"Above the average": above, "Recurring": recurring(numbers) if quarters else ()}
    said = (
        f"{what}: {', '.join(map(categories.title_of, themes)) or 'none'}."
        for what, themes in found.items()
    )
    return (*said, SAYS_ABOVE_AVERAGE, SAYS_RECURRING)
