"""Complaints judged by hand from the Code and the Regulator's measures, verdict by verdict.

Nothing here is worked out: each date was counted on a calendar. March 2028: British Summer Time
begins on Sunday 26; Good Friday is 14 April, Easter Monday 17 April. Received on Monday 6 March and
acknowledged on Tuesday 7, stage 1 is to be answered by Tuesday 21 March, and by Tuesday 4 April
with the longest extension that the Code allows.
"""

from typing import Any

import pytest

from services.reporting.fact_rows import fact_rows
from services.reporting.facts import CODE_NATION, stage_facts
from services.reporting.measures.catalogue import catalogue
from services.reporting.measures.switches import Switches
from services.reporting.tables import SurveyFactsRow
from services.shared.events import (
    Closed,
    DeclineAnswered,
    Declined,
    Extended,
    SurveyAnswered,
    Withdrawn,
)
from services.shared.working_days import working_days
from tests.days import day
from tests.reporting.told import Told, folded

LATER = "Thu 2028-06-01"
"""A day on which everything here is over."""

AGREED = Switches(agreed_extensions_count=True)


def judged(told: Told, *measures: str, on: str = LATER, switches: Switches | None = None) -> Any:
    """Says how measures judge each stage on a day: "met in-time". One stage stands for itself."""
    known = catalogue(day(on), switches or Switches())
    found = []
    for facts in stage_facts(folded(told.events), working_days(CODE_NATION)):
        verdicts = (known[name].rule(facts) for name in measures)
        said = [f"{verdict.standing} {verdict.reason}" for verdict in verdicts]
        found.append(said[0] if len(said) == 1 else said)
    return found[0] if len(found) == 1 else found


def received(at: str = "Mon 2028-03-06 10:00", stage: str = "stage-1") -> Told:
    told = Told()
    told.stage = stage
    return told.received(at, tenure="rented")


def acknowledged() -> Told:
    """To be answered by Tuesday 21 March, by the policy and by the Code."""
    told = received().clock("Tue 2028-03-07 10:00", "respond", "Tue 2028-03-21")
    return told.acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")


def extend(
    told: Told, was: str, until: str, *, notice: str | None, agreed_on: str | None = None
) -> Told:
    """Extends on the last day there was; `notice` is when the letter about it went out."""
    agreed = None if agreed_on is None else day(agreed_on)
    told.event(Extended, f"{was} 09:00", was=day(was), until=day(until), agreed_on=agreed)
    told.clock(f"{was} 09:00", "respond", until, anchor="extended")
    return told if notice is None else told.settled(notice, "sent", "extension")


def once(
    until: str = "Tue 2028-04-04",
    notice: str | None = "Tue 2028-03-21 23:30",
    agreed_on: str | None = None,
) -> Told:
    """Extended once, in time by the policy's own words."""
    return extend(acknowledged(), "Tue 2028-03-21", until, notice=notice, agreed_on=agreed_on)


def answered(told: Told, at: str) -> Told:
    """Answered in time by the policy."""
    return told.responded(at, "upheld", at[:14])


BY_CODE = ("responded-by-code", "responded-by-code-unextended", "ch02-1")


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("Tue 2028-03-21 23:59", "met in-time"),
        ("Wed 2028-03-22 00:01", "not-met late"),  # 00:01 in London and in UTC alike
    ],
)
def test_stage_1_has_ten_working_days_from_its_acknowledgement(at: str, verdict: str) -> None:
    assert judged(answered(acknowledged(), at), *BY_CODE) == [verdict] * 3


def test_days_are_those_of_london_and_not_of_utc() -> None:
    # Half past midnight on Monday 27 March is still Sunday in UTC: five working days are 3 April.
    told = received("Mon 2028-03-27 00:30").acknowledged("Mon 2028-04-03 23:30", "Mon 2028-04-03")
    # Ten working days from then, without Good Friday and Easter Monday: Wednesday 19 April.
    told.responded("Wed 2028-04-19 23:45", "upheld", "Wed 2028-04-19")
    assert judged(told, "acknowledged-by-code", "ch02-1") == ["met in-time", "met in-time"]
    # A quarter past midnight on Tuesday 4 April is still Monday in UTC.
    told = received("Mon 2028-03-27 00:30").acknowledged("Tue 2028-04-04 00:15", "Mon 2028-04-03")
    assert judged(told, "acknowledged-by-code") == "not-met late"


