"""Counting a complaint anew when the bank holidays change: which dates move, and which stay."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.notify.contents import DueMovedNotice
from services.notify.contract import Notice
from services.shared.calendars import Calendar, Division
from services.shared.errors import TryLater
from services.shared.events import ClockSet, DueMoved
from services.workflow import recount
from services.workflow.clocks import first_dues
from services.workflow.complaint import Complaint
from services.workflow.messages import AgreeDate
from services.workflow.policy import Policy
from services.workflow.recount import RecountAnswer
from services.workflow.recount_messages import ClockMove
from services.workflow.turn import Turn
from tests.days import day, london
from tests.workflow.calendar_files import FOLDER, changed, written
from tests.workflow.lives import Life
from tests.workflow.policy_files import clock, policy

WORLD_CUP = day("Mon 2026-06-15")

Publish = Callable[[Calendar], None]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Puts a calendar into the installation's folder, where it counts from then on."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return lambda calendar: void(written(calendar, tmp_path))


def void(_: object) -> None:
    """Returns nothing."""


def proclaimed(version: str, *days: str, division: Division = "england-and-wales") -> Calendar:
    return changed(version, division=division, having={day(each): "A day of joy" for each in days})


def count_anew(life: Life, at: str, version: str) -> Turn | None:
    """Does to a complaint what the signal does to its workflow."""
    life.until(at)
    question = recount.question(life.complaint, version, london(at))
    if question is None:
        return None
    turn = recount.carry_out(life.complaint, recount.answer(question), london(at))
    life.events += turn.events
    return turn


def lines(complaint: Complaint, version: str) -> list[str]:
    """Returns what became of each clock: "respond Thu 2028-03-23 > Fri 2028-03-24"."""
    return [said(line) for line in recount.counting(complaint, version).clocks]


def said(line: ClockMove) -> str:
    moved = f"{line.was:%a %Y-%m-%d} > {line.now:%a %Y-%m-%d}"
    return f"{line.clock} {moved if line.left is None else line.left}"


def told(turn: Turn) -> list[str]:
    """Returns who is written to, and about which clocks."""
    return [f"{_who(notice)}: {_clocks(notice)}" for notice in turn.notices]


def _who(notice: Notice) -> str:
    return notice.key.split("/due-moved/")[1]


def _clocks(notice: Notice) -> str:
    assert isinstance(notice.content, DueMovedNotice)
    return " ".join(one.clock for one in notice.content.dates)


SCOTTISH = policy(nation="scotland")


@dataclass
class ScottishComplaint(Complaint):
    """A complaint under Nacro's rules with the bank holidays of Scotland."""

    @property
    def rules(self) -> Policy:
        return SCOTTISH


def test_15_june_2026_in_scotland_proclaimed_on_3_february(publish: Publish) -> None:
    """Football's World Cup: working days from Wednesday 10 June on pass over that Monday."""
    publish(changed("2026-11-02", division="scotland", lacking=[WORLD_CUP]))
    received = london("Wed 2026-06-10 10:00")
    life = Life("nacro", "Wed 2026-06-10 10:00")
    complaint = ScottishComplaint(
        facts=life.complaint.facts, stage_name="stage-1", began_on=day("Wed 2026-06-10")
    )
    complaint.investigators.append("sam-okafor")
    turn = Turn(complaint, received, "web")
    for due in first_dues(SCOTTISH, SCOTTISH.stages[0], received, received):
        turn.start_clock(due)
    assert [clock.due.on for clock in complaint.clocks] == [
        day("Wed 2026-06-17"),  # Thu 11, Fri 12, Mon 15, Tue 16, Wed 17
        day("Wed 2026-07-01"),
    ]

    publish(changed("2026-11-03", division="scotland"))
    now = london("Thu 2026-06-11 09:00")
    question = recount.question(complaint, "2026-11-03", now)
    assert question is not None
    found = recount.recount(SCOTTISH, question.dues, now)
    turn = recount.carry_out(complaint, RecountAnswer(calendar="2026-11-03", clocks=found), now)
    assert lines(complaint, "2026-11-03") == [
        "acknowledge Wed 2026-06-17 > Thu 2026-06-18",
        "respond Wed 2026-07-01 > Thu 2026-07-02",
    ]
    assert told(turn) == ["resident: acknowledge respond", "investigator: acknowledge respond"]
    content = turn.notices[0].content
    assert isinstance(content, DueMovedNotice)
    assert [(new.day, new.name) for new in content.new_holidays] == [
        (WORLD_CUP, "World Cup bank holiday")
    ]
    assert [event.kind for event in turn.events] == ["due-moved", "clock-set"] * 2
    first, provisional = (event for event in turn.events if isinstance(event, ClockSet))
    assert "2026-06-15 World Cup bank holiday" in first.skipped
    assert provisional.anchor_date == day("Thu 2026-06-18")


