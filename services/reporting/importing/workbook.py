"""Reading a table from an Excel workbook (.xlsx), bounded in memory and time whatever is in it."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.reporting.importing.cells import DAY_0, DAY_0_OF_1904, Cell
from services.reporting.importing.sheet import MOST_COLUMNS, Sheet, check_headers, header, numbered
from services.shared.errors import MendRequest, TooLarge

PACKAGE = b"PK\x03\x04"
"""What a workbook begins with: it is a zip archive."""

COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
"""What an .xls begins with, and a workbook under a password."""

LARGEST_UNPACKED = 512 * 1024 * 1024
"""Bytes; 100,000 complaints of 25 columns are about 130 MB."""

LARGEST_PART = {"xl/sharedstrings.xml": 128 * 1024 * 1024, "xl/styles.xml": 16 * 1024 * 1024}
"""Bytes of the parts that are held in memory whole."""

MOST_PARTS = 2_000

PIECE = 1024 * 1024

DECLARES = b"<!DOCTYPE"
"""How XML begins to declare entities, which can unfold to any size."""


def is_workbook(content: bytes) -> bool:
    """Tells a workbook from a text. Raises MendRequest `old-workbook` for one that is not read."""
    if content.startswith(COMPOUND_FILE):
        raise MendRequest(
            "old-workbook", "This is an .xls file or under a password: save it as .xlsx without."
        )
    return content.startswith(PACKAGE)


def read_workbook(content: bytes, sheet: str | None, header_row: int) -> Sheet:
    """Reads one worksheet, the first unless `sheet` names another.

    Raises MendRequest `unreadable-workbook` (also while its rows are read), `unknown-sheet`,
    TooLarge `workbook-too-large`, and what `check_headers` raises.
    """
    _check_parts(content)
    with _refusing(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which are nothing to us
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        worksheets = {each.title: each for each in book.worksheets}
    if not worksheets or (sheet is not None and sheet not in worksheets):
        names = ", ".join(f"“{header(name)}”" for name in worksheets)
        raise MendRequest("unknown-sheet", f"The workbook has these sheets: {names or 'none'}.")
    worksheet = worksheets[sheet] if sheet is not None else next(iter(worksheets.values()))
    about = worksheet.max_row or 1
    # What a worksheet says of its own size is often wrong, and rows would be padded to it.
    worksheet.reset_dimensions()
    rows = _rows(worksheet)
    cells: Sequence[Cell] = ()
    for _ in range(header_row):
        cells = next(rows, ())
    headers = tuple(header(cell) for cell in cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    check_headers(headers)
    return Sheet(
        headers,
        numbered(rows, header_row + 1, len(headers)),
        max(about - header_row, 1),
        f"the sheet “{header(worksheet.title)}”",
        DAY_0_OF_1904 if book.epoch == CALENDAR_MAC_1904 else DAY_0,
    )


def _rows(worksheet: Any) -> Iterator[Sequence[Cell]]:  # noqa: ANN401 — openpyxl has no types
    with _refusing():
        for row in worksheet.iter_rows(values_only=True):
            # One more than may be: whoever counts sees that there are too many.
            yield row[: MOST_COLUMNS + 1]


@contextmanager
def _refusing() -> Iterator[None]:
    """Makes one refusal of whatever openpyxl meets in a damaged workbook."""
    try:
        yield
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 — of a damaged workbook openpyxl raises anything
        kind = type(error).__name__  # its text may quote a cell
        raise MendRequest(
            "unreadable-workbook", f"The workbook cannot be read ({kind}): save it anew as .xlsx."
        ) from None


def _check_parts(content: bytes) -> None:
    """Unpacks the workbook once and keeps nothing: what it says of its own size may be wrong."""
    with _refusing():
        package = zipfile.ZipFile(io.BytesIO(content))
        parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise _too_large()
    room = LARGEST_UNPACKED
    for part in parts:
        room -= _size(package, part, min(room, LARGEST_PART.get(part.filename.casefold(), room)))


def _size(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """Returns how many bytes a part has, and refuses one that declares entities."""
    size, before = 0, b""
    with _refusing(), package.open(part) as stream:
        pieces = iter(partial(stream.read, PIECE), b"")
        for piece in pieces:
            size += len(piece)
            # A text of two bytes a character has a NUL in each.
            seen = before + piece.replace(b"\0", b"")
            if size > most or DECLARES in seen:
                break
            before = seen[-len(DECLARES) :]
        else:
            return size
    if size > most:
        raise _too_large()
    raise MendRequest("unreadable-workbook", "The workbook declares entities: no Excel does that.")


def _too_large() -> TooLarge:
    return TooLarge(
        "workbook-too-large", "Unpacked, this workbook is too large: import it in parts, or as CSV."
    )
