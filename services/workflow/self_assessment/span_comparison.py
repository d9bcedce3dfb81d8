"""Which of two spans is longer, where that can be said: "2 weeks" and "10 working days" overlap."""

from math import ceil, floor
from typing import Literal

from services.workflow.spans import Span

Comparison = Literal["within", "beyond", "depends"]
"""Whether a span ends by another's end: always, never, or depending on the days it meets."""


def compare(span: Span, limit: Span) -> Comparison:
    """Returns whether a span that begins with `limit` ends within it; equal ones do."""
    if span.unit == limit.unit:
        return "within" if span.count <= limit.count else "beyond"
    (shortest, longest), (sooner, later) = _calendar_days(span), _calendar_days(limit)
    if longest <= sooner:
        return "within"
    return "beyond" if shortest > later else "depends"


def _calendar_days(span: Span) -> tuple[int, int]:
    """Returns how many calendar days a span takes at least and at most.

    Working days take least from a Sunday on, and most over Christmas, which holds up to three bank
    holidays; a landlord's own closure days are left aside.
    """
    match span.unit:
        case "hours":
            return span.count // 24, ceil(span.count / 24)
        case "days":
            return span.count, span.count
        case "weeks":
            return 7 * span.count, 7 * span.count
        case "months":
            return floor(span.count * 365 / 12) - 2, ceil(span.count * 366 / 12) + 2
        case "working-days":
            weekends = max(span.count - 1, 0) // 5
            return span.count + 2 * weekends, span.count + 2 * (weekends + 2) + span.count // 20 + 4