def test_england_has_no_holiday_on_that_monday(publish: Publish) -> None:
    publish(changed("2026-11-02", division="scotland", lacking=[WORLD_CUP]))
    life = Life("nacro", "Wed 2026-06-10 10:00")
    publish(changed("2026-11-03", division="scotland"))
    turn = count_anew(life, "Thu 2026-06-11 09:00", "2026-11-03")
    assert lines(life.complaint, "2026-11-03") == ["acknowledge not-across", "respond not-across"]
    assert turn is not None
    assert (turn.events, turn.notices) == ([], [])


def test_it_is_counted_anew_once_for_a_calendar(publish: Publish) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    assert count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02") is not None
    assert count_anew(life, "Tue 2028-03-07 09:01", "2026-11-02") is None
    assert count_anew(life, "Tue 2028-03-07 09:01", "2026-11-01") is None
    assert life.happened("due-moved") == ["Tue 2028-03-07 09:00 due-moved"] * 2


def test_two_calendars_one_after_the_other_each_move_it_from_where_it_then_is(
    publish: Publish,
) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02")
    publish(proclaimed("2026-11-03", "Wed 2028-03-08", "Tue 2028-03-14"))
    count_anew(life, "Tue 2028-03-07 09:05", "2026-11-03")
    assert lines(life.complaint, "2026-11-02") == [
        "acknowledge Mon 2028-03-13 > Tue 2028-03-14",
        "respond Mon 2028-03-27 > Tue 2028-03-28",
    ]
    assert lines(life.complaint, "2026-11-03") == [
        "acknowledge Tue 2028-03-14 > Wed 2028-03-15",
        "respond Tue 2028-03-28 > Wed 2028-03-29",
    ]


def test_a_worker_with_a_newer_calendar_counts_by_that_and_the_other_s_signal_finds_it_done(
    publish: Publish,
) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    publish(proclaimed("2026-11-03", "Wed 2028-03-08", "Thu 2028-03-09"))
    turn = count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02")
    assert turn is not None
    assert {event.calendar for event in turn.events if isinstance(event, DueMoved)} == {
        "2026-11-03"
    }
    assert count_anew(life, "Tue 2028-03-07 09:05", "2026-11-03") is None
    assert lines(life.complaint, "2026-11-02") == lines(life.complaint, "2026-11-03")


def test_a_worker_that_has_not_got_the_calendar_yet_says_so_and_may_be_asked_again() -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    question = recount.question(life.complaint, "2027-01-01", london("Tue 2028-03-07 09:00"))
    assert question is not None
    with pytest.raises(TryLater) as refusal:
        recount.answer(question)
    assert (refusal.value.code, refusal.value.retryable) == ("calendar-not-here", True)


def test_what_was_counted_by_the_calendar_from_the_start_is_not_counted_again(
    publish: Publish,
) -> None:
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    life = Life("nacro", "Mon 2028-03-06 10:00")
    assert count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02") is None
    assert lines(life.complaint, "2026-11-02") == [
        "acknowledge counted-already",
        "respond counted-already",
    ]