def test_stage_2_has_twenty_working_days_and_easter_is_none_of_them() -> None:
    told = answered(acknowledged(), "Tue 2028-03-21 10:00")
    told.next_stage("Sat 2028-04-01 12:00", "stage-2")
    told.acknowledged("Mon 2028-04-10 10:00", "Fri 2028-04-07")  # day 6
    # From 10 April without 14 and 17 April and 1 May (early May bank holiday): Thursday 11 May.
    told.responded("Thu 2028-05-11 10:00", "upheld", "Thu 2028-05-11")
    first, second = judged(told, "acknowledged-by-code", "ch02-2", "escalated")
    assert first == ["met in-time", "out not-this-stage", "met went-on"]
    assert second == ["not-met late", "met in-time", "out not-stage-1"]


def test_an_extension_counts_as_far_as_the_code_allows_it() -> None:
    assert judged(answered(once(), "Tue 2028-04-04 10:00"), *BY_CODE) == [
        "met extended",
        "not-met extended",
        "met extended",
    ]
    # Longer than ten working days more (6.4): counted up to those, and not beyond.
    longer = once("Fri 2028-04-07")
    assert judged(answered(longer, "Tue 2028-04-04 10:00"), "ch02-1") == "met extended"
    longer = answered(once("Fri 2028-04-07"), "Wed 2028-04-05 10:00")
    assert judged(longer, *BY_CODE) == ["not-met extended-beyond-the-code"] * 3
    assert judged(longer, "responded") == "met in-time"
    assert judged(longer, "ch02-1", switches=AGREED) == "not-met extended-beyond-the-code"


def test_a_longer_extension_that_the_resident_agreed_to_counts_if_the_landlord_reads_it_so() -> (
    None
):
    told = answered(once("Fri 2028-04-07", agreed_on="Mon 2028-03-20"), "Wed 2028-04-05 10:00")
    assert judged(told, "responded-by-code", "ch02-1") == ["not-met extended-by-agreement"] * 2
    read_so = judged(told, *BY_CODE, switches=AGREED)
    assert read_so[::2] == ["met extended-by-agreement"] * 2
    assert read_so[1] == "not-met extended-by-agreement"


@pytest.mark.parametrize(
    ("notice", "said"),
    [(None, "not-met not-told"), ("Wed 2028-03-22 00:10", "not-met told-late")],
)
def test_an_extension_of_which_nobody_was_told_in_time_does_not_count(
    notice: str | None, said: str
) -> None:
    told = answered(once(notice=notice), "Tue 2028-04-04 10:00")
    assert judged(told, *BY_CODE) == ["not-met extension-not-told"] * 3
    assert judged(told, "extensions", "responded") == [said, "met in-time"]


def test_a_notice_inside_the_policys_time_and_after_the_codes_is_too_late() -> None:
    told = received().acknowledged("Tue 2028-03-07 10:00", "Mon 2028-03-13")
    extend(told, "Mon 2028-03-27", "Mon 2028-04-03", notice="Wed 2028-03-22 10:00")
    assert judged(answered(told, "Mon 2028-04-03 10:00"), "ch02-1", "extensions") == [
        "not-met extension-not-told",
        "met told-in-time",
    ]


def test_a_second_extension_needs_a_notice_of_its_own() -> None:
    def twice(*, second: str | None) -> Told:
        told = once("Tue 2028-03-28")
        return extend(told, "Tue 2028-03-28", "Tue 2028-04-04", notice=second)

    untold = twice(second=None)
    assert judged(untold, "extensions", on="Tue 2028-03-28") == "out not-yet"
    assert judged(untold, "extensions", on="Wed 2028-03-29") == "not-met not-told"
    assert judged(answered(untold, "Tue 2028-03-28 10:00"), "ch02-1") == "met extended"
    late = answered(twice(second=None), "Wed 2028-03-29 10:00")
    assert judged(late, "ch02-1") == "not-met extension-not-told"
    told = answered(twice(second="Tue 2028-03-28 10:00"), "Tue 2028-04-04 10:00")
    assert judged(told, "ch02-1", "extensions") == ["met extended", "met told-in-time"]


def test_a_notice_that_came_back_has_told_nobody_and_one_confirmed_late_has() -> None:
    bounced = once()
    [extension] = folded(bounced.events).stages[0].extensions
    came_back = {"was": "sent", "notice": extension.notice}
    bounced.settled("Thu 2028-03-23 10:00", "bounced", "extension", **came_back)
    assert judged(answered(bounced, "Tue 2028-04-04 10:00"), "extensions", "ch02-1") == [
        "not-met not-told",
        "not-met extension-not-told",
    ]
    confirmed = once(notice=None).settled("Tue 2028-03-21 09:05", "uncertain", "extension")
    assert judged(confirmed, "extensions") == "not-met not-told"
    confirmed.settled("Tue 2028-03-21 11:00", "sent", "extension", was="uncertain")
    assert judged(confirmed, "extensions") == "met told-in-time"


