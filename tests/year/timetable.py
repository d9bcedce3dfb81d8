"""When what is done at a stage, by England's working days. Pure.

Every in-time answer lies within the days from receipt as well as from the acknowledgement, and
every late one after both: so the counts do not turn on how the days are counted.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from services.shared.local_time import at, local_date
from services.shared.working_days import WorkingDays, working_days
from tests.year.outline import Outline
from tests.year.source import Drawn, Lateness

ACKNOWLEDGE_WITHIN = 5
LATEST_ACKNOWLEDGEMENT = 8
EXTENSION_CAP = 10

RESPOND_WITHIN = {1: 10, 2: 20}
"""Working days to answer, by stage (Code 6.3 and 6.14)."""


@dataclass(frozen=True)
class Timetable:
    """The moments (UTC) of one stage. None where the thing is not done."""

    requested_at: datetime
    assigned_at: datetime
    acknowledged_at: datetime
    extended_at: datetime | None
    extended_until: date | None
    midway: datetime
    """When help can be asked for, or the resident rung: before the answer is late."""
    responded_at: datetime


def days() -> WorkingDays:
    """Returns the working days by which the year is planned: those of the Code."""
    return working_days("england")


def stage(
    rng: Random, number: int, requested_at: datetime, outline: Outline, drawn: Drawn
) -> Timetable:
    """Draws when what is done at stage 1 or 2, as the outline has it."""
    requested_on, within = local_date(requested_at), RESPOND_WITHIN[number]
    acknowledged = (
        rng.randint(ACKNOWLEDGE_WITHIN + 1, LATEST_ACKNOWLEDGEMENT)
        if outline.acknowledged_late
        else rng.randint(1, ACKNOWLEDGE_WITHIN)
    )
    # The last day in time, both by the policy and by the date of the acknowledgement.
    due = acknowledged + within
    extended_by = rng.randint(3, EXTENSION_CAP)
    if outline.extended:
        responded = due + rng.randint(1, extended_by)
    elif outline.late:
        responded = due + _working_days_late(rng, drawn.lateness)
    else:
        responded = rng.randint(max(acknowledged + 1, 3), within)
    midway = rng.randint(acknowledged, min(responded - 1, due))
    return Timetable(
        requested_at=requested_at,
        assigned_at=_at(rng, requested_on, rng.randint(1, min(acknowledged, 3)), time(9, 0), 100),
        acknowledged_at=_at(rng, requested_on, acknowledged, time(13, 0), 90),
        extended_at=_at(rng, requested_on, due - rng.randint(1, 3), time(10, 0), 60)
        if outline.extended
        else None,
        extended_until=days().after(requested_on, due + extended_by) if outline.extended else None,
        midway=_at(rng, requested_on, midway, time(14, 45), 50),
        responded_at=_at(rng, requested_on, responded, time(15, 45), 60),
    )


def later(rng: Random, moment: datetime, first: int, last: int) -> datetime:
    """Draws a moment on a working day that many to that many working days after another."""
    return _at(rng, local_date(moment), rng.randint(first, last), time(9, 30), 400)


def on_day(rng: Random, day: date, opens: time, minutes: int) -> datetime:
    """Draws a moment (UTC) of a day, within so many minutes from a local time on."""
    return at(day, opens) + timedelta(minutes=rng.randrange(minutes))


def _at(rng: Random, since: date, number: int, opens: time, minutes: int) -> datetime:
    return on_day(rng, days().after(since, number), opens, minutes)


def _working_days_late(rng: Random, lateness: tuple[Lateness, ...]) -> int:
    [span] = rng.choices(lateness, [one.weight for one in lateness])
    return rng.randint(*span.days)
