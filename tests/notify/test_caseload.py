"""What a manager is written to about their complaints, and when: each rule by itself."""

from operator import itemgetter

import pytest

from services.notify.caseload import Caseload
from services.notify.caseload_mails import undeliverable
from services.notify.contents import Content, DueMovedNotice, HelpWanted, MovedDate, Urgent
from services.notify.contract import Settled
from services.notify.manager_outbox import Unsent
from services.notify.manager_process import HANDOVER, Handover
from tests.days import day, london
from tests.notify.caseload_year import a_year
from tests.notify.caseloads import (
    ASSIGNED,
    ASSIGNMENT,
    HEARING,
    MEGAN,
    SAM,
    WROTE,
    Desk,
    missed,
    reminder,
    standing,
    word,
)

CONFIRMED = standing(confirmed=True)


def settled_desk() -> Desk:
    """A desk with one confirmed complaint that has been in a digest."""
    desk = Desk()
    desk.hear(ASSIGNED, word(CONFIRMED, ASSIGNMENT))
    desk.until("Tue 2028-03-07 12:00")
    desk.told()
    return desk


def test_an_assignment_goes_out_at_once_and_is_in_the_next_mornings_digest_only() -> None:
    desk = Desk()
    assert desk.hear(ASSIGNED, word(CONFIRMED, ASSIGNMENT)) == [
        "Mon 2028-03-06 10:00 assignment to sam-okafor: PR-1"
    ]
    assert desk.until("Fri 2028-03-17 12:00") == [
        "Tue 2028-03-07 08:10 digest to sam-okafor: PR-1 9 new"
    ]


def test_what_is_assigned_on_a_friday_is_in_mondays_digest() -> None:
    desk = Desk()
    desk.hear("Fri 2028-03-10 17:00", word(CONFIRMED, ASSIGNMENT))
    assert desk.until("Fri 2028-03-17 12:00") == [
        "Mon 2028-03-13 08:10 digest to sam-okafor: PR-1 5 new"
    ]


@pytest.mark.parametrize(
    ("nation", "closed", "morning"),
    [
        ("england", (), "Tue 2028-04-18 08:10"),  # Good Friday and Easter Monday
        ("scotland", (), "Mon 2028-04-17 08:10"),  # Good Friday alone
        ("england", (day("Tue 2028-04-18"),), "Wed 2028-04-19 08:10"),  # the landlord's own
    ],
)
def test_the_digest_waits_for_the_next_working_day_of_nation_and_landlord(
    nation: str, closed: tuple[object, ...], morning: str
) -> None:
    stands = standing(("respond", "Fri 2028-04-28"), confirmed=True)
    stands = stands.model_copy(update={"nation": nation, "closure_days": closed})
    desk = Desk()
    desk.hear("Thu 2028-04-13 15:00", word(stands, ASSIGNMENT))
    assert [line[:20] for line in desk.until("Fri 2028-04-21 12:00")] == [morning]


def test_a_digest_lists_all_that_is_open_the_most_urgent_first() -> None:
    desk = Desk()
    dues = {"PR-1": "Fri 2028-03-17", "PR-2": "Fri 2028-03-10", "PR-3": "Tue 2028-03-07"}
    for ref, due in dues.items():
        stands = standing(("respond", due), confirmed=True)
        desk.hear(ASSIGNED, word(stands, ASSIGNMENT, ref=ref))
    late = standing(("acknowledge", "Mon 2028-03-06", "missed"), confirmed=True)
    desk.hear("Tue 2028-03-07 00:00", word(late, ref="PR-4"))
    assert desk.until("Tue 2028-03-07 12:00")[-1] == (
        "Tue 2028-03-07 08:10 digest to sam-okafor: "
        "PR-4 -1 new+overdue, PR-3 0 new, PR-2 3 new, PR-1 8 new"
    )


def test_a_manager_of_two_nations_works_on_the_days_of_either() -> None:
    """St Andrew's Day, Thursday 30 November 2028, is no working day in Scotland."""
    desk = Desk()
    due = standing(("respond", "Wed 2028-11-29", "missed"), confirmed=True, nation="scotland")
    desk.hear("Thu 2028-11-30 00:00", word(due, ref="PR-1"))
    open_ = standing(("respond", "Mon 2028-12-04"), confirmed=True)
    desk.hear("Thu 2028-11-30 07:00", word(open_, ref="PR-2"))
    assert desk.until("Thu 2028-11-30 12:00") == [
        "Thu 2028-11-30 08:10 digest to sam-okafor: PR-1 -1 new+overdue, PR-2 2 new"
    ]


