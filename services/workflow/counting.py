"""From a day and a span of time to another day: the counting rules, and nothing else.

Day 1 is the first working day after the day of the anchor, whatever day that was; so five working
days from a Saturday end on the Friday. A policy may make the anchor's own day day 1.
"""

import calendar
from datetime import UTC, date, datetime, timedelta

from services.shared.local_time import local_date
from services.shared.working_days import ONE_DAY, WorkingDays
from services.workflow.spans import Span
from services.workflow.stages import Clock


def day_1_and_last(clock: Clock, days: WorkingDays, anchored_at: datetime) -> tuple[date, date]:
    """Returns the first and the last day that a clock counts from `anchored_at` (aware).

    The last is the due date. Raises MendRequest `beyond-the-calendar`.
    """
    span, anchor_day = clock.within, local_date(anchored_at)
    days.check(anchor_day)
    if span.unit == "hours":
        # In UTC, for on the wall a night may have 23 or 25 hours; and passing at the stroke of
        # midnight makes the day before the last one.
        passes_at = anchored_at.astimezone(UTC) + timedelta(hours=span.count)
        return anchor_day, local_date(passes_at - timedelta.resolution)
    if span.unit == "working-days":
        day_1 = days.from_day(anchor_day) if clock.anchor_is_day_1 else days.after(anchor_day, 1)
        return day_1, days.after(day_1, span.count - 1) if span.count > 1 else day_1
    day_0 = anchor_day - ONE_DAY if clock.anchor_is_day_1 else anchor_day
    return day_0 + ONE_DAY, add(span, days, day_0)


def add(span: Span, days: WorkingDays, day: date) -> date:
    """Returns the day that lies `span` after `day`, working days by `days`.

    Raises MendRequest `beyond-the-calendar`, and ValueError for hours, which move no date.
    """
    if span.unit != "working-days":
        return add_calendar(span, day)
    return days.after(day, span.count) if span.count else day


def add_calendar(span: Span, day: date) -> date:
    """Returns the day that lies days, weeks or months after `day`.

    A month that has no such day ends on its last. Raises ValueError for any other unit.
    """
    match span.unit:
        case "days":
            return day + timedelta(days=span.count)
        case "weeks":
            return day + timedelta(weeks=span.count)
        case "months":
            year, month = divmod(day.year * 12 + day.month - 1 + span.count, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return date(year, month + 1, min(day.day, last))
        case "hours" | "working-days":
            raise ValueError(f"{span} is not counted on the calendar")
