"""A landlord's policy as data: stages, clocks, extensions, exclusions, signposts, ladder.

One TOML file per policy and effective date. The model is frozen and refuses what it does not
know; data holds values and never names code.
"""

import re
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from services.notify.contract import Signpost
from services.shared.events import ClockName, Frozen, Rung
from services.shared.text import Code, Line, Words
from services.workflow.calendars import Nation

Unit = Literal["hours", "working-days", "days", "weeks", "months"]
"""`hours` are clock hours; `days`, `weeks` and `months` are of the calendar."""

Anchor = Literal["received", "requested", "acknowledged", "responded"]
"""The event from which a clock counts."""

SPAN = re.compile(r"(\d{1,4}) (hour|working day|day|week|month)s?")


class Span(Frozen):
    """A length of time, written in a policy file as "5 working days" or "12 months"."""

    count: int = Field(ge=0)
    unit: Unit

    def __str__(self) -> str:
        """The span as people say it."""
        name = self.unit.replace("-", " ")
        return f"{self.count} {name.removesuffix('s') if self.count == 1 else name}"


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = SPAN.fullmatch(value)
    if match is None:
        raise ValueError(
            f"{value!r} is not a span: write a number and hours, working days, days, "
            "weeks or months"
        )
    return {"count": int(match[1]), "unit": match[2].replace(" ", "-") + "s"}


SpanText = Annotated[Span, BeforeValidator(_span)]


class Clock(Frozen):
    """What must happen within which time of which anchor, and the clause that says so."""

    within: SpanText
    anchor: Anchor = Field(alias="from")
    anchor_is_day_1: bool = False
    """True where the policy counts the anchor's own day as day 1 (if it is a working day)."""
    clause: Line

    @field_validator("within")
    @classmethod
    def _takes_time(cls, within: Span) -> Span:
        if within.count == 0:
            raise ValueError("a clock gives at least 1 of its unit")
        return within


class Extension(Frozen):
    """How far the response may be extended before the resident must agree (Code 6.4, 6.15)."""

    at_most: SpanText
    clause: Line

    @field_validator("at_most")
    @classmethod
    def _in_days(cls, at_most: Span) -> Span:
        if at_most.unit == "hours":
            raise ValueError("an extension moves a date, so it is not given in hours")
        return at_most


class Stage(Frozen):
    """One step of the policy."""

    name: Code
    title: Line
    admission: Literal["on-receipt", "on-request"]
    investigator: Literal["anyone", "not-previously-involved"] = "anyone"
    """Who may investigate; Code 6.13 wants another person at stage 2."""
    roles: tuple[Code, ...] = ()
    """The directory roles that may investigate; none named means any."""
    contact_before_response: bool = False
    """True where the resident must be spoken to, or an attempt made, before the response."""
    acknowledge: Clock
    respond: Clock
    extension: Extension
    escalate: Clock | None = None
    """The resident's time to ask for the next stage; the complaint closes when it passes."""

    def clock(self, name: ClockName) -> Clock | None:
        """Returns one clock of the stage by its name."""
        clocks: dict[ClockName, Clock | None] = {
            "acknowledge": self.acknowledge,
            "respond": self.respond,
            "escalate": self.escalate,
        }
        return clocks[name]


class Exclusion(Frozen):
    """A reason for which a complaint may be refused (Code 2.2)."""

    code: Code
    wording: Words
    clause: Line


class LadderRung(Frozen):
    """Who is told once a clock has been missed for `after` working days, at 08:00."""

    after: int = Field(ge=1, le=60)
    tell: Rung


class Reminders(Frozen):
    """How many working days before each due date the investigator is reminded, at 08:00."""

    acknowledge: tuple[Annotated[int, Field(ge=0, le=60)], ...] = ()
    respond: tuple[Annotated[int, Field(ge=0, le=60)], ...] = ()


class Policy(Frozen):
    """A landlord's rules from its effective date on."""

    name: Code
    title: Line
    landlord: Line
    effective: date
    nation: Nation
    closure_days: frozenset[date] = frozenset()
    close_of_business: time | None = None
    """The local time at which a due date passes; without it, the end of the day."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    exclusions: tuple[Exclusion, ...]
    signposts: tuple[Signpost, ...] = Field(min_length=1)
    reminders: Reminders
    ladder: tuple[LadderRung, ...] = Field(min_length=1)

    @field_validator("stages")
    @classmethod
    def _follow_each_other(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        for position, stage in enumerate(stages):
            if mistake := _out_of_place(
                stage, first=position == 0, last=position == len(stages) - 1
            ):
                raise ValueError(f"{stage.name}: {mistake}")
        _refuse_repeats("stage", [stage.name for stage in stages])
        return stages

    @field_validator("exclusions")
    @classmethod
    def _told_apart(cls, exclusions: tuple[Exclusion, ...]) -> tuple[Exclusion, ...]:
        _refuse_repeats("exclusion", [exclusion.code for exclusion in exclusions])
        return exclusions

    @field_validator("ladder")
    @classmethod
    def _upwards(cls, ladder: tuple[LadderRung, ...]) -> tuple[LadderRung, ...]:
        if any(above.after <= below.after for below, above in pairwise(ladder)):
            raise ValueError("each rung comes later than the one before it")
        return ladder

    def stage(self, name: str) -> Stage:
        """Returns a stage by its name. Raises KeyError when the policy has none such."""
        return {stage.name: stage for stage in self.stages}[name]

    def next_stage(self, name: str) -> Stage | None:
        """Returns the stage after `name`, or None when that is the last."""
        following = self.stages[self.stages.index(self.stage(name)) + 1 :]
        return following[0] if following else None

    def exclusion(self, code: str) -> Exclusion | None:
        """Returns the exclusion of that reason code, or None."""
        return next((found for found in self.exclusions if found.code == code), None)


def _out_of_place(stage: Stage, *, first: bool, last: bool) -> str | None:
    """Returns what is wrong with a stage where it stands among the others, or None."""
    admission, anchor = ("on-receipt", "received") if first else ("on-request", "requested")
    escalate = stage.escalate
    checks = (
        (stage.admission == admission, f"this stage is entered {admission}"),
        (stage.acknowledge.anchor == anchor, f"acknowledge counts from {anchor!r}"),
        (
            stage.respond.anchor in {anchor, "acknowledged"},
            f"respond counts from {anchor!r} or 'acknowledged'",
        ),
        (
            # While the acknowledgement is still to come, only the day on which it is due is known.
            stage.respond.within.unit != "hours" or stage.respond.anchor == anchor,
            f"hours to respond count from {anchor!r}",
        ),
        (last or escalate is not None, "until when can the next stage be asked for? (escalate)"),
        (not last or escalate is None, "the last stage has no time to escalate"),
        (
            escalate is None or escalate.anchor == "responded",
            "escalate counts from 'responded'",
        ),
    )
    return next((mistake for right, mistake in checks if not right), None)


def _refuse_repeats(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"there are two of {what} {name!r}")
