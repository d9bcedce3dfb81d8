"""How a response was late, and who was told: from events written by hand, and from random lives.

Dates of 2028; bank holidays are 14 and 17 April, 1 and 29 May.
"""

from datetime import date

import pytest

from services.reporting.facts import CODE_NATION, stage_facts
from services.shared.events import Climbed, Extended, Reminded
from services.shared.working_days import working_days
from tests.days import day
from tests.reporting.told import Told, folded
from tests.workflow.random_lives import POLICIES, live
from tests.year.late_responses import LateResponse, Telling, late_response

DAYS = working_days("england")
TODAY = day("Wed 2028-06-14")
AFTER_ALL = date(2030, 1, 1)


def late(told: Told, stage: str = "stage-1") -> LateResponse | None:
    return late_response(told.events, stage, DAYS, TODAY)


def overdue() -> Told:
    """Received, reminded, missed on Thursday 13 April, and taken up two rungs."""
    told = Told().received("Mon 2028-03-27 10:00")
    told.acknowledged("Thu 2028-03-30 11:00", "Mon 2028-04-03")
    due = day("Thu 2028-04-13")
    told.event(Reminded, "Mon 2028-04-10 08:00", clock="respond", due=due)
    told.missed("Fri 2028-04-14 00:00", "respond", "Thu 2028-04-13")
    for at, rung in (
        ("Tue 2028-04-18 08:00", "investigator"),
        ("Wed 2028-04-19 08:00", "line-manager"),
    ):
        whom = (rung, "complaints-officer")
        told.event(Climbed, at, clock="respond", due=due, rung=rung, told=whom)
    return told


def test_a_late_answer_is_told_with_everybody_who_was_told_of_it() -> None:
    told = overdue().responded("Fri 2028-04-21 15:00", "upheld", "Thu 2028-04-13", in_time=False)
    found = late(told)
    assert found is not None
    assert (found.received_on, found.due) == (date(2028, 3, 27), date(2028, 4, 13))
    assert (found.answered_on, found.put_off_until) == (date(2028, 4, 21), None)
    assert found.working_days_late == 4, "Good Friday, the weekend and Easter Monday do not count"
    [reminder] = found.before
    assert reminder == Telling(on=date(2028, 4, 10), clock="respond", how="reminder")
    assert [(one.on.day, one.told[0]) for one in found.after] == [
        (18, "investigator"),
        (19, "line-manager"),
    ]


def test_what_is_still_unanswered_is_late_up_to_today() -> None:
    found = late(overdue())
    assert found is not None
    assert (found.answered_on, found.working_days_late) == (None, 40)


def test_an_answer_in_time_is_not_late() -> None:
    told = Told().received("Mon 2028-03-27 10:00")
    told.responded("Thu 2028-04-13 15:00", "upheld", "Thu 2028-04-13")
    assert late(told) is None


def test_an_answer_within_an_extension_is_late_by_the_first_date() -> None:
    told = Told().received("Mon 2028-03-27 10:00")
    was, until = day("Thu 2028-04-13"), day("Fri 2028-04-28")
    told.event(Extended, "Mon 2028-04-10 10:00", was=was, until=until, agreed_on=None)
    told.responded("Fri 2028-04-28 15:00", "upheld", "Fri 2028-04-28")
    found = late(told)
    assert found is not None
    assert (found.due, found.put_off_until) == (was, until)
    assert found.working_days_late == 9


def test_what_happened_at_another_stage_is_none_of_it() -> None:
    told = overdue().responded("Fri 2028-04-21 15:00", "upheld", "Thu 2028-04-13", in_time=False)
    told.next_stage("Mon 2028-04-24 10:00", "stage-2")
    told.responded("Fri 2028-05-12 10:00", "upheld", "Wed 2028-05-24")
    assert late(told, "stage-2") is None
    found = late(told)
    assert found is not None
    assert len(found.tellings) == 3


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_stages_are_late_as_the_register_counts(policy: str) -> None:
    judged = []
    for seed in range(40):
        events = live(seed, policy).simulation.events
        for facts in stage_facts(folded(events), working_days(CODE_NATION)):
            found = late_response(events, facts.stage, DAYS, AFTER_ALL)
            passed = facts.first_respond_by is not None and facts.first_respond_by < AFTER_ALL
            late = facts.responded_unextended == "late" or passed
            assert (found is not None) is late, facts
            judged.append(found)
    assert any(judged)
