"""What a row tells, and every way in which it cannot have been."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.reporting.importing.past import PastOmbudsman, PastStage
from services.reporting.importing.policies import known_reasons
from services.shared.errors import MendRequest
from services.workflow.policies import published
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
    rows = [{**PLAIN, "Ref": str(at), "Category": f"Somebody {at // 2}"} for at in range(602)]
    assert codes(tmp_path, *rows) == [(0, "Category", "not-a-list")]
    assert len(all_complaints(tmp_path, *rows[:600])) == 600


@pytest.mark.parametrize("column", ["Category", "Region"])
def test_in_a_small_table_too_names_that_hardly_ever_come_again_are_no_list(
    tmp_path: Path, column: str
) -> None:
    # Nine people, of whom three complained twice.
    people = ("Ada Bell", "Bo Dee", "Cy Ray", "Di Fox", "Ed Orr", "Flo Guy", "Gus Kay", "Hal Lee")
    rows = [
        {**PLAIN, "Ref": str(at), column: name}
        for at, name in enumerate((*people, "Ivy Moss", *people[:3]))
    ]
    assert codes(tmp_path, *rows) == [(0, column, "not-a-list")]
    areas = [{**row, column: row[column][0] * 2} for row in rows]
    assert codes(tmp_path, *areas) == [(0, column, "not-a-list")]
    listed = {column.casefold(): {row[column]: row[column] for row in areas}}
    assert codes(tmp_path, *areas, values=listed) == []
    again = [{**row, column: f"Area {at % 6}"} for at, row in enumerate(rows)]
    assert codes(tmp_path, *again) == []


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("Refusal reason", {"Refused": "05/03/2024", **REFUSED}),
        ("Decline reason 2", {**STAGE_2, "Declined 2": "28/03/2024"}),
    ],
)
def test_a_reason_is_one_of_the_policy_or_of_the_map_and_never_a_name(
    tmp_path: Path, column: str, row: dict[str, str]
) -> None:
    field = column.casefold().replace(" ", "_").removesuffix("_2")
    named = {**PLAIN, **row, column: "Ada Bell"}
    assert codes(tmp_path, named) == [(2, column, "unknown-value")]
    assert codes(tmp_path, named, values={field: {"Ada Bell": "other"}}) == []
    values = {field: {"Too old": "over-6-months"}}
    assert codes(tmp_path, {**named, column: "Over 6 months"}) == [(2, column, "unknown-value")]
    assert codes(tmp_path, {**named, column: "Over 6 months"}, values=values) == []
    of_policy = {"refusal_reason": "Own appeal", "decline_reason": "Insufficient grounds"}[field]
    assert codes(tmp_path, {**named, column: of_policy}, policy="nottingham") == []


def test_an_unknown_policy_is_refused_unless_the_map_says_that_it_is_a_former_one(
    tmp_path: Path,
) -> None:
    for policy, former, code in (
        ("housing-ombudsmann", False, "unknown-policy"),
        ("nacro", True, "policy-in-use"),
    ):
        with pytest.raises(MendRequest) as refused:
            checked(tmp_path, csv_of(PLAIN), policy=policy, former_policy=former)
        assert refused.value.code == code
    assert codes(tmp_path, PLAIN, policy="compliments-2019", former_policy=True) == []


def test_every_published_policy_can_be_named(tmp_path: Path) -> None:
    for policy in published():
        assert codes(tmp_path, PLAIN, policy=policy) == []
        known = known_reasons(policy, former=False)
        versions = published()[policy]
        assert known.refusal == {one.code for rules in versions for one in rules.exclusions}
        assert known.decline == {
            one.code
            for rules in versions
            for stage in rules.stages
            for one in (stage.request.declines if stage.request else ())
        }


@pytest.mark.parametrize(
    "header",
    [
        *("Complainant Name", "Name", "E-mail", "Tenant's name", "Home address", "DOB"),
        *("Name of the resident", "Postcode", "Mobile", "First name"),
        *(
            "Complainant",
            "Resident",
            "TENANTS",
            "Customer(s)",
            "The complainant",
            "Tenant/Customer",
        ),
        *("tenant_name", "CustomerName", "Handled by", "Assigned to", "Case officer", "Caller"),
        *("Customer ID", "Service user", "Lead investigator", "Case name", "Contact details"),
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


@pytest.mark.parametrize(
    "header",
    [
        *("Area", "Customer area", "Tenancy type", "Scheme name", "Number", "Case details"),
        *("Service", "Officer patch", "Case", "Complaint category", "Closed", "Ward"),
    ],
)
def test_a_column_of_a_list_is_not_taken_for_one_of_people(tmp_path: Path, header: str) -> None:
    columns = {"reference": "Ref", "received_on": "Received", "category": header}
    table = f"Ref,Received,Responded,{header}\r\n1,04/03/2024,20/03/2024,North\r\n"
    stage = {"name": "stage-1", "acknowledge_within": 5, "respond_within": 10}
    stages = [{**stage, "columns": {"responded_on": "Responded"}}]
    found = checked(tmp_path, table, columns=columns, stages=stages, defaults={"channel": "web"})
    assert found.mistakes == ()


def test_a_column_that_nobody_mapped_is_not_read_and_named(tmp_path: Path) -> None:
    table = csv_of(PLAIN).replace('"Ref"', '"Ref","Name","Notes"').replace('"1"', '"1","Ada","=1"')
    found = checked(tmp_path, table)
    assert (found.ignored, found.mistakes) == (("Name", "Notes"), ())
