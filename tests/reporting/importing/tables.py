"""Small tables and maps of past complaints, written by hand for one test each."""

import io
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from services.reporting.importing.checking import Checked, check, open_table
from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.past import PastComplaint
from services.shared.working_days import working_days

TODAY = date(2026, 1, 30)

MAP: Mapping[str, Any] = {
    "policy": "housing-ombudsman",
    "effective": date(2024, 4, 1),
    "prefix": "OLD",
    "dates": ["%d/%m/%Y"],
    "blanks": ["n/a"],
    "columns": {
        "reference": "Ref",
        "received_on": "Received",
        "channel": "Channel",
        "category": "Category",
        "region": "Region",
        "tenure": "Tenure",
        "status": "Status",
        "refused_on": "Refused",
        "refusal_reason": "Refusal reason",
        "withdrawn_on": "Withdrawn",
        "closed_on": "Closed",
        "ombudsman_on": "Ombudsman",
        "determined_on": "Determined",
        "determination": "Determination",
        "orders": "Orders",
        "ombudsman_compensation": "Ordered",
        "survey_on": "Surveyed",
        "satisfaction": "Satisfaction",
    },
    "values": {"decline_reason": {"No new evidence": "insufficient-grounds"}},
    "stages": [
        {
            "name": "stage-1",
            "acknowledge_within": 5,
            "respond_within": 10,
            "columns": {
                "acknowledged_on": "Acknowledged",
                "respond_due": "Due",
                "extended_until": "Extended",
                "extension_told_on": "Extension told",
                "responded_on": "Responded",
                "decision": "Decision",
                "remedies": "Remedies",
                "compensation": "Paid",
            },
        },
        {
            "name": "stage-2",
            "acknowledge_within": 5,
            "respond_within": 20,
            "columns": {
                "requested_on": "Requested 2",
                "acknowledged_on": "Acknowledged 2",
                "responded_on": "Responded 2",
                "decision": "Decision 2",
                "declined_on": "Declined 2",
                "decline_reason": "Decline reason 2",
            },
        },
    ],
}
"""A map that names every sort of column."""

PLAIN = {
    "Ref": "1",
    "Received": "04/03/2024",  # a Monday
    "Channel": "Phone",
    "Acknowledged": "06/03/2024",
    "Responded": "20/03/2024",
    "Decision": "Upheld",
}
"""One complaint answered on the last day, a Wednesday."""


def column_map(**changes: Any) -> ColumnMap:
    """Returns the map with some of its parts in another way."""
    return ColumnMap.model_validate({**deepcopy(dict(MAP)), **changes})


def headers() -> list[str]:
    """Every column that the map names."""
    stages = [header for stage in MAP["stages"] for header in stage["columns"].values()]
    return [*MAP["columns"].values(), *stages]


def csv_of(*rows: Mapping[str, str]) -> str:
    """Returns rows as CSV under all headers; what a row leaves out is empty."""
    lines = [headers(), *([row.get(header, "") for header in headers()] for row in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


def workbook_of(
    *rows: Mapping[str, object], sheet: str = "Complaints", from_1904: bool = False
) -> bytes:
    """Returns rows as a workbook under all headers, its strings shared as Excel shares them."""
    out = io.BytesIO()
    options = {"default_date_format": "dd/mm/yyyy", "date_1904": from_1904}
    with xlsxwriter.Workbook(out, options) as book:
        worksheet = book.add_worksheet(sheet)
        for number, row in enumerate([dict(zip(headers(), headers(), strict=True)), *rows]):
            worksheet.write_row(number, 0, [row.get(header) for header in headers()])
    return out.getvalue()


def checked(folder: Path, content: str | bytes, **changes: Any) -> Checked:
    """Writes a table to a file and checks it."""
    file = folder / "table"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    by_map = column_map(**changes)
    return check(open_table(file, by_map), by_map, working_days("england"), TODAY)


def complaint(folder: Path, **row: str) -> PastComplaint:
    """Returns the one complaint of a row that differs from the plain one."""
    (found,) = all_complaints(folder, {**PLAIN, **row})
    return found


def all_complaints(folder: Path, *rows: Mapping[str, str]) -> tuple[PastComplaint, ...]:
    """Returns the complaints of rows without a mistake."""
    found = checked(folder, csv_of(*rows))
    assert found.mistakes == ()
    return found.complaints


def codes(folder: Path, *rows: Mapping[str, str], **changes: Any) -> list[tuple[int, str, str]]:
    """Returns the row, the column and the code of every mistake."""
    found = checked(folder, csv_of(*rows), **changes)
    return [(one.row, one.column, one.code) for one in found.mistakes]


def written(day: datetime | date) -> str:
    """Returns a day as the map's tables have it."""
    return f"{day:%d/%m/%Y}"
