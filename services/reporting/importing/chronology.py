"""Whether the days of a past complaint can have followed each other. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from services.reporting.importing.mistakes import Wrong
from services.reporting.importing.past import PastComplaint

Place = tuple[int | None, str]
"""A fact: of which stage (from 0) or of the complaint (None), and its field."""


def impossible_days(complaint: PastComplaint, today: date) -> Iterator[Wrong]:
    """Yields each day that lies before one that it can only follow, or is still to come."""
    yield from _out_of_order(complaint)
    yield from _after_the_end(complaint)
    for place, day in _days_of(complaint):
        if day > today:
            yield Wrong(*place, "in-the-future", "This day is still to come.")


def _out_of_order(complaint: PastComplaint) -> Iterator[Wrong]:
    latest = complaint.received_on
    for number, stage in enumerate(complaint.stages):
        if stage.asked_on < latest:
            yield _too_early(number, "requested_on", latest)
        done = stage.asked_on
        for field in ("acknowledged_on", "responded_on", "declined_on"):
            day: date | None = getattr(stage, field)
            if day is not None and day < done:
                yield _too_early(number, field, done)
            done = max(done, day or done)
        latest = max(latest, done)
        for field in ("acknowledge_due", "respond_due", "extension_told_on"):
            day = getattr(stage, field)
            if day is not None and day < stage.asked_on:
                yield _too_early(number, field, stage.asked_on)
    for field in ("refused_on", "withdrawn_on", "closed_on"):
        day = getattr(complaint, field)
        if day is not None and day < latest:
            yield _too_early(None, field, latest)
    yield from _afterwards(complaint)


def _afterwards(complaint: PastComplaint) -> Iterator[Wrong]:
    case = complaint.ombudsman
    if complaint.survey_on is not None and complaint.survey_on < complaint.received_on:
        yield _too_early(None, "survey_on", complaint.received_on)
    if case is None:
        return
    if case.involved_on < complaint.received_on:
        yield _too_early(None, "ombudsman_on", complaint.received_on)
    if case.determined_on is not None and case.determined_on < case.involved_on:
        yield _too_early(None, "determined_on", case.involved_on)


def _after_the_end(complaint: PastComplaint) -> Iterator[Wrong]:
    ends = [
        stage.responded_on or following.asked_on for stage, following in pairwise(complaint.stages)
    ]
    ends.append(complaint.stages[-1].responded_on or complaint.ended_on or date.max)
    for number, (stage, end) in enumerate(zip(complaint.stages, ends, strict=True)):
        if stage.extension_told_on is not None and stage.extension_told_on > end:
            words = f"The stage ended on {end}: nothing was left to extend."
            yield Wrong(number, "extension_told_on", "out-of-order", words)


def _too_early(stage: int | None, field: str, after: date) -> Wrong:
    return Wrong(stage, field, "out-of-order", f"This is before {after}, which it can only follow.")


def _days_of(complaint: PastComplaint) -> Iterator[tuple[tuple[int | None, str], date]]:
    """Yields every day that a row tells, with its place."""
    yield (None, "received_on"), complaint.received_on
    for number, stage in enumerate(complaint.stages):
        if number > 0:
            yield (number, "requested_on"), stage.asked_on
        for field in ("acknowledged_on", "responded_on", "declined_on", "extension_told_on"):
            day = getattr(stage, field)
            if day is not None:
                yield (number, field), day
    case = complaint.ombudsman
    of_complaint = {
        "refused_on": complaint.refused_on,
        "withdrawn_on": complaint.withdrawn_on,
        "closed_on": complaint.closed_on,
        "survey_on": complaint.survey_on,
        "ombudsman_on": None if case is None else case.involved_on,
        "determined_on": None if case is None else case.determined_on,
    }
    for field, day in of_complaint.items():
        if day is not None:
            yield (None, field), day