def test_a_provisional_response_follows_the_acknowledgement_s_new_date(publish: Publish) -> None:
    """The response counts from Monday 13 March, the day on which the acknowledgement is due."""
    life = Life("nacro", "Mon 2028-03-06 10:00")
    assert life.due("respond") == "Mon 2028-03-27"
    publish(proclaimed("2026-11-02", "Mon 2028-03-13"))
    count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02")
    assert lines(life.complaint, "2026-11-02") == [
        "acknowledge Mon 2028-03-13 > Tue 2028-03-14",
        "respond Mon 2028-03-27 > Tue 2028-03-28",
    ]
    respond = life.complaint.clock("respond")
    assert respond is not None
    assert respond.due.provisional
    assert respond.due.anchor_date == day("Tue 2028-03-14")


def test_an_acknowledged_response_counts_from_the_acknowledgement_as_before(
    publish: Publish,
) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    publish(proclaimed("2026-11-02", "Mon 2028-03-20"))
    turn = count_anew(life, "Fri 2028-03-10 09:00", "2026-11-02")
    assert lines(life.complaint, "2026-11-02") == ["respond Tue 2028-03-21 > Wed 2028-03-22"]
    respond = life.complaint.clock("respond")
    assert respond is not None
    assert respond.due.anchored_at == london("Tue 2028-03-07 10:00")
    assert turn is not None
    assert told(turn) == ["resident: respond", "investigator: respond"]


def test_a_late_acknowledgement_leaves_the_response_on_the_day_it_was_due(
    publish: Publish,
) -> None:
    """It counts from Monday 13 March for ever; only the days after that may change."""
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.until("Tue 2028-03-14 10:00")  # missed, and not done
    publish(proclaimed("2026-11-02", "Wed 2028-03-08", "Mon 2028-03-20"))
    turn = count_anew(life, "Tue 2028-03-14 10:00", "2026-11-02")
    assert lines(life.complaint, "2026-11-02") == [
        "acknowledge passed-already",
        "respond Mon 2028-03-27 > Tue 2028-03-28",
    ]
    assert turn is not None
    assert told(turn) == ["resident: respond"]  # nobody is in charge yet


def test_what_was_met_missed_or_stopped_stays_and_no_rung_is_climbed_twice(
    publish: Publish,
) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.until("Wed 2028-03-15 12:00")
    climbed = life.happened("missed", "climbed")
    acknowledge = life.complaint.clock("acknowledge")
    assert acknowledge is not None
    before = acknowledge.due
    publish(proclaimed("2026-11-02", "Fri 2028-03-10", "Thu 2028-03-16"))
    count_anew(life, "Wed 2028-03-15 13:00", "2026-11-02")
    assert acknowledge.due == before
    life.until("Fri 2028-03-24 12:00")
    acknowledged = [e for e in life.events if getattr(e, "clock", "") == "acknowledge"]
    missed = [e for e in acknowledged if e.kind == "missed"]
    rungs = [e.rung for e in acknowledged if e.kind == "climbed"]
    assert life.happened("missed", "climbed")[: len(climbed)] == climbed
    assert len(missed) == 1
    assert len(rungs) == len(set(rungs)) == 3


def test_an_extended_date_stays_and_its_reminders_ladder_and_cap_follow_the_calendar(
    publish: Publish,
) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    life.extend("Wed 2028-03-08 10:00", "Thu 2028-03-30")
    respond = life.complaint.clock("respond")
    assert respond is not None
    before = respond.due
    assert before.latest_extension == day("Tue 2028-04-04")
    publish(proclaimed("2026-11-02", "Wed 2028-03-29", "Mon 2028-03-20"))
    turn = count_anew(life, "Thu 2028-03-09 09:00", "2026-11-02")
    assert lines(life.complaint, "2026-11-02") == ["respond extended-date"]
    assert turn is not None
    assert (turn.events, turn.notices) == ([], [])
    after = respond.due
    assert (after.on, after.passes_at, after.anchor) == (before.on, before.passes_at, "extended")
    assert after.anchor_date == before.anchor_date == day("Tue 2028-03-21")
    assert all(new < old for new, old in zip(after.reminders, before.reminders, strict=True))
    assert after.rungs == before.rungs
    assert after.latest_extension == day("Thu 2028-04-06")  # ten working days after Wed 22 March
    # It says by which calendar it is counted, so the next signal finds nothing to do.
    assert count_anew(life, "Thu 2028-03-09 10:00", "2026-11-02") is None


