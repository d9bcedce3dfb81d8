"""A second counting of every due date, from another source and by another method.

The clocks are typed in by hand, the bank holidays are those of the `holidays` package, and the days
are walked one by one.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import get_args

import holidays

from services.shared.calendars import Nation
from services.shared.events import ClockName
from tests.workflow.golden.reckoning import counted

FIRST, LAST = date(2018, 1, 1), date(2028, 12, 31)

NATIONS: tuple[Nation, ...] = get_args(Nation)

BankHolidays = Mapping[Nation, frozenset[date]]

Clocks = dict[ClockName, str]

BY_THE_CODE: dict[str, Clocks] = {
    "stage-1": {
        "acknowledge": "5 working days from received",
        "respond": "10 working days from acknowledged",
        "escalate": "12 months from responded",
    },
    "stage-2": {
        "acknowledge": "5 working days from requested",
        "respond": "20 working days from acknowledged",
    },
}
"""Code 6.2, 6.3, 6.11, 6.14 and, as our reading, 2.3."""

CLOCKS: dict[str, dict[str, Clocks]] = {
    "housing-ombudsman": BY_THE_CODE,
    "nacro": BY_THE_CODE,
    "manchester": {
        "stage-1": {
            "acknowledge": "5 working days from received",
            "respond": "10 working days from received",
            "escalate": "28 days from responded",
        },
        "stage-2": {
            "acknowledge": "5 working days from requested",
            "respond": "10 working days from requested",
        },
    },
    "community-support": {
        "stage-1": BY_THE_CODE["stage-1"] | {"escalate": "20 working days from responded"},
        "stage-2": BY_THE_CODE["stage-2"] | {"contact": "3 working days from requested"},
    },
    "nottingham": {
        "stage-1": BY_THE_CODE["stage-1"] | {"respond": "10 working days from received"},
        "stage-2": BY_THE_CODE["stage-2"] | {"reply": "20 working days from declined"},
    },
    "review-panel": {
        "first-time-resolution": {
            "respond": "3 working days from received",
            "escalate": "12 months from responded",
        },
        "stage-1": {
            "respond": "10 working days from referred",
            "escalate": "12 months from responded",
        },
        "stage-2": {"respond": "20 working days from requested"},
        "panel": {
            "arrange": "20 working days from referred",
            "respond": "3 weeks from heard",
        },
    },
}

CAPS = {
    (name, stage): span
    for name in ("housing-ombudsman", "nacro", "community-support", "nottingham")
    for stage, span in (("stage-1", "10 working days"), ("stage-2", "20 working days"))
}
"""How far a response may be extended; Manchester sets no cap and the review panel extends none."""


def bank_holidays() -> BankHolidays:
    """Returns the bank holidays of each nation as the `holidays` package has them."""
    subdivisions = zip(NATIONS, ("ENG", "WLS", "SCT", "NIR"), strict=True)
    years = range(FIRST.year, LAST.year + 2)
    found = {
        nation: frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=years))
        for nation, subdivision in subdivisions
    }
    # One object for equal days: what is cached by them is then found without comparing them.
    same = {days: days for days in found.values()}
    return {nation: same[days] for nation, days in found.items()}


THEIRS = bank_holidays()


def walk(span: str, start: date, off: frozenset[date]) -> date:
    """Returns the day reached by walking on from `start`, day by day, until the span is counted."""
    return _walked(span, start, off if "working" in span else frozenset())


@cache
def _walked(span: str, start: date, off: frozenset[date]) -> date:
    return counted(span, start, off)[-1]


def span_and_anchor(policy: str, stage: str, name: ClockName) -> tuple[str, str]:
    """Returns what a clock counts and from where, as typed in above."""
    span, anchor = CLOCKS[policy][stage][name].split(" from ")
    return span, anchor


TO_COME = {"heard", "responded", "declined"}
"""The anchors of which nothing is known when a stage begins."""


def expected(
    policy: str, stage: str, began: date, acknowledged: date | None, off: frozenset[date]
) -> dict[ClockName, date]:
    """Returns when each clock that a stage starts with is due; `acknowledged` may be to come."""
    dues: dict[ClockName, date] = {}
    for name in CLOCKS[policy][stage]:
        span, anchor = span_and_anchor(policy, stage, name)
        if anchor == "acknowledged":
            # Acknowledging late buys no time.
            acknowledge_by = dues["acknowledge"]
            dues[name] = walk(span, min(acknowledged or acknowledge_by, acknowledge_by), off)
        elif anchor not in TO_COME:
            dues[name] = walk(span, began, off)
    return dues
