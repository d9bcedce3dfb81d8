"""Reading a whole table, and saying all that is wrong with it before anything is taken in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.reporting.importing.assembling import Assembler, StillOpen
from services.reporting.importing.column_map import LABELS, OF_THEIR_OWN, ColumnMap
from services.reporting.importing.csv_file import read_csv
from services.reporting.importing.mistakes import Mistake, WrongRow
from services.reporting.importing.past import PastComplaint
from services.reporting.importing.people import header_of_people, no_list
from services.reporting.importing.policies import known_reasons
from services.reporting.importing.row_reading import Column, columns, mapped, plain, read
from services.reporting.importing.sheet import Sheet, file_content
from services.reporting.importing.workbook import is_workbook, read_workbook
from services.shared.errors import MendRequest
from services.shared.working_days import WorkingDays

MOST_MISTAKES = 100_000
"""After so many the rest is not looked at: the map is wrong, and not the rows."""

TELLS_EVERY = 500
"""Rows between two words of progress."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Checked:
    """What a table holds, and what is wrong with it: with a mistake, nothing is taken in."""

    complaints: tuple[PastComplaint, ...]
    mistakes: tuple[Mistake, ...]
    still_open: tuple[int, ...]
    """The rows of complaints that had not ended, and are left out."""
    ignored: tuple[str, ...]
    """The headers of the columns that the map does not name."""
    reference_column: str
    said: str
    """How the table was read."""


def open_table(path: Path, column_map: ColumnMap) -> Sheet:
    """Opens a CSV file or a workbook, told apart by what is in it. Raises as both do."""
    content = file_content(path)
    if is_workbook(content):
        return read_workbook(content, column_map.sheet, column_map.header_row)
    wanted = {plain(header) for _, _, header in mapped(column_map)}
    return read_csv(content, wanted, column_map.header_row)


def check(
    sheet: Sheet,
    column_map: ColumnMap,
    days: WorkingDays,
    today: date,
    progress: Progress | None = None,
) -> Checked:
    """Reads every row.

    Raises MendRequest `missing-column`, `duplicate-header`, `personal-column`, `no-rows`, what
    `known_reasons` raises, and what reading the rest of the file raises.
    """
    reasons = known_reasons(column_map.policy, former=column_map.former_policy)
    wanted = columns(column_map, sheet, reasons)
    _check_personal(wanted)
    headers = {(column.stage, column.field): column.header for column in wanted}
    assembler = Assembler(column_map, headers, days, today)
    reading = _Reading(headers[None, "reference"], leave_open=column_map.still_open == "leave-out")
    seen = 0
    for seen, (number, row) in enumerate(sheet.rows, 1):
        if isinstance(row, WrongRow):
            reading.take(number, (Mistake(number, "", row.code, row.words),))
        else:
            cells = read(row, number, wanted, len(column_map.stages))
            reading.take(number, assembler.assemble(number, cells))
        if progress is not None and seen % TELLS_EVERY == 0:
            progress(min(seen, sheet.about), sheet.about)
        if len(reading.mistakes) >= MOST_MISTAKES:
            break
    if seen == 0:
        raise MendRequest("no-rows", "Under the headers there is no row.")
    if progress is not None:
        progress(seen, seen)
    named = {plain(column.header) for column in wanted}
    return Checked(
        complaints=tuple(reading.complaints),
        mistakes=(*reading.mistakes, *_no_lists(reading.complaints, headers, column_map)),
        still_open=tuple(reading.still_open),
        ignored=tuple(each for each in sheet.headers if each and plain(each) not in named),
        reference_column=headers[None, "reference"],
        said=sheet.said,
    )


class _Reading:
    """What was read so far."""

    def __init__(self, reference_column: str, *, leave_open: bool) -> None:
        self.complaints: list[PastComplaint] = []
        self.mistakes: list[Mistake] = []
        self.still_open: list[int] = []
        self._reference_column = reference_column
        self._leave_open = leave_open
        self._rows: dict[str, int] = {}

    def take(self, row: int, found: PastComplaint | StillOpen | tuple[Mistake, ...]) -> None:
        if isinstance(found, StillOpen):
            self._open(row)
        elif isinstance(found, PastComplaint):
            self._complaint(found)
        else:
            self.mistakes.extend(found)

    def _open(self, row: int) -> None:
        if self._leave_open:
            self.still_open.append(row)
            return
        words = (
            "Nothing says how it ended. Putright runs the clocks of open complaints: bring them in "
            'by its API; still_open = "leave-out" in the map leaves such rows out.'
        )
        self.mistakes.append(Mistake(row, self._reference_column, "still-open", words))

    def _complaint(self, found: PastComplaint) -> None:
        first = self._rows.setdefault(found.reference, found.row)
        if first == found.row:
            self.complaints.append(found)
            return
        words = f"Row {first} has this reference already."
        self.mistakes.append(
            Mistake(found.row, self._reference_column, "duplicate-reference", words)
        )


def _check_personal(wanted: Iterable[Column]) -> None:
    """Refuses texts from a column that, by its header, holds people. Days and codes cannot."""
    for column in wanted:
        of_text = column.field == "reference" or column.field in OF_THEIR_OWN
        if of_text and header_of_people(column.header):
            raise MendRequest(
                "personal-column",
                f"“{column.header}” looks like a column of people: the register holds none.",
            )


def _no_lists(
    complaints: Sequence[PastComplaint],
    headers: Mapping[tuple[int | None, str], str],
    column_map: ColumnMap,
) -> Iterator[Mistake]:
    """Yields each column that should be a list of few names, and is none."""
    for field in sorted(LABELS):
        if (None, field) not in headers:
            continue
        listed = frozenset(column_map.values.get(field, {}).values())
        default = getattr(column_map.defaults, field)
        found = (getattr(complaint, field) for complaint in complaints)
        words = no_list([value for value in found if value not in {None, default}], listed)
        if words is not None:
            yield Mistake(0, headers[None, field], "not-a-list", words)
