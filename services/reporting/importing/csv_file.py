"""Reading a table from CSV, whatever wrote it: its encoding and its separator are found out."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from itertools import islice

from services.reporting.importing.mistakes import WrongRow
from services.reporting.importing.sheet import (
    LARGEST_FILE,
    MOST_COLUMNS,
    Sheet,
    check_headers,
    header,
    numbered,
)
from services.shared.errors import MendRequest

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Encodings that a file itself names by its first bytes."""

GUESSED = ("utf-8", "cp1252")
"""What it is otherwise: the first of these in which every byte means something."""

NAMES_SEPARATOR = re.compile('"?sep=([,;|\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)
"""The line with which Excel is told the separator. It shows no such line, and counts none."""

MOST_LINES = 1_000
"""Lines of one row, in cells of several lines. A quote that is opened and never closed would make
one row of the rest of the file."""


def read_csv(content: bytes, wanted: Collection[str], header_row: int) -> Sheet:
    """Reads CSV. The separator is the one by which most of the `wanted` headers are found.

    A row that cannot be read is wrong (`unreadable-row`), and the next line begins another. Raises
    MendRequest `unreadable-encoding`, `nul-in-file`, `unreadable-csv` for the row of the headers,
    and what `check_headers` raises.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MendRequest("nul-in-file", f"Line {line} holds a NUL character: this is no CSV file.")
    # Whoever reads the cells says which is too long: then it is one cell that is wrong.
    csv.field_size_limit(LARGEST_FILE)
    named = NAMES_SEPARATOR.match(text)
    if named is not None:
        text, separator = text[named.end() :], named[1]
    else:
        separator = max(SEPARATORS, key=lambda each: _found(text, each, wanted, header_row))
    rows = _rows(text, separator)
    headers = _headers(rows, header_row)
    check_headers(headers)
    return Sheet(
        headers,
        numbered(rows, header_row + 1, len(headers)),
        max(text.count("\n") - header_row, 1),
        f"{encoding}, separated by {SEPARATORS[separator]}",
    )


def _decoded(content: bytes) -> tuple[str, str]:
    marked = [encoding for mark, encoding in MARKED if content.startswith(mark)]
    for encoding in marked or GUESSED:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise MendRequest(
        "unreadable-encoding",
        f"This is none of {', '.join(marked or GUESSED)}: save it as CSV in UTF-8.",
    )


def _found(text: str, separator: str, wanted: Collection[str], header_row: int) -> tuple[int, int]:
    """Returns how many of the wanted headers a separator finds, and how often it stands there."""
    first_lines = islice(io.StringIO(text), header_row)
    often = max((line.count(separator) for line in first_lines), default=0)
    try:
        headers = _headers(_rows(text, separator), header_row) if often else ()
    except MendRequest:
        return (0, often)
    return (len({each.casefold() for each in headers} & set(wanted)), often)


def _headers(rows: Iterator[list[str] | WrongRow], header_row: int) -> tuple[str, ...]:
    cells: list[str] | WrongRow = []
    for _ in range(header_row):
        cells = next(rows, [])
    if isinstance(cells, WrongRow):
        raise MendRequest("unreadable-csv", f"The row of the headers: {cells.words}")
    headers = list(cells)
    while headers and not headers[-1].strip():
        headers.pop()
    # One more than may be: whoever counts sees that there are too many.
    return tuple(header(cell) for cell in headers[: MOST_COLUMNS + 1])


def _rows(text: str, separator: str) -> Iterator[list[str] | WrongRow]:
    lines = io.StringIO(text, newline="")
    while True:
        begins = lines.tell()
        # A reader for each row: it asks for no line more than the row has.
        reader = csv.reader(islice(lines, MOST_LINES), delimiter=separator, strict=True)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            lines.seek(begins)
            lines.readline()
            words = "A quotation mark is open or astray: a cell with one in it has it doubled."
            yield WrongRow("unreadable-row", words)
        else:
            yield row
