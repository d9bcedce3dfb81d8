"""An entry of the register follows from the complaint's events, and from nothing else."""

from collections.abc import Callable, Iterable
from functools import reduce

import pytest

from services.reporting.fold import fold
from services.reporting.register import RegisterEntry, StageEntry, Status
from services.shared.errors import MendRequest
from services.shared.events import (
    Accepted,
    AnyEvent,
    Assigned,
    Climbed,
    ClockName,
    Closed,
    Contacted,
    DateAgreed,
    DeclineAnswered,
    Declined,
    Event,
    Extended,
    HearingSet,
    PointsAdded,
    Refused,
    SentUpAtOnce,
    Withdrawn,
)
from tests.days import day, london
from tests.reporting.told import REFERENCE, Told, both_stages


def folded(events: Iterable[AnyEvent]) -> RegisterEntry:
    entry = reduce(fold, events, None)
    assert entry is not None
    return entry


def test_a_whole_life_in_time_gives_this_entry() -> None:
    assert folded(both_stages()) == RegisterEntry(
        reference=REFERENCE,
        policy="housing-ombudsman",
        policy_effective=day("Mon 2024-04-01"),
        channel="web",
        received_at=london("Mon 2028-03-06 10:00"),
        entered_at=london("Mon 2028-03-06 10:00"),
        category="repairs",
        service_area="Heating",
        region=None,
        anonymous=False,
        priority="high",
        stage="stage-2",
        status="closed",
        overdue=False,
        investigator="bob",
        closed_at=london("Tue 2028-05-02 10:00"),
        closed_reason="final-response",
        notices_sent=1,
        last_event_at=london("Tue 2028-05-02 10:00"),
        folded_to=19,
        stages=(
            StageEntry(
                stage="stage-1",
                requested_at=london("Mon 2028-03-06 10:00"),
                acknowledge_due=day("Mon 2028-03-13"),
                acknowledged_at=london("Wed 2028-03-08 11:00"),
                acknowledged_in_time=True,
                points=2,
                contacted_at=london("Fri 2028-03-10 12:00"),
                respond_due=day("Wed 2028-04-05"),
                responded_at=london("Tue 2028-04-04 16:00"),
                responded_in_time=True,
                extended_from=day("Wed 2028-03-22"),
                extended_until=day("Wed 2028-04-05"),
                decision="partially-upheld",
                escalate_by=day("Wed 2029-04-04"),
            ),
            StageEntry(
                stage="stage-2",
                requested_at=london("Mon 2028-04-10 09:00"),
                entered_by="request",
                acknowledge_due=day("Wed 2028-04-19"),
                acknowledged_at=london("Tue 2028-04-11 10:00"),
                acknowledged_in_time=True,
                points=2,
                responded_at=london("Tue 2028-05-02 10:00"),
                responded_in_time=True,
                decision="upheld",
            ),
        ),
    )


def test_the_status_follows_each_step() -> None:
    statuses: list[Status] = []
    entry = None
    for event in both_stages():
        entry = fold(entry, event)
        if not statuses or statuses[-1] != entry.status:
            statuses.append(entry.status)
    assert statuses == [
        "received", "accepted", "acknowledged", "answered",
        "escalated", "acknowledged", "answered", "closed",
    ]  # fmt: skip


def test_a_missed_clock_is_overdue_until_the_thing_is_done() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.clock("Mon 2028-03-06 10:00", "acknowledge", "Mon 2028-03-13")
    assert not folded(told.events).overdue
    told.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    assert folded(told.events).overdue
    told.event(
        Climbed,
        "Tue 2028-03-14 08:00",
        clock="acknowledge",
        due=day("Mon 2028-03-13"),
        rung="investigator",
        told=("investigator", "complaints-officer"),
    )
    told.acknowledged("Tue 2028-03-14 09:00", "Mon 2028-03-13", in_time=False)
    entry = folded(told.events)
    (stage,) = entry.stages
    assert not entry.overdue
    assert stage.acknowledge_missed_at == london("Tue 2028-03-14 00:00")
    assert stage.acknowledged_in_time is False
    assert (stage.misses, stage.rungs_climbed) == (1, 1)


