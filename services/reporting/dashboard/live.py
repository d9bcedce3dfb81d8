"""The live position: what is open, what it waits for, and what is late. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.dashboard.addresses import CASES, WORK
from services.reporting.dashboard.filters import LABELS, Filters
from services.reporting.dashboard.linked import Linked, spoken
from services.reporting.dashboard.narrowing import unknown_field
from services.reporting.dashboard.open_reading import ListedStage
from services.reporting.dashboard.open_stages import (
    AWAITED,
    DUE,
    MARKS,
    Due,
    Mark,
    OpenStage,
    Position,
    days_late,
)
from services.reporting.dashboard.standing_now import ANSWERED_OPEN, OMBUDSMAN_OPEN, PROMISES_OPEN
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.counting import Question
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Table
from services.reporting.reports.figures import Day, Text
from services.reporting.reports.material import count

MOST_OVERDUE = 10


class Judged(NamedTuple):
    """A headline of a measure: all that is met, or what was judged for one reason."""

    measure: str
    what: str
    reason: str | None = None


JUDGED = (
    Judged(PROMISES_OPEN, "Promised actions late", "late-undone"),
    Judged(PROMISES_OPEN, "Promised actions to come", "not-yet"),
    Judged(OMBUDSMAN_OPEN, "With the Ombudsman"),
    Judged(ANSWERED_OPEN, "Answered, and still open to the next stage", "answered"),
)


class Headline(NamedTuple):
    """One number of the live position, and where its complaints are listed."""

    number: int
    what: str
    address: str
    alarming: bool = False


def asked(measures: Catalogue, scope: Scope) -> dict[str, Question]:
    """Returns what has to be counted for the headlines, by measure, of what can be narrowed so."""
    names = dict.fromkeys(one.measure for one in JUDGED)
    known = (name for name in names if unknown_field(measures[name], scope) is None)
    return {name: Question(measures[name]) for name in known}


def left_out(measures: Catalogue, scope: Scope) -> tuple[str, ...]:
    """Returns a sentence for each headline that cannot be narrowed so."""
    unknown = ((one.what, unknown_field(measures[one.measure], scope)) for one in JUDGED)
    return tuple(
        f"“{what}” is left out: the {LABELS[field].lower()} of these cases is not known."
        for what, field in unknown
        if field is not None
    )


def headlines(
    filters: Filters, position: Position, tallies: Mapping[str, Tally]
) -> tuple[Headline, ...]:
    """Returns the numbers; one that is nought is said too, except for what should never be.

    `tallies` are the answers to `asked`: what they leave out is left out here.
    """

    def due(code: Due) -> Headline:
        address = filters.url(WORK, due=code)
        return Headline(position.due[code], DUE[code], address, code in ("overdue", "untold"))

    def marked(code: Mark) -> Headline:
        return Headline(position.marks[code], MARKS[code], filters.url(WORK, mark=code))

    def judged(one: Judged) -> Headline:
        tally = tallies[one.measure]
        number = tally.met if one.reason is None else tally.because(one.reason)
        address = filters.url(CASES, measure=one.measure, reason=one.reason)
        return Headline(number, one.what, address, one.reason == "late-undone")

    every = (
        *(due(code) for code in ("overdue", "untold", "today", "this-week")),
        marked("unassigned"),
        Headline(position.total, "Open, and to be answered", filters.url(WORK)),
        marked("extended"),
        *(judged(one) for one in JUDGED if one.measure in tallies),
    )
    return tuple(one for one in every if one.number or one.what != DUE["untold"])


def by_stage(filters: Filters, position: Position) -> Linked:
    """Returns what is open by stage and by what it waits for."""
    stages = sorted({stage for stage, _ in position.stages})
    found = {waits for _, waits in position.stages}
    awaited = [name for name in AWAITED if name in found]
    rows, links = [], dict[str, str]()
    for stage in stages:
        cells = [count(f"waits/{stage}/{name}", position.stages[stage, name]) for name in awaited]
        total = count(f"waits/{stage}/all", sum(cell.value for cell in cells))
        of_stage = filters.model_copy(update={"stage": stage})
        links |= {
            cell.id: of_stage.url(WORK, awaited=name)
            for cell, name in zip(cells, awaited, strict=True)
        }
        links[total.id] = of_stage.url(WORK)
        rows.append(Row(heading=spoken(stage), cells=(*cells, total)))
    table = Table(
        caption="Open complaints, by stage and what they wait for",
        columns=("Stage", *(AWAITED[name] for name in awaited), "All"),
        rows=tuple(rows),
    )
    return Linked(table, links)


def work_list(stages: Sequence[ListedStage], today: date, caption: str) -> Linked:
    """Returns open stages as a table, each leading to its complaint."""
    rows = []
    for one in stages:
        cells = (
            Day(day=one.open.by),
            Text(text=_how_late(one.open, today)),
            Text(text=AWAITED[one.open.awaited]),
            Text(text=spoken(one.open.stage)),
            Text(text=one.open.investigator or MARKS["unassigned"]),
            Text(text=one.service_area or "–"),
            Text(text=one.region or "–"),
        )
        rows.append(Row(heading=one.reference, cells=cells))
    table = Table(
        caption=caption,
        columns=(
            *("Complaint", "Due", "How late", "Waits for", "Stage", "In charge"),
            *("Service area", "Region"),
        ),
        rows=tuple(rows),
    )
    return Linked(table, headings={row.heading: f"{CASES}/{row.heading}" for row in rows})


def _how_late(stage: OpenStage, today: date) -> str:
    late = days_late(stage, today)
    if late is not None:
        return "Overdue since today" if late == 0 else f"{_days(late)} overdue"
    if stage.by is None:
        return "–"
    left = (stage.by - today).days
    if left < 0:
        return f"{_days(-left)} past its day"
    return "Due today" if left == 0 else f"{_days(left)} left"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
