"""Working days, and the calendars that they come from."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.shared import calendars
from services.shared.calendars import CALENDARS, Nation
from services.shared.working_days import BeyondCalendar, WorkingDays, working_days
from tests.days import day

FIRST, LAST = date(2012, 1, 1), date(2031, 12, 31)
NATIONS: tuple[Nation, ...] = get_args(Nation)
SUBDIVISIONS: dict[Nation, str] = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}

nations = st.sampled_from(NATIONS)
days = st.dates(date(2013, 1, 1), date(2030, 12, 31))
counts = st.integers(1, 60)


@pytest.mark.parametrize(
    ("nation", "bank_holiday", "why"),
    [
        ("england", "Fri 2020-05-08", "Early May bank holiday (VE day)"),
        ("wales", "Thu 2022-06-02", "Spring bank holiday"),
        ("england", "Fri 2022-06-03", "Platinum Jubilee bank holiday"),
        (
            "northern-ireland",
            "Mon 2022-09-19",
            "Bank Holiday for the State Funeral of Queen Elizabeth II",
        ),
        ("scotland", "Mon 2023-05-08", "Bank holiday for the coronation of King Charles III"),
        ("scotland", "Mon 2026-06-15", "World Cup bank holiday"),
        ("england", "Mon 2026-12-28", "Boxing Day (substitute day)"),
        ("wales", "Mon 2026-04-06", "Easter Monday"),
        ("northern-ireland", "Mon 2026-04-06", "Easter Monday"),
        ("scotland", "Fri 2026-01-02", "2nd January"),
        ("scotland", "Mon 2026-08-03", "Summer bank holiday"),
        ("scotland", "Mon 2026-11-30", "St Andrew’s Day"),
        ("england", "Mon 2026-08-31", "Summer bank holiday"),
        ("northern-ireland", "Tue 2026-03-17", "St Patrick’s Day"),
        (
            "northern-ireland",
            "Mon 2026-07-13",
            "Battle of the Boyne (Orangemen’s Day) (substitute day)",
        ),
    ],
)
def test_a_nation_has_its_bank_holidays_in_the_words_of_gov_uk(
    nation: Nation, bank_holiday: str, why: str
) -> None:
    assert working_days(nation).why_off(day(bank_holiday)) == why


@pytest.mark.parametrize(
    ("nation", "at_work"),
    [
        ("england", "Mon 2020-05-04"),  # the early May holiday was moved to the Friday
        ("england", "Mon 2022-05-30"),  # the spring holiday was moved to the Thursday
        ("england", "Mon 2026-06-15"),
        ("wales", "Mon 2026-06-15"),
        ("northern-ireland", "Mon 2026-06-15"),
        ("scotland", "Mon 2026-04-06"),
        ("scotland", "Mon 2026-08-31"),
        ("england", "Tue 2026-03-17"),
        ("england", "Mon 2026-11-30"),
        ("england", "Tue 2026-12-29"),
    ],
)
def test_what_is_a_holiday_elsewhere_or_in_other_years_is_a_working_day(
    nation: Nation, at_work: str
) -> None:
    assert working_days(nation).why_off(day(at_work)) is None


def test_weekends_are_named() -> None:
    england = working_days("england")
    assert england.why_off(day("Sat 2026-12-26")) == "Saturday"
    assert england.why_off(day("Sun 2026-12-27")) == "Sunday"


def test_counting_over_christmas_and_saying_what_was_skipped() -> None:
    england = working_days("england")
    assert england.after(day("Mon 2026-12-21"), 5) == day("Wed 2026-12-30")
    assert england.before(day("Wed 2026-12-30"), 5) == day("Mon 2026-12-21")
    assert england.from_day(day("Fri 2026-12-25")) == day("Tue 2026-12-29")
    assert england.before(day("Mon 2026-12-28"), 0) == day("Thu 2026-12-24")
    assert england.skipped(day("Thu 2026-12-24"), day("Wed 2026-12-30")) == (
        (day("Fri 2026-12-25"), "Christmas Day"),
        (day("Sat 2026-12-26"), "Saturday"),
        (day("Sun 2026-12-27"), "Sunday"),
        (day("Mon 2026-12-28"), "Boxing Day (substitute day)"),
    )


def test_a_closure_day_of_the_landlord_is_skipped_and_a_bank_holiday_keeps_its_name() -> None:
    closed = frozenset({day("Thu 2026-12-24"), day("Fri 2026-12-25")})
    landlord = working_days("england", closed)
    assert landlord.why_off(day("Thu 2026-12-24")) == "closure day of the landlord"
    assert landlord.why_off(day("Fri 2026-12-25")) == "Christmas Day"
    assert landlord.after(day("Wed 2026-12-23"), 1) == day("Tue 2026-12-29")
    assert working_days("england").after(day("Wed 2026-12-23"), 1) == day("Thu 2026-12-24")


@pytest.mark.parametrize(
    "ask",
    [
        lambda known: known.why_off(FIRST - timedelta(days=1)),
        lambda known: known.why_off(LAST + timedelta(days=1)),
        lambda known: known.after(FIRST - timedelta(days=1), 1),
        lambda known: known.after(LAST, 1),
        lambda known: known.after(LAST - timedelta(days=10), 30),
        lambda known: known.before(FIRST, 0),  # a Sunday, with nothing known before it
        lambda known: known.before(FIRST + timedelta(days=10), 30),
        lambda known: known.before(LAST + timedelta(days=1), 0),
        lambda known: known.from_day(LAST + timedelta(days=1)),
        lambda known: known.skipped(FIRST - timedelta(days=1), FIRST),
        lambda known: known.skipped(LAST, LAST + timedelta(days=1)),
    ],
)
def test_beyond_either_end_of_the_calendar_nothing_is_answered(
    ask: Callable[[WorkingDays], object],
) -> None:
    with pytest.raises(BeyondCalendar, match="runs from 2012-01-01 to 2031-12-31") as refusal:
        ask(working_days("england"))
    assert refusal.value.code == "beyond-the-calendar"


@settings(deadline=None)
@given(nations, days, counts)
def test_the_nth_working_day_after_is_a_working_day_with_n_minus_1_between(
    nation: Nation, start: date, count: int
) -> None:
    known = working_days(nation)
    end = known.after(start, count)
    assert known.why_off(end) is None
    passed = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(known.why_off(each) is None for each in passed) == count


@settings(deadline=None)
@given(nations, days, counts)
def test_counting_forward_and_back_returns(nation: Nation, start: date, count: int) -> None:
    known = working_days(nation)
    begin = known.from_day(start)
    assert known.before(known.after(begin, count), count) == begin
    assert known.after(known.before(begin, count), count) == begin


@settings(deadline=None)
@given(nations, days, days, counts)
def test_a_later_start_never_ends_earlier(
    nation: Nation, one: date, other: date, count: int
) -> None:
    known = working_days(nation)
    assert known.after(min(one, other), count) <= known.after(max(one, other), count)


@settings(deadline=None)
@given(nations, days, st.integers(0, 60))
def test_what_was_skipped_and_what_was_counted_are_all_the_days(
    nation: Nation, start: date, length: int
) -> None:
    known = working_days(nation)
    end = start + timedelta(days=length)
    skipped = dict(known.skipped(start, end))
    for n in range(1, length + 1):
        each = start + timedelta(days=n)
        assert skipped.get(each) == known.why_off(each)
    assert all(start < each <= end for each in skipped)


@pytest.mark.parametrize("nation", NATIONS)
def test_the_calendar_agrees_with_the_holidays_package_to_its_end(nation: Nation) -> None:
    years = range(FIRST.year, LAST.year + 1)
    theirs = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=years)
    ours = calendars.newest().bank_holidays(nation)
    assert sorted(ours) == sorted(each for each in theirs if each.weekday() < 5)


def test_a_calendar_is_named_after_its_version_and_wales_has_the_days_of_england() -> None:
    for path in CALENDARS.glob("*.json"):
        calendar = calendars.load(path)
        assert calendar.version.isoformat() == path.stem
        assert calendar.bank_holidays("wales") == calendar.bank_holidays("england")
    assert working_days("england").version == calendars.newest().version.isoformat()


def test_bank_holidays_are_published_for_the_year_to_come() -> None:
    newest = calendars.newest()
    wanted = datetime.now(UTC).date() + timedelta(days=365)
    assert newest.published_until >= wanted, (
        f"The bank holidays of {wanted.year} are only projected here, so due dates given to "
        "residents may move. Add a new file services/shared/calendars/YYYY-MM-DD.json, made "
        "from https://www.gov.uk/bank-holidays.json, with its published_until."
    )
    assert working_days("scotland").published_until == newest.published_until


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"published_until": "2032-01-01"}, "published_until lies between first and last"),
        ({"divisions": {"scotland": {}}}, "nothing is said of england-and-wales, northern-ireland"),
        ({"last": "2031-12-25"}, "england-and-wales: 2031-12-26 is outside the calendar"),
        ({"nations": {}}, "Extra inputs are not permitted"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    newest = json.loads(max(CALENDARS.glob("*.json")).read_text("utf-8"))
    path = tmp_path / "calendar.json"
    path.write_text(json.dumps(newest | change), "utf-8")
    with pytest.raises(ValidationError, match=says):
        calendars.load(path)


def test_a_newer_calendar_moves_what_is_counted_from_it() -> None:
    newest = calendars.newest()
    proclaimed = {day("Tue 2026-12-29"): "A day of joy"}
    england = newest.divisions["england-and-wales"] | proclaimed
    newer = newest.model_copy(
        update={"divisions": newest.divisions | {"england-and-wales": england}}
    )
    assert WorkingDays(newest, "england").after(day("Thu 2026-12-24"), 1) == day("Tue 2026-12-29")
    assert WorkingDays(newer, "england").after(day("Thu 2026-12-24"), 1) == day("Wed 2026-12-30")
