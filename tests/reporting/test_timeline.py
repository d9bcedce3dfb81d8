"""Every kind of event reads as a plain sentence."""

from typing import get_args

import pytest

from services.reporting.timeline import line
from services.shared.events import (
    Accepted,
    AnyEvent,
    Assigned,
    Climbed,
    Closed,
    Contacted,
    Extended,
    Refused,
    Reminded,
    Withdrawn,
)
from tests.days import day, london
from tests.reporting.told import Told

AT = "Mon 2028-03-06 10:00"
DUE = "Mon 2028-03-13"

COUNTED = "counted from Monday 6 March 2028, day 1 Monday 13 March 2028; calendar of 2026-11-01"

SENTENCES = [
    (Told().received(AT), "Received by web."),
    (
        Told().received(AT, entered="Tue 2028-03-07 09:00", channel="in-person", anonymous=True),
        "Received anonymously, by in person. It was entered on Tuesday 7 March 2028.",
    ),
    (
        Told().clock(AT, "acknowledge", DUE),
        f"The acknowledgement is due on Monday 13 March 2028 (Code 6.2; {COUNTED}).",
    ),
    (
        Told().clock(AT, "respond", DUE, skipped=("2028-03-10 closure day",)),
        (
            "The response is due on Monday 13 March 2028 (Code 6.2; counted from Monday 6 March "
            "2028, day 1 Monday 13 March 2028, without 2028-03-10 closure day; calendar of "
            "2026-11-01)."
        ),
    ),
    (
        Told().clock(AT, "escalate", DUE),
        f"The next stage can be asked for until Monday 13 March 2028 (Code 6.2; {COUNTED}).",
    ),
    (
        Told().event(Accepted, AT, priority="high"),
        "Taken in as a complaint, with high priority.",
    ),
    (
        Told().event(Refused, AT, reason="over-12-months"),
        "Not taken as a complaint: over-12-months.",
    ),
    (Told().event(Assigned, AT, investigator="amy"), "amy was put in charge."),
    (Told().acknowledged(AT, DUE), "Acknowledged in time, with 2 points to answer."),
    (
        Told().acknowledged("Tue 2028-03-14 09:00", DUE, in_time=False),
        "Acknowledged late (due on Monday 13 March 2028), with 2 points to answer.",
    ),
    (
        Told().event(
            Contacted,
            AT,
            outcome="attempted",
            how="phone",
            happened_at=london("Sun 2028-03-05 12:00"),
        ),
        "Contact (phone) was tried on Sunday 5 March 2028.",
    ),
    (
        Told().event(Reminded, AT, clock="respond", due=day(DUE)),
        "The investigator was reminded. The response is due on Monday 13 March 2028.",
    ),
    (
        Told().missed("Tue 2028-03-14 00:00", "acknowledge", DUE),
        "Not acknowledged in time: that was due on Monday 13 March 2028.",
    ),
    (
        Told().event(
            Climbed,
            AT,
            clock="respond",
            due=day(DUE),
            rung="line-manager",
            told=("line-manager", "complaints-officer"),
        ),
        "Still not answered: the line manager and the complaints officer were told.",
    ),
    (
        Told().event(
            Climbed,
            AT,
            clock="acknowledge",
            due=day(DUE),
            rung="complaints-officer",
            told=("complaints-officer",),
        ),
        "Still not acknowledged: the complaints officer was told.",
    ),
    (
        Told().event(
            Extended, AT, was=day(DUE), until=day("Mon 2028-03-20"), agreed_on=day("Fri 2028-03-03")
        ),
        (
            "The response was put off from Monday 13 March 2028 to Monday 20 March 2028. "
            "The resident agreed to that on Friday 3 March 2028."
        ),
    ),
    (Told().responded(AT, "partially-upheld", DUE), "Answered in time: partially upheld."),
    (
        Told().next_stage(AT, "stage-2"),
        "The resident asked for the next stage, stage-2.",
    ),
    (Told().event(Withdrawn, AT), "The resident took the complaint back."),
    (Told().event(Closed, AT, reason="final-response"), "Closed: that was the final response."),
    (
        Told().event(Closed, AT, reason="not-escalated"),
        "Closed: the time to ask for the next stage has passed.",
    ),
    (Told().settled(AT, "sent"), "The notice of receipt to the resident was sent."),
    (
        Told().settled(AT, "nobody"),
        "The notice of receipt to the resident was not sent: there is nobody to write to.",
    ),
]


@pytest.mark.parametrize(("told", "says"), SENTENCES, ids=[says for _, says in SENTENCES])
def test_an_event_reads_as_a_plain_sentence(told: Told, says: str) -> None:
    assert line(told.events[0]).sentence == says


def test_every_kind_of_event_has_its_sentence_here() -> None:
    shown = {type(told.events[0]) for told, _ in SENTENCES}
    assert shown == set(get_args(get_args(AnyEvent)[0]))


def test_the_day_is_that_of_london_and_the_moment_is_utc() -> None:
    # In summer the day begins an hour before it does in UTC.
    told = Told().missed("Sat 2028-07-01 00:00", "respond", "Fri 2028-06-30")
    shown = line(told.events[0])
    assert shown.on == "Saturday 1 July 2028"
    assert shown.model_dump(mode="json")["at"] == "2028-06-30T23:00:00Z"