def test_two_missed_clocks_are_overdue_until_both_things_are_done() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    told.missed("Tue 2028-03-28 00:00", "respond", "Mon 2028-03-27")
    told.acknowledged("Wed 2028-03-29 09:00", "Mon 2028-03-13", in_time=False)
    assert folded(told.events).overdue
    told.responded("Thu 2028-03-30 09:00", "upheld", "Mon 2028-03-27", in_time=False)
    entry = folded(told.events)
    assert not entry.overdue
    assert entry.stages[0].misses == 2


@pytest.mark.parametrize(
    ("end", "facts", "status", "reason"),
    [
        (Refused, {"reason": "over-12-months"}, "refused", "refused"),
        (Withdrawn, {}, "withdrawn", "withdrawn"),
        (Closed, {"reason": "not-escalated"}, "closed", "not-escalated"),
        (Closed, {"reason": "declined"}, "closed", "declined"),
        (Closed, {"reason": "sent-on"}, "closed", "sent-on"),
    ],
)
def test_an_ended_complaint_says_why_and_is_never_overdue(
    end: type[Event], facts: dict[str, str], status: str, reason: str
) -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    told.event(end, "Wed 2028-03-15 09:00", **facts)
    entry = folded(told.events)
    assert (entry.status, entry.closed_reason, entry.overdue) == (status, reason, False)
    assert entry.closed_at == london("Wed 2028-03-15 09:00")
    assert entry.refusal_reason == facts.get("reason" if end is Refused else "")


def test_the_first_date_stays_when_a_response_is_extended_twice() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    for was, until in (("Mon 2028-03-20", "Mon 2028-03-27"), ("Mon 2028-03-27", "Mon 2028-04-03")):
        told.event(Extended, "Tue 2028-03-14 09:00", was=day(was), until=day(until), agreed_on=None)
    (stage,) = folded(told.events).stages
    assert (stage.extended_from, stage.extended_until) == (
        day("Mon 2028-03-20"),
        day("Mon 2028-04-03"),
    )


def test_notices_are_counted_by_what_became_of_them() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    for outcome in ("sent", "sent", "by-hand", "refused", "nobody"):
        told.settled("Mon 2028-03-06 10:01", outcome)
    entry = folded(told.events)
    assert (entry.notices_sent, entry.notices_by_hand, entry.notices_refused) == (2, 1, 1)


def test_the_investigator_of_one_stage_is_not_that_of_the_next() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.event(Assigned, "Mon 2028-03-06 11:00", investigator="amy", together_with="kim")
    told.responded("Tue 2028-03-07 11:00", "upheld", "Mon 2028-03-20")
    before = folded(told.events)
    assert (before.investigator, before.together_with) == ("amy", "kim")
    told.next_stage("Wed 2028-03-08 11:00", "stage-2")
    after = folded(told.events)
    assert (after.investigator, after.together_with) == (None, None)


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


def _accepted_first() -> list[AnyEvent]:
    return Told().event(Accepted, "Mon 2028-03-06 10:00", priority="standard").events


def _gap() -> list[AnyEvent]:
    told = Told().received("Mon 2028-03-06 10:00").received("Mon 2028-03-06 10:00")
    return [told.events[0], told.acknowledged("Mon 2028-03-06 11:00", "Mon 2028-03-13").events[2]]


def _stage_not_entered() -> list[AnyEvent]:
    told = Told().received("Mon 2028-03-06 10:00")
    told.stage = "stage-2"
    return told.acknowledged("Mon 2028-03-06 11:00", "Mon 2028-03-13").events


def _stage_entered_twice() -> list[AnyEvent]:
    return (
        Told().received("Mon 2028-03-06 10:00").next_stage("Mon 2028-03-06 11:00", "stage-1").events
    )


@pytest.mark.parametrize(
    "events", [_accepted_first, _gap, _stage_not_entered, _stage_entered_twice]
)
def test_an_event_that_cannot_come_next_is_refused(events: Callable[[], list[AnyEvent]]) -> None:
    with pytest.raises(MendRequest) as refusal:
        folded(events())
    assert refusal.value.code == "events-do-not-fit"