def test_an_extension_made_today_can_still_be_told() -> None:
    told = once(notice=None)
    assert judged(told, "extensions", on="Tue 2028-03-21") == "out not-yet"
    assert judged(told, "extensions", on="Wed 2028-03-22") == "not-met not-told"


def test_an_answer_alone_is_no_acknowledgement() -> None:
    told = received().responded("Tue 2028-03-14 10:00", "upheld", "Mon 2028-03-20")
    assert judged(told, "acknowledged-by-code", "ch02-1") == [
        "not-met never-acknowledged",
        "met in-time",
    ]


def test_what_is_open_is_judged_by_the_codes_own_days() -> None:
    told = received()  # the policy has no clock at all
    measures = ("acknowledged-by-code", "responded-by-code")
    assert judged(told, *measures, on="Mon 2028-03-13") == ["out not-yet", "out not-yet"]
    assert judged(told, *measures, on="Tue 2028-03-14") == ["not-met late-undone", "out not-yet"]
    assert judged(told, *measures, on="Tue 2028-03-21") == ["not-met late-undone"] * 2


def test_what_was_extended_and_is_open_is_late_by_its_first_date_and_not_by_its_last() -> None:
    measures = ("responded-unextended", "responded-by-code-unextended", "responded-by-code")
    told = once()
    assert judged(told, *measures, on="Tue 2028-03-21") == ["out not-yet"] * 3
    assert judged(told, *measures, on="Wed 2028-03-22") == [
        "not-met late-undone",
        "not-met late-undone",
        "out not-yet",
    ]
    assert judged(told, *measures, on="Wed 2028-04-05") == ["not-met late-undone"] * 2 + [
        "not-met late-undone"
    ]


@pytest.mark.parametrize(
    ("at", "acknowledgement", "response"),
    [
        ("Mon 2028-03-13 10:00", "out withdrawn", "out withdrawn"),
        ("Tue 2028-03-14 10:00", "not-met never-acknowledged", "out withdrawn"),
        ("Tue 2028-03-21 10:00", "not-met never-acknowledged", "not-met never-answered"),
    ],
)
def test_taking_a_complaint_back_does_not_undo_lateness(
    at: str, acknowledgement: str, response: str
) -> None:
    told = received().event(Withdrawn, at)
    assert judged(told, "acknowledged-by-code", "responded-by-code", "ch02-1") == [
        acknowledgement,
        response,
        "not-met unanswered",
    ]


def test_a_step_before_stage_1_is_part_of_it_and_counts_from_the_receipt() -> None:
    resolved = answered(received(stage="first-time-resolution"), "Wed 2028-03-08 10:00")
    measures = ("ch01-1", "ch02-1", "escalated", "acknowledged-by-code")
    assert judged(resolved, *measures) == [
        "met received",
        "met in-time",
        "not-met not-taken-further",
        "not-met never-acknowledged",
    ]
    told = received(stage="first-time-resolution")
    told.moved_on("Fri 2028-03-10 08:00", "stage-1", "not-resolved")
    # Never acknowledged, so ten working days from the receipt: Monday 20 March.
    told.responded("Tue 2028-03-21 10:00", "upheld", "Thu 2028-03-23")
    step, stage_1 = judged(told, *measures, "responded-by-code")
    assert step == [
        *("out not-this-stage", "out not-this-stage", "out not-stage-1"),
        *("out with-next-step", "out with-next-step"),
    ]
    assert stage_1 == [
        *("met received", "not-met late", "not-met not-taken-further"),
        *("not-met never-acknowledged", "not-met late"),
    ]
    _, facts = stage_facts(folded(told.events), working_days(CODE_NATION))
    assert (facts.received_on, facts.month) == (day("Mon 2028-03-06"), "2028-03")


