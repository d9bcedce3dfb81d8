"""Five thousand complaints for measures: lived by the workflow's own rules, and made up by chance.

The first know every policy and what its clocks do; the others spread over years and know every
sort of remedy, determination and answer.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from random import Random
from typing import TypeVar, cast, get_args

from pydantic import BaseModel

from services.shared.events import (
    AnyEvent,
    AnyFeedbackEvent,
    Classified,
    Determination,
    Event,
    FeedbackEvent,
    FeedbackKind,
    FeedbackReceived,
    OmbudsmanDetermined,
    PromiseKept,
    Received,
    Recordable,
    RemedyKind,
    Responded,
    Satisfaction,
    SurveyAnswered,
)
from tests.reporting.lives import lives
from tests.workflow.random_lives import POLICIES, live

AREAS = ("Heating", "Repairs", "CAS-2", "Move-on", "Lettings", "Estates", "Money", None)
REGIONS = ("North", "South", "Wales", None)
CATEGORIES = ("Damp & mould", "ASB", "damp and mould", "repairs", "Wi-Fi", "Our own word", None)
CHANNELS = ("web", "phone", "letter", "mail")
TENURES = ("rented", "rented", "shared-ownership", "other", None)

Told = TypeVar("Told", bound=BaseModel)

Complaints = list[list[AnyEvent]]


def complaints(count: int) -> Complaints:
    """Returns so many lives, each up to its first gap; one in five lived by the workflow."""
    lived = [
        [*live(seed, POLICIES[seed % len(POLICIES)]).simulation.events]
        for seed in range(count // 5)
    ]
    made_up = [cast(list[AnyEvent], life) for life in lives(5, count - len(lived))]
    chance = Random(7)  # noqa: S311 — the same complaints in every run
    varied = ([_varied(event, chance) for event in _whole(life)] for life in (*lived, *made_up))
    return [[*life, *_afterthoughts(life[-1], chance)] for life in varied]


def feedback(count: int) -> list[list[AnyFeedbackEvent]]:
    """Returns so much other feedback, of every kind."""
    chance = Random(8)  # noqa: S311 — as above
    told = [life for life in lives(6, 0, count) if isinstance(life[0], FeedbackEvent)]
    return [[_varied_feedback(event, chance) for event in life] for life in told]


def _whole(life: Sequence[AnyEvent]) -> Iterator[AnyEvent]:
    numbered = enumerate(life, 1)
    return (event for _, event in takewhile(lambda pair: pair[0] == pair[1].sequence, numbered))


def _varied(event: AnyEvent, chance: Random) -> AnyEvent:
    match event:
        case Received():
            return _with(
                event,
                service_area=chance.choice(AREAS),
                region=chance.choice(REGIONS),
                category=chance.choice(CATEGORIES),
                channel=chance.choice(CHANNELS),
                tenure=chance.choice(TENURES),
            )
        case SurveyAnswered():
            return _with(event, satisfaction=_answer(chance))
        case OmbudsmanDetermined():
            found = {name: chance.randrange(4) for name in ("orders", "recommendations")}
            determination = chance.choice(get_args(Determination))
            return _with(event, determination=determination, pence=chance.randrange(9_000), **found)
        case Responded():
            # An earlier release did not tell of promises.
            promises = chance.choice(((), event.promises, event.promises))
            return _with(event, remedies=tuple(_remedies(chance)), promises=promises)
        case PromiseKept():
            return _with(event, done_on=event.at.date())
        case _:
            return event


def _afterthoughts(last: AnyEvent, chance: Random) -> Iterator[AnyEvent]:
    """Yields what somebody records of a complaint later, and now and then records again."""
    for number in range(1, chance.randrange(4)):
        kind, facts = chance.choice(
            (
                (Classified, {"category": chance.choice(CATEGORIES), "tenure": "rented"}),
                (Classified, {"region": chance.choice(REGIONS), "service_area": "Heating"}),
                (SurveyAnswered, {"on": last.at.date(), "satisfaction": _answer(chance)}),
            )
        )
        said = last.model_dump(include=set(Event.model_fields))
        said |= {"sequence": last.sequence + number, **facts}
        yield cast(AnyEvent, kind.model_validate(said))


def _answer(chance: Random) -> Satisfaction:
    return chance.choice(get_args(Satisfaction))


def _remedies(chance: Random) -> Iterator[dict[str, object]]:
    for _ in range(chance.randrange(3)):
        kind = chance.choice(get_args(RemedyKind))
        yield {"kind": kind, "pence": chance.randrange(1, 90_000) if kind == "payment" else None}


def _varied_feedback(event: Recordable, chance: Random) -> AnyFeedbackEvent:
    assert isinstance(event, FeedbackEvent)
    if isinstance(event, FeedbackReceived):
        kind = chance.choice(get_args(FeedbackKind))
        return _with(event, feedback_kind=kind, service_area=chance.choice(AREAS))
    return cast(AnyFeedbackEvent, event)


def _with(event: Told, **changes: object) -> Told:
    return type(event).model_validate({**event.model_dump(), **changes})
