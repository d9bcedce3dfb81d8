"""A manager confirms what is theirs; who does not is chased, and then it is offered on."""

import pytest

from services.notify.contents import Chase, Offer, Unconfirmed
from tests.days import day
from tests.notify.caseloads import ASSIGNED, ASSIGNMENT, MEGAN, Desk, standing, word

ASKED = standing()
"""Assigned on Monday 6 March 2028 at 10:00, and not confirmed."""


def without_digests(lines: list[str]) -> list[str]:
    return [line for line in lines if " digest " not in line]


def test_after_a_working_day_it_chases_and_after_another_it_offers_it_on_and_tells() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    assert without_digests(desk.until("Fri 2028-03-31 12:00")) == [
        "Tue 2028-03-07 10:00 chase to sam-okafor: PR-1",
        "Wed 2028-03-08 10:00 offer to megan-price: PR-1",
        "Wed 2028-03-08 10:00 unconfirmed to complaints-officer: PR-1",
    ]
    chase, offer, unconfirmed = (
        mail.notice
        for _, mail in desk.sent
        if isinstance(mail.notice.content, Chase | Offer | Unconfirmed)
    )
    assert chase.key == "PR-1/5/chase/sam-okafor"
    assert chase.content == Chase(
        assigned_on=day("Mon 2028-03-06"), clock="respond", due=day("Mon 2028-03-20")
    )
    assert offer.key == "PR-1/5/offer/megan-price"
    assert isinstance(offer.content, Offer)
    assert offer.content.manager == "sam-okafor"
    assert unconfirmed.content == Unconfirmed(
        manager="sam-okafor", assigned_on=day("Mon 2028-03-06"), offered_to=MEGAN
    )


@pytest.mark.parametrize(
    ("assigned", "chased", "offered"),
    [
        ("Fri 2028-03-10 15:30", "Mon 2028-03-13 15:30", "Tue 2028-03-14 15:30"),
        ("Sat 2028-03-11 10:00", "Tue 2028-03-14 08:00", "Wed 2028-03-15 08:00"),
        ("Mon 2028-03-06 07:15", "Tue 2028-03-07 08:00", "Wed 2028-03-08 08:00"),
        ("Mon 2028-03-06 18:00", "Wed 2028-03-08 08:00", "Thu 2028-03-09 08:00"),
        ("Fri 2028-03-10 19:00", "Tue 2028-03-14 08:00", "Wed 2028-03-15 08:00"),
        ("Thu 2028-04-13 09:00", "Tue 2028-04-18 09:00", "Wed 2028-04-19 09:00"),  # Easter
        ("Fri 2028-03-24 09:00", "Mon 2028-03-27 09:00", "Tue 2028-03-28 09:00"),  # clocks change
    ],
)
def test_a_working_day_is_counted_in_working_days_and_hours(
    assigned: str, chased: str, offered: str
) -> None:
    desk = Desk()
    stands = standing(("respond", "Fri 2028-04-28"), assigned=assigned)
    desk.hear(assigned, word(stands, ASSIGNMENT))
    told = without_digests(desk.until("Sun 2028-04-30 12:00"))
    assert [line[:20] for line in told] == [chased, offered, offered]


@pytest.mark.parametrize(
    ("confirmed_at", "told_before"),
    [("Mon 2028-03-06 16:00", []), ("Wed 2028-03-08 09:00", ["chase"])],
)
def test_confirming_stops_it(confirmed_at: str, told_before: list[str]) -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    desk.hear(confirmed_at, word(standing(confirmed=True), sequence=6))
    told = without_digests(desk.until("Fri 2028-03-17 12:00"))
    assert told == []
    kinds = [mail.notice.content.about for _, mail in desk.sent]
    assert [kind for kind in kinds if kind not in {"assignment", "digest"}] == told_before


def test_the_same_assignment_told_again_begins_nothing_anew() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    moved = standing(("respond", "Wed 2028-03-22"))
    desk.hear("Tue 2028-03-07 09:59", word(moved, sequence=6))
    assert without_digests(desk.until("Tue 2028-03-07 12:00")) == [
        "Tue 2028-03-07 10:00 chase to sam-okafor: PR-1"
    ]


def test_assigned_anew_to_the_same_person_it_asks_anew() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    desk.until("Tue 2028-03-07 12:00")
    desk.told()
    again = standing(assigned="Tue 2028-03-07 14:00")
    desk.hear("Tue 2028-03-07 14:00", word(again, ASSIGNMENT, sequence=8))
    assert without_digests(desk.until("Fri 2028-03-10 12:00")) == [
        "Wed 2028-03-08 14:00 chase to sam-okafor: PR-1",
        "Thu 2028-03-09 14:00 offer to megan-price: PR-1",
        "Thu 2028-03-09 14:00 unconfirmed to complaints-officer: PR-1",
    ]
    assert desk.sent[-1][1].notice.key == "PR-1/8/unconfirmed/sam-okafor"


def test_with_nobody_to_offer_it_to_the_complaints_officer_is_told_all_the_same() -> None:
    desk = Desk(staff_id="edith-owusu")
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT, to="edith-owusu"))
    told = without_digests(desk.until("Fri 2028-03-10 12:00"))
    assert told == [
        "Tue 2028-03-07 10:00 chase to edith-owusu: PR-1",
        "Wed 2028-03-08 10:00 unconfirmed to complaints-officer: PR-1",
    ]
    content = desk.sent[-1][1].notice.content
    assert isinstance(content, Unconfirmed)
    assert content.offered_to is None


def test_after_an_outage_the_manager_still_has_a_working_day_after_the_chase() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    assert without_digests(desk.asleep_until("Fri 2028-03-10 11:00")) == [
        "Fri 2028-03-10 11:00 chase to sam-okafor: PR-1"
    ]
    assert without_digests(desk.until("Fri 2028-03-17 12:00")) == [
        "Mon 2028-03-13 11:00 offer to megan-price: PR-1",
        "Mon 2028-03-13 11:00 unconfirmed to complaints-officer: PR-1",
    ]


def test_an_assignment_that_is_heard_of_late_is_chased_a_working_day_after_that() -> None:
    desk = Desk()
    desk.hear("Thu 2028-03-09 11:00", word(ASKED, ASSIGNMENT))
    told = without_digests(desk.until("Fri 2028-03-10 12:00"))
    assert told == ["Fri 2028-03-10 11:00 chase to sam-okafor: PR-1"]


def test_after_an_outage_nobody_is_chased_at_night() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT))
    desk.told()
    assert desk.asleep_until("Fri 2028-03-10 22:00") == []
    assert [line[:26] for line in desk.until("Mon 2028-03-13 12:00")] == [
        "Mon 2028-03-13 08:10 chase",
        "Mon 2028-03-13 08:10 diges",
    ]
