"""What an open stage waits for, and when that is due, on days with their weekday."""

import pytest

from services.reporting.dashboard.open_stages import (
    Asked,
    Due,
    OpenStage,
    days_late,
    due,
    marks,
    next_step,
    position,
)
from tests.days import day

TODAY = day("Wed 2028-03-08")

QUIET = OpenStage(
    stage="stage-1",
    status="acknowledged",
    investigator="amy",
    extended="no",
    overdue=False,
    overdue_since=None,
    acknowledge=None,
    contact=None,
    arrange=None,
    respond=day("Fri 2028-03-24"),
    reply=None,
)


def when(stage: OpenStage) -> Due:
    return due(stage, next_step(stage), TODAY)


def test_it_waits_for_what_is_due_first() -> None:
    acknowledge, contact = day("Mon 2028-03-13"), day("Thu 2028-03-09")
    assert next_step(QUIET) == ("respond", day("Fri 2028-03-24"))
    assert next_step(QUIET._replace(acknowledge=acknowledge)) == ("acknowledge", acknowledge)
    both = QUIET._replace(acknowledge=acknowledge, contact=contact)
    assert next_step(both) == ("contact", contact)
    assert next_step(QUIET._replace(arrange=contact)) == ("arrange", contact)
    assert next_step(QUIET._replace(respond=None)) == ("undated", None)


def test_of_two_that_are_due_on_one_day_the_first_to_do_is_named() -> None:
    same = day("Fri 2028-03-24")
    assert next_step(QUIET._replace(acknowledge=same)).awaited == "acknowledge"


def test_a_declined_request_waits_for_the_resident_whatever_else_has_a_date() -> None:
    reply = day("Wed 2028-03-22")
    declined = QUIET._replace(
        status="declined", reply=reply, acknowledge=TODAY, investigator=None, respond=None
    )
    assert next_step(declined) == ("reply", reply)
    assert when(declined) == "residents-time"
    assert marks(declined) == frozenset()


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
    assert when(QUIET._replace(respond=day(respond))) == said


def test_on_a_sunday_nothing_more_is_due_this_week() -> None:
    sunday, monday = day("Sun 2028-03-12"), day("Mon 2028-03-13")
    waiting = QUIET._replace(respond=monday)
    assert due(waiting, next_step(waiting), sunday) == "later"
    assert due(waiting, next_step(waiting), monday) == "today"


def test_what_was_missed_is_overdue_from_the_day_that_it_was_due() -> None:
    late = QUIET._replace(overdue=True, overdue_since=day("Fri 2028-03-03"), respond=TODAY)
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