def test_a_reminder_of_the_morning_is_in_that_mornings_digest_and_settled_with_it() -> None:
    desk = settled_desk()
    desk.hear("Mon 2028-03-13 08:00", word(CONFIRMED, reminder(), sequence=6))
    assert desk.until("Mon 2028-03-20 12:00") == [
        "Mon 2028-03-13 08:10 digest to sam-okafor: PR-1 5 reminder"
    ]
    [entry] = desk.sent[-1][1].entries
    assert entry == ("PR-1/6/reminder/sam-okafor", "complaint-PR-1")


def test_a_reminder_of_what_was_done_before_the_digest_is_let_go() -> None:
    desk = settled_desk()
    both = standing(("acknowledge", "Mon 2028-03-13"), ("respond", "Mon 2028-03-20"))
    both = both.model_copy(update={"confirmed": True})
    due = reminder("Mon 2028-03-13", "acknowledge")
    desk.hear("Thu 2028-03-09 09:00", word(both, due, sequence=6))
    desk.hear("Thu 2028-03-09 11:00", word(CONFIRMED, sequence=7))
    assert desk.until("Mon 2028-03-20 12:00") == []


def test_a_date_that_moved_is_news_and_one_that_moved_back_is_none() -> None:
    desk = settled_desk()
    moved = standing(("respond", "Mon 2028-03-27"), confirmed=True)
    desk.hear("Wed 2028-03-08 10:00", word(moved, sequence=6))
    assert desk.until("Thu 2028-03-09 12:00") == [
        "Thu 2028-03-09 08:10 digest to sam-okafor: PR-1 12 date-moved"
    ]
    desk.hear("Thu 2028-03-09 13:00", word(CONFIRMED, sequence=7))
    desk.hear("Thu 2028-03-09 14:00", word(moved, sequence=8))
    assert desk.until("Mon 2028-03-20 12:00") == []


def test_dates_that_moved_with_the_bank_holidays_are_told_in_the_digest() -> None:
    desk = settled_desk()
    moved = standing(("respond", "Tue 2028-03-21"), confirmed=True)
    dates = (MovedDate(clock="respond", was=day("Mon 2028-03-20"), due=day("Tue 2028-03-21")),)
    told = DueMovedNotice(dates=dates, new_holidays=())
    assert desk.hear("Wed 2028-03-08 10:00", word(moved, told, sequence=6)) == []
    assert desk.until("Fri 2028-03-10 12:00") == [
        "Thu 2028-03-09 08:10 digest to sam-okafor: PR-1 8 date-moved"
    ]
    assert [entry.key for entry in desk.sent[-1][1].entries] == ["PR-1/6/due-moved/sam-okafor"]


def test_a_missed_clock_is_told_at_once_and_then_every_working_morning_until_it_is_done() -> None:
    desk = settled_desk()
    late = standing(("respond", "Mon 2028-03-20", "missed"), confirmed=True)
    desk.hear("Tue 2028-03-21 00:00", word(late, sequence=6))
    assert desk.hear("Tue 2028-03-21 08:00", word(late, missed(), sequence=7)) == [
        "Tue 2028-03-21 08:00 escalation to sam-okafor: PR-1"
    ]
    assert [line[:20] for line in desk.until("Mon 2028-03-27 12:00")] == [
        "Tue 2028-03-21 08:10",
        "Wed 2028-03-22 08:10",
        "Thu 2028-03-23 08:10",
        "Fri 2028-03-24 08:10",
        "Mon 2028-03-27 08:10",
    ]
    assert desk.digests()[-1].lines[0].days_left == -5
    desk.hear("Mon 2028-03-27 14:00", word(None, sequence=8))
    assert desk.until("Fri 2028-04-07 12:00") == []


