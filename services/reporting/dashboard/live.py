"""The live position: what is open, what it waits for, and what is late. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.dashboard.addresses import CASES, WORK
from services.reporting.dashboard.filters import Filters
from services.reporting.dashboard.linked import Linked, spoken
from services.reporting.dashboard.open_reading import ListedStage
from services.reporting.dashboard.open_stages import (
    AWAITED,
    DUE,
    MARKS,
    Due,
    Mark,
    Position,
    days_late,
    next_step,
)
from services.reporting.dashboard.standing_now import ANSWERED_OPEN, OMBUDSMAN_OPEN, PROMISES_OPEN
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Table
from services.reporting.reports.figures import Day, Text
from services.reporting.reports.material import count

MOST_OVERDUE = 10

ASKED = (ANSWERED_OPEN, PROMISES_OPEN, OMBUDSMAN_OPEN)
"""The measures that the headlines need."""


class Headline(NamedTuple):
    """One number of the live position, and where its complaints are listed."""

    number: int
    what: str
    address: str
    alarming: bool = False


def headlines(
    filters: Filters, position: Position, tallies: Mapping[str, Tally]
) -> tuple[Headline, ...]:
    """Returns the numbers; one that is nought is said too, except for what should never be."""
    promises, ombudsman = tallies[PROMISES_OPEN], tallies[OMBUDSMAN_OPEN]
    answered = tallies[ANSWERED_OPEN]

    def due(code: Due) -> Headline:
        address = filters.url(WORK, due=code)
        return Headline(position.due[code], DUE[code], address, code in ("overdue", "untold"))

    def marked(code: Mark) -> Headline:
        return Headline(position.marks[code], MARKS[code], filters.url(WORK, mark=code))

    def judged(name: str, number: int, what: str, reason: str | None = None) -> Headline:
        late = reason == "late-undone"
        return Headline(number, what, filters.url(CASES, measure=name, reason=reason), late)

    every = (
        *(due(code) for code in ("overdue", "untold", "today", "this-week")),
        marked("unassigned"),
        Headline(position.total, "Open, and to be answered", filters.url(WORK)),
        marked("extended"),
        judged(
            PROMISES_OPEN,
            promises.because("late-undone"),
            "Promised actions late",
            "late-undone",
        ),
        judged(PROMISES_OPEN, promises.because("not-yet"), "Promised actions to come", "not-yet"),
        judged(OMBUDSMAN_OPEN, ombudsman.met, "With the Ombudsman"),
        judged(
            ANSWERED_OPEN, answered.met, "Answered, and still open to the next stage", "answered"
        ),
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
        awaited, by = next_step(one.open)
        cells = (
            Text(text=spoken(one.open.stage)),
            Text(text=AWAITED[awaited]),
            Day(day=by),
            Text(text=_how_late(one, today, by)),
            Text(text=one.open.investigator or MARKS["unassigned"]),
            Text(text=one.service_area or "–"),
            Text(text=one.region or "–"),
        )
        rows.append(Row(heading=one.reference, cells=cells))
    table = Table(
        caption=caption,
        columns=(
            *("Complaint", "Stage", "Waits for", "Due", "How late", "In charge"),
            *("Service area", "Region"),
        ),
        rows=tuple(rows),
    )
    return Linked(table, headings={row.heading: f"{CASES}/{row.heading}" for row in rows})


def _how_late(one: ListedStage, today: date, by: date | None) -> str:
    late = days_late(one.open, today)
    if late is not None:
        return "Overdue since today" if late == 0 else f"{_days(late)} overdue"
    if by is None:
        return "–"
    left = (by - today).days
    if left < 0:
        return f"{_days(-left)} past its day"
    return "Due today" if left == 0 else f"{_days(left)} left"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
