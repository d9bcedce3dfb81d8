"""The part of a report that shows late responses one by one: numbered rows, no references."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from services.reporting.measures.facets import CODE_STAGE, SERVICE_AREA
from services.reporting.reports.document import Chart, Row, Section, Series, Sum, Table
from services.reporting.reports.figures import Cell, Count, Day, Share, Text
from services.reporting.reports.material import (
    STAGES,
    Ask,
    Asks,
    Material,
    Part,
    adds,
    codes_of,
)
from services.shared.events import ClockName, Rung
from tests.year.late_responses import LateResponse, Telling

Shown = Mapping[str, Sequence[LateResponse]]
"""The late responses by the stage of the Code, in the order of their rows."""

WHOM: Mapping[Rung, str] = {
    "investigator": "investigator",
    "line-manager": "line manager",
    "head-of-service": "head of service",
    "complaints-officer": "complaints officer",
}

ABOUT: Mapping[ClockName, str] = {
    "acknowledge": " (acknowledgement)",
    "contact": " (contact)",
    "arrange": " (hearing)",
}
"""How a clock other than that of the answer is named."""

SPANS: Mapping[str, tuple[str, int]] = {
    "up-to-5": ("Up to 5", 5),
    "up-to-10": ("6 to 10", 10),
    "up-to-20": ("11 to 20", 20),
    "over-20": ("Over 20", 1_000_000),
}
"""The spans in which lateness is counted: their titles, and the last working day of each."""

ASKS: Asks = {"late-by-area": Ask("responded-unextended", (SERVICE_AREA, CODE_STAGE))}

SAYS = (
    "Every answer that came after the first date that was promised for it, those within an "
    "extension included: who was reminded up to that date, and who was told at each rung of the "
    "ladder after it."
)

NOT_RECORDED = "Not recorded"

NOTE = (
    "Reminders go to whoever is in charge, and to the complaints officer while nobody is. At every "
    "rung the complaints officer is told as well."
)

COLUMNS = (
    *("No.", "Asked for", "Due", "Put off until", "Answered", "Working days late"),
    *("Told up to the due date", "Told after the due date"),
)


def part(material: Material, late: Mapping[str, Iterable[LateResponse]]) -> Part:
    """Returns the section of the late responses at stages "1" and "2" of the Code.

    It adds up with `part_timeliness.performance`, which the same report has to hold. It is for
    those who answer for the landlord: places with few complaints are named too.
    """
    shown = {stage: sorted(late.get(stage, ()), key=_in_order) for stage in STAGES}
    sums = []
    for stage in STAGES:
        total = _id(stage)
        sums.append(adds(f"stage-{stage}/responded-unextended/late", [total]))
        sums.append(adds(total, [_id(stage, span) for span in SPANS]))
    areas, area_sums = _areas(material)
    section = Section(
        heading="Late answers, one by one",
        paragraphs=(SAYS,),
        charts=(_how_late(shown),),
        tables=(areas, _who_was_told(shown), *_one_by_one(shown)),
    )
    return Part(section, (*sums, *area_sums))


def _id(stage: str, *parts: str) -> str:
    return "/".join(("late-responses", f"stage-{stage}", *parts))


def _in_order(one: LateResponse) -> tuple[date, date, date]:
    return one.received_on, one.due, one.answered_on or date.max


def _how_late(shown: Shown) -> Chart:
    spans = {stage: Counter(map(_span, late)) for stage, late in shown.items()}
    return Chart(
        kind="stacked",
        title="How late the answers were",
        description="A bar for each span of working days, with stage 2 on top of stage 1.",
        heading="Working days late",
        categories=tuple(title for title, _ in SPANS.values()),
        series=tuple(
            Series(
                name=title,
                figures=tuple(
                    Count(id=_id(stage, span), value=spans[stage][span]) for span in SPANS
                ),
            )
            for stage, title in STAGES.items()
        ),
    )


def _span(one: LateResponse) -> str:
    return next(code for code, (_, last) in SPANS.items() if one.working_days_late <= last)


def _areas(material: Material) -> tuple[Table, list[Sum]]:
    tally = material.counts["late-by-area"]
    values = tally.values("service-area")
    codes = codes_of([value or NOT_RECORDED for value in values])
    rows = []
    for value in values:
        name = value or NOT_RECORDED
        at = {stage: tally.of(service_area=value, code_stage=stage) for stage in STAGES}
        cells = (
            Share(id=_id(stage, "areas", codes[name]), met=found.not_met, of=found.counted)
            for stage, found in at.items()
        )
        rows.append(Row(heading=name, cells=tuple(cells)))
    table = Table(
        caption="Late answers by service area",
        columns=("Service area", *STAGES.values()),
        rows=tuple(rows),
        notes=("A percentage is of the answers that were given, or should have been by now.",),
    )
    sums = [
        adds(_id(stage), [f"{_id(stage, 'areas', code)}#met" for code in codes.values()])
        for stage in STAGES
        if codes
    ]
    return table, sums


def _who_was_told(shown: Shown) -> Table:
    rows = [
        _how_many(shown, "Somebody was reminded of the answer in time", "reminded", _reminded),
        *(
            _how_many(shown, f"After the due date: {whom} told", f"told/{rung}", _reached(rung))
            for rung, whom in WHOM.items()
        ),
    ]
    totals = tuple(Count(id=_id(stage), value=len(late)) for stage, late in shown.items())
    rows.append(Row(heading="All answers after the first date promised", cells=totals, total=True))
    return Table(
        caption="Of how many late answers who was told",
        columns=("What happened", *STAGES.values()),
        rows=tuple(rows),
    )


def _how_many(shown: Shown, heading: str, code: str, holds: Callable[[LateResponse], bool]) -> Row:
    cells = (
        Count(id=_id(stage, code), value=sum(map(holds, late))) for stage, late in shown.items()
    )
    return Row(heading=heading, cells=tuple(cells))


def _reminded(one: LateResponse) -> bool:
    return any(told.how == "reminder" and told.clock == "respond" for told in one.before)


def _reached(rung: Rung) -> Callable[[LateResponse], bool]:
    return lambda one: any(rung in told.told and told.clock == "respond" for told in one.after)


def _one_by_one(shown: Shown) -> Iterator[Table]:
    for stage, title in STAGES.items():
        if shown[stage]:
            yield Table(
                caption=f"Each late answer at {title.lower()}",
                columns=COLUMNS,
                rows=tuple(
                    Row(heading=str(number), cells=_cells(one, _id(stage, "late-by", str(number))))
                    for number, one in enumerate(shown[stage], 1)
                ),
                notes=(NOTE,),
            )


def _cells(one: LateResponse, how_late: str) -> tuple[Cell, ...]:
    return (
        *(Day(day=day) for day in (one.received_on, one.due, one.put_off_until, one.answered_on)),
        Count(id=how_late, value=one.working_days_late),
        Text(text="\n".join(map(_in_words, one.before))),
        Text(text="\n".join(map(_in_words, one.after))),
    )


def _in_words(telling: Telling) -> str:
    """Returns `9 May: line manager`: whom the rung is named by, told first of those told."""
    what = WHOM[telling.told[0]] if telling.told else "reminder"
    return f"{telling.on.day} {telling.on:%B}: {what}{ABOUT.get(telling.clock, '')}"
