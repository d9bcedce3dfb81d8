"""While a manager is away their deputy is written to, and the complaints officer sees it.

The directory itself leads each notice to the deputy: here it is seen who is written to and when.
"""

import pytest

from services.notify.absences import Absence
from services.notify.contents import Cover
from tests.days import day
from tests.notify.caseloads import (
    ASSIGNED,
    ASSIGNMENT,
    MEGAN,
    WROTE,
    Desk,
    away,
    reminder,
    standing,
    word,
)

CONFIRMED = standing(("respond", "Fri 2028-04-28"), confirmed=True)
ASKED = standing(("respond", "Fri 2028-04-28"))
WEEK = away("Wed 2028-03-08", "Tue 2028-03-14")


def with_one_case(*absences: Absence) -> Desk:
    """A desk with one confirmed complaint, seen in a digest on Tuesday."""
    desk = Desk(*absences)
    desk.hear(ASSIGNED, word(CONFIRMED, ASSIGNMENT))
    desk.until("Tue 2028-03-07 12:00")
    desk.told()
    return desk


def test_an_absence_entered_beforehand_is_told_on_its_first_morning_and_ends_with_a_digest() -> (
    None
):
    desk = with_one_case(WEEK)
    assert desk.until("Fri 2028-03-31 12:00") == [
        "Wed 2028-03-08 08:10 cover to complaints-officer: None",
        "Wed 2028-03-08 08:10 digest to sam-okafor: PR-1 35 open",
        "Wed 2028-03-15 08:10 digest to sam-okafor: PR-1 30 open",
    ]
    content = desk.sent[-3][1].notice.content
    assert content == Cover(
        manager="sam-okafor",
        deputy=MEGAN,
        away_until=day("Tue 2028-03-14"),
        open_complaints=1,
    )


def test_an_absence_entered_while_it_lasts_is_told_at_once() -> None:
    desk = with_one_case()
    assert desk.absent("Wed 2028-03-08 11:00", WEEK) == [
        "Wed 2028-03-08 11:00 cover to complaints-officer: None",
        "Wed 2028-03-08 11:00 digest to sam-okafor: PR-1 35 open",
    ]
    assert desk.until("Tue 2028-03-14 23:00") == []


def test_an_absence_entered_at_the_weekend_is_told_on_monday() -> None:
    desk = with_one_case()
    assert desk.absent("Sat 2028-03-11 11:00", away("Sat 2028-03-11", "Tue 2028-03-14")) == []
    assert [line[:28] for line in desk.until("Mon 2028-03-13 12:00")] == [
        "Mon 2028-03-13 08:10 cover t",
        "Mon 2028-03-13 08:10 digest ",
    ]


def test_absences_that_adjoin_are_told_as_one() -> None:
    desk = with_one_case(WEEK, away("Wed 2028-03-15", "Fri 2028-03-17"))
    covers = [line for line in desk.until("Fri 2028-03-31 12:00") if " cover " in line]
    assert [line[:20] for line in covers] == ["Wed 2028-03-08 08:10"]
    contents = [mail.notice.content for _, mail in desk.sent]
    [cover] = [content for content in contents if isinstance(content, Cover)]
    assert cover.away_until == day("Fri 2028-03-17")


def test_an_absence_over_a_weekend_alone_disturbs_nobody() -> None:
    desk = with_one_case(away("Sat 2028-03-11", "Sun 2028-03-12"))
    assert desk.until("Fri 2028-03-31 12:00") == []


def test_two_digests_of_one_day_have_keys_of_their_own() -> None:
    desk = with_one_case()
    desk.hear("Tue 2028-03-07 16:00", word(CONFIRMED, WROTE, sequence=6))
    desk.until("Wed 2028-03-08 09:00")
    desk.absent("Wed 2028-03-08 11:00", WEEK)
    keys = [mail.notice.key for _, mail in desk.sent if mail.notice.content.about == "digest"]
    assert keys[-2:] == [
        "manager/sam-okafor/digest/2028-03-08",
        "manager/sam-okafor/digest/2028-03-08/2",
    ]


def test_a_fresh_assignment_to_somebody_away_reaches_the_deputy_once_and_is_not_chased() -> None:
    desk = Desk(away("Mon 2028-03-06", "Fri 2028-03-10"))
    assert desk.hear("Mon 2028-03-06 10:00", word(ASKED, ASSIGNMENT)) == [
        "Mon 2028-03-06 10:00 assignment to sam-okafor: PR-1",
        "Mon 2028-03-06 10:00 cover to complaints-officer: None",
    ]
    assert [line for line in desk.until("Thu 2028-03-09 12:00") if "digest" not in line] == [
        "Wed 2028-03-08 10:00 unconfirmed to complaints-officer: PR-1",
    ]


