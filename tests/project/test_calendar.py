"""The bank-holiday calendar reaches far enough, and agrees with an independent source."""

from datetime import UTC, datetime, timedelta

import holidays
import pytest

from services.shared import calendars
from services.shared.calendars import Nation
from services.shared.working_days import SATURDAY

SUBDIVISIONS: dict[Nation, str] = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}
"""Without a subdivision the package leaves Easter Monday and the August holiday out."""

TWO_YEARS = timedelta(days=2 * 366)

MEND = (
    "take the newest list from www.gov.uk/bank-holidays.json into a new dated file under "
    "services/shared/calendars/, project the years after it, and leave the older files alone "
    "(see CONTRIBUTING.md, 'A new calendar')"
)


def test_the_calendar_reaches_two_years_ahead() -> None:
    last = calendars.newest().last
    needed = datetime.now(UTC).date() + TWO_YEARS
    assert last >= needed, f"the calendar ends on {last}, before {needed}: {MEND}"


@pytest.mark.parametrize("nation", SUBDIVISIONS)
def test_the_calendar_agrees_with_an_independent_source(nation: Nation) -> None:
    calendar = calendars.newest()
    ours = {day for day in calendar.bank_holidays(nation) if day.weekday() < SATURDAY}
    years = range(calendar.first.year, calendar.last.year + 1)
    theirs = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=years)
    weekdays = {day for day in theirs if day.weekday() < SATURDAY}
    differing = sorted(f"{day:%A %Y-%m-%d}" for day in ours ^ weekdays)
    assert differing == [], f"{nation}: one source has these days and the other not: {MEND}"


@pytest.mark.parametrize("nation", SUBDIVISIONS)
def test_no_bank_holiday_stands_on_a_weekend(nation: Nation) -> None:
    """Only the substitute day is listed: a Saturday would hide that its Monday is missing."""
    listed = calendars.newest().bank_holidays(nation)
    assert [f"{day:%A %Y-%m-%d}" for day in listed if day.weekday() >= SATURDAY] == []
