"""What the played year is made from: the published figures, what is drawn, and the staff."""

import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.notify.directory import Directory, StaffMember
from services.shared.events import Frozen, Help, Satisfaction
from services.workflow.messages import Channel

HERE = Path(__file__).parent

Weights = dict[str, Annotated[int, Field(gt=0)]]
"""How often each code is drawn, as shares of their sum."""


class Outcomes(Frozen):
    """How many answers decided what."""

    upheld: int
    partially_upheld: int
    not_upheld: int

    @property
    def total(self) -> int:
        return self.upheld + self.partially_upheld + self.not_upheld


class StageFigures(Frozen):
    """The published figures of one stage. `received` is by quarter, from April on."""

    received: tuple[int, int, int, int]
    acknowledged_in_time: int
    responded_in_time: int
    outcomes: Outcomes

    @property
    def total(self) -> int:
        return sum(self.received)

    @property
    def acknowledged_late(self) -> int:
        return self.total - self.acknowledged_in_time

    @property
    def responded_late(self) -> int:
        return self.total - self.responded_in_time


class AreaFigures(Frozen):
    """One service area at stage 1, and how many percent of its answers were late."""

    name: str
    received: int
    late_percent: int

    @property
    def late(self) -> int:
        """How many answers that is; the report does not say."""
        return percent_of(self.late_percent, self.received)


class Theme(Frozen):
    """The categories that together make up so many percent of all complaints."""

    categories: tuple[str, ...]
    percent: int


class Payments(Frozen):
    """How often compensation was paid, and how much in all."""

    payments: int
    pence: int


class Ombudsman(Frozen):
    """The cases before the Housing Ombudsman at the end, and those determined in the year."""

    open: int
    determined: int


class Escalation(Frozen):
    """How many of those who went on to stage 2 had been answered late."""

    after_late: int


class Published(Frozen):
    """What the landlord's annual report states."""

    landlord: str
    policy: str
    year: str
    late_responses: int
    """The answers at stage 1 that were not in time."""
    refused: int
    stage_1: StageFigures
    stage_2: StageFigures
    slowest_area: AreaFigures
    main_theme: Theme
    remedies: Payments
    ombudsman: Ombudsman
    escalation: Escalation

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.late_responses != self.stage_1.responded_late:
            raise ValueError(f"not {self.late_responses} answers at stage 1 were late")
        return self


class Lateness(Frozen):
    """A span of working days late (first and last), and how often it is drawn."""

    days: tuple[int, int]
    weight: int


class Lesson(Frozen):
    """What was learnt, in words to be published."""

    theme: str
    heard: str
    done: str


class Names(Frozen):
    """First and last names of made-up residents."""

    first: tuple[str, ...]
    last: tuple[str, ...]


class Drawn(Frozen):
    """What the report does not state."""

    extended: int
    late_twice: int
    outside_in_slowest_area: int
    help_asked: int
    contacted: int
    promising: int
    surveyed: int
    weeks_away: tuple[int, ...]
    payments_in_pence: tuple[int, ...]
    lateness: tuple[Lateness, ...]
    channels: dict[Channel, int]
    regions: Weights
    service_areas: Weights
    categories: Weights
    satisfaction: dict[Satisfaction, int]
    help: dict[Help, int]
    names: Names
    lessons: tuple[Lesson, ...]


class SaidByLandlord(Frozen):
    """What the landlord itself says in its report, in our words."""

    board_comment: str
    late_responses: str
    plans: tuple[str, ...]


class Source(Frozen):
    """The year as its file has it. Refuses payments that are not the published ones."""

    published: Published
    words: SaidByLandlord
    drawn: Drawn

    @model_validator(mode="after")
    def _pays_what_was_published(self) -> Self:
        paid, told = self.drawn.payments_in_pence, self.published.remedies
        if (len(paid), sum(paid)) != (told.payments, told.pence):
            raise ValueError(f"{told.payments} payments of {told.pence} pence were published")
        return self


class Team(Frozen):
    """What a manager answers for, and whether they confirm what they are given."""

    manager: str
    service_areas: tuple[str, ...]
    regions: tuple[str, ...]
    confirms: bool = True


class Staff(Frozen):
    """Everybody who works there, and who manages what."""

    officer: str
    """The complaints officer."""
    people: tuple[StaffMember, ...]
    teams: tuple[Team, ...]

    @property
    def directory(self) -> Directory:
        """The staff directory, without anybody away."""
        return Directory(people=self.people)

    @property
    def seniors(self) -> tuple[str, ...]:
        """Returns whoever stands above a team: they answer at stage 2."""
        return tuple(dict.fromkeys(self.above(team.manager) for team in self.teams))

    def team(self, service_area: str, region: str) -> Team:
        """Returns who answers for a service in a region. Raises LookupError for nobody."""
        for team in self.teams:
            if service_area in team.service_areas and region in team.regions:
                return team
        raise LookupError(f"nobody answers for {service_area} in {region}")

    def above(self, staff_id: str) -> str:
        """Returns the line manager of a person. Raises LookupError without one."""
        manager = self.directory.find(staff_id)
        if manager is None or manager.line_manager is None:
            raise LookupError(f"nobody stands above {staff_id}")
        return manager.line_manager


def percent_of(percent: int, total: int) -> int:
    """Returns the whole number that is nearest to so many percent of a total."""
    return (percent * total + 50) // 100


def read_source() -> Source:
    """Reads the year that is played."""
    return Source.model_validate(tomllib.loads((HERE / "nacro-2024-25.toml").read_text()))


def read_staff() -> Staff:
    """Reads who works there."""
    return Staff.model_validate(tomllib.loads((HERE / "people.toml").read_text()))
