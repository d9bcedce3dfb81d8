"""Files as they come, and files as somebody hostile makes them: read, or refused with a code."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from services.reporting.importing import csv_file, sheet, workbook
from services.reporting.importing.checking import open_table
from services.shared.errors import PutrightError
from tests.reporting.importing.tables import (
    PLAIN,
    checked,
    column_map,
    csv_of,
    headers,
    workbook_of,
)

DATES = {
    "Received": datetime(2024, 3, 4),  # noqa: DTZ001 — a workbook's own
    "Acknowledged": datetime(2024, 3, 6, 15, 30),  # noqa: DTZ001 — likewise
    "Responded": date(2024, 3, 20),
}


def refusal(folder: Path, content: str | bytes, **changes: object) -> str:
    with pytest.raises(PutrightError) as refused:
        checked(folder, content, **changes)
    return refused.value.code


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with some of its parts in another way."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found_out_and_said(tmp_path: Path, encoding: str, said: str) -> None:
    table = csv_of({**PLAIN, "Category": "Repairs"}).replace('"Region"', '"Région £"')
    by_map = {**column_map().model_dump()["columns"], "region": "Région £"}
    found = checked(tmp_path, table.encode(encoding), columns=by_map)
    assert found.said == f"{said}, separated by commas"
    assert len(found.complaints) == 1


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_is_the_one_by_which_the_columns_are_found(
    tmp_path: Path, separator: str
) -> None:
    table = csv_of(PLAIN).replace('","', f'"{separator}"').replace('"Category"', '"a, b, c, d"')
    by_map = {**column_map().model_dump()["columns"], "category": "a, b, c, d"}
    assert len(checked(tmp_path, table, columns=by_map).complaints) == 1


def test_headers_are_found_in_whatever_case_and_below_a_title(tmp_path: Path) -> None:
    table = "Complaints 2024,,\r\n\r\n" + csv_of(PLAIN).replace('"Received"', '" RECEIVED "')
    found = checked(tmp_path, table, header_row=3)
    assert [one.row for one in found.complaints] == [4]


def test_empty_lines_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    first, second = csv_of(PLAIN), csv_of({**PLAIN, "Ref": "2"}).splitlines()[1]
    found = checked(tmp_path, f"{first}\r\n,,,\r\n{second}")
    assert [one.row for one in found.complaints] == [2, 5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b" \r\n \r\n", "empty-file"),
        (b"\xef\xbb\xbf", "no-headers"),
        (b",,,\r\n1,2,3\r\n", "no-headers"),
        (b"Ref;Date\r\n1;2\r\n", "missing-column"),
        (b'Ref,"Date\r\n1,2\r\n', "unreadable-csv"),
        (b'"Ref"x,Date\r\n1,2\r\n', "unreadable-csv"),
        (b"Ref,\0Date\r\n", "nul-in-file"),
        ("Ref,Date".encode("utf-16-le"), "nul-in-file"),
        (b"\xff\xfeR\0e\0f", "unreadable-encoding"),
        (b"Ref,\x81\x8d", "unreadable-encoding"),
        (b"\xef\xbb\xbfRef,\xff", "unreadable-encoding"),
        (b"%PDF-1.7\x81\x8d\x8f", "unreadable-encoding"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"...", "old-workbook"),
        (b"PK\x03\x04 and no zip", "unreadable-workbook"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content) == code


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PutrightError) as refused:
        open_table(tmp_path, column_map())
    assert refused.value.code == "unreadable-file"


def test_headers_alone_are_no_table(tmp_path: Path) -> None:
    assert refusal(tmp_path, csv_of()) == "no-rows"


def test_a_header_that_is_mapped_and_there_twice_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, csv_of(PLAIN).replace('"Region"', '"ref"')) == "duplicate-header"


def test_a_row_of_more_cells_than_headers_is_a_mistake_of_its_own(tmp_path: Path) -> None:
    table = csv_of(PLAIN, {**PLAIN, "Ref": "2"}).splitlines()
    found = checked(tmp_path, "\r\n".join((*table[:2], table[1] + ",,more", table[2])))
    assert [(one.row, one.column, one.code) for one in found.mistakes] == [
        (3, "", "wrong-number-of-cells")
    ]
    assert [one.row for one in found.complaints] == [2, 4]
    assert checked(tmp_path, table[0] + "\r\n" + table[1] + ",,,\r\n").mistakes == ()


@pytest.mark.parametrize("astray", ['"Boiler" off', '"never closed', '"'])
def test_a_stray_quote_is_a_mistake_of_its_row_and_the_next_line_begins_another(
    tmp_path: Path, astray: str
) -> None:
    first, *lines = csv_of(*({**PLAIN, "Ref": str(at)} for at in range(1, 4))).splitlines()
    lines[1] = astray + lines[1].replace('"', "")
    for table in (lines, [line.replace('"', "") if line != lines[1] else line for line in lines]):
        found = checked(tmp_path, "\r\n".join((first, *table)))
        assert [(one.row, one.code) for one in found.mistakes] == [(3, "unreadable-row")]
        assert [one.row for one in found.complaints] == [2, 4]


def test_no_quote_that_is_never_closed_makes_one_row_of_the_rest(tmp_path: Path) -> None:
    first, *lines = csv_of(
        *({**PLAIN, "Ref": str(at)} for at in range(csv_file.MOST_LINES + 5))
    ).splitlines()
    plain = [line.replace('"', "") for line in lines]
    plain[1] = '"' + plain[1]
    plain[-1] += '"'
    found = checked(tmp_path, "\r\n".join((first, *plain)))
    assert {one.code for one in found.mistakes} == {"unreadable-row"}
    assert [one.row for one in found.mistakes] == [3, len(lines) + 1]
    assert len(found.complaints) == len(lines) - 2


def test_the_line_that_tells_excel_the_separator_is_no_row(tmp_path: Path) -> None:
    table = csv_of(PLAIN, {**PLAIN, "Ref": "bad"}).replace('","', '";"')
    for line in ("sep=;", '"sep=;"', "SEP=;"):
        found = checked(tmp_path, f"\ufeff{line}\r\n{table}")
        assert ([one.row for one in found.complaints], found.mistakes[0].row) == ([2], 3)
        assert found.said == "utf-8-sig, separated by semicolons"


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, ",".join(map(str, range(2**20))) + "\r\n1\r\n") == "too-many-columns"


def test_a_cell_as_long_as_a_book_is_a_mistake_of_its_row(tmp_path: Path) -> None:
    book = "line\n" * 500 + "x" * 200_000
    table = csv_of(PLAIN, {**PLAIN, "Ref": "2", "Category": book}, {**PLAIN, "Ref": "3"})
    found = checked(tmp_path, table)
    assert [(one.row, one.column, one.code) for one in found.mistakes] == [
        (3, "Category", "cell-too-long")
    ]
    assert [one.row for one in found.complaints] == [2, 4]
    # What stands in a column of nobody does not count.
    unnamed = table.replace("Category", "Notes")
    by_map = {**column_map().model_dump()["columns"], "category": None}
    assert checked(tmp_path, unnamed, columns=by_map).mistakes == ()


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as stream:
        stream.truncate(sheet.LARGEST_FILE + 1)
    with pytest.raises(PutrightError) as refused:
        open_table(file, column_map())
    assert refused.value.code == "file-too-large"


def test_a_control_character_is_refused_in_its_cell(tmp_path: Path) -> None:
    found = checked(tmp_path, csv_of({**PLAIN, "Category": "bell\x07"}))
    assert [one.code for one in found.mistakes] == ["unprintable-character"]


def test_a_workbook_says_the_same_as_its_csv(tmp_path: Path) -> None:
    from_text = checked(tmp_path, csv_of(PLAIN))
    from_book = checked(tmp_path, workbook_of({**PLAIN, **DATES, "Ref": 1}))
    assert from_book.complaints == from_text.complaints
    assert from_book.said == "the sheet “Complaints”"
    numbers = {"Received": 45355, "Acknowledged": 45357.5, "Responded": 45371}
    assert checked(tmp_path, workbook_of({**PLAIN, **numbers})).complaints == from_text.complaints


def test_days_of_a_workbook_that_counts_from_1904_are_its_own(tmp_path: Path) -> None:
    from_text = checked(tmp_path, csv_of(PLAIN))
    # Two as dates, one as the bare number that an unformatted cell holds.
    cells = {**PLAIN, **DATES, "Responded": (date(2024, 3, 20) - date(1904, 1, 1)).days}
    found = checked(tmp_path, workbook_of(cells, from_1904=True))
    assert (found.mistakes, found.complaints) == ((), from_text.complaints)


def test_the_sheet_that_the_map_names_is_read(tmp_path: Path) -> None:
    content = workbook_of({**PLAIN, **DATES}, sheet="2024")
    assert len(checked(tmp_path, content, sheet="2024").complaints) == 1
    assert refusal(tmp_path, content, sheet="2025") == "unknown-sheet"


def test_a_formula_or_its_error_in_a_mapped_column_is_refused(tmp_path: Path) -> None:
    cells = {"Decision": '=IF(A2="","Upheld","")', "Category": "#N/A"}
    found = checked(tmp_path, workbook_of({**PLAIN, **DATES, **cells}))
    assert {(one.column, one.code) for one in found.mistakes} == {
        ("Decision", "formula-cell"),
        ("Category", "error-cell"),
    }


def test_an_array_formula_is_refused_and_in_a_column_of_nobody_not_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of({**PLAIN, **DATES})))
    worksheet = book.worksheets[0]
    for column in (headers().index("Received") + 1, len(headers()) + 1):
        worksheet.cell(1, column, "Notes" if column > len(headers()) else "Received")
        worksheet.cell(2, column, ArrayFormula("A9", "=SUM(A1:A2)"))
    out = io.BytesIO()
    book.save(out)
    found = checked(tmp_path, out.getvalue())
    assert [(one.column, one.code) for one in found.mistakes] == [("Received", "formula-cell")]
    assert found.ignored == ("Notes",)


def test_a_workbook_that_says_it_is_as_large_as_can_be_is_read_as_far_as_it_goes(
    tmp_path: Path,
) -> None:
    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return part
        return re.sub(rb'<dimension ref="[A-Z0-9:]*"', b'<dimension ref="A1:XFD1048576"', part)

    content = repacked(workbook_of({**PLAIN, **DATES}), change)
    assert b"XFD" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert len(checked(tmp_path, content).complaints) == 1


def test_a_row_far_beyond_the_end_of_any_sheet_is_refused(tmp_path: Path) -> None:
    def change(_name: str, part: bytes) -> bytes:
        return part.replace(b'<row r="2"', b'<row r="999999999999"')

    content = repacked(workbook_of({**PLAIN, **DATES}), change)
    assert refusal(tmp_path, content) == "too-many-rows"


def test_a_zip_bomb_is_refused_without_being_unpacked_whole(tmp_path: Path) -> None:
    def change(name: str, part: bytes) -> bytes:
        large = name == "xl/sharedStrings.xml"
        return part + b" " * workbook.LARGEST_PART[name.casefold()] if large else part

    content = repacked(workbook_of({**PLAIN, **DATES}), change)
    assert len(content) < 1024 * 1024
    assert refusal(tmp_path, content) == "workbook-too-large"


def test_a_workbook_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO(workbook_of(PLAIN))
    with zipfile.ZipFile(out, "a") as package:
        for number in range(workbook.MOST_PARTS):
            package.writestr(f"xl/media/{number}", b"")
    assert refusal(tmp_path, out.getvalue()) == "workbook-too-large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return part
        xml = part.decode().split("?>")[-1]
        return f'<?xml version="1.0" encoding="{encoding}"?>{bomb}{xml}'.encode(encoding)

    assert refusal(tmp_path, repacked(workbook_of(PLAIN), change)) == "unreadable-workbook"


def test_a_damaged_workbook_is_refused_or_read_and_never_breaks(tmp_path: Path) -> None:
    whole = workbook_of({**PLAIN, **DATES})
    chance = random.Random(5)  # noqa: S311 — damage is no secret
    outcomes = set()
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 8)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            checked(tmp_path, bytes(damaged))
            outcomes.add("read")
        except PutrightError as refused:
            outcomes.add(refused.code)
    assert "unreadable-workbook" in outcomes
