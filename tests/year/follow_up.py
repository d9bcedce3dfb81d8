"""What happens after the answers: promises kept or not, the Ombudsman, surveys, lessons. Pure."""

from collections.abc import Iterator
from datetime import date, time
from random import Random

from services.shared.local_time import local_date
from services.workflow.contract import AnswerSurvey, InvolveOmbudsman, KeepPromise, LearnLesson
from tests.year import doings, timetable
from tests.year.cases import Case
from tests.year.doings import Doing
from tests.year.extras import Extras

KEPT_IN_TIME, KEPT_AT_ALL = 0.7, 0.9
"""The chances of a promised action."""


def of(rng: Random, case: Case, extras: Extras, officer: str) -> list[Doing]:
    """Returns what is done about a complaint after its answers."""
    return [
        *_promises(rng, case, extras, officer),
        *_heard(rng, case, extras, officer),
    ]


def _promises(rng: Random, case: Case, extras: Extras, officer: str) -> Iterator[Doing]:
    if case.reference not in extras.promised:
        return
    answered_at = case.stages[0].times.responded_at
    for number, promise in enumerate(doings.promised(answered_at), 1):
        done_on = _done_on(rng, promise.by)
        if done_on is not None:
            yield (
                timetable.on_day(rng, done_on, time(11), 240),
                KeepPromise(
                    key=f"{case.reference}-promise-{number}",
                    by=officer,
                    number=number,
                    done_on=done_on,
                ),
            )


def _done_on(rng: Random, by: date) -> date | None:
    chance, days = rng.random(), timetable.days()
    if chance < KEPT_IN_TIME:
        return days.before(by, rng.randint(0, 3))
    return days.after(by, rng.randint(1, 10)) if chance < KEPT_AT_ALL else None


def _heard(rng: Random, case: Case, extras: Extras, officer: str) -> Iterator[Doing]:
    """Yields what is heard of it once its last stage was answered."""
    name, answered_at = case.reference, case.stages[-1].times.responded_at
    if name in extras.surveyed:
        at = timetable.later(rng, answered_at, 5, 15)
        satisfaction = extras.surveyed[name]
        yield (
            at,
            AnswerSurvey(
                key=f"{name}-survey", by=officer, on=local_date(at), satisfaction=satisfaction
            ),
        )
    if name in extras.before_ombudsman:
        at = timetable.later(rng, answered_at, 5, 15)
        yield at, InvolveOmbudsman(key=f"{name}-ombudsman", by=officer, on=local_date(at))
    if name in extras.lessons:
        at = timetable.later(rng, answered_at, 5, 15)
        lesson = extras.lessons[name].model_dump()
        yield at, LearnLesson(key=f"{name}-lesson", by=officer, **lesson)