def test_a_date_agreed_with_the_resident_stays(publish: Publish) -> None:
    life = Life("review-panel", "Mon 2028-03-06 10:00")
    life.until("Mon 2028-03-13 12:00")  # not resolved, so at stage 1 by itself
    assert life.complaint.stage_name == "stage-1"
    life.do(
        "Mon 2028-03-13 13:00",
        AgreeDate(
            key="agree", by="staff", until=day("Fri 2028-03-31"), agreed_on=day("Mon 2028-03-13")
        ),
    )
    publish(proclaimed("2026-11-02", "Thu 2028-03-30"))
    turn = count_anew(life, "Tue 2028-03-14 09:00", "2026-11-02")
    assert "respond agreed-date" in lines(life.complaint, "2026-11-02")
    assert turn is not None
    assert not [event for event in turn.events if getattr(event, "clock", "") == "respond"]


def test_a_window_in_months_stays_and_one_in_working_days_moves(publish: Publish) -> None:
    answered = {}
    for name in ("nacro", "community-support"):
        life = Life(name, "Mon 2028-03-06 10:00")
        life.assign("Mon 2028-03-06 11:00", "sam-okafor")
        life.contact("Mon 2028-03-06 12:00")
        life.acknowledge("Tue 2028-03-07 10:00")
        life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
        answered[name] = life
    publish(proclaimed("2026-11-02", "Mon 2028-03-20"))
    for life in answered.values():
        count_anew(life, "Thu 2028-03-09 09:00", "2026-11-02")
    assert lines(answered["nacro"].complaint, "2026-11-02") == ["escalate not-across"]
    window = answered["community-support"].complaint
    assert lines(window, "2026-11-02") == ["escalate Wed 2028-04-05 > Thu 2028-04-06"]