def test_mail_from_the_resident_waits_for_the_digest_unless_the_complaint_is_overdue() -> None:
    desk = settled_desk()
    assert desk.hear("Wed 2028-03-08 10:00", word(CONFIRMED, WROTE, sequence=6)) == []
    assert desk.until("Thu 2028-03-09 12:00") == [
        "Thu 2028-03-09 08:10 digest to sam-okafor: PR-1 7 resident-wrote"
    ]
    late = standing(("respond", "Mon 2028-03-20", "missed"), confirmed=True)
    assert desk.hear("Tue 2028-03-21 00:30", word(late, WROTE, sequence=7)) == [
        "Tue 2028-03-21 00:30 from-resident to sam-okafor: PR-1"
    ]


def test_mail_from_the_resident_about_what_is_done_meanwhile_is_told_by_itself() -> None:
    desk = settled_desk()
    desk.hear("Wed 2028-03-08 10:00", word(CONFIRMED, WROTE, reminder(), sequence=6))
    assert desk.hear("Wed 2028-03-08 16:00", word(None, sequence=7)) == [
        "Wed 2028-03-08 16:00 from-resident to sam-okafor: PR-1"
    ]


@pytest.mark.parametrize(
    "content",
    [
        Urgent(grounds=2, rung="line-manager", investigator=SAM),
        HelpWanted(help="records", note=None, investigator=MEGAN, rung="line-manager"),
        HEARING,
        missed(),
    ],
    ids=lambda content: content.about,
)
def test_what_cannot_wait_goes_out_at_once_even_on_a_sunday(content: Content) -> None:
    desk = settled_desk()
    told = desk.hear("Sun 2028-03-12 03:00", word(CONFIRMED, content, sequence=6))
    assert len(told) == 1


def test_a_panel_member_who_is_in_charge_of_nothing_is_written_to_at_once_and_no_more() -> None:
    desk = Desk()
    assert desk.hear(ASSIGNED, word(None, HEARING)) == [
        "Mon 2028-03-06 10:00 panel-hearing to sam-okafor: PR-1"
    ]
    assert desk.until("Fri 2028-03-31 12:00") == []
    assert not desk.caseload.finished
    desk.until("Thu 2028-04-06 12:00")
    assert desk.caseload.finished


def test_an_older_word_changes_nothing_but_its_entries_still_count() -> None:
    desk = Desk()
    late = standing(("respond", "Mon 2028-03-20", "missed"), confirmed=True)
    desk.hear("Tue 2028-03-21 09:00", word(late, sequence=9))
    assert desk.hear("Tue 2028-03-21 09:01", word(standing(), ASSIGNMENT, sequence=5)) == [
        "Tue 2028-03-21 09:01 assignment to sam-okafor: PR-1"
    ]
    assert [case.standing for case in desk.caseload.open] == [late]


def test_a_word_that_comes_twice_changes_nothing() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(CONFIRMED, ASSIGNMENT, WROTE))
    assert desk.hear("Mon 2028-03-06 10:05", word(CONFIRMED, ASSIGNMENT, WROTE)) == []
    desk.until("Wed 2028-03-08 12:00")
    assert desk.hear("Wed 2028-03-08 12:01", word(CONFIRMED, ASSIGNMENT, WROTE)) == []
    assert desk.until("Fri 2028-03-10 12:00") == []
    keys = [entry.key for _, mail in desk.sent for entry in mail.entries]
    assert sorted(keys) == ["PR-1/5/assignment/sam-okafor", "PR-1/5/from-resident/sam-okafor"]


def test_an_older_word_does_not_bring_back_what_is_done() -> None:
    desk = settled_desk()
    desk.hear("Wed 2028-03-08 10:00", word(None, sequence=9))
    desk.hear("Thu 2028-03-30 10:00", word(CONFIRMED, reminder(), sequence=8))
    assert desk.caseload.open == []
    assert desk.until("Fri 2028-06-30 12:00") == []
    assert desk.caseload.finished, "a month after its end a complaint is forgotten"


def test_what_comes_back_is_new_again() -> None:
    desk = settled_desk()
    desk.hear("Wed 2028-03-08 10:00", word(None, sequence=9))
    again = standing(assigned="Thu 2028-03-09 10:00", confirmed=True)
    desk.hear("Thu 2028-03-09 10:00", word(again, sequence=12))
    assert desk.until("Mon 2028-03-13 12:00") == [
        "Fri 2028-03-10 08:10 digest to sam-okafor: PR-1 6 new"
    ]


