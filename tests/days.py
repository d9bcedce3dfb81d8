"""Moments in tests, written with their weekday: a wrong weekday is a wrong test."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    """Returns the London moment of "Mon 2028-03-06 10:00", refusing a wrong weekday."""
    weekday, rest = text.split(" ", 1)
    moment = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    if f"{moment:%a}" != weekday:
        raise ValueError(f"{text}: that day is a {moment:%A}")
    return moment


def day(text: str) -> date:
    """Returns the date of "Mon 2028-03-06", refusing a wrong weekday."""
    return london(f"{text} 00:00").date()


def written(moment: datetime) -> str:
    """Returns a moment as tests write it: "Mon 2028-03-06 10:00", in London."""
    return f"{moment.astimezone(LONDON):%a %Y-%m-%d %H:%M}"
