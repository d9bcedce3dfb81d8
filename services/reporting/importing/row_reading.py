"""A row, by the map, as a past complaint: each cell by itself. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from services.reporting.importing import cells
from services.reporting.importing.cells import Cell, Parser
from services.reporting.importing.column_map import KNOWN, LABELS, ColumnMap
from services.reporting.importing.mistakes import Mistake, WrongCell
from services.reporting.importing.policies import Reasons
from services.reporting.importing.sheet import Sheet
from services.shared.errors import MendRequest

DAYS = ("_on", "_due", "_until")
"""How the names of fields end that hold a day."""

NUMBERS: Mapping[str, Parser] = {
    "compensation": cells.pence,
    "ombudsman_compensation": cells.pence,
    "orders": cells.count,
    "recommendations": cells.count,
}

CELLS_REMEMBERED = 8192

LONGEST_CELL = 1_000
"""Of a column that is mapped; what others hold is nobody's business."""


class Column(NamedTuple):
    """One mapped column: where it stands, which fact of which stage it holds, how it is read."""

    header: str
    at: int
    field: str
    stage: int | None
    """From 0; None for a fact of the whole complaint."""
    parse: Parser


class ReadRow(NamedTuple):
    """What a row says, fact by fact, and what is wrong with its cells."""

    complaint: dict[str, Any]
    stages: tuple[dict[str, Any], ...]
    mistakes: tuple[Mistake, ...]


def columns(column_map: ColumnMap, sheet: Sheet, reasons: Reasons) -> tuple[Column, ...]:
    """Finds each mapped column among the headers, in whatever case they are written.

    `reasons` are those of the policy. Raises MendRequest `missing-column` or `duplicate-header`.
    """
    headers = sheet.headers
    places: dict[str, list[int]] = {}
    for at, each in enumerate(headers):
        places.setdefault(plain(each), []).append(at)
    known = {**KNOWN, "refusal_reason": reasons.refusal, "decline_reason": reasons.decline}
    parser = partial(_parser, column_map=column_map, known=known, day_0=sheet.day_0)
    return tuple(
        Column(header, _place(header, places, headers), field, stage, parser(field))
        for stage, field, header in mapped(column_map)
    )


def mapped(column_map: ColumnMap) -> Iterator[tuple[int | None, str, str]]:
    """Yields the stage (from 0, or None), the field and the header of each column of the map."""
    of_complaint = column_map.columns.model_dump(exclude_none=True)
    yield from ((None, field, header) for field, header in of_complaint.items())
    for number, stage in enumerate(column_map.stages):
        of_stage = stage.columns.model_dump(exclude_none=True)
        yield from ((number, field, header) for field, header in of_stage.items())


def plain(header: str) -> str:
    """Returns a header as it is compared."""
    return " ".join(header.split()).casefold()


def read(row: Sequence[Cell], number: int, wanted: Iterable[Column], stage_count: int) -> ReadRow:
    """Reads the mapped cells of a row."""
    complaint: dict[str, Any] = {}
    stages: tuple[dict[str, Any], ...] = tuple({} for _ in range(stage_count))
    mistakes: list[Mistake] = []
    for column in wanted:
        try:
            value = column.parse(_short(row[column.at]))
        except WrongCell as wrong:
            mistakes.append(Mistake(number, column.header, wrong.code, wrong.words))
        else:
            (complaint if column.stage is None else stages[column.stage])[column.field] = value
    return ReadRow(complaint, stages, tuple(mistakes))


def _short(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > LONGEST_CELL:
        raise WrongCell(
            "cell-too-long", f"No day, code, amount or name has more than {LONGEST_CELL:,} letters."
        )
    return cell


def _parser(
    field: str, column_map: ColumnMap, known: Mapping[str, frozenset[str]], day_0: date
) -> Parser:
    parse = _parser_of(field, column_map, known, day_0)

    def unless_blank(cell: Cell) -> object:
        blank = isinstance(cell, str) and cell.strip().casefold() in column_map.blanks
        return parse(None if blank else cell)

    if field == "reference":
        return unless_blank
    # Nearly every cell says what another of its column said before; 1 and "1" are apart.
    return lru_cache(CELLS_REMEMBERED, typed=True)(unless_blank)


def _parser_of(
    field: str, column_map: ColumnMap, known: Mapping[str, frozenset[str]], day_0: date
) -> Parser:
    if field == "reference":
        return partial(cells.reference, prefix=column_map.prefix)
    if field.endswith(DAYS):
        return partial(cells.day, formats=column_map.dates, day_0=day_0)
    if field in NUMBERS:
        return NUMBERS[field]
    values = column_map.values.get(field, {})
    if field in LABELS:
        return partial(cells.label, values=values)
    read_codes = cells.some_of if field == "remedies" else cells.one_of
    # What the map itself means by a word is known as well.
    return partial(read_codes, known=known[field] | set(values.values()) - {""}, values=values)


def _place(header: str, places: Mapping[str, Sequence[int]], headers: Sequence[str]) -> int:
    found = places.get(plain(header), ())
    if not found:
        there = ", ".join(f"“{each}”" for each in headers if each)
        raise MendRequest("missing-column", f"There is no column “{header}”; there are {there}.")
    if len(found) > 1:
        raise MendRequest(
            "duplicate-header", f"{len(found)} columns are called “{header}”: rename all but one."
        )
    return found[0]
