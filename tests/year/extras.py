"""What else happens to some of the complaints: calls, help, payments, surveys, lessons. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from services.shared.events import Help, Satisfaction
from services.shared.local_time import local_date
from tests.year.cases import Case
from tests.year.source import Lesson, Source

Dealt = TypeVar("Dealt")


@dataclass(frozen=True)
class Extras:
    """To whom it happens, by reference."""

    rung_up: frozenset[str]
    """Residents who are rung at stage 1; at stage 2 the policy wants it of all."""
    help_asked: dict[str, Help]
    paid: dict[str, int]
    """What the answer at stage 1 pays, in pence."""
    promised: frozenset[str]
    """Whose answer at stage 1 promises actions."""
    surveyed: dict[str, Satisfaction]
    before_ombudsman: frozenset[str]
    lessons: dict[str, Lesson]


LESSONS_TAKE = timedelta(weeks=5)
"""How long after the last answer a lesson is written down, at most."""


def deal(rng: Random, source: Source, cases: Sequence[Case], before: date) -> Extras:
    """Deals out what else happens. What is paid and learnt, is so `before` the year is over."""
    drawn = source.drawn
    late = [case for case in cases if case.stages[0].outline.late]
    righted = [
        case for case in cases if case.stages[0].outline.decision in {"upheld", "partially-upheld"}
    ]
    in_the_year = [case for case in righted if _answered_on(case) < before]
    in_good_time = [case for case in righted if _answered_on(case) + LESSONS_TAKE < before]
    gone_on = [case for case in cases if len(case.stages) == 2]
    return Extras(
        rung_up=frozenset(_some(rng, cases, drawn.contacted)),
        help_asked=_dealt(rng, late, _weighed(rng, drawn.help, drawn.help_asked)),
        paid=_dealt(rng, in_the_year, drawn.payments_in_pence),
        promised=frozenset(_some(rng, righted, drawn.promising)),
        surveyed=_dealt(rng, cases, _weighed(rng, drawn.satisfaction, drawn.surveyed)),
        before_ombudsman=frozenset(_some(rng, gone_on, source.published.ombudsman.open)),
        lessons=_dealt(rng, in_good_time, drawn.lessons),
    )


def _answered_on(case: Case) -> date:
    return local_date(case.stages[-1].times.responded_at)


def _some(rng: Random, cases: Iterable[Case], count: int) -> list[str]:
    return rng.sample([case.reference for case in cases], count)


def _dealt(rng: Random, cases: Iterable[Case], things: Sequence[Dealt]) -> dict[str, Dealt]:
    return dict(zip(_some(rng, cases, len(things)), things, strict=True))


def _weighed(rng: Random, weights: dict[Dealt, int], count: int) -> list[Dealt]:
    return rng.choices(list(weights), list(weights.values()), k=count)
