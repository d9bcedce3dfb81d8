"""The self-assessment: the policy beside practice, a line for each provision."""

import pytest

from services.reporting.landlord import Landlord
from services.reporting.reports.adds_up import by_id
from services.reporting.reports.document import Report
from services.reporting.reports.evidence import A_PERSON, SHOWS_NOTHING, TO_BE_GIVEN
from services.reporting.reports.flat import lines
from services.reporting.reports.making import make
from services.shared.database import Database
from services.shared.errors import MendRequest
from services.workflow.self_assessment.provisions import PROVISIONS
from tests.reporting.reports.filled_register import (
    NOW,
    OF_A_POLICY,
    POLICY,
    YEAR,
    Filled,
    findings,
)


async def test_the_self_assessment_puts_practice_beside_the_policy(filled: Filled) -> None:
    report = await filled.report("self-assessment")
    figures = by_id(report)
    rows = {
        row.heading: [cell.shown for cell in row.cells]
        for section in report.sections
        for table in section.tables
        if table.columns[0] == "No."
        for row in table.rows
    }
    assert {*rows} == {one.provision for one in findings()}
    practice = figures["stage-1/acknowledged-by-code"]
    assert rows["6.2"][1] == "Met"
    assert practice.shown in rows["6.2"][3]
    assert rows["7.3"][3].startswith(
        f"Promised actions done in time: {figures['promises-kept'].shown}"
    )
    assert f"Determined: {figures['ombudsman/determined'].shown}" in rows["7.4"][3]
    assert figures["satisfaction"].shown in rows["9.2"][3]
    assert rows["5.8"][1:3] == ["To be judged", "Nothing"]


async def test_every_line_of_the_self_assessment_has_evidence_or_says_what_is_to_be_given(
    filled: Filled,
) -> None:
    report = await filled.report("self-assessment")
    shown = {
        row.heading: row.cells[3].shown
        for section in report.sections
        for table in section.tables
        if table.columns[0] == "No."
        for row in table.rows
    }
    assert len(shown) == len(PROVISIONS)
    assert not [provision for provision, said in shown.items() if not said]
    missing = {one for one, said in shown.items() if said.startswith(SHOWS_NOTHING)}
    assert missing == {*TO_BE_GIVEN}
    assert not [one for one in missing if A_PERSON in shown[one]]


async def test_the_landlord_has_space_for_its_evidence_where_a_person_judges(
    filled: Filled,
) -> None:
    report = await filled.report("self-assessment")
    columns = {
        c for s in report.sections for t in s.tables if t.columns[0] == "No." for c in t.columns
    }
    assert {"Verdict on the policy", "What the figures show"} <= columns
    for verdict, space in verdicts_and_spaces(report):
        judged = verdict in {"To be judged", "Not stated"}
        assert ("Evidence:" in space and "Explanation:" in space) is judged


async def test_the_self_assessment_tells_no_note_of_its_authors(filled: Filled) -> None:
    report = await filled.report("self-assessment")
    shown = {line.shown for line in lines(report)}
    assert not [one for one in shown if "from memory" in one or "of its file" in one]


def verdicts_and_spaces(report: Report) -> list[tuple[str, str]]:
    return [
        (row.cells[1].shown, row.cells[4].shown)
        for section in report.sections
        for table in section.tables
        if table.columns[0] == "No."
        for row in table.rows
    ]


async def test_the_self_assessment_says_whose_policy_it_judges(filled: Filled) -> None:
    report = await filled.report("self-assessment")
    assert f"“{POLICY}”" in report.subtitle
    assert f"“{POLICY}”" in report.sections[0].paragraphs[0]


async def test_a_self_assessment_without_a_policy_or_findings_is_refused(
    database: Database,
) -> None:
    for asked, found, code in (
        (YEAR, findings(), "policy-needed"),
        (OF_A_POLICY, (), "findings-needed"),
    ):
        async with database.session() as session:
            with pytest.raises(MendRequest) as refused:
                await make(
                    session,
                    "self-assessment",
                    asked,
                    landlord=Landlord(),
                    findings=found,
                    now=NOW,
                )
        assert refused.value.code == code
