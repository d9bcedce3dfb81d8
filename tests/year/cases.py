"""The complaints of the year: who brought what, when, and how each stage of it went. Pure.

The counts come from `outline.py`, the moments from `timetable.py`; here they meet, so that each
quarter has its complaints, and its requests for stage 2. The same seed gives the same year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from services.intake.references import ALPHABET
from services.shared.events import Tenure
from services.shared.local_time import at, local_date
from services.workflow.messages import Channel
from tests.year import outline, timetable
from tests.year.outline import Outline
from tests.year.source import Source, Staff, Team
from tests.year.timetable import Timetable

SPOKEN: frozenset[str] = frozenset({"phone", "in-person", "letter"})
"""Channels by which complaints come in while offices are open."""

GOES_ON_WITHIN = timedelta(days=28)
"""How soon after the answer a resident asks for stage 2."""


@dataclass(frozen=True)
class Stage:
    """One stage as it goes: when what is done, how it fares, and by whom it is answered."""

    times: Timetable
    outline: Outline
    investigator: str


@dataclass(frozen=True)
class Case:
    """One complaint of the year."""

    reference: str
    channel: Channel
    service_area: str
    region: str
    tenure: Tenure
    category: str
    team: Team
    stages: tuple[Stage, ...]
    """Stage 1, and stage 2 where the resident asked for it."""

    @property
    def received_at(self) -> datetime:
        return self.stages[0].times.requested_at


@dataclass(frozen=True)
class Quarter:
    """A quarter of the year from April on; `before` is its end, excluded."""

    from_on: date
    before: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.from_on <= day < self.before


def quarters(year: int) -> tuple[Quarter, ...]:
    """Returns the four quarters of the year that begins on 1 April of `year`."""
    starts = [date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1)]
    return tuple(
        Quarter(start, before)
        for start, before in zip(starts, [*starts[1:], date(year + 1, 4, 1)], strict=True)
    )


def at_noon(day: date) -> datetime:
    """Returns noon (UTC) of a day in London."""
    return at(day, time(12))


def draw(source: Source, staff: Staff, year: int, seed: int) -> list[Case]:
    """Draws the complaints received from 1 April of `year` on, the earliest first.

    Raises LookupError when no complaint fits a stage 2 that is due in a quarter.
    """
    rng = Random(seed)  # noqa: S311 — a year that can be played again, and no secret
    first = _first_stages(rng, source, staff, year)
    escalated = _with_stage_2(rng, source, staff, year, first)
    categories = outline.categories(rng, source, set(escalated), len(first))
    return [
        replace(case, category=category, stages=(*case.stages, *escalated.get(number, ())))
        for number, (case, category) in enumerate(zip(first, categories, strict=True))
    ]


def _first_stages(rng: Random, source: Source, staff: Staff, year: int) -> list[Case]:
    received = _receipts(rng, source, year)
    outlines = outline.first_stages(rng, source)
    return [
        _case(rng, source, staff, one, receipt)
        for one, receipt in zip(outlines, received, strict=True)
    ]


def _receipts(rng: Random, source: Source, year: int) -> list[tuple[datetime, Channel]]:
    found = []
    for quarter, count in zip(quarters(year), source.published.stage_1.received, strict=True):
        for _ in range(count):
            channel = outline.weighed(rng, source.drawn.channels)
            found.append((_receipt(rng, quarter, channel), channel))
    return sorted(found)


def _receipt(rng: Random, quarter: Quarter, channel: str) -> datetime:
    span = range((quarter.before - quarter.from_on).days)
    every_day = [quarter.from_on + timedelta(days=number) for number in span]
    if channel in SPOKEN:
        open_days = [day for day in every_day if timetable.days().why_off(day) is None]
        return timetable.on_day(rng, rng.choice(open_days), time(9, 0), 450)
    return timetable.on_day(rng, rng.choice(every_day), time(7, 0), 900)


def _case(
    rng: Random, source: Source, staff: Staff, one: Outline, receipt: tuple[datetime, Channel]
) -> Case:
    received_at, channel = receipt
    area = (
        source.published.slowest_area.name
        if one.in_slowest_area
        else outline.weighed(rng, source.drawn.service_areas)
    )
    region = outline.weighed(rng, source.drawn.regions)
    team = staff.team(area, region)
    times = timetable.stage(rng, 1, received_at, one, source.drawn)
    return Case(
        reference=_reference(rng),
        channel=channel,
        service_area=area,
        region=region,
        # Homes for people on bail or licence are no social tenancy.
        tenure="other" if one.in_slowest_area else "rented",
        category="",
        team=team,
        stages=(Stage(times, one, team.manager),),
    )


def _reference(rng: Random) -> str:
    letters = "".join(rng.choices(ALPHABET, k=8))
    return f"PR-{letters[:4]}-{letters[4:]}"


def _with_stage_2(
    rng: Random, source: Source, staff: Staff, year: int, cases: Sequence[Case]
) -> dict[int, tuple[Stage]]:
    """Finds who goes on to stage 2, by their number, so that each quarter has its requests."""
    outlines = outline.second_stages(rng, source)
    asked = source.published.stage_2.received
    wanted = [
        quarter for quarter, count in zip(quarters(year), asked, strict=True) for _ in range(count)
    ]
    # In the first quarter hardly any late answer is out yet.
    late_slots = range(asked[0], len(wanted))
    after_late = set(rng.sample(late_slots, source.published.escalation.after_late))
    shuffled = rng.sample(range(len(cases)), len(cases))
    # Whoever was told that they were right seldom goes on.
    shuffled.sort(key=lambda number: cases[number].stages[0].outline.decision == "upheld")
    found: dict[int, tuple[Stage]] = {}
    for slot, quarter in enumerate(wanted):
        number, asked_at = _goes_on(
            rng, cases, [n for n in shuffled if n not in found], quarter, late=slot in after_late
        )
        investigator = staff.above(cases[number].team.manager)
        times = timetable.stage(rng, 2, asked_at, outlines[slot], source.drawn)
        found[number] = (Stage(times, outlines[slot], investigator),)
    return found


def _goes_on(
    rng: Random, cases: Sequence[Case], candidates: Sequence[int], quarter: Quarter, *, late: bool
) -> tuple[int, datetime]:
    """Returns the first of the candidates who can ask in the quarter, and when."""
    for number in candidates:
        stage = cases[number].stages[0]
        if stage.outline.late is not late:
            continue
        answered_on = local_date(stage.times.responded_at)
        first = max(quarter.from_on, answered_on + timedelta(days=1))
        last = min(quarter.before - timedelta(days=1), answered_on + GOES_ON_WITHIN)
        if first <= last:
            day = first + timedelta(days=rng.randint(0, (last - first).days))
            return number, at(day, time(10)) + timedelta(minutes=rng.randrange(480))
    raise LookupError(f"nobody answered {'late' if late else 'in time'} goes on in {quarter}")
