"""What measures judge: tables of facts, and by which day each row falls into a period."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import NoneType
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import SQLModel

from services.reporting.measures.scope import Scope
from services.reporting.paging import within
from services.reporting.tables import (
    BROKEN_DOWN,
    TOLD_APART,
    WAITING,
    FeedbackRow,
    LessonFactsRow,
    OmbudsmanFactsRow,
    PromiseFactsRow,
    RegisterRow,
    RemedyFactsRow,
    StageFactsRow,
    SurveyFactsRow,
)
from services.shared.errors import MendRequest

Conditions = Iterator[ColumnElement[bool]]

BY_INSTANT = "received_at"
"""The one column that places rows by an instant and not by a day."""

OF_COMPLAINT = ("channel", "category", "service_area", "region", "tenure", "investigator")
"""What holds of a whole complaint, and so of whatever followed from it."""


@dataclass(frozen=True)
class Population:
    """Rows that are judged one by one, and when each of them is looked at."""

    name: str
    says: str
    """Which rows these are, and which of their days a period is about."""
    table: type[SQLModel]
    key: tuple[str, ...]
    """The columns that tell a row from all others; the first is the complaint's reference."""
    placed_by: str | None
    """The column of the day by which a row falls into a period; None: as things stand now."""
    only: tuple[tuple[str, str | None], ...] = ()
    """The columns that must have exactly that value for a row to be here."""
    with_any: tuple[str, ...] = ()
    """The columns that must have some value for a row to be here."""
    streams: tuple[tuple[str, ...], ...] = ()
    """The first columns of indexes, each in its order: grouping by the first few of one needs no
    sorting. The first stream that has all that is asked for is taken."""

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which rows are listed."""
        return self.key if self.placed_by is None else (self.placed_by, *self.key)

    @property
    def placed_as(self) -> type[date | None]:
        """What the column has that places a row: a day, an instant, or nothing."""
        if self.placed_by is None:
            return NoneType
        return datetime if self.placed_by == BY_INSTANT else date

    def days(self, scope: Scope) -> Conditions:
        """Yields what SQL asks of the day that places a row, so that a list by days begins there.

        `conditions` ask the same in the way in which counting is fastest.
        """
        if self.placed_by is not None:
            place = _by_instant if self.placed_by == BY_INSTANT else _by_day
            yield from place(self.table, self.placed_by, scope.from_on, scope.before)

    def conditions(self, scope: Scope) -> Conditions:
        """Yields what SQL asks of the rows that are in the scope.

        Raises MendRequest `cannot-be-narrowed` for a scope that asks for what is not known of them.
        """
        for name, wanted in self.only:
            column = _column(self.table, name)
            yield column.is_(None) if wanted is None else column == wanted
        for name in self.with_any:
            yield _column(self.table, name).is_not(None)
        if self.placed_by is not None:
            place = PLACES.get(self.placed_by, _by_day)
            yield from place(self.table, self.placed_by, scope.from_on, scope.before)
        yield from self._narrowed(scope)

    def _narrowed(self, scope: Scope) -> Conditions:
        of_complaint = []
        for name, value in scope.narrowed.items():
            if name in self.table.model_fields:
                yield _column(self.table, name) == value
            elif name in OF_COMPLAINT and self.table is not FeedbackRow:
                of_complaint.append(_column(RegisterRow, name) == value)
            else:
                raise MendRequest(
                    "cannot-be-narrowed",
                    f"{self.says} Of these the {name.replace('_', ' ')} is not known.",
                    field=name,
                )
        if of_complaint:
            references = select(_column(RegisterRow, "reference")).where(*of_complaint)
            yield _column(self.table, "reference").in_(references)


def _column(table: type[SQLModel], name: str) -> Any:  # noqa: ANN401 — a column of any type
    return getattr(table, name)


def _by_day(
    table: type[SQLModel], name: str, from_on: date | None, before: date | None
) -> Conditions:
    if from_on is not None:
        yield _column(table, name) >= from_on
    if before is not None:
        yield _column(table, name) < before


def _by_month(
    table: type[SQLModel], name: str, from_on: date | None, before: date | None
) -> Conditions:
    """Asks for months, so that their index serves; for days only where a month is cut."""
    if from_on is not None:
        yield _column(table, "month") >= f"{from_on:%Y-%m}"
    if before is not None:
        yield _column(table, "month") <= f"{before - timedelta(days=1):%Y-%m}"
    whole_first = from_on is None or from_on.day == 1
    whole_last = before is None or before.day == 1
    yield from _by_day(
        table, name, None if whole_first else from_on, None if whole_last else before
    )


def _by_instant(
    table: type[SQLModel], name: str, from_on: date | None, before: date | None
) -> Conditions:
    yield from within(_column(table, name), from_on, before)


PLACES: dict[str, Callable[[type[SQLModel], str, date | None, date | None], Conditions]] = {
    "received_on": _by_month,
    BY_INSTANT: _by_instant,
}
"""How the columns that are no plain day fall into a period."""

STAGE_KEY = ("reference", "position")
NUMBERED = ("reference", "number")

STAGES = Population(
    "stages",
    "Every stage of every complaint, by the day on which it was asked for.",
    StageFactsRow,
    STAGE_KEY,
    placed_by="received_on",
    streams=(TOLD_APART, *BROKEN_DOWN.values()),
)

OPEN_STAGES = Population(
    "open-stages",
    "The stage at which each complaint that has not ended stands now.",
    StageFactsRow,
    STAGE_KEY,
    placed_by=None,
    only=(("state", "open"),),
    streams=(WAITING,),
)

REMEDIES = Population(
    "remedies",
    "Each remedy that a response gave, by the day of the response.",
    RemedyFactsRow,
    NUMBERED,
    placed_by="on",
)

PROMISES = Population(
    "promises",
    "Each action that a response promised, by the day by which it was to be done.",
    PromiseFactsRow,
    NUMBERED,
    placed_by="by",
)

OMBUDSMAN_REFERRED = Population(
    "ombudsman-referred",
    "Each case of the Housing Ombudsman's, by the day on which it was brought there.",
    OmbudsmanFactsRow,
    NUMBERED,
    placed_by="involved_on",
)

OMBUDSMAN_DETERMINED = Population(
    "ombudsman-determined",
    "Each case that the Housing Ombudsman has determined, by the day of that.",
    OmbudsmanFactsRow,
    NUMBERED,
    placed_by="determined_on",
    with_any=("determined_on",),
)

OMBUDSMAN_OPEN = Population(
    "ombudsman-open",
    "Each case that is before the Housing Ombudsman now.",
    OmbudsmanFactsRow,
    NUMBERED,
    placed_by=None,
    only=(("determined_on", None),),
)

SURVEYS = Population(
    "surveys",
    "Each answer to the survey on how complaints are handled, by its day.",
    SurveyFactsRow,
    NUMBERED,
    placed_by="on",
)

LESSONS = Population(
    "lessons",
    "Each lesson that was recorded from a complaint, by its day.",
    LessonFactsRow,
    NUMBERED,
    placed_by="on",
)

FEEDBACK = Population(
    "feedback",
    "All feedback that is no complaint, by the day on which it came in.",
    FeedbackRow,
    ("reference",),
    placed_by="received_at",
)
