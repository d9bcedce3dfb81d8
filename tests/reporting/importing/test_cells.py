"""What a cell means, and what is refused, without quoting it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from services.reporting.importing import cells
from services.reporting.importing.mistakes import WrongCell

BRITISH = ("%d/%m/%Y", "%Y-%m-%d", "%d %b %y")
DECISIONS = frozenset({"upheld", "not-upheld", "partially-upheld"})


def refused(parse: Any, *arguments: Any) -> str:
    with pytest.raises(WrongCell) as refusal:
        parse(*arguments)
    assert str(arguments[0]) not in refusal.value.words
    return refusal.value.code


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("29/02/2024", date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29)),
        (" 1 Mar 24 ", date(2024, 3, 1)),
        (datetime(2024, 2, 29, 23, 59), date(2024, 2, 29)),  # noqa: DTZ001 — a workbook's own
        (date(2024, 2, 29), date(2024, 2, 29)),
        (45351, date(2024, 2, 29)),
        (45351.99, date(2024, 2, 29)),
        ("45351", date(2024, 2, 29)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_from_a_text_a_date_or_the_number_of_a_spreadsheet(
    cell: object, day: date | None
) -> None:
    assert cells.day(cell, BRITISH) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("29/02/2023", "not-a-date"),
        ("31/04/2024", "not-a-date"),
        ("02/29/2024", "not-a-date"),
        ("yesterday", "not-a-date"),
        ("60", "not-a-date"),  # the leap day of 1900 that there never was
        ("1e999", "not-a-date"),
        ("4.5e4", "not-a-date"),
        ("45_351", "not-a-date"),
        ("+45351", "not-a-date"),
        (-1, "not-a-date"),
        (True, "not-a-date"),
        (timedelta(days=3), "not-a-date"),
        (time(10), "formula-cell"),
        ("01/01/1980", "impossible-date"),
        ("=TODAY()", "formula-cell"),
        ("#REF!", "error-cell"),
    ],
)
def test_what_is_no_day_is_refused(cell: object, code: str) -> None:
    assert refused(cells.day, cell, BRITISH) == code


def test_a_workbook_may_count_its_days_from_1904() -> None:
    assert cells.day(43889, BRITISH, cells.DAY_0_OF_1904) == date(2024, 2, 29)
    assert cells.day("43889", BRITISH, cells.DAY_0_OF_1904) == date(2024, 2, 29)
    assert cells.day(datetime(2024, 2, 29), BRITISH, cells.DAY_0_OF_1904) == date(2024, 2, 29)  # noqa: DTZ001 — a workbook's own
    assert refused(cells.day, 60, BRITISH, cells.DAY_0_OF_1904) == "not-a-date"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("C/2024/00123", "OLD-C-2024-00123"),
        ("c 2024.7", "OLD-C-2024-7"),
        (1234, "OLD-1234"),
        (1234.0, "OLD-1234"),
        ("PR-7K3M-2QXD", "OLD-PR-7K3M-2QXD"),
        ("  ", None),
    ],
)
def test_a_reference_is_theirs_after_the_prefix(theirs: object, ours: str | None) -> None:
    assert cells.reference(theirs, "OLD") == ours


@pytest.mark.parametrize(
    "theirs",
    [
        "Ada Bell",
        "Ada Bell of 4 Orchard Court",
        "ada.bell@example.org",
        "7 <b>",
        "é1",
        "1" * 41,
        "-1",
        "1\u202e2",
    ],
)
def test_what_might_be_a_name_or_an_address_is_no_reference(theirs: str) -> None:
    assert refused(cells.reference, theirs, "OLD") in {"not-a-reference", "unprintable-character"}


@pytest.mark.parametrize(
    ("cell", "pence"),
    [
        ("£1,250.50", 125_050),
        ("12.1", 1210),
        ("£ 12.10", 1210),
        ("1,250", 125_000),
        ("1250.5", 125_050),
        (12.1, 1210),
        (0.29, 29),
        (1e3, 100_000),
        (150, 15_000),
        ("0", None),
        ("", None),
        ("1000000", 100_000_000),
    ],
)
def test_an_amount_is_read_in_pence(cell: object, pence: int | None) -> None:
    assert cells.pence(cell) == pence


@pytest.mark.parametrize(
    "cell",
    [
        *("12.345", "-5", "1000000.01", "NaN", "1e400", "ten", "€5", "∞", "1,000,000,000"),
        # Pounds and pence as others write them, of which a careless reading makes 100 times more.
        *("12,50", "1.250,00", "1,2,3", "12,5000", ",500", "1,25.50", "0,5"),
        *("1_000", "1e3", "12.", ".50", "£", "£-5", "££5", "5£", "٣", "+5"),
        *(12.345, -5, 1e12, float("inf"), float("nan"), True),
    ],
)
def test_what_is_no_amount_is_refused(cell: object) -> None:
    assert refused(cells.pence, cell) == "not-an-amount"


def test_a_count_is_a_whole_number() -> None:
    assert (cells.count("3"), cells.count(3.0), cells.count("")) == (3, 3, None)
    for cell in ("-1", "2.5", "²", "9" * 30, "10001"):
        assert refused(cells.count, cell) == "not-a-number"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("Not Upheld", "not-upheld"),
        ("PARTLY  upheld", "partially-upheld"),
        ("Withdrawn", None),
        ("", None),
    ],
)
def test_a_known_code_is_meant_by_its_own_name_or_by_the_map(cell: str, meant: str | None) -> None:
    values = {"partly upheld": "partially-upheld", "withdrawn": ""}
    assert cells.one_of(cell, DECISIONS, values) == meant


def test_a_word_that_nobody_mapped_is_refused() -> None:
    assert refused(cells.one_of, "Resolved by Ada", DECISIONS, {}) == "unknown-value"


def test_several_codes_stand_apart_by_semicolons_or_commas() -> None:
    known = frozenset({"apology", "action"})
    values = {"said sorry, repaired": "apology", "repair": "action"}
    assert cells.some_of("Apology; repair, Apology", known, values) == ("apology", "action")
    assert cells.some_of("Said sorry, repaired", known, values) == ("apology",)
    assert cells.some_of(None, known, values) == ()


def test_a_name_from_a_list_is_kept_as_it_is() -> None:
    assert cells.label("Rent & service  charges", {}) == "Rent & service charges"
    assert cells.label("Old", {"old": "New"}) == "New"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("The boiler has been off since Monday and nobody of your staff rang me back.", "list"),
        ("+44 1632 960123", "list"),
        ("<script>", "list"),
        ("@SUM(A1)", "list"),
        ("=cmd|' /C calc'!A0", "formula-cell"),
        ("#N/A", "error-cell"),
        ("bell\x07", "unprintable-character"),
        (datetime(2024, 1, 1), "unexpected-date"),  # noqa: DTZ001 — a workbook's own
    ],
)
def test_what_no_list_holds_is_refused(cell: object, code: str) -> None:
    assert refused(cells.label, cell, {}) in {code, f"not-from-a-{code}"}
