"""Complaints by who is in charge: how their stages have gone, and what waits with them. Pure."""

from collections.abc import Sequence

from services.reporting.dashboard.addresses import CASES, WORK
from services.reporting.dashboard.filters import Filters
from services.reporting.dashboard.linked import Linked
from services.reporting.dashboard.open_stages import DUE, MARKS, Due, Position
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.counting import Question
from services.reporting.measures.facets import INVESTIGATOR
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Table
from services.reporting.reports.figures import Text
from services.reporting.reports.material import codes_of, count, share

MONTHS = 6
"""How many months are shown when no period is asked for: how work goes now, not long ago."""

SHOWN_DUE: tuple[Due, ...] = ("overdue", "untold", "today", "this-week", "later", "undated")

NOTE = (
    "A stage counts for whoever is in charge of it, or was last. Few complaints make a percentage "
    "that says little."
)

MEASURES = ("received", "acknowledged", "responded")


def questions(measures: Catalogue) -> list[Question]:
    """Returns what has to be counted."""
    return [Question(measures[name], (INVESTIGATOR,)) for name in MEASURES]


def in_the_period(filters: Filters, tallies: Sequence[Tally]) -> Linked:
    """Returns how the stages of a period have gone."""
    received, acknowledged, responded = tallies
    names = [name for name in received.values(INVESTIGATOR.name) if name is not None]
    codes = codes_of(names)
    rows, links = [], dict[str, str]()
    for name in names:
        code = codes[name]
        figures = (
            count(f"{code}/received", received.of(investigator=name).met),
            share(f"{code}/acknowledged", acknowledged.of(investigator=name)),
            share(f"{code}/responded", responded.of(investigator=name)),
        )
        rows.append(Row(heading=name, cells=figures))
        links |= {
            f"{code}/{measure}": filters.url(CASES, measure=measure, investigator=name)
            for measure in MEASURES
        }
    table = Table(
        caption="How the stages of the period have gone",
        columns=("Investigator", "In charge of", "Acknowledged in time", "Answered in time"),
        rows=tuple(rows),
        notes=(NOTE,),
    )
    return Linked(table, links)


def now(filters: Filters, position: Position) -> Linked:
    """Returns what waits with whom, those with the most overdue first."""
    numbers = position.in_charge
    names = sorted(
        {name for name, due in numbers if due in SHOWN_DUE},
        key=lambda name: (-numbers[name, "overdue"], name is None, name or ""),
    )
    codes = codes_of([name or MARKS["unassigned"] for name in names])
    shown = [due for due in SHOWN_DUE if due not in ("untold", "undated") or position.due[due]]
    rows, links = [], dict[str, str]()
    for name in names:
        heading = name or MARKS["unassigned"]
        cells = []
        whose = {"investigator": name} if name else {"mark": "unassigned"}
        for due in shown:
            figure = count(f"{codes[heading]}/{due}", numbers[name, due])
            cells.append(figure)
            links[figure.id] = filters.url(WORK, due=due, **whose)
        late = position.longest_late.get(name)
        rows.append(Row(heading=heading, cells=(*cells, Text(text=_days(late)))))
    table = Table(
        caption="What waits, by who is in charge",
        columns=("Investigator", *(DUE[due] for due in shown), "Longest overdue"),
        rows=tuple(rows),
    )
    return Linked(table, links)


def _days(number: int | None) -> str:
    if number is None:
        return "–"
    return "since today" if number == 0 else f"{number} day{'' if number == 1 else 's'}"
