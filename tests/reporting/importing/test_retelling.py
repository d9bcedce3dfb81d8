"""A past complaint is told as a living one would have been: its clocks, its misses, its end."""

from functools import reduce
from pathlib import Path

import pytest

from services.reporting.facts import StageFacts, stage_facts
from services.reporting.fold import fold
from services.reporting.importing.retelling import BY, Retelling
from services.reporting.register import RegisterEntry
from services.reporting.sentences import sentence
from services.shared.events import AnyEvent, ClockSet, Responded
from services.shared.working_days import working_days
from tests.days import day, written
from tests.reporting.importing.tables import PLAIN, checked, column_map, csv_of

DAYS = working_days("england")


def life(folder: Path, **row: str) -> tuple[AnyEvent, ...]:
    """The events of a row that differs from the plain one."""
    found = checked(folder, csv_of({**PLAIN, **row}))
    assert found.mistakes == ()
    (complaint,) = found.complaints
    return Retelling(column_map(), DAYS).events(complaint)


def entry(folder: Path, **row: str) -> RegisterEntry:
    folded = reduce(fold, life(folder, **row), None)
    assert folded is not None
    return folded


def facts(folder: Path, **row: str) -> StageFacts:
    """The facts of the last stage of a row."""
    return list(stage_facts(entry(folder, **row), DAYS))[-1]


def told(events: tuple[AnyEvent, ...]) -> list[str]:
    return [f"{written(event.at)} {event.stage} {event.kind}" for event in events]


def test_an_answer_on_the_last_day(tmp_path: Path) -> None:
    events = life(tmp_path)
    assert told(events) == [
        "Mon 2024-03-04 12:00 stage-1 received",
        "Mon 2024-03-04 12:00 stage-1 clock-set",
        "Wed 2024-03-06 12:00 stage-1 acknowledged",
        "Wed 2024-03-06 12:00 stage-1 clock-set",
        "Wed 2024-03-20 12:00 stage-1 responded",
        "Wed 2024-03-20 12:00 stage-1 closed",
    ]
    assert {event.by for event in events} == {BY}
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5, 6]
    clocks = [event for event in events if isinstance(event, ClockSet)]
    assert [clock.due for clock in clocks] == [day("Mon 2024-03-11"), day("Wed 2024-03-20")]
    assert (clocks[1].anchor_date, clocks[1].day_1) == (
        day("Wed 2024-03-06"),
        day("Thu 2024-03-07"),
    )
    assert clocks[1].skipped == (
        *("2024-03-09 Saturday", "2024-03-10 Sunday"),
        *("2024-03-16 Saturday", "2024-03-17 Sunday"),
    )
    assert all(sentence(event) for event in events)


def test_a_late_answer_is_missed_at_the_end_of_its_day(tmp_path: Path) -> None:
    row = {"Acknowledged": "14/03/2024", "Responded": "28/03/2024"}
    events = life(tmp_path, **row)
    # The response counts from Monday 11 March, when the acknowledgement was due.
    assert told(events)[3:] == [
        "Tue 2024-03-12 00:00 stage-1 missed",
        "Thu 2024-03-14 12:00 stage-1 acknowledged",
        "Tue 2024-03-26 00:00 stage-1 missed",
        "Thu 2024-03-28 12:00 stage-1 responded",
        "Thu 2024-03-28 12:00 stage-1 closed",
    ]
    found = facts(tmp_path, **row)
    assert (found.acknowledged, found.responded, found.misses) == ("late", "late", 2)
    assert (found.state, found.overdue, found.decision) == ("closed", False, "upheld")
    # By the Code the response counts from the acknowledgement that happened: in time, by a day.
    assert (found.acknowledged_by_code, found.responded_by_code) == ("late", "in-time")


def test_easter_and_the_change_of_clocks_are_counted(tmp_path: Path) -> None:
    row = {"Received": "27/03/2024", "Acknowledged": "28/03/2024", "Responded": "15/04/2024"}
    found = entry(tmp_path, **row).stages[0]
    assert found.acknowledge_due == day("Fri 2024-04-05")
    assert (found.respond_due, found.responded_in_time) == (day("Mon 2024-04-15"), True)
    assert facts(tmp_path, **row).received_on == day("Wed 2024-03-27")


def test_a_due_date_of_the_table_takes_the_place_of_working_days(tmp_path: Path) -> None:
    found = facts(tmp_path, Due="15/03/2024")
    assert (found.responded, found.responded_by_code) == ("late", "in-time")
    assert found.misses == 1


@pytest.mark.parametrize(
    ("told_on", "responded", "extended", "in_time"),
    [
        ("18/03/2024", "in-time", "in-time", True),
        ("", "in-time", "untold", True),
        # Told too late, it is no extension (Code 6.5).
        ("21/03/2024", "late", "late", False),
    ],
)
def test_an_extension_counts_when_it_was_told_in_time(
    tmp_path: Path, told_on: str, responded: str, extended: str, *, in_time: bool
) -> None:
    row = {"Extended": "03/04/2024", "Extension told": told_on, "Responded": "02/04/2024"}
    found = facts(tmp_path, **row)
    assert (found.responded, found.extended) == (responded, extended)
    assert (found.responded_unextended, found.misses) == ("late", 0 if in_time else 1)
    (answer,) = [one for one in life(tmp_path, **row) if isinstance(one, Responded)]
    assert answer.due == day("Wed 2024-04-03" if in_time else "Wed 2024-03-20")


