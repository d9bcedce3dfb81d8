"""Reading a table from CSV, whatever wrote it: its encoding and its separator are found out."""

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from itertools import islice

from services.reporting.importing.sheet import MOST_COLUMNS, Sheet, check_headers, header, numbered
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

LONGEST_CELL = 100_000


def read_csv(content: bytes, wanted: Collection[str], header_row: int) -> Sheet:
    """Reads CSV. The separator is the one by which most of the `wanted` headers are found.

    Raises MendRequest `unreadable-encoding`, `nul-in-file`, `unreadable-csv` (also while its rows
    are read), and what `check_headers` raises.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MendRequest("nul-in-file", f"Line {line} holds a NUL character: this is no CSV file.")
    csv.field_size_limit(LONGEST_CELL)
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


def _headers(rows: Iterator[list[str]], header_row: int) -> tuple[str, ...]:
    headers: list[str] = []
    for _ in range(header_row):
        headers = next(rows, [])
    while headers and not headers[-1].strip():
        headers.pop()
    # One more than may be: whoever counts sees that there are too many.
    return tuple(header(cell) for cell in headers[: MOST_COLUMNS + 1])


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MendRequest(
                "unreadable-csv", f"Line {reader.line_num} cannot be read: {error}."
            ) from None
        yield row
