"""A year of one manager's complaints, as the words that they send."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from services.notify.contents import Content, Escalation, Reminder
from services.notify.contract import OpenClock, Standing, Word
from services.shared.local_time import LONDON, MORNING
from services.shared.working_days import working_days
from tests.days import day
from tests.notify.caseloads import ASSIGNMENT, SAM, WROTE, standing, word

A_YEAR = 300
"""Complaints that one manager gets in a year, and that is many."""

AFTERNOON = time(14, 0)


def a_year(complaints: int = A_YEAR) -> Iterator[tuple[datetime, Word]]:
    """Complaints as they come in a year, each open for two or three weeks; the first ones of it.

    One in five is answered late. Words come at 08:00, when clocks speak, or at 14:00.
    """
    days = working_days("england")
    for number in range(complaints):
        taken = days.from_day(day("Mon 2028-04-03") + timedelta(days=number * 364 // A_YEAR))
        due, late = days.after(taken, 10), number % 5 == 0
        unseen = standing(assigned=f"{taken:%a %Y-%m-%d} 14:00").model_copy(
            update={"clocks": (OpenClock(clock="respond", due=due, missed=False),)}
        )
        seen = unseen.model_copy(update={"confirmed": True})
        missed_it = (OpenClock(clock="respond", due=due, missed=True),)
        life: list[tuple[int, time, Standing | None, tuple[Content, ...]]] = [
            (0, AFTERNOON, unseen, (ASSIGNMENT,)),
            (1, MORNING, seen, ()),
            (1, AFTERNOON, seen, ()),
            (3, AFTERNOON, seen, (WROTE,)),
            (8, MORNING, seen, (Reminder(clock="respond", due=due),)),
        ]
        if late:
            told = Escalation(clock="respond", due=due, rung="investigator", investigator=SAM)
            overdue = seen.model_copy(update={"clocks": missed_it})
            life.append((11, MORNING, overdue, (told,)))
        life.append((14 if late else 9, AFTERNOON, None, ()))
        for sequence, (after, hour, stands, contents) in enumerate(life, 1):
            at = datetime.combine(days.after(taken, after) if after else taken, hour, LONDON)
            yield at, word(stands, *contents, ref=f"PR-{number:03}", sequence=sequence)