def test_what_is_not_confirmed_when_an_absence_begins_is_offered_to_the_deputy() -> None:
    desk = Desk()
    desk.hear("Tue 2028-03-07 15:00", word(ASKED, ASSIGNMENT))
    desk.told()
    assert desk.absent("Tue 2028-03-07 16:00", away("Tue 2028-03-07", "Fri 2028-03-10")) == [
        "Tue 2028-03-07 16:00 offer to megan-price: PR-1",
        "Tue 2028-03-07 16:00 cover to complaints-officer: None",
    ]


def test_an_absence_that_was_told_is_not_told_again() -> None:
    desk = with_one_case(WEEK)
    desk.until("Wed 2028-03-08 12:00")
    desk.told()
    assert desk.absent("Wed 2028-03-08 13:00", WEEK) == []
    for number, when in enumerate(("Thu 2028-03-09 09:00", "Fri 2028-03-10 09:00"), 2):
        desk.hear(when, word(CONFIRMED, ASSIGNMENT, ref=f"PR-{number}"))
    assert not [line for line in desk.until("Tue 2028-03-14 12:00") if " cover " in line]


@pytest.mark.parametrize(
    "changed",
    [
        away("Wed 2028-03-08", "Fri 2028-03-17"),
        away("Wed 2028-03-08", "Tue 2028-03-14", "tom-hartley"),
    ],
    ids=["longer", "another deputy"],
)
def test_an_absence_that_changes_is_told_as_it_is_now(changed: Absence) -> None:
    desk = with_one_case(WEEK)
    desk.until("Wed 2028-03-08 12:00")
    desk.told()
    told = desk.absent("Thu 2028-03-09 10:00", changed)
    assert "Thu 2028-03-09 10:00 cover to complaints-officer: None" in told


def test_when_the_deputy_goes_away_too_it_is_told_who_covers_now() -> None:
    deputy_away = away("Fri 2028-03-10", "Mon 2028-03-13", staff_id=MEGAN)
    desk = with_one_case(WEEK, deputy_away)
    covers = [line for line in desk.until("Tue 2028-03-14 12:00") if " cover " in line]
    assert [line[:20] for line in covers] == [
        "Wed 2028-03-08 08:10",
        "Fri 2028-03-10 08:10",
        "Tue 2028-03-14 08:10",
    ]


def test_who_comes_back_early_has_their_digest_then() -> None:
    desk = with_one_case(WEEK)
    desk.until("Thu 2028-03-09 12:00")
    desk.told()
    assert desk.absent("Fri 2028-03-10 09:30") == [
        "Fri 2028-03-10 09:30 digest to sam-okafor: PR-1 33 open"
    ]
    assert desk.until("Fri 2028-03-31 12:00") == []


def test_reminders_during_an_absence_go_into_digests_as_ever() -> None:
    desk = with_one_case(WEEK)
    due = reminder("Fri 2028-04-28")
    desk.hear("Thu 2028-03-09 08:00", word(CONFIRMED, due, sequence=6))
    assert "Thu 2028-03-09 08:10 digest to sam-okafor: PR-1 34 reminder" in desk.until(
        "Thu 2028-03-09 12:00"
    )


def test_with_nobody_to_cover_the_complaints_officer_hears_that() -> None:
    edith = "edith-owusu"
    desk = Desk(away("Mon 2028-03-06", "Fri 2028-03-10", staff_id=edith), staff_id=edith)
    told = desk.hear(ASSIGNED, word(ASKED, ASSIGNMENT, to=edith))
    assert told == [
        "Mon 2028-03-06 10:00 assignment to edith-owusu: PR-1",
        "Mon 2028-03-06 10:00 cover to complaints-officer: None",
    ]
    content = desk.sent[-1][1].notice.content
    assert isinstance(content, Cover)
    assert content.deputy is None


def test_an_absence_with_nothing_open_is_told_to_nobody() -> None:
    desk = with_one_case()
    desk.hear("Tue 2028-03-07 15:00", word(None, sequence=9))
    assert desk.absent("Wed 2028-03-08 11:00", WEEK) == []
    assert desk.until("Fri 2028-03-31 12:00") == []


def test_the_first_case_after_an_absence_is_told_as_any_other() -> None:
    desk = with_one_case(WEEK)
    desk.hear("Thu 2028-03-09 12:00", word(None, sequence=9))
    desk.told()
    again = standing(("respond", "Fri 2028-04-28"), assigned="Mon 2028-03-20 10:00", confirmed=True)
    desk.hear("Mon 2028-03-20 10:00", word(again, ASSIGNMENT, ref="PR-2"))
    assert desk.until("Fri 2028-03-31 12:00") == [
        "Tue 2028-03-21 08:10 digest to sam-okafor: PR-2 26 new"
    ]
