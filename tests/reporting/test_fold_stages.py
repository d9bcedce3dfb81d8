"""What the stages of any policy leave in the register: requests, hearings, dates, points."""

import pytest

from services.shared.events import (
    ClockName,
    Closed,
    Contacted,
    DateAgreed,
    DeclineAnswered,
    Declined,
    Event,
    HearingSet,
    PointsAdded,
    SentUpAtOnce,
)
from tests.days import day, london
from tests.reporting.told import Told, folded


@pytest.mark.parametrize("because", ["not-resolved", "referred"])
def test_a_stage_entered_without_a_request_says_how(because: str) -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.missed("Fri 2028-03-10 00:00", "respond", "Thu 2028-03-09")
    assert folded(told.events).overdue
    told.moved_on("Fri 2028-03-10 00:00", "stage-2", because)
    entry = folded(told.events)
    # What the first stage missed is no longer waited for.
    assert (entry.stage, entry.status, entry.overdue) == ("stage-2", "escalated", False)
    assert [stage.entered_by for stage in entry.stages] == ["receipt", because]


def test_a_late_request_sets_a_closed_complaint_going_again() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.responded("Tue 2028-03-07 11:00", "upheld", "Mon 2028-03-20")
    told.event(Closed, "Wed 2028-04-05 08:00", reason="not-escalated")
    told.next_stage("Mon 2028-05-08 09:00", "stage-2", late=True)
    entry = folded(told.events)
    assert (entry.status, entry.closed_at, entry.closed_reason) == ("escalated", None, None)
    assert [stage.requested_late for stage in entry.stages] == [False, True]


def declined() -> Told:
    told = Told().received("Mon 2028-03-06 10:00")
    told.responded("Tue 2028-03-07 11:00", "upheld", "Mon 2028-03-20")
    told.next_stage("Wed 2028-03-08 11:00", "stage-2")
    told.clock("Wed 2028-03-08 11:00", "acknowledge", "Wed 2028-03-15")
    told.missed("Thu 2028-03-16 00:00", "acknowledge", "Wed 2028-03-15")
    told.event(Declined, "Thu 2028-03-16 09:00", reason="insufficient-grounds", final=False)
    return told.clock("Thu 2028-03-16 09:00", "reply", "Thu 2028-04-13", anchor="declined")


def test_a_declined_request_waits_for_the_resident_and_is_not_overdue() -> None:
    entry = folded(declined().events)
    stage = entry.stages[-1]
    assert (entry.status, entry.overdue) == ("declined", False)
    assert (stage.declined_at, stage.decline_reason, stage.reply_by) == (
        london("Thu 2028-03-16 09:00"),
        "insufficient-grounds",
        day("Thu 2028-04-13"),
    )


def test_an_answered_decline_starts_the_clocks_of_the_stage_anew() -> None:
    told = declined().event(DeclineAnswered, "Mon 2028-03-20 09:00")
    told.clock("Mon 2028-03-20 09:00", "acknowledge", "Mon 2028-03-27")
    entry = folded(told.events)
    stage = entry.stages[-1]
    assert (entry.status, entry.overdue, stage.misses) == ("escalated", False, 1)
    told.missed("Tue 2028-03-28 00:00", "acknowledge", "Mon 2028-03-27")
    entry = folded(told.events)
    assert (entry.overdue, entry.stages[-1].misses) == (True, 2)


@pytest.mark.parametrize(
    ("clock", "kind", "facts"),
    [
        (
            "contact",
            Contacted,
            {"outcome": "made", "how": "phone", "happened_at": london("Wed 2028-03-15 10:00")},
        ),
        ("arrange", HearingSet, {"on": day("Fri 2028-04-07"), "was": None}),
    ],
)
def test_contact_and_a_date_for_the_hearing_are_overdue_until_they_are_there(
    clock: ClockName, kind: type[Event], facts: dict[str, object]
) -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.clock("Mon 2028-03-06 10:00", clock, "Mon 2028-03-13")
    told.missed("Tue 2028-03-14 00:00", clock, "Mon 2028-03-13")
    assert folded(told.events).overdue
    told.event(kind, "Wed 2028-03-15 10:00", **facts)
    told.event(kind, "Thu 2028-03-16 10:00", **facts)
    entry = folded(told.events)
    (stage,) = entry.stages
    assert not entry.overdue
    first = london("Wed 2028-03-15 10:00")
    assert (stage.contacted_at or stage.arranged_at) == first


def test_a_moved_hearing_stands_with_its_new_date() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.event(HearingSet, "Tue 2028-03-07 10:00", on=day("Fri 2028-04-07"), was=None)
    told.event(
        HearingSet,
        "Wed 2028-03-08 10:00",
        on=day("Mon 2028-04-10"),
        was=day("Fri 2028-04-07"),
    )
    assert folded(told.events).stages[0].hearing_on == day("Mon 2028-04-10")


def test_an_agreed_date_is_the_new_due_date_and_keeps_the_first() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.clock("Mon 2028-03-06 10:00", "respond", "Mon 2028-03-20")
    for was, until in (("Mon 2028-03-20", "Mon 2028-03-27"), ("Mon 2028-03-27", "Fri 2028-03-24")):
        at = "Tue 2028-03-14 09:00"
        agreed = {"was": day(was), "until": day(until), "agreed_on": day("Mon 2028-03-13")}
        told.event(DateAgreed, at, **agreed).clock(at, "respond", until, anchor="agreed")
    (stage,) = folded(told.events).stages
    assert (stage.agreed_from, stage.agreed_until, stage.respond_due, stage.extended_from) == (
        day("Mon 2028-03-20"),
        day("Fri 2028-03-24"),
        day("Fri 2028-03-24"),
        None,
    )


def test_points_that_join_are_counted_with_the_rest_and_apart() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.acknowledged("Tue 2028-03-07 09:00", "Mon 2028-03-13")
    told.event(PointsAdded, "Wed 2028-03-08 09:00", points=3)
    (stage,) = folded(told.events).stages
    assert (stage.points, stage.points_added) == (5, 3)


def test_a_complaint_sent_up_at_once_says_when() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    roles = ("head-of-service", "complaints-officer")
    told.event(SentUpAtOnce, "Tue 2028-03-07 09:00", grounds=2, rung=roles[0], told=roles)
    assert folded(told.events).sent_up_at == london("Tue 2028-03-07 09:00")
