"""What staff and residents do, moment by moment, in the year that is played. Pure.

`plan` returns steps in the order of time: a complaint comes in, somebody acts on one, somebody
is away. The same source, staff, year and seed give the same steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from services.notify.absences import Absence
from services.notify.contract import Addressee
from services.workflow import contract
from services.workflow.contract import AnyAction, NewComplaint
from tests.year import cases, doings, extras, follow_up
from tests.year.cases import Case
from tests.year.source import Source, Staff

TOLD_AHEAD = timedelta(days=3)
"""How long before it begins an absence is entered."""


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happens, at a moment (UTC)."""

    at: datetime
    number: int
    """Keeps steps of one moment in their order."""
    what: NewComplaint | AnyAction | Absence = field(compare=False)
    reference: str | None = field(default=None, compare=False)
    """The complaint that comes in or is acted on."""

    @property
    def away(self) -> str | None:
        """Who is away, where it is an absence."""
        return self.what.staff_id if isinstance(self.what, Absence) else None


@dataclass(frozen=True)
class Plan:
    """The year: its days, its complaints, and what happens when."""

    from_on: date
    before: date
    cases: tuple[Case, ...]
    steps: tuple[Step, ...]

    @property
    def ends_at(self) -> datetime:
        """When everything has happened, and what follows from it by itself has followed."""
        return self.steps[-1].at + timedelta(days=7)


def plan(source: Source, staff: Staff, year: int, seed: int) -> Plan:
    """Plans the year from 1 April of `year` on."""
    drawn = cases.draw(source, staff, year, seed)
    # Apart from what is counted, so that another call or lesson changes no date.
    rng = Random(f"{seed}: what else")  # noqa: S311 — a year that can be played again, no secret
    days = cases.quarters(year)
    dealt = extras.deal(rng, source, drawn, days[-1].before)
    happens: list[tuple[datetime, NewComplaint | AnyAction | Absence, str | None]] = [
        (at, away, None) for at, away in _absences(rng, source, staff, year)
    ]
    for case in drawn:
        happens.append((case.received_at, _received(rng, source, case), case.reference))
        done = doings.of(case, dealt, staff.officer)
        done += follow_up.of(rng, case, dealt, staff.officer)
        happens += [(at, action, case.reference) for at, action in done]
    steps = [Step(at, number, what, whose) for number, (at, what, whose) in enumerate(happens)]
    return Plan(days[0].from_on, days[-1].before, tuple(drawn), tuple(sorted(steps)))


def of_area(whole: Plan, staff: Staff, senior: str) -> Plan:
    """Returns the part of a plan that concerns the managers under somebody, and their cases."""
    managers = {team.manager for team in staff.teams if staff.above(team.manager) == senior}
    theirs = tuple(case for case in whole.cases if case.team.manager in managers)
    references = {case.reference for case in theirs}
    steps = tuple(
        step for step in whole.steps if step.reference in references or step.away in managers
    )
    return replace(whole, cases=theirs, steps=steps)


def _received(rng: Random, source: Source, case: Case) -> NewComplaint:
    names, at = source.drawn.names, case.received_at
    return NewComplaint(
        reference=case.reference,
        promise=contract.promise(source.published.policy, at, at),
        received_at=at,
        entered_at=at,
        channel=case.channel,
        entered_by="channel-year",
        addressee=Addressee(
            name=f"{rng.choice(names.first)} {rng.choice(names.last)}",
            email=f"resident-{case.reference.lower()}@example.org",
        ),
        anonymous=False,
        category=case.category,
        service_area=case.service_area,
        region=case.region,
        tenure=case.tenure,
        service="housing",
    )


def _absences(
    rng: Random, source: Source, staff: Staff, year: int
) -> Iterator[tuple[datetime, Absence]]:
    """Yields when each manager is away, and when that is entered; some weeks may overlap."""
    weeks = [cases.quarters(year)[0].from_on + timedelta(weeks=number) for number in range(1, 50)]
    for team in staff.teams:
        for length in source.drawn.weeks_away:
            monday = rng.choice(weeks)
            monday -= timedelta(days=monday.weekday())
            last = monday + timedelta(weeks=length, days=-3)
            away = Absence(staff_id=team.manager, from_on=monday, until_on=last)
            yield cases.at_noon(monday - TOLD_AHEAD), away
