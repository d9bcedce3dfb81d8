"""What is said about counting a complaint anew by a newer calendar."""

from datetime import date
from typing import Literal

from services.shared.events import ClockName, Frozen

CALENDAR_CHANGED = "calendar_changed"
"""The signal that tells a complaint of a newer calendar; it carries a `CalendarChanged`."""

COUNTING = "counting"
"""The query for how a complaint is counted; asked with a `CalendarChanged`, answers `Counting`."""

Left = Literal[
    "passed-already", "not-across", "counted-already", "extended-date", "agreed-date", "would-pass"
]
"""Why a date stayed as it was.

`passed-already`: it is missed; `not-across`: no day that changed lies in its time;
`counted-already`: it was worked out by that calendar in the first place; `extended-date` and
`agreed-date`: what was said to or with the resident stands; `would-pass`: it would have moved to a
day that is over.
"""


class CalendarChanged(Frozen):
    """There is a calendar of this version (an ISO date), or a newer one."""

    version: str


class ClockMove(Frozen):
    """What a recount did to one clock. Dates are days in Europe/London."""

    stage: str
    clock: ClockName
    was: date
    now: date
    left: Left | None
    """None when it moved."""


class Recount(Frozen):
    """One recount of a complaint: by which calendar, and what it did to every clock that ran."""

    calendar: str
    clocks: tuple[ClockMove, ...]


class Counting(Frozen):
    """How a complaint is counted, as seen from the calendar that was asked about."""

    calendar: str | None
    """The oldest calendar that a running clock goes by; None when no running clock can move."""
    clocks: tuple[ClockMove, ...]
    """One for each running clock, and for each that ran when it was counted anew."""
