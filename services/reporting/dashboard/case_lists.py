"""The cases behind a figure: each with whether a measure counted it, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from services.reporting.dashboard.addresses import CASES
from services.reporting.dashboard.filters import LABELS, Filters
from services.reporting.dashboard.linked import Linked
from services.reporting.measures.cases import Case
from services.reporting.measures.measure import Measure, Standing
from services.reporting.measures.scope import Scope
from services.reporting.measures.tally import Tally
from services.reporting.reports.document import Row, Table
from services.reporting.reports.figures import Day, Text
from services.reporting.tables import RegisterRow
from services.shared.text import Code

ON_A_PAGE = 50

STANDINGS: Mapping[Standing, str] = {
    "met": "Counted, and met",
    "not-met": "Counted, and not met",
    "out": "Not counted",
}


SHOWN = ("service_area", "region", "category")


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


class Reason(NamedTuple):
    """How many were judged so, and where these alone are listed."""

    number: int
    standing: str
    words: str
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
            STANDINGS[verdict.standing],
            measure.words(verdict.reason),
            filters.url(CASES, standing=verdict.standing, reason=verdict.reason),
            (filters.standing, filters.reason) == tuple(verdict),
        )


def table(measure: Measure, cases: Sequence[Case], known: Mapping[str, RegisterRow]) -> Linked:
    """Returns the cases as a table, each leading to its complaint; feedback has none."""
    rows = []
    for case in cases:
        entry = known.get(case.reference)
        cells = (
            Day(day=case.on),
            Text(text=str(case.number)),
            Text(text=STANDINGS[case.standing]),
            Text(text=case.words),
            *(Text(text=(entry and getattr(entry, name)) or "–") for name in SHOWN),
        )
        rows.append(Row(heading=case.reference, cells=cells))
    number = "Stage no." if measure.population.key[-1] == "position" else "No."
    shown = Table(
        caption=measure.title,
        columns=(
            *("Complaint", "Day", number, "Counted", "Why"),
            *(LABELS[name] for name in SHOWN),
        ),
        rows=tuple(rows),
    )
    return Linked(shown, headings={name: f"{CASES}/{name}" for name in known})