def test_the_resident_s_own_time_is_told_to_the_resident_alone(publish: Publish) -> None:
    life = Life("community-support", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.contact("Mon 2028-03-06 12:00")
    life.acknowledge("Tue 2028-03-07 10:00")
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    publish(proclaimed("2026-11-02", "Mon 2028-03-20"))
    turn = count_anew(life, "Thu 2028-03-09 09:00", "2026-11-02")
    assert turn is not None
    assert told(turn) == ["resident: escalate"]


def test_a_closing_that_would_write_on_the_new_holiday_waits_without_a_word(
    publish: Publish,
) -> None:
    """The last day to ask stays; only the morning after it, when closing writes, moves on."""
    life = Life("community-support", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.contact("Mon 2028-03-06 12:00")
    life.acknowledge("Tue 2028-03-07 10:00")
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    publish(proclaimed("2026-11-02", "Thu 2028-04-06"))
    turn = count_anew(life, "Thu 2028-03-09 09:00", "2026-11-02")
    assert turn is not None
    assert ([event.kind for event in turn.events], turn.notices) == (["clock-set"], [])
    life.until("Mon 2028-04-10 12:00")
    assert life.happened("closed") == ["Fri 2028-04-07 08:00 closed"]


def test_a_reminder_that_was_sent_is_not_sent_again_for_the_moved_date(publish: Publish) -> None:
    """A forgotten bank holiday comes in afterwards: the third day before is another one then."""
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    respond = life.complaint.clock("respond")
    assert respond is not None
    planned = len(respond.due.reminders)
    assert respond.due.reminders[0] == london("Thu 2028-03-16 08:00")
    life.until("Thu 2028-03-16 09:00")
    assert respond.reminders_sent == 1
    publish(proclaimed("2026-11-02", "Fri 2028-03-10"))
    count_anew(life, "Thu 2028-03-16 09:00", "2026-11-02")
    assert respond.due.on == day("Wed 2028-03-22")
    assert respond.due.reminders[0] == london("Fri 2028-03-17 08:00")  # and not sent again
    life.until("Wed 2028-03-22 12:00")
    reminded = [e for e in life.events if e.kind == "reminded" and e.clock == "respond"]
    assert len(reminded) == respond.reminders_sent == planned


def test_a_date_never_moves_to_a_day_that_is_over(publish: Publish) -> None:
    """A bank holiday is taken back: what it had put off by a day would have been due yesterday."""
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    life = Life("nacro", "Mon 2028-03-06 10:00")
    assert life.due("acknowledge") == "Tue 2028-03-14"
    publish(changed("2026-11-03"))
    turn = count_anew(life, "Tue 2028-03-14 09:00", "2026-11-03")
    assert lines(life.complaint, "2026-11-03") == [
        "acknowledge would-pass",
        "respond not-across",
    ]
    assert turn is not None
    assert turn.notices == []
    assert count_anew(life, "Tue 2028-03-14 09:05", "2026-11-03") is None


def test_a_date_moves_back_when_a_bank_holiday_is_taken_back_in_time(publish: Publish) -> None:
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    life = Life("nacro", "Mon 2028-03-06 10:00")
    publish(changed("2026-11-03"))
    turn = count_anew(life, "Tue 2028-03-07 09:00", "2026-11-03")
    assert lines(life.complaint, "2026-11-03") == [
        "acknowledge Tue 2028-03-14 > Mon 2028-03-13",
        "respond Tue 2028-03-28 > Mon 2028-03-27",
    ]
    assert turn is not None
    content = turn.notices[0].content
    assert isinstance(content, DueMovedNotice)
    assert content.new_holidays == ()


def test_clocks_in_hours_and_calendar_days_do_not_move(publish: Publish) -> None:
    rules = policy(
        first_stage={
            "acknowledge": clock("24 hours", "received"),
            "respond": clock("3 weeks", "received"),
        }
    )
    received = london("Mon 2028-03-06 10:00")
    dues = first_dues(rules, rules.stages[0], received, received)
    publish(proclaimed("2026-11-02", "Tue 2028-03-07"))
    found = recount.recount(rules, dues, london("Mon 2028-03-06 12:00"))
    assert [one.left for one in found] == ["not-across", "not-across"]


def test_whoever_answers_together_with_the_investigator_is_told_too(publish: Publish) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.complaint.investigators.append("sam-okafor")
    life.complaint.together_with = "lena-hart"
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    turn = count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02")
    assert turn is not None
    assert [_who(notice) for notice in turn.notices] == [
        "resident",
        "investigator",
        "investigator/lena-hart",
    ]
    assert len({notice.key for notice in turn.notices}) == 3


def test_a_clock_started_since_is_in_the_report_too(publish: Publish) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02")
    life.assign("Tue 2028-03-07 10:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 11:00")
    life.contact("Tue 2028-03-07 12:00")
    life.respond("Thu 2028-03-09 10:00", "upheld", "upheld")
    assert lines(life.complaint, "2026-11-02") == [
        "acknowledge Mon 2028-03-13 > Tue 2028-03-14",
        "respond Mon 2028-03-27 > Tue 2028-03-28",
        "escalate counted-already",
    ]


def test_nothing_is_left_to_count_once_it_is_over(publish: Publish) -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.withdraw("Mon 2028-03-06 11:00")
    publish(proclaimed("2026-11-02", "Wed 2028-03-08"))
    assert count_anew(life, "Tue 2028-03-07 09:00", "2026-11-02") is None
    counting = recount.counting(life.complaint, "2026-11-02")
    assert (counting.calendar, counting.clocks) == (None, ())
