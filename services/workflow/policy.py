"""A landlord's policy as data: stages, clocks, extensions, exclusions, signposts, ladder.

One TOML file per policy and effective date. The model is frozen and refuses what it does not
know; data holds values and never names code.
"""

import re
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from services.notify.contract import Signpost
from services.shared.events import ClockName, Frozen, Rung
from services.shared.text import Code, Line, Words
from services.workflow.working_days import Nation

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


class Extension(Frozen):
    """How far the response may be extended before the resident must agree (Code 6.4, 6.15)."""

    at_most: SpanText
    clause: Line


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

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.stages[0].admission != "on-receipt":
            raise ValueError("the first stage must be entered on receipt")
        for stage, last in zip(self.stages, self._is_last(), strict=True):
            if last == (stage.escalate is not None):
                raise ValueError(
                    f"stage {stage.name!r}: every stage but the last says until when the next one "
                    "can be asked for (escalate)"
                )
            first_anchor = "received" if stage is self.stages[0] else "requested"
            if stage.acknowledge.anchor != first_anchor:
                raise ValueError(f"stage {stage.name!r}: acknowledge counts from {first_anchor!r}")
        names = [stage.name for stage in self.stages]
        codes = [exclusion.code for exclusion in self.exclusions]
        if len(set(names)) < len(names) or len(set(codes)) < len(codes):
            raise ValueError("stages and exclusions need names of their own")
        return self

    def _is_last(self) -> tuple[bool, ...]:
        return tuple(stage is self.stages[-1] for stage in self.stages)

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
