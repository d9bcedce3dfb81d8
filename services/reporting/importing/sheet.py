"""A table as it comes: rows of cells under a row of headers, from a CSV file or a workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.reporting.importing.cells import DAY_0, Cell
from services.reporting.importing.mistakes import WrongRow
from services.shared.errors import MendRequest, TooLarge

LARGEST_FILE = 128 * 1024 * 1024
"""Bytes."""

MOST_ROWS = 1_048_576
"""As many as a worksheet has."""

MOST_COLUMNS = 500


@dataclass(frozen=True)
class Sheet:
    """Where the headers are, and the rows after them that say anything, each with its number."""

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[Cell] | WrongRow]]
    about: int
    """How many rows there are, about."""
    said: str
    """How it was read: the encoding and the separator, or the worksheet."""
    day_0: date = DAY_0
    """From which day it counts, where a cell holds the number of a day."""


def file_content(path: Path) -> bytes:
    """Returns the bytes of a table.

    Raises MendRequest `unreadable-file` or `empty-file`, TooLarge `file-too-large`.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // 1024 // 1024
            raise TooLarge("file-too-large", f"{path}: more than {limit} MB; import it in parts.")
        content = path.read_bytes()
    except OSError as error:
        raise MendRequest("unreadable-file", f"{path}: {error.strerror}.") from None
    if not content.strip():
        raise MendRequest("empty-file", f"{path} is empty.")
    return content


def header(cell: Cell) -> str:
    """Returns a header as it is shown: on one line, shortened, and nothing that is no text."""
    shown = " ".join(str(cell).split()) if isinstance(cell, str | int | float) else ""
    return "".join(each for each in shown if each.isprintable())[:80]


def numbered(
    rows: Iterator[Sequence[Cell] | WrongRow], first: int, columns: int
) -> Iterator[tuple[int, Sequence[Cell] | WrongRow]]:
    """Numbers rows from `first` on and leaves out those without any cell filled.

    A row is filled up to as many cells as there are `columns`; a longer one is wrong
    (`wrong-number-of-cells`). Raises TooLarge `too-many-rows`.
    """
    for number, row in enumerate(rows, first):
        if number > MOST_ROWS:
            raise TooLarge("too-many-rows", f"There are more than {MOST_ROWS:,} rows.")
        if isinstance(row, WrongRow):
            yield number, row
        elif any(_filled(cell) for cell in row[columns:]):
            words = "This row has more cells than there are headers."
            yield number, WrongRow("wrong-number-of-cells", words)
        elif any(_filled(cell) for cell in row):
            yield number, (*row[:columns], *[None] * (columns - len(row)))


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def check_headers(headers: Sequence[str]) -> None:
    """Raises MendRequest `no-headers`, TooLarge `too-many-columns`."""
    if not any(headers):
        raise MendRequest("no-headers", "The row of the headers is empty: see header_row.")
    if len(headers) > MOST_COLUMNS:
        raise TooLarge("too-many-columns", f"There are more than {MOST_COLUMNS} columns.")