def test_after_an_outage_over_a_weekend_the_digest_waits_for_a_working_day() -> None:
    desk = Desk()
    desk.hear("Thu 2028-03-09 15:00", word(CONFIRMED, ASSIGNMENT))
    desk.told()
    assert desk.asleep_until("Sat 2028-03-11 11:00") == []
    assert desk.until("Mon 2028-03-13 12:00") == [
        "Mon 2028-03-13 08:10 digest to sam-okafor: PR-1 5 new"
    ]


def test_after_an_outage_within_working_hours_the_digest_goes_out_at_once() -> None:
    desk = Desk()
    desk.hear("Wed 2028-03-08 15:00", word(CONFIRMED, ASSIGNMENT))
    desk.told()
    assert desk.asleep_until("Fri 2028-03-10 11:00") == [
        "Fri 2028-03-10 11:00 digest to sam-okafor: PR-1 6 new"
    ]


def test_days_left_beyond_the_calendar_are_counted_to_its_end() -> None:
    desk = Desk()
    far = standing(("respond", "Fri 2100-01-01"), confirmed=True)
    desk.hear(ASSIGNED, word(far, ASSIGNMENT))
    desk.until("Tue 2028-03-07 12:00")
    [line] = desk.digests()[0].lines
    assert line.days_left > 200


def test_what_is_learnt_later_of_a_digest_is_told_to_the_complaints_of_its_entries() -> None:
    desk = settled_desk()
    desk.hear("Mon 2028-03-13 08:00", word(CONFIRMED, reminder(), sequence=6))
    desk.until("Mon 2028-03-13 12:00")
    bounced = Settled(
        key=desk.sent[-1][1].notice.key, outcome="bounced", at=london("Mon 2028-03-13 09:00")
    )
    [(to, told)] = desk.caseload.hear_of(bounced)
    assert (to, told.key, told.outcome) == (
        "complaint-PR-1",
        "PR-1/6/reminder/sam-okafor",
        "bounced",
    )
    assert desk.caseload.hear_of(bounced.model_copy(update={"key": "another"})) == []


def test_a_caseload_travels_whole_from_one_run_to_the_next() -> None:
    desk = settled_desk()
    desk.hear("Mon 2028-03-13 08:00", word(standing(), reminder(), sequence=6))
    handover = Handover(desk.caseload, [word(None, sequence=7)], Unsent([desk.sent[0][1]]))
    written = HANDOVER.dump_python(handover, mode="json")
    assert HANDOVER.validate_python(written) == handover
    assert HANDOVER.validate_python(written).caseload.next_moment() == desk.caseload.next_moment()


def test_the_complaints_officer_hears_of_a_mail_that_was_refused() -> None:
    desk = Desk()
    desk.hear(ASSIGNED, word(CONFIRMED, ASSIGNMENT))
    lost = desk.sent[0][1].notice
    told = undeliverable(lost, SAM, "refused").notice
    assert (told.key, told.to.role) == (f"{lost.key}/undeliverable", "complaints-officer")


def test_a_word_without_any_clock_is_taken_for_done() -> None:
    desk = Desk()
    empty = CONFIRMED.model_copy(update={"clocks": ()})
    desk.hear(ASSIGNED, word(empty))
    assert desk.caseload.open == []
    assert desk.caseload.next_moment() is not None
    assert Caseload(SAM).next_moment() is None
    assert desk.until("Fri 2028-04-07 12:00") == []
    assert desk.caseload.finished


def test_a_year_with_300_complaints_stays_small() -> None:
    """Measured: 16 open at once at most, and 24 kB that one run hands to the next."""
    desk = Desk()
    sizes, most_open = [], 0
    for number, (at, one) in enumerate(sorted(a_year(), key=itemgetter(0))):
        desk.hear(at, one)
        most_open = max(most_open, len(desk.caseload.open))
        if number % 50 == 0:
            handover = Handover(desk.caseload, [], Unsent())
            sizes.append(len(HANDOVER.dump_json(handover)))
    assert most_open < 20
    assert max(sizes) < 64_000
    assert max(sizes[len(sizes) // 2 :]) < 1.5 * max(sizes[: len(sizes) // 2]), "it does not grow"
    assert len(desk.digests()) <= 262, "at most one each working day"
