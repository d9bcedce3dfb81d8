"""When things are due: every unit, both clock changes, stand-ins for anchors, other dates.

Each clock of each policy, date by date, is in `golden/`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.shared.errors import MendRequest, NotThere
from services.shared.events import ClockName
from services.shared.working_days import BeyondCalendar, working_days
from services.workflow import clocks, policies
from services.workflow.clocks import Due, DueQuestion, PutOff
from services.workflow.counting import day_1_and_last
from services.workflow.policy import Policy
from services.workflow.stages import Clock
from tests.days import day, london, written
from tests.workflow.policy_files import clock, policy

NACRO = policies.version("nacro", date(2024, 4, 1))

SPANS = ("48 hours", "1 working day", "10 working days", "10 days", "8 weeks", "6 months")

moments = st.datetimes(datetime(2013, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 — hypothesis adds the zone

POLICIES = [
    policy(first_stage={"respond": clock(within, "received", anchor_is_day_1=flag)})
    for within in SPANS
    for flag in (False, True)
]
"""Policies whose response is due within each span of receipt, counted in both ways."""


def respond(within: str, received: str, *, rules: dict[str, Any] | None = None, **more: Any) -> Due:
    """Returns the response's due date where the policy gives it `within` of receipt."""
    stage = {"respond": clock(within, "received", **more)}
    return due(policy(first_stage=stage, **(rules or {})), received)


def due(rules: Policy, received: str, name: ClockName = "respond") -> Due:
    """Returns one of the clocks with which a complaint starts, entered when it was received."""
    acknowledge, response = clocks.first_dues(
        rules, rules.stages[0], london(received), london(received)
    )
    return acknowledge if name == "acknowledge" else response


@pytest.mark.parametrize(
    ("within", "received", "on"),
    [
        ("5 working days", "Mon 2026-11-02 09:00", "Mon 2026-11-09"),
        ("5 working days", "Fri 2026-11-06 09:00", "Fri 2026-11-13"),
        ("5 working days", "Sat 2026-11-07 09:00", "Fri 2026-11-13"),
        ("5 working days", "Sun 2026-11-08 09:00", "Fri 2026-11-13"),
        ("5 working days", "Mon 2026-11-09 09:00", "Mon 2026-11-16"),
        ("1 working day", "Thu 2026-12-24 09:00", "Tue 2026-12-29"),
        ("5 working days", "Wed 2026-12-23 09:00", "Mon 2027-01-04"),
        ("10 working days", "Thu 2026-04-02 09:00", "Mon 2026-04-20"),  # over Easter
        ("10 days", "Wed 2026-12-23 09:00", "Sat 2027-01-02"),
        ("8 weeks", "Mon 2026-11-02 09:00", "Mon 2026-12-28"),
        ("1 month", "Sat 2026-01-31 09:00", "Sat 2026-02-28"),
        ("1 month", "Mon 2028-01-31 09:00", "Tue 2028-02-29"),
        ("6 months", "Mon 2026-08-31 09:00", "Sun 2027-02-28"),
        ("12 months", "Tue 2028-02-29 09:00", "Wed 2029-02-28"),
        ("1 month", "Thu 2026-12-31 09:00", "Sun 2027-01-31"),
        ("24 hours", "Sat 2026-11-07 09:00", "Sun 2026-11-08"),
        ("24 hours", "Sat 2026-11-07 00:00", "Sat 2026-11-07"),  # passes with the day
    ],
)
def test_each_unit_counts_from_the_day_after_receipt(within: str, received: str, on: str) -> None:
    assert respond(within, received).on == day(on)


@pytest.mark.parametrize(
    ("within", "received", "day_1", "on"),
    [
        ("5 working days", "Mon 2026-11-02 09:00", "Mon 2026-11-02", "Fri 2026-11-06"),
        ("5 working days", "Sat 2026-11-07 09:00", "Mon 2026-11-09", "Fri 2026-11-13"),
        ("1 working day", "Mon 2026-11-02 09:00", "Mon 2026-11-02", "Mon 2026-11-02"),
        ("10 days", "Sat 2026-11-07 09:00", "Sat 2026-11-07", "Mon 2026-11-16"),
        ("6 months", "Tue 2026-11-03 09:00", "Tue 2026-11-03", "Sun 2027-05-02"),
    ],
)
def test_a_policy_may_count_the_day_of_receipt_itself(
    within: str, received: str, day_1: str, on: str
) -> None:
    found = respond(within, received, anchor_is_day_1=True)
    assert (found.day_1, found.on) == (day(day_1), day(on))


