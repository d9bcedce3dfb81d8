"""When what an open stage waits for is due, on days with their weekday."""

import pytest

from services.reporting.dashboard.open_stages import (
    Asked,
    Due,
    OpenStage,
    days_late,
    due,
    marks,
    position,
)
from tests.days import day

TODAY = day("Wed 2028-03-08")

QUIET = OpenStage(
    stage="stage-1",
    investigator="amy",
    extended="no",
    overdue=False,
    overdue_since=None,
    awaited="respond",
    by=day("Fri 2028-03-24"),
)


def when(stage: OpenStage) -> Due:
    return due(stage, TODAY)


def test_a_declined_request_is_in_the_residents_own_time() -> None:
    declined = QUIET._replace(awaited="reply", by=day("Tue 2028-03-07"), investigator=None)
    assert when(declined) == "residents-time"
    assert marks(declined) == frozenset()


def test_what_has_no_date_is_said_to_have_none() -> None:
    assert when(QUIET._replace(awaited="undated", by=None)) == "undated"


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        ("Tue 2028-03-07", "untold"),
        ("Wed 2028-03-08", "today"),
        ("Thu 2028-03-09", "this-week"),
        ("Sun 2028-03-12", "this-week"),
        ("Mon 2028-03-13", "later"),
    ],
)
def test_a_week_ends_with_its_sunday(respond: str, said: str) -> None:
    assert when(QUIET._replace(by=day(respond))) == said


def test_on_a_sunday_nothing_more_is_due_this_week() -> None:
    sunday, monday = day("Sun 2028-03-12"), day("Mon 2028-03-13")
    waiting = QUIET._replace(by=monday)
    assert due(waiting, sunday) == "later"
    assert due(waiting, monday) == "today"


def test_what_was_missed_is_overdue_from_the_day_that_it_was_due() -> None:
    late = QUIET._replace(overdue=True, overdue_since=day("Fri 2028-03-03"), by=TODAY)
    assert when(late) == "overdue"
    assert days_late(late, TODAY) == 5
    assert days_late(late._replace(overdue_since=TODAY), TODAY) == 0
    assert days_late(QUIET, TODAY) is None


def test_nobody_in_charge_and_an_extension_are_seen() -> None:
    assert marks(QUIET) == frozenset()
    assert marks(QUIET._replace(investigator=None)) == {"unassigned"}
    for told in ("in-time", "late", "untold"):
        assert marks(QUIET._replace(extended=told)) == {"extended"}


def test_the_position_counts_each_stage_once_under_everything() -> None:
    late = QUIET._replace(overdue=True, overdue_since=day("Fri 2028-03-03"), investigator="bob")
    later = late._replace(overdue_since=day("Mon 2028-03-06"))
    found = position([(QUIET, 3), (late, 2), (later, 1)], TODAY)
    assert found.total == 6
    assert found.due == {"later": 3, "overdue": 3}
    assert found.stages == {("stage-1", "respond"): 6}
    assert found.in_charge == {("amy", "later"): 3, ("bob", "overdue"): 3}
    assert found.longest_late == {"bob": 5}


def test_a_list_holds_what_all_that_is_asked_for_holds_of() -> None:
    assert Asked().holds(QUIET, TODAY)
    assert Asked("respond", "later").holds(QUIET, TODAY)
    assert not Asked("respond", "later", "extended").holds(QUIET, TODAY)
    assert not Asked("contact").holds(QUIET, TODAY)
    assert Asked(due="overdue", mark="unassigned").title == "Overdue; Nobody in charge"