def test_what_was_never_answered_is_late_and_closed(tmp_path: Path) -> None:
    row = {"Acknowledged": "", "Responded": "", "Decision": "", "Closed": "01/07/2024"}
    found = facts(tmp_path, **row)
    assert (found.acknowledged, found.responded, found.decision) == ("late", "late", None)
    assert (found.state, found.overdue, found.misses) == ("closed", False, 2)


def test_what_was_withdrawn_or_refused_in_time_missed_nothing(tmp_path: Path) -> None:
    row = {"Acknowledged": "", "Responded": "", "Decision": ""}
    refused = entry(tmp_path, **row, Refused="05/03/2024", **{"Refusal reason": "Over 12 months"})
    assert (refused.status, refused.refusal_reason) == ("refused", "over-12-months")
    withdrawn = entry(tmp_path, **row, Withdrawn="11/03/2024")
    assert (withdrawn.status, withdrawn.stages[0].misses) == ("withdrawn", 0)
    assert entry(tmp_path, **row, Withdrawn="12/03/2024").stages[0].misses == 1


def test_stage_2_begins_when_it_was_asked_for_and_ends_with_the_final_response(
    tmp_path: Path,
) -> None:
    row = {
        "Requested 2": "25/03/2024",
        "Acknowledged 2": "27/03/2024",
        "Responded 2": "26/04/2024",
        "Decision 2": "Not upheld",
    }
    found = entry(tmp_path, **row)
    first, second = found.stages
    assert (found.stage, found.closed_reason) == ("stage-2", "final-response")
    assert (first.decision, second.decision) == ("upheld", "not-upheld")
    # 20 working days from Wednesday 27 March, over Good Friday and Easter Monday.
    assert (second.respond_due, second.responded_in_time) == (day("Fri 2024-04-26"), True)
    assert facts(tmp_path, **row).code_stage == "2"


def test_a_stage_that_was_left_without_an_answer_was_missed_there(tmp_path: Path) -> None:
    row = {
        "Responded": "",
        "Decision": "",
        "Requested 2": "02/04/2024",
        "Responded 2": "10/04/2024",
    }
    first, second = entry(tmp_path, **row).stages
    assert (first.misses, first.responded_at) == (1, None)
    # Stage 2 itself was never acknowledged, and answered on the day after that was due.
    assert (second.misses, second.responded_in_time) == (1, True)


def test_a_declined_request_closes_it(tmp_path: Path) -> None:
    row = {"Requested 2": "25/03/2024", "Declined 2": "28/03/2024"}
    found = entry(tmp_path, **row, **{"Decline reason 2": "No new evidence"})
    assert (found.status, found.closed_reason) == ("closed", "declined")
    assert found.stages[1].decline_reason == "insufficient-grounds"


def test_what_followed_is_told_at_the_stage_reached_by_then(tmp_path: Path) -> None:
    row = {
        "Remedies": "Apology; Action",
        "Paid": "150",
        "Ombudsman": "22/03/2024",
        "Determined": "10/01/2025",
        "Determination": "Maladministration",
        "Orders": "3",
        "Ordered": "250.50",
        "Surveyed": "01/04/2024",
        "Satisfaction": "Very dissatisfied",
        "Requested 2": "25/03/2024",
        "Responded 2": "26/04/2024",
    }
    events = life(tmp_path, **row)
    assert [(one.kind, one.stage) for one in events if one.kind.startswith(("omb", "sur"))] == [
        ("ombudsman-involved", "stage-1"),
        ("survey-answered", "stage-2"),
        ("ombudsman-determined", "stage-2"),
    ]
    found = entry(tmp_path, **row)
    assert [(one.kind, one.pence) for one in found.remedies] == [
        *(("apology", None), ("action", None), ("payment", 15_000))
    ]
    (case,) = found.ombudsman
    assert (case.determination, case.orders, case.pence) == ("maladministration", 3, 25_050)
    assert found.surveys[0].satisfaction == "very-dissatisfied"


def test_a_table_without_the_column_misses_no_acknowledgement(tmp_path: Path) -> None:
    stage = {"name": "stage-1", "acknowledge_within": 5, "respond_within": 10}
    stages = [{**stage, "columns": {"responded_on": "Responded"}}]
    row = {**PLAIN, "Responded": "26/03/2024"}
    by_map = column_map(stages=stages)
    (complaint,) = checked(tmp_path, csv_of(row), stages=stages).complaints
    folded = reduce(fold, Retelling(by_map, DAYS).events(complaint), None)
    assert folded is not None
    (found,) = stage_facts(folded, DAYS)
    # The response was due ten working days after Monday 11 March, when nobody knows of the other.
    assert (found.acknowledged, found.responded, found.misses) == ("none", "late", 1)