def test_the_day_of_receipt_is_the_day_in_london() -> None:
    late_in_summer = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
    [acknowledge, _] = clocks.first_dues(NACRO, NACRO.stages[0], late_in_summer, late_in_summer)
    assert acknowledge.anchor_date == day("Tue 2026-07-07")
    assert acknowledge.on == day("Tue 2026-07-14")


@pytest.mark.parametrize(
    ("received", "passes_at"),
    [
        ("Wed 2026-10-14 09:00", datetime(2026, 10, 21, 23, 0, tzinfo=UTC)),
        ("Wed 2026-10-21 09:00", datetime(2026, 10, 29, 0, 0, tzinfo=UTC)),
        ("Wed 2026-03-18 09:00", datetime(2026, 3, 26, 0, 0, tzinfo=UTC)),
        ("Wed 2026-03-25 09:00", datetime(2026, 4, 1, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_due_date_passes_at_midnight_in_london_on_both_sides_of_the_clock_changes(
    received: str, passes_at: datetime
) -> None:
    assert respond("5 working days", received).passes_at == passes_at


@pytest.mark.parametrize(
    ("received", "passes_at"),
    [
        ("Wed 2026-10-21 09:00", "Wed 2026-10-28 17:00"),
        ("Wed 2026-03-25 18:00", "Wed 2026-04-01 17:00"),
    ],
)
def test_with_a_close_of_business_a_due_date_passes_then(received: str, passes_at: str) -> None:
    found = respond("5 working days", received, rules={"close_of_business": time(17)})
    assert written(found.passes_at) == passes_at


@pytest.mark.parametrize(
    ("received", "passes_at"),
    [
        ("Sat 2026-10-24 12:00", "Sun 2026-10-25 11:00"),  # that night has an hour more
        ("Sat 2026-03-28 12:00", "Sun 2026-03-29 13:00"),  # and this one an hour less
        ("Fri 2026-12-25 12:00", "Sat 2026-12-26 12:00"),
    ],
)
def test_hours_are_hours_that_pass_whatever_the_day_or_the_clock_on_the_wall(
    received: str, passes_at: str
) -> None:
    found = respond("24 hours", received, rules={"close_of_business": time(17)})
    assert written(found.passes_at) == passes_at
    assert found.on == london(passes_at).date()
    assert found.skipped == ()


def test_hours_are_counted_alike_from_an_instant_in_any_zone() -> None:
    half_past_midnight = london("Sun 2026-10-25 00:30")  # of a day that has 25 hours
    a_day = Clock.model_validate(clock("24 hours", "received"))
    for instant in (half_past_midnight, half_past_midnight.astimezone(UTC)):
        last = day_1_and_last(a_day, working_days("england"), instant)[1]
        assert last == day("Sun 2026-10-25")


def test_a_due_date_explains_itself_over_christmas() -> None:
    found = due(NACRO, "Mon 2026-12-21 09:00", "acknowledge")
    assert found.on == day("Wed 2026-12-30")
    assert (found.anchor, found.anchor_date) == ("received", day("Mon 2026-12-21"))
    assert found.day_1 == day("Tue 2026-12-22")
    assert found.skipped == (
        "2026-12-25 Christmas Day",
        "2026-12-26 Saturday",
        "2026-12-27 Sunday",
        "2026-12-28 Boxing Day (substitute day)",
    )
    assert found.calendar == working_days("england").version
    assert found.clause == "Stage one: acknowledged within five working days"


def test_closure_days_of_the_landlord_are_skipped_and_say_so() -> None:
    closed = policy(closure_days=[day("Tue 2026-12-29"), day("Wed 2026-12-30")])
    found = due(closed, "Mon 2026-12-21 09:00", "acknowledge")
    assert found.on == day("Mon 2027-01-04")
    assert "2026-12-29 closure day of the landlord" in found.skipped


def test_until_it_is_acknowledged_the_response_counts_from_the_day_that_was_due() -> None:
    acknowledge, response = clocks.first_dues(
        NACRO,
        NACRO.stages[0],
        london("Mon 2026-11-02 09:00"),
        london("Mon 2026-11-02 09:00"),
    )
    assert acknowledge.on == day("Mon 2026-11-09")
    assert not acknowledge.provisional
    assert (response.anchor_date, response.provisional) == (acknowledge.on, True)
    assert response.on == day("Mon 2026-11-23")


def test_where_the_response_counts_from_receipt_nothing_stands_in() -> None:
    found = respond("10 working days", "Mon 2026-11-02 09:00")
    assert (found.on, found.provisional) == (day("Mon 2026-11-16"), False)


def test_reminders_come_before_and_the_ladder_after_on_working_mornings() -> None:
    found = due(NACRO, "Mon 2026-12-07 09:00")
    assert found.on == day("Wed 2026-12-30")
    assert [written(at) for at in found.reminders] == [
        "Wed 2026-12-23 08:00",
        "Tue 2026-12-29 08:00",
    ]
    assert [(written(rung.at), rung.tell) for rung in found.rungs] == [
        ("Thu 2026-12-31 08:00", "investigator"),
        ("Mon 2027-01-04 08:00", "line-manager"),
        ("Wed 2027-01-06 08:00", "head-of-service"),
    ]


def test_reminders_and_ladder_keep_to_eight_in_the_morning_across_a_clock_change() -> None:
    found = due(NACRO, "Thu 2026-10-01 09:00")
    assert found.on == day("Thu 2026-10-22")
    assert [written(at) for at in found.reminders] == [
        "Mon 2026-10-19 08:00",
        "Wed 2026-10-21 08:00",
    ]
    assert [at.hour for at in found.reminders] == [7, 7]
    assert [written(rung.at) for rung in found.rungs][1:] == [
        "Mon 2026-10-26 08:00",
        "Wed 2026-10-28 08:00",
    ]
    assert [rung.at.hour for rung in found.rungs][1:] == [8, 8]


def test_nobody_is_reminded_before_the_clock_has_begun() -> None:
    reminders = {"respond": (5, 1)}
    found = respond("3 working days", "Mon 2026-11-02 09:00", rules={"reminders": reminders})
    assert [written(at) for at in found.reminders] == ["Wed 2026-11-04 08:00"]


def test_a_complaint_entered_after_its_due_date_climbs_the_ladder_from_then_on() -> None:
    received, entered = london("Mon 2026-11-02 09:00"), london("Sat 2026-11-21 15:00")
    acknowledge, response = clocks.first_dues(NACRO, NACRO.stages[0], received, entered)
    assert acknowledge.on == day("Mon 2026-11-09")
    assert written(acknowledge.rungs[0].at) == "Mon 2026-11-23 08:00"
    assert response.on == day("Mon 2026-11-23")
    assert written(response.rungs[0].at) == "Tue 2026-11-24 08:00"


def test_the_time_to_escalate_ends_on_the_next_working_morning_and_climbs_to_nobody() -> None:
    answered = london("Fri 2026-12-04 10:00")
    found = clocks.due_date(NACRO, NACRO.stages[0], "escalate", answered, known_at=answered)
    assert found.on == day("Sat 2027-12-04")
    assert written(found.passes_at) == "Mon 2027-12-06 08:00"
    assert (found.rungs, found.latest_extension) == ((), None)
    # For a resident who asked to be reminded, five working days before.
    assert list(map(written, found.reminders)) == ["Fri 2027-11-26 08:00"]


def question(**changes: Any) -> DueQuestion:
    asked = {
        "policy": "nacro",
        "policy_effective": date(2024, 4, 1),
        "stage": "stage-1",
        "clock": "respond",
        "anchored_at": london("Mon 2026-11-09 10:00"),
        "asked_at": london("Mon 2026-11-09 10:00"),
    }
    return DueQuestion.model_validate(asked | changes)


def test_an_extension_moves_reminders_and_ladder_but_never_the_cap() -> None:
    [original] = clocks.answer(question())
    assert original.on == day("Mon 2026-11-23")
    assert original.latest_extension == day("Mon 2026-12-07")

    once = PutOff(was=original.on, until=day("Fri 2026-11-27"), how="extended")
    [first] = clocks.answer(question(put_off=once))
    assert (first.on, first.latest_extension) == (once.until, original.latest_extension)
    assert written(first.passes_at) == "Sat 2026-11-28 00:00"
    assert [written(at) for at in first.reminders] == [
        "Tue 2026-11-24 08:00",
        "Thu 2026-11-26 08:00",
    ]
    assert written(first.rungs[0].at) == "Mon 2026-11-30 08:00"
    assert (first.anchor, first.anchor_date) == ("extended", original.on)
    assert first.day_1 == day("Tue 2026-11-24")
    assert first.clause == "Annual report 2024/25: a delayed response of a further 10 days"
    assert not first.provisional

    again = PutOff(was=once.until, until=day("Mon 2026-12-07"), how="extended")
    [second] = clocks.answer(question(put_off=again))
    assert (second.on, second.latest_extension) == (again.until, original.latest_extension)
    assert second.skipped == (
        "2026-11-28 Saturday",
        "2026-11-29 Sunday",
        "2026-12-05 Saturday",
        "2026-12-06 Sunday",
    )


def test_a_policy_may_allow_no_extension_at_all() -> None:
    extension = {"at_most": "0 working days", "clause": "Reading for a test"}
    found = due(policy(first_stage={"extension": extension}), "Mon 2026-11-02 09:00")
    assert found.latest_extension == found.on


def test_the_second_stage_starts_with_both_of_its_clocks() -> None:
    acknowledge, response = clocks.answer(question(stage="stage-2", clock=None))
    assert (acknowledge.clock, acknowledge.on) == ("acknowledge", day("Mon 2026-11-16"))
    assert (response.clock, response.on) == ("respond", day("Mon 2026-12-14"))
    assert (acknowledge.anchor, response.provisional) == ("requested", True)
    assert response.latest_extension == day("Thu 2027-01-14")


@pytest.mark.parametrize(
    ("name", "effective", "stage", "starts_with"),
    [
        ("housing-ombudsman", "Mon 2024-04-01", "stage-1", ["acknowledge", "respond?"]),
        ("housing-ombudsman", "Mon 2024-04-01", "stage-2", ["acknowledge", "respond?"]),
        ("nacro", "Mon 2024-04-01", "stage-1", ["acknowledge", "respond?"]),
        ("nacro", "Mon 2024-04-01", "stage-2", ["acknowledge", "respond?"]),
        ("manchester", "Sat 2022-10-01", "stage-1", ["acknowledge", "respond"]),
        ("manchester", "Sat 2022-10-01", "stage-2", ["acknowledge", "respond"]),
        ("community-support", "Mon 2024-04-01", "stage-1", ["acknowledge", "respond?"]),
        ("community-support", "Mon 2024-04-01", "stage-2", ["acknowledge", "contact", "respond?"]),
        ("nottingham", "Sat 2024-06-01", "stage-1", ["acknowledge", "respond"]),
        ("nottingham", "Sat 2024-06-01", "stage-2", ["acknowledge", "respond?"]),
        ("review-panel", "Mon 2024-04-01", "first-time-resolution", ["respond"]),
        ("review-panel", "Mon 2024-04-01", "stage-1", ["respond"]),
        ("review-panel", "Mon 2024-04-01", "stage-2", ["respond"]),
        ("review-panel", "Mon 2024-04-01", "panel", ["arrange"]),
    ],
)
def test_a_stage_starts_with_the_clocks_of_its_policy(
    name: str, effective: str, stage: str, starts_with: list[str]
) -> None:
    """A response with a question mark stands in until somebody has acknowledged."""
    asked = {"policy": name, "policy_effective": day(effective), "stage": stage, "clock": None}
    dues = clocks.answer(question(**asked))
    assert [f"{due.clock}{'?' * due.provisional}" for due in dues] == starts_with


def test_what_is_not_resolved_moves_on_the_next_working_morning_and_climbs_no_ladder() -> None:
    received, entered = london("Tue 2026-12-22 09:00"), london("Mon 2027-01-04 11:00")
    first = policies.version("review-panel", date(2024, 4, 1))
    [found] = clocks.first_dues(first, first.stages[0], received, received)
    assert (found.on, found.rungs) == (day("Tue 2026-12-29"), ())
    assert found.moves_on_at is not None
    assert written(found.moves_on_at) == "Wed 2026-12-30 08:00"

    [entered_late] = clocks.first_dues(first, first.stages[0], received, entered)
    assert (entered_late.on, entered_late.passes_at) == (found.on, found.passes_at)
    assert entered_late.moves_on_at is not None
    assert written(entered_late.moves_on_at) == "Tue 2027-01-05 08:00"


def test_where_the_document_sets_no_cap_none_is_made_up() -> None:
    manchester = policies.version("manchester", date(2022, 10, 1))
    found = due(manchester, "Mon 2026-11-02 09:00")
    assert (found.on, found.latest_extension) == (day("Mon 2026-11-16"), None)


def test_what_no_policy_or_calendar_answers_is_refused() -> None:
    with pytest.raises(NotThere, match="unknown-policy"):
        clocks.answer(question(policy_effective=date(2020, 1, 1)))
    with pytest.raises(BeyondCalendar):
        clocks.answer(question(anchored_at=datetime(2011, 12, 31, 12, tzinfo=UTC)))
    with pytest.raises(BeyondCalendar):
        clocks.answer(question(anchored_at=datetime(2031, 12, 30, 12, tzinfo=UTC)))
    with pytest.raises(KeyError, match="stage-2 has no clock escalate"):
        clocks.answer(question(stage="stage-2", clock="escalate"))
    naive = datetime(2026, 11, 9, 10)  # noqa: DTZ001 — the point of the test
    with pytest.raises(ValueError, match="without an offset"):
        clocks.due_date(NACRO, NACRO.stages[0], "respond", naive, known_at=naive)


@pytest.mark.parametrize("within", SPANS)
def test_beyond_the_calendar_no_unit_gives_an_answer(within: str) -> None:
    rules = policy(first_stage={"respond": clock(within, "received")})
    for received in ("Fri 9999-12-31 12:00", "Wed 2031-12-31 12:00", "Sat 2011-12-31 12:00"):
        at = london(received)
        with pytest.raises(MendRequest, match="beyond-the-calendar"):
            clocks.due_date(rules, rules.stages[0], "respond", at, known_at=at)


@settings(deadline=None)
@given(moments, st.sampled_from(POLICIES))
def test_what_is_due_in_working_days_is_due_on_one_and_people_hear_on_working_mornings(
    received: datetime, rules: Policy
) -> None:
    found = clocks.first_dues(rules, rules.stages[0], received, received)
    england = working_days("england")
    for each in found:
        told = [*each.reminders, *(rung.at for rung in each.rungs)]
        assert all(written(at).endswith("08:00") for at in told)
        assert all(england.why_off(clocks.local_date(at)) is None for at in told)
        assert all(received < at for at in each.reminders)
        assert all(at >= each.passes_at for at in told[len(each.reminders) :])
        assert received < each.passes_at
    assert england.why_off(found[0].on) is None
    if rules.stages[0].respond.within.unit == "working-days":
        assert england.why_off(found[1].on) is None


@settings(deadline=None)
@given(moments, moments, st.sampled_from(POLICIES))
def test_what_begins_later_is_never_due_earlier(
    one: datetime, other: datetime, rules: Policy
) -> None:
    earlier, later = (
        clocks.due_date(rules, rules.stages[0], "respond", at, known_at=at)
        for at in sorted((one, other))
    )
    assert earlier.on <= later.on
    assert earlier.passes_at <= later.passes_at


@settings(deadline=None)
@given(moments, st.integers(0, 3000))
def test_acknowledging_later_never_moves_the_response_past_its_stand_in(
    received: datetime, hours: int
) -> None:
    acknowledge, stand_in = clocks.first_dues(NACRO, NACRO.stages[0], received, received)
    acknowledged = min(
        received + timedelta(hours=hours), acknowledge.passes_at - timedelta.resolution
    )
    counted = clocks.due_date(
        NACRO, NACRO.stages[0], "respond", acknowledged, known_at=acknowledged
    )
    assert counted.on <= stand_in.on
