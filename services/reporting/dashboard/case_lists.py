"""The cases behind a figure: each with whether a measure counted it, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from services.reporting.dashboard import narrowing
from services.reporting.dashboard.addresses import CASES
from services.reporting.dashboard.filters import LABELS, Filters
from services.reporting.dashboard.linked import Linked
from services.reporting.measures.cases import Case
from services.reporting.measures.measure import Measure, Standing
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Table
from services.reporting.reports.figures import NOTHING, Day, Text
from services.reporting.tables import FeedbackRow, RegisterRow
from services.shared.local_time import local_date
from services.shared.text import Code

ON_A_PAGE = 50

OF_PLACE_AND_KIND = ("service_area", "region", "category")

STANDINGS: Mapping[Standing, str] = {"met": "Yes", "not-met": "No", "out": "Left out"}
"""What a case answers where a measure's title is a question: Answered in time? Yes.

Of a measure that only counts, whether it is counted.
"""

SHOWN = {"investigator": "In charge now", **{name: LABELS[name] for name in OF_PLACE_AND_KIND}}
"""What else is shown of each complaint or other feedback, where such a thing has it."""

Entry = RegisterRow | FeedbackRow
"""What the register holds of a case."""


class CaseFilters(Filters):
    """Which cases of which measure are listed."""

    measure: Code = "received"
    standing: Standing | None = None
    reason: Code | None = None
    code_stage: Annotated[str | None, Field(pattern="^[12]$")] = None
    cursor: Annotated[str | None, Field(max_length=200)] = None

    def scope(self) -> Scope:
        """Returns what is looked at: the stage of the Code narrows it too."""
        return super().scope().model_copy(update={"code_stage": self.code_stage})

    def url(self, path: str, **more: object) -> str:
        """Returns the address of the same list, or as `more` says instead; its first page."""
        own = ("measure", "standing", "reason", "code_stage")
        return super().url(path, **({name: getattr(self, name) for name in own} | more))


def judged(standing: Standing, words: str) -> str:
    """Returns a verdict as people read it: `Yes – In time`."""
    return f"{STANDINGS[standing]} – {words}"


class Reason(NamedTuple):
    """How many were judged so, and where these alone are listed."""

    number: int
    judged: str
    address: str
    chosen: bool


def reasons(measure: Measure, tally: Tally, filters: CaseFilters) -> Iterator[Reason]:
    """Yields every verdict that was given, those counted in first."""
    order = [*STANDINGS]
    for verdict, number in sorted(
        tally.reasons.items(), key=lambda found: (order.index(found[0].standing), -found[1])
    ):
        yield Reason(
            number,
            judged(verdict.standing, measure.words(verdict.reason)),
            filters.url(CASES, standing=verdict.standing, reason=verdict.reason),
            (filters.standing, filters.reason) == tuple(verdict),
        )


def table(measure: Measure, cases: Sequence[Case], known: Mapping[str, Entry]) -> Linked:
    """Returns the cases as a table, each leading to its complaint; feedback has none.

    The day is the one that places a case in the period. What stands now has none: there it is the
    day on which the complaint was received.
    """
    shown = tuple(name for name in SHOWN if name in narrowing.fields(measure))
    standing_now = measure.population.placed_by is None
    rows = []
    for case in cases:
        entry = known.get(case.reference)
        received = None if entry is None else local_date(entry.received_at)
        cells = (
            Day(day=received if standing_now else case.on),
            Text(text=str(case.number)),
            Text(text=judged(case.standing, case.words)),
            *(Text(text=getattr(entry, name, None) or NOTHING) for name in shown),
        )
        rows.append(Row(heading=case.reference, cells=cells))
    number = "Stage no." if measure.population.key[-1] == "position" else "No."
    table = Table(
        caption=measure.title,
        columns=(
            *("Complaint", "Received" if standing_now else "Day", number, "Judged"),
            *(SHOWN[name] for name in shown),
        ),
        rows=tuple(rows),
    )
    complaints = [name for name, entry in known.items() if isinstance(entry, RegisterRow)]
    return Linked(table, headings={name: f"{CASES}/{name}" for name in complaints})
