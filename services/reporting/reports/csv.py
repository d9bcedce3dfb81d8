"""The figures of a report as one flat CSV file, for other programs.

UTF-8 with a byte order mark, without which spreadsheets take it for the machine's own encoding.
"""

import csv
import io
from decimal import Decimal

from services.reporting.reports.document import Report
from services.reporting.reports.flat import Line, lines

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, in narrow and in wide letters."""

TAKEN_AS_TEXT = "'"


def render(report: Report) -> bytes:
    """Returns the file. Texts that begin like a formula get an apostrophe before them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(Line._fields)
    for line in lines(report):
        writer.writerow([plain(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def plain(value: str | int | Decimal | None) -> str:
    """Returns how a value is written: None as nothing, a text in such a way that it stays one."""
    if isinstance(value, str):
        return TAKEN_AS_TEXT + value if value.startswith(STARTS_A_FORMULA) else value
    return "" if value is None else f"{Decimal(value):f}"
