"""The facts that measures count. 2028: Good Friday is 14 April, Easter Monday 17 April."""

from datetime import date
from typing import Any

import pytest

from services.reporting.facts import CODE_NATION, StageFacts, stage_facts
from services.reporting.register import RegisterEntry
from services.shared.events import Closed, Extended, Refused, Responded, Withdrawn
from services.shared.working_days import working_days
from tests.days import day
from tests.reporting.told import Told, both_stages, folded


def facts(entry: RegisterEntry) -> list[StageFacts]:
    return [*stage_facts(entry, working_days(CODE_NATION))]


def received() -> Told:
    return Told().received("Mon 2028-03-06 10:00")


def answered(acknowledged: str, responded: str) -> StageFacts:
    """Stage 1 acknowledged and answered then; by the policy both are said to be in time."""
    told = received().acknowledged(acknowledged, "Mon 2028-03-13")
    told.responded(responded, "upheld", "Mon 2028-03-27")
    [found] = facts(folded(told.events))
    return found


def test_each_stage_has_its_facts() -> None:
    first, second = facts(folded(both_stages()))
    assert (first.code_stage, first.position, first.escalated, first.state) == (
        "1",
        1,
        True,
        "closed",
    )
    assert (first.received_on, first.month) == (date(2028, 3, 6), "2028-03")
    assert (first.investigator, second.investigator) == ("amy", "bob")
    assert (second.code_stage, second.position, second.escalated, second.state) == (
        "2",
        2,
        False,
        "closed",
    )
    assert second.received_on == date(2028, 4, 10)


def test_a_step_that_the_code_does_not_know_is_judged_by_the_policy_alone() -> None:
    told = Told()
    told.stage = "mediation"
    told.received("Mon 2028-03-06 10:00")
    told.responded("Wed 2028-03-08 10:00", "upheld", "Thu 2028-03-09")
    [found] = facts(folded(told.events))
    assert found.code_stage is None
    assert (found.responded, found.responded_by_code) == ("in-time", "none")


@pytest.mark.parametrize(
    ("acknowledged", "by_code"),
    [("Mon 2028-03-13 17:00", "in-time"), ("Tue 2028-03-14 09:00", "late")],
)
def test_the_code_gives_five_working_days_to_acknowledge(acknowledged: str, by_code: str) -> None:
    assert answered(acknowledged, "Wed 2028-03-15 10:00").acknowledged_by_code == by_code


@pytest.mark.parametrize(
    ("responded", "by_code"),
    [("Fri 2028-03-24 23:00", "in-time"), ("Mon 2028-03-27 09:00", "late")],
)
def test_the_code_gives_ten_working_days_from_the_acknowledgement_that_happened(
    responded: str, by_code: str
) -> None:
    assert answered("Fri 2028-03-10 10:00", responded).responded_by_code == by_code


def test_what_was_never_acknowledged_counts_from_the_receipt() -> None:
    told = received().responded("Tue 2028-03-21 10:00", "upheld", "Mon 2028-03-27")
    [found] = facts(folded(told.events))
    assert (found.acknowledged_by_code, found.responded_by_code) == ("never", "late")


def extended(responded: str, *, told_on: str | None) -> StageFacts:
    told = received().acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")
    told.event(
        Extended,
        "Mon 2028-03-20 10:00",
        was=day("Tue 2028-03-21"),
        until=day("Tue 2028-04-04"),
        agreed_on=None,
    )
    if told_on is not None:
        told.settled(told_on, "sent", "extension")
    told.responded(responded, "upheld", "Tue 2028-04-04")
    [found] = facts(folded(told.events))
    return found


@pytest.mark.parametrize(
    ("responded", "by_code", "unextended"),
    [
        ("Tue 2028-03-21 10:00", "in-time", "in-time"),
        ("Tue 2028-04-04 10:00", "extended", "late"),
    ],
)
def test_an_extension_counts_as_in_time_by_the_code_and_apart_without_it(
    responded: str, by_code: str, unextended: str
) -> None:
    found = extended(responded, told_on="Mon 2028-03-20 10:01")
    assert (found.responded, found.responded_by_code, found.responded_unextended) == (
        "in-time",
        by_code,
        unextended,
    )


@pytest.mark.parametrize(
    ("told_on", "says"),
    [
        ("Tue 2028-03-21 23:00", "in-time"),
        ("Wed 2028-03-22 09:00", "late"),
        (None, "untold"),
    ],
)
def test_the_notice_of_an_extension_goes_out_inside_the_time_before(
    told_on: str | None, says: str
) -> None:
    assert extended("Mon 2028-04-03 10:00", told_on=told_on).extended == says


def test_only_what_is_open_and_undone_has_last_days() -> None:
    told = received()
    [found] = facts(folded(told.events))
    assert (found.code_acknowledge_by, found.code_respond_by) == (
        date(2028, 3, 13),
        date(2028, 3, 20),
    )
    told.acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")
    [found] = facts(folded(told.events))
    assert (found.code_acknowledge_by, found.code_respond_by) == (None, date(2028, 3, 21))
    told.responded("Wed 2028-03-08 10:00", "upheld", "Tue 2028-03-21")
    [found] = facts(folded(told.events))
    days = ("code_acknowledge_by", "code_respond_by", "code_extended_by", "code_agreed_by")
    assert {getattr(found, name) for name in (*days, "first_respond_by", "tell_by")} == {None}


def test_a_decision_that_nobody_recorded_is_told_from_none() -> None:
    told = received()
    assert facts(folded(told.events))[0].decision is None
    told.event(
        Responded,
        "Wed 2028-03-15 10:00",
        decision=None,
        findings=[],
        due=day("Mon 2028-03-20"),
        in_time=True,
        outside=True,
    )
    assert facts(folded(told.events))[0].decision == "not-recorded"


def test_what_a_response_pays_and_promises_is_counted_at_its_stage() -> None:
    told = received()
    payments = [{"kind": "payment", "pence": 5000}, {"kind": "payment", "pence": 250}]
    told.event(
        Responded,
        "Wed 2028-03-15 10:00",
        decision="upheld",
        findings=[],
        due=day("Mon 2028-03-20"),
        in_time=True,
        remedies=[{"kind": "apology"}, *payments],
        promises=[{"number": 1, "by": day("Mon 2028-03-20")}],
    )
    [found] = facts(folded(told.events))
    assert (found.pence, found.promised) == (5250, 1)


ENDS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "refused": (Refused, {"reason": "over-12-months"}),
    "withdrawn": (Withdrawn, {}),
    "closed": (Closed, {"reason": "final-response"}),
}


@pytest.mark.parametrize("state", ENDS)
def test_how_it_ended(state: str) -> None:
    kind, more = ENDS[state]
    told = received().event(kind, "Wed 2028-03-15 10:00", **more)
    [found] = facts(folded(told.events))
    assert found.state == state
    assert found.refusal_reason == more.get("reason" if state == "refused" else "")


def test_what_is_overdue_is_so_since_its_due_date() -> None:
    told = received().clock("Mon 2028-03-06 10:00", "acknowledge", "Mon 2028-03-13")
    told.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    [found] = facts(folded(told.events))
    assert (found.overdue, found.overdue_since, found.acknowledged) == (
        True,
        date(2028, 3, 13),
        "late",
    )


def test_days_beyond_the_calendar_are_not_guessed() -> None:
    told = Told().received("Mon 1990-03-05 10:00")
    told.acknowledged("Tue 1990-03-06 10:00", "Mon 1990-03-12")
    [found] = facts(folded(told.events))
    assert found.acknowledged_by_code == "unknown"
