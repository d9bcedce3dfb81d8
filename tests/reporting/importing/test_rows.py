"""What a row tells, and every way in which it cannot have been."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.reporting.importing.past import PastOmbudsman, PastStage
from services.shared.errors import MendRequest
from tests.reporting.importing.tables import (
    PLAIN,
    all_complaints,
    checked,
    codes,
    complaint,
    csv_of,
)

STAGE_2 = {"Requested 2": "25/03/2024", "Acknowledged 2": "27/03/2024"}
REFUSED = {"Acknowledged": "", "Responded": "", "Decision": ""}


def test_a_plain_row_is_a_complaint_answered_at_one_stage(tmp_path: Path) -> None:
    found = complaint(tmp_path, Category="Repairs", Tenure="Rented")
    assert (found.row, found.reference, found.channel) == (2, "OLD-1", "phone")
    assert (found.category, found.region, found.tenure) == ("Repairs", None, "rented")
    assert found.stages == (
        PastStage(
            asked_on=date(2024, 3, 4),
            acknowledged_on=date(2024, 3, 6),
            responded_on=date(2024, 3, 20),
            decision="upheld",
        ),
    )
    assert found.ended_on == date(2024, 3, 20)


def test_both_stages_remedies_the_ombudsman_and_a_survey(tmp_path: Path) -> None:
    found = complaint(
        tmp_path,
        **STAGE_2,
        **{"Responded 2": "22/04/2024", "Decision 2": "Not upheld", "Closed": "30/04/2024"},
        Remedies="Apology, Payment",
        Paid="£150",
        Ombudsman="01/06/2024",
        Determined="02/01/2025",
        Orders="2",
        Determination="Service failure",
        Ordered="300",
        Satisfaction="Neither",
    )
    first, second = found.stages
    assert (first.remedies, first.pence) == (("apology",), 15_000)
    assert (second.asked_on, second.decision) == (date(2024, 3, 25), "not-upheld")
    assert found.ombudsman == PastOmbudsman(
        involved_on=date(2024, 6, 1),
        determined_on=date(2025, 1, 2),
        determination="service-failure",
        orders=2,
        pence=30_000,
    )
    assert (found.satisfaction, found.survey_on) == ("neither", date(2024, 4, 30))


@pytest.mark.parametrize(
    ("row", "ended_on"),
    [
        ({"Refused": "05/03/2024", "Refusal reason": "Over 12 months", **REFUSED}, "2024-03-05"),
        ({"Status": "Refused", "Closed": "06/03/2024", **REFUSED}, "2024-03-06"),
        ({"Withdrawn": "07/03/2024", "Responded": "", "Decision": ""}, "2024-03-07"),
        ({"Status": "Withdrawn", "Closed": "08/03/2024", "Responded": "", "Decision": ""},
         "2024-03-08"),
        ({"Closed": "01/07/2024", "Responded": "", "Decision": ""}, "2024-07-01"),
        ({**STAGE_2, "Declined 2": "28/03/2024", "Acknowledged 2": ""}, "2024-03-28"),
    ],
)  # fmt: skip
def test_every_way_in_which_a_complaint_ends(
    tmp_path: Path, row: dict[str, str], ended_on: str
) -> None:
    assert complaint(tmp_path, **row).ended_on == date.fromisoformat(ended_on)


def test_a_refusal_without_a_reason_says_so(tmp_path: Path) -> None:
    found = complaint(tmp_path, **REFUSED, Status="refused", Closed="05/03/2024")
    assert found.refusal_reason == "not-recorded"
    assert complaint(tmp_path, **STAGE_2, **{"Declined 2": "28/03/2024"}).stages[
        1
    ].decline_reason == ("not-recorded")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"Ref": ""}, "Ref", "missing-value"),
        ({"Ref": "Ada Bell"}, "Ref", "not-a-reference"),
        ({"Received": ""}, "Received", "missing-value"),
        ({"Channel": "n/a"}, "Channel", "missing-value"),
        ({"Received": "30/02/2024"}, "Received", "not-a-date"),
        ({"Received": "01/12/2011"}, "Received", "beyond-the-calendar"),
        ({"Decision": "Resolved"}, "Decision", "unknown-value"),
        ({"Category": "=1+1"}, "Category", "formula-cell"),
        ({"Acknowledged": "01/03/2024"}, "Acknowledged", "out-of-order"),
        ({"Responded": "05/03/2024"}, "Responded", "out-of-order"),
        ({"Closed": "19/03/2024"}, "Closed", "out-of-order"),
        ({"Due": "01/03/2024"}, "Due", "out-of-order"),
        ({"Responded": "01/03/2026"}, "Responded", "in-the-future"),
        ({"Extended": "20/03/2024"}, "Extended", "not-an-extension"),
        ({"Extension told": "12/03/2024"}, "Extension told", "missing-value"),
        ({"Extended": "03/04/2024", "Extension told": "21/03/2024"}, "Extension told",
         "out-of-order"),
        ({"Responded": "", "Closed": "01/07/2024"}, "Decision", "not-answered"),
        ({"Remedies": "Payment"}, "Remedies", "missing-value"),
        ({"Refused": "21/03/2024"}, "Refused", "contradiction"),
        ({"Acknowledged 2": "27/03/2024"}, "Acknowledged 2", "stage-not-requested"),
        ({"Requested 2": "19/03/2024", "Responded 2": "15/04/2024"}, "Requested 2", "out-of-order"),
        ({**STAGE_2, "Declined 2": "28/03/2024", "Responded 2": "28/03/2024"}, "Declined 2",
         "contradiction"),
        ({"Status": "closed", "Responded": "", "Decision": ""}, "Status", "no-end-date"),
        ({"Status": "closed", **STAGE_2}, "Status", "no-end-date"),
        ({"Status": "withdrawn"}, "Status", "no-end-date"),
        ({"Status": "open"}, "Ref", "still-open"),
        ({"Responded": "", "Decision": ""}, "Ref", "still-open"),
        (STAGE_2, "Ref", "still-open"),
        ({"Determined": "01/06/2024"}, "Determined", "missing-value"),
        ({"Determined": "01/06/2024", "Determination": "Mediated"}, "Ombudsman", "missing-value"),
        ({"Ombudsman": "01/02/2024"}, "Ombudsman", "out-of-order"),
        ({"Surveyed": "01/02/2024", "Satisfaction": "neither"}, "Surveyed", "out-of-order"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_have_been_is_refused_with_its_column(
    tmp_path: Path, row: dict[str, str], column: str, code: str
) -> None:
    assert (2, column, code) in codes(tmp_path, {**PLAIN, **row})


def test_every_wrong_cell_of_every_row_is_said(tmp_path: Path) -> None:
    wrong = {"Received": "soon", "Decision": "perhaps"}
    found = codes(
        tmp_path, {**PLAIN, **wrong}, {**PLAIN, "Ref": "2"}, {**PLAIN, "Ref": "", **wrong}
    )
    assert [(row, code) for row, _, code in found] == [
        *((2, "not-a-date"), (2, "unknown-value")),
        *((4, "not-a-date"), (4, "unknown-value")),
    ]


def test_no_mistake_quotes_a_cell(tmp_path: Path) -> None:
    planted = "Ada Bell of 4 Orchard Court"
    row = dict.fromkeys(PLAIN, planted)
    found = checked(tmp_path, csv_of(row))
    assert len(found.mistakes) >= 5
    assert not any("Ada" in field for one in found.mistakes for field in map(str, one))


def test_two_rows_of_one_reference_are_refused_however_it_is_written(tmp_path: Path) -> None:
    rows = ({**PLAIN, "Ref": "C/1"}, {**PLAIN, "Ref": "c 1"}, {**PLAIN, "Ref": "C/2"})
    assert codes(tmp_path, *rows) == [(3, "Ref", "duplicate-reference")]


def test_what_had_not_ended_can_be_left_out(tmp_path: Path) -> None:
    rows = (PLAIN, {**PLAIN, "Ref": "2", "Responded": "", "Decision": ""})
    found = checked(tmp_path, csv_of(*rows), still_open="leave-out")
    assert (found.mistakes, found.still_open, len(found.complaints)) == ((), (3,), 1)


def test_a_due_date_is_needed_where_the_map_says_no_working_days(tmp_path: Path) -> None:
    stage: dict[str, Any] = {
        "name": "stage-1",
        "columns": {"responded_on": "Responded", "respond_due": "Due"},
    }
    assert codes(tmp_path, PLAIN, stages=[stage]) == [(2, "Due", "no-due-date")]
    assert codes(tmp_path, {**PLAIN, "Due": "20/03/2024"}, stages=[stage]) == []


def test_defaults_fill_what_is_empty(tmp_path: Path) -> None:
    defaults = {"channel": "letter", "region": "North", "tenure": "rented"}
    found = checked(tmp_path, csv_of({**PLAIN, "Channel": ""}), defaults=defaults)
    (complaint,) = found.complaints
    assert (complaint.channel, complaint.region, complaint.tenure) == ("letter", "North", "rented")


def test_a_column_of_many_different_names_is_no_list(tmp_path: Path) -> None:
    rows = [{**PLAIN, "Ref": str(at), "Category": f"Somebody {at}"} for at in range(301)]
    assert codes(tmp_path, *rows) == [(0, "Category", "not-a-list")]
    assert len(all_complaints(tmp_path, *rows[:300])) == 300


@pytest.mark.parametrize(
    "header",
    [
        *("Complainant Name", "Name", "E-mail", "Tenant's name", "Home address", "DOB"),
        *("Name of the resident", "Postcode", "Mobile", "First name"),
    ],
)
def test_a_column_of_people_is_refused_if_it_is_mapped(tmp_path: Path, header: str) -> None:
    columns = {"reference": "Ref", "received_on": "Received", "category": header}
    table = f"Ref,Received,Responded,{header}\r\n1,04/03/2024,20/03/2024,Ada\r\n"
    stage = {"name": "stage-1", "acknowledge_within": 5, "respond_within": 10}
    stages = [{**stage, "columns": {"responded_on": "Responded"}}]
    with pytest.raises(MendRequest) as refused:
        checked(tmp_path, table, columns=columns, stages=stages, defaults={"channel": "web"})
    assert refused.value.code == "personal-column"


def test_a_column_that_nobody_mapped_is_not_read_and_named(tmp_path: Path) -> None:
    table = csv_of(PLAIN).replace('"Ref"', '"Ref","Name","Notes"').replace('"1"', '"1","Ada","=1"')
    found = checked(tmp_path, table)
    assert (found.ignored, found.mistakes) == (("Name", "Notes"), ())