def test_stage_2_is_answered_when_the_panel_that_it_went_to_has_answered() -> None:
    told = answered(acknowledged(), "Tue 2028-03-21 10:00")
    told.next_stage("Mon 2028-03-27 09:00", "stage-2")
    told.acknowledged("Mon 2028-03-27 10:00", "Mon 2028-04-03")
    told.moved_on("Mon 2028-04-03 10:00", "panel", "referred")
    # From 27 March without 14 and 17 April: Wednesday 26 April.
    told.responded("Thu 2028-04-27 10:00", "upheld", "Thu 2028-06-01")
    measures = ("ch01-2", "ch02-2", "acknowledged-by-code", "responded")
    _, director, panel = judged(told, *measures)
    assert director == [*["out not-this-stage"] * 2, "out with-next-step", "out ended-without"]
    assert panel == ["met received", "not-met late", "met in-time", "met in-time"]


def test_a_step_of_no_stage_of_the_code_is_shown_as_that() -> None:
    told = answered(received(stage="mediation"), "Wed 2028-03-08 10:00")
    assert judged(told, "responded-by-code", "ch01-1", "responded") == [
        "out not-of-the-code",
        "out not-this-stage",
        "met in-time",
    ]


def test_a_declined_request_is_no_complaint_at_stage_2_and_is_listed_with_its_reason() -> None:
    told = answered(acknowledged(), "Tue 2028-03-21 10:00")
    told.next_stage("Mon 2028-03-27 09:00", "stage-2")
    told.event(Declined, "Wed 2028-03-29 09:00", reason="insufficient-grounds", final=False)
    measures = ("escalated", "declined", "ch01-2", "ch02-2", "responded-by-code")
    first, second = judged(told, *measures)
    assert first[:2] == ["not-met declined", "out not-declined"]
    assert second[1:] == ["met insufficient-grounds", *["out declined"] * 3]
    final = Told()
    final.events, final.stage = [*told.events], "stage-2"
    final.event(Closed, "Fri 2028-04-28 09:00", reason="declined")
    assert judged(final, *measures) == [first, second]
    counted = judged(final, "ch01-2", "ch02-2", switches=Switches(declined_count=True))
    assert counted[1] == ["met received", "not-met unanswered"]
    # Considered again, it is a request like any other: from the day on which it was made.
    told.event(DeclineAnswered, "Mon 2028-04-03 09:00")
    told.acknowledged("Tue 2028-04-04 10:00", "Mon 2028-04-10")
    first, second = judged(told, *measures, "acknowledged-by-code", on="Wed 2028-04-05")
    assert first[0] == "met went-on"
    assert second[1:] == [
        *("out not-declined", "met received", "not-met unanswered", "out not-yet"),
        "not-met late",
    ]


def test_a_letter_that_waits_to_be_posted_has_answered_nothing_yet() -> None:
    told = answered(acknowledged(), "Tue 2028-03-21 10:00")
    told.settled("Tue 2028-03-21 10:01", "to-print", "response")
    told.event(Closed, "Tue 2028-03-21 10:02", reason="final-response")
    measures = ("responded", "responded-by-code", "ch02-1", "outcomes", "waiting")
    assert judged(told, *measures, on="Tue 2028-03-21") == [
        *("out not-yet", "out not-yet", "not-met unanswered", "out not-answered"),
        "met 15-to-28-days",
    ]
    assert judged(told, "responded-by-code", on="Wed 2028-03-22") == "not-met late-undone"
    told.settled("Tue 2028-03-21 16:00", "posted", "response", was="to-print")
    assert judged(told, *measures[:4]) == [*["met in-time"] * 3, "met upheld"]


def test_an_acknowledgement_that_waits_to_be_posted_is_none_yet() -> None:
    told = acknowledged().settled("Tue 2028-03-07 10:01", "to-print", "acknowledgement")
    assert judged(told, "acknowledged-by-code", on="Mon 2028-03-13") == "out not-yet"
    assert judged(told, "acknowledged-by-code", on="Tue 2028-03-14") == "not-met late-undone"
    told.settled("Tue 2028-03-14 10:00", "posted", "acknowledgement", was="to-print")
    assert judged(told, "acknowledged-by-code") == "not-met late"


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("Mon 2028-03-06 00:30", "met very-satisfied"),
        ("Sun 2028-03-05 23:30", "out complained-earlier"),
    ],
)
def test_only_those_who_complained_in_the_last_12_months_are_asked(at: str, verdict: str) -> None:
    told = received(at)
    said = {"on": day("Tue 2029-03-06"), "satisfaction": "very-satisfied"}
    told.event(SurveyAnswered, "Tue 2029-03-06 10:00", **said)
    [row] = dict(fact_rows(folded(told.events)))[SurveyFactsRow]
    found = catalogue(day(LATER))["tp09"].rule(SurveyFactsRow(**row))
    assert f"{found.standing} {found.reason}" == verdict
