"""Whether one span ends within another: checked against the calendar, day by day."""

from datetime import date, time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from services.shared.local_time import at
from services.shared.working_days import working_days
from services.workflow.counting import day_1_and_last
from services.workflow.self_assessment.span_comparison import compare
from services.workflow.spans import Span, Unit
from services.workflow.stages import Clock
from tests.days import day

MOST: dict[Unit, int] = {"hours": 2000, "working-days": 60, "days": 90, "weeks": 14, "months": 24}

spans = st.sampled_from(list(MOST)).flatmap(
    lambda unit: st.builds(Span, count=st.integers(1, MOST[unit]), unit=st.just(unit))
)

NOON = time(12)

STARTS = st.dates(day("Mon 2018-01-01"), day("Sun 2028-12-31"))


def ends(span: Span, start: date) -> date:
    """The day on which a span from noon of `start` ends, in Scotland: it has most bank holidays."""
    clock = Clock.model_validate({"within": span, "from": "received", "clause": "x"})
    return day_1_and_last(clock, working_days("scotland", frozenset()), at(start, NOON))[1]


@given(span=spans, limit=spans, start=STARTS)
@example(
    span=Span(count=10, unit="working-days"),
    limit=Span(count=2, unit="weeks"),
    start=day("Mon 2026-12-21"),
)
@example(
    span=Span(count=14, unit="hours"), limit=Span(count=13, unit="hours"), start=date(2018, 1, 1)
)
def test_no_day_contradicts_the_comparison(span: Span, limit: Span, start: date) -> None:
    found = compare(span, limit)
    assume(found != "depends")
    if span.unit == limit.unit == "hours":
        late = span.count > limit.count  # they may well end on the same day
    else:
        late = ends(span, start) > ends(limit, start)
    assert late is (found == "beyond")


@pytest.mark.parametrize(
    ("span", "limit", "found"),
    [
        (("working-days", 10), ("working-days", 10), "within"),
        (("working-days", 11), ("working-days", 10), "beyond"),
        (("days", 2), ("working-days", 5), "within"),
        (("weeks", 2), ("working-days", 10), "depends"),
        (("months", 1), ("working-days", 10), "beyond"),
        (("hours", 24), ("working-days", 5), "within"),
        (("months", 12), ("days", 365), "depends"),
        (("months", 12), ("months", 6), "beyond"),
        (("months", 12), ("weeks", 60), "within"),
    ],
)
def test_what_can_be_said_is_said(
    span: tuple[Unit, int], limit: tuple[Unit, int], found: str
) -> None:
    first, second = (Span(count=count, unit=unit) for unit, count in (span, limit))
    assert compare(first, second) == found
