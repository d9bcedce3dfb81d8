"""An entry of the register follows from the complaint's events, and from nothing else."""

from collections.abc import Callable

import pytest

from services.reporting.fold import fold
from services.reporting.register import ExtensionEntry, RegisterEntry, StageEntry, Status
from services.shared.errors import MendRequest
from services.shared.events import (
    Accepted,
    AnyEvent,
    Assigned,
    Climbed,
    Closed,
    Event,
    Extended,
    OmbudsmanDetermined,
    Refused,
    Withdrawn,
)
from tests.days import day, london
from tests.reporting.told import REFERENCE, Told, both_stages, folded


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
                investigator="amy",
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
                extensions=(
                    ExtensionEntry(was=day("Wed 2028-03-22"), until=day("Wed 2028-04-05")),
                ),
                decision="partially-upheld",
                escalate_by=day("Wed 2029-04-04"),
            ),
            StageEntry(
                stage="stage-2",
                investigator="bob",
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


def _determined_without_a_case() -> list[AnyEvent]:
    told = Told().received("Mon 2028-03-06 10:00")
    found = {"determination": "mediated", "orders": 0, "recommendations": 0, "pence": 0}
    at = "Mon 2028-05-08 10:00"
    return told.event(OmbudsmanDetermined, at, on=day("Mon 2028-05-08"), **found).events


@pytest.mark.parametrize(
    "events",
    [
        *(_accepted_first, _gap, _stage_not_entered, _stage_entered_twice),
        _determined_without_a_case,
    ],
)
def test_an_event_that_cannot_come_next_is_refused(events: Callable[[], list[AnyEvent]]) -> None:
    with pytest.raises(MendRequest) as refusal:
        folded(events())
    assert refusal.value.code == "events-do-not-fit"


def written_on_paper(posted: str) -> RegisterEntry:
    """Answered on the last day, Monday 27 March, by a letter that was posted later."""
    told = Told().received("Mon 2028-03-06 10:00")
    told.clock("Mon 2028-03-06 10:00", "acknowledge", "Mon 2028-03-13")
    told.clock("Mon 2028-03-06 10:00", "respond", "Mon 2028-03-27")
    told.acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")
    told.responded("Mon 2028-03-27 15:00", "upheld", "Mon 2028-03-27")
    told.settled("Mon 2028-03-27 15:01", "to-print", "response")
    told.settled(posted, "posted", "response", was="to-print")
    return folded(told.events)


def test_a_letter_counts_from_the_day_on_which_it_was_posted() -> None:
    in_time = written_on_paper("Mon 2028-03-27 12:00").stages[0]
    assert (in_time.responded_at, in_time.responded_in_time) == (
        london("Mon 2028-03-27 15:00"),
        True,
    )
    late = written_on_paper("Wed 2028-03-29 12:00").stages[0]
    assert (late.responded_at, late.responded_in_time) == (london("Wed 2028-03-29 12:00"), False)
    assert late.acknowledged_in_time


def extended_twice() -> Told:
    told = Told().received("Mon 2028-03-06 10:00")
    for was, until in (("Mon 2028-03-20", "Mon 2028-03-27"), ("Mon 2028-03-27", "Mon 2028-04-03")):
        at = f"{was} 09:00"
        told.event(Extended, at, was=day(was), until=day(until), agreed_on=None)
        told.settled(f"{was} 10:00", "sent", "extension")
    return told


def told_on(told: Told) -> list[str | None]:
    (stage,) = folded(told.events).stages
    return [None if one.told_on is None else f"{one.told_on}" for one in stage.extensions]


def test_each_extension_knows_when_the_resident_was_told_of_it() -> None:
    told = extended_twice()
    assert told_on(told) == ["2028-03-20", "2028-03-27"]
    (stage,) = folded(told.events).stages
    first, _ = (one.notice for one in stage.extensions)
    # Of the first, after the second went out.
    told.settled("Tue 2028-03-28 10:00", "bounced", "extension", was="sent", notice=first)
    assert told_on(told) == [None, "2028-03-27"]
    assert folded(told.events).stages[0].extension_told_in_time is None
    told.settled("Wed 2028-03-29 10:00", "posted", "extension", was="bounced", notice=first)
    assert told_on(told) == ["2028-03-29", "2028-03-27"]
    assert folded(told.events).stages[0].extension_told_in_time is False


@pytest.mark.parametrize("came_back", ["bounced", "refused"])
def test_news_that_it_was_sent_is_stale_once_it_came_back(came_back: str) -> None:
    told = extended_twice()
    told.settled("Tue 2028-03-28 10:00", came_back, "extension")
    (stage,) = folded(told.events).stages
    notice = stage.extensions[-1].notice
    told.settled("Tue 2028-03-28 10:01", "sent", "extension", was=came_back, notice=notice)
    assert told_on(told) == ["2028-03-20", None]


def test_what_is_learnt_later_of_a_notice_is_counted_in_the_place_of_what_was_known() -> None:
    told = Told().received("Mon 2028-03-06 10:00")
    told.settled("Mon 2028-03-06 10:01", "sent")
    told.settled("Mon 2028-03-06 11:00", "bounced", was="sent")
    entry = folded(told.events)
    assert (entry.notices_sent, entry.notices_refused) == (0, 1)
    told.settled("Mon 2028-03-06 12:00", "to-print")
    told.settled("Mon 2028-03-06 13:00", "posted", was="to-print")
    assert folded(told.events).notices_sent == 1
