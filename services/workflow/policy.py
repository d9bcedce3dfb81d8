"""A landlord's policy as data: stages, exclusions, priority, signposts, ladder and all the rest.

One TOML file per policy and effective date. The model is frozen and refuses what it does not
know; data holds values and never names code.
"""

from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from services.notify.contract import Brand, Signpost
from services.shared.calendars import Nation
from services.shared.events import FeedbackKind, Frozen, Rung
from services.shared.text import Code, Line, Words
from services.workflow.spans import SpanText
from services.workflow.stage_line import in_order, out_of_place
from services.workflow.stages import Clock, Reason, Rule, Stage

NoticeKind = Literal["receipt", "refusal", "extension", "decline", "response", "closing"]
"""The letters that can name whom else to turn to, apart from the rest."""


class Scope(Rule):
    """What counts as a complaint, and who may make one (Code 1.2, 1.3)."""

    definition: Literal["as-the-code", "narrower"]
    third_parties: bool
    """Whether others may complain for a resident."""
    needs_consent: bool = False
    """Whether that takes the resident's consent."""
    anonymous: bool = True
    informal_first: bool = False
    """Whether an informal attempt comes before a formal complaint (Code 5.2)."""


class Channels(Rule):
    """How a complaint can be made (Code 3.1, 3.2)."""

    named: tuple[Code, ...] = Field(min_length=1)


class Feedback(Rule):
    """What comes in that is no complaint, and what it gets (Code 1.4, 1.5)."""

    kind: FeedbackKind
    thanks: Clock | None = None
    """By when its sender is thanked; without it, the policy promises none."""
    passed_on: bool = False
    """Whether the team concerned is told."""
    procedure: Words | None = None
    """The procedure of its own to which it is directed, in words for the resident."""
    may_become_complaint: bool = False
    """Whether dissatisfaction with how it was handled becomes a complaint (Code 1.5)."""

    @field_validator("thanks")
    @classmethod
    def _from_its_receipt(cls, thanks: Clock | None) -> Clock | None:
        if thanks is not None and thanks.anchor != "received":
            raise ValueError("thanks count from 'received'")
        return thanks


class Exclusion(Reason):
    """A reason for which a complaint may be refused (Code 2.2)."""

    ground: Literal[
        "age",
        "legal-proceedings",
        "already-considered",
        "repeated",
        "not-a-complaint",
        "not-ours",
        "own-appeal",
        "other",
    ]
    """What kind of reason it is, to compare it with those that the Code knows."""
    older_than: SpanText | None = None
    """The age from which it holds, counted from the issue to the receipt (Code 2.3)."""
    filed_at_court: bool = False
    """Of legal proceedings: whether they count only once the claim is filed (Code 2.2)."""
    again_within: SpanText | None = None
    """How soon after the same issue was concluded it holds."""
    exceptions: tuple[Reason, ...] = ()
    """When a complaint is taken in all the same; whoever refuses says that none holds."""
    decided_by: tuple[Code, ...] = ()
    """The directory roles that may refuse for it; none named means any."""

    @field_validator("older_than", "again_within")
    @classmethod
    def _of_the_calendar(cls, span: SpanText | None) -> SpanText | None:
        if span is not None and span.unit in {"hours", "working-days"}:
            raise ValueError("an age is given in days, weeks or months")
        return span

    @model_validator(mode="after")
    def _of_its_ground(self) -> Self:
        if (self.ground == "age") != (self.older_than is not None):
            raise ValueError("older_than goes with ground 'age', and only with that")
        if (self.ground == "repeated") != (self.again_within is not None):
            raise ValueError("again_within goes with ground 'repeated', and only with that")
        return self


class Ground(Frozen):
    """A circumstance that staff tick at triage."""

    code: Code
    wording: Line


class Priority(Rule):
    """The circumstances of which one makes a complaint a priority (Code 6.1)."""

    grounds: tuple[Ground, ...] = Field(min_length=1)


class AtOnce(Rule):
    """The circumstances of which several send a complaint up at once, before any clock passes."""

    grounds: tuple[Ground, ...] = Field(min_length=1)
    at_least: int = Field(ge=1)
    tell: Rung

    @model_validator(mode="after")
    def _can_hold(self) -> Self:
        if self.at_least > len(self.grounds):
            raise ValueError(f"at_least is {self.at_least}, of {len(self.grounds)} grounds")
        return self


class FurtherComplaints(Rule):
    """A further complaint joins an open one whose response is not out (Code 6.8)."""

    join_before_response: bool


class Whereto(Rule, Signpost):
    """Whom else to turn to, for which kind of service and in which letters."""

    services: tuple[Code, ...] = ()
    """The kinds of service that it is for; none named means all."""
    stages: tuple[Code, ...] = ()
    """The stages whose letters name it; none named means all."""
    notices: tuple[NoticeKind, ...] = ()
    """The letters that name it; none named means all."""


class Restriction(Reason):
    """A measure against unacceptable behaviour (Code 5.14, 5.15)."""


class UnacceptableBehaviour(Rule):
    """Which measures there are, who imposes them, for how long, and how to appeal."""

    measures: tuple[Restriction, ...] = Field(min_length=1)
    decided_by: tuple[Code, ...] = ()
    warned_first: bool = False
    lasts: SpanText | None = None
    reviewed: bool = False
    """Whether the measure is reviewed when that time is over."""
    appeal_to: Code | None = None
    """The role that decides an appeal."""


class Remedy(Rule):
    """Something that can put a complaint right (Code 7.1)."""

    code: Code
    wording: Line


class Survey(Rule):
    """Residents may be asked how their complaint was handled, once it is closed."""


class Retention(Rule):
    """How long the case file is kept after the complaint has ended."""

    case_file: SpanText


class LadderRung(Frozen):
    """Who is told once a clock has been missed for `after` working days, at 08:00."""

    after: int = Field(ge=1, le=60)
    tell: Rung


Days = tuple[Annotated[int, Field(ge=0, le=60)], ...]


class Reminders(Frozen):
    """How many working days before each due date whoever is in charge is reminded, at 08:00."""

    acknowledge: Days = ()
    contact: Days = ()
    arrange: Days = ()
    respond: Days = ()
    window: Days = (5,)
    """How many before their own time ends a resident is, who asked to be reminded by text."""


class Policy(Frozen):
    """A landlord's rules from its effective date on."""

    name: Code
    title: Line
    landlord: Line
    effective: date
    nation: Nation
    closure_days: frozenset[date] = frozenset()
    brand: Brand | None = None
    """How the landlord's letters look and how it is reached; without it they are plain."""
    close_of_business: time | None = None
    """The local time at which a due date passes; without it, the end of the day."""
    scope: Scope | None = None
    channels: Channels | None = None
    services: tuple[Ground, ...] = ()
    """The kinds of service between which its signposts tell apart."""
    feedback: tuple[Feedback, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=1)
    exclusions: tuple[Exclusion, ...]
    priority: Priority | None = None
    at_once: AtOnce | None = None
    further_complaints: FurtherComplaints | None = None
    signposts: tuple[Whereto, ...] = Field(min_length=1)
    remedies: tuple[Remedy, ...] = ()
    unacceptable_behaviour: UnacceptableBehaviour | None = None
    survey: Survey | None = None
    retention: Retention | None = None
    reminders: Reminders
    ladder: tuple[LadderRung, ...] = Field(min_length=1)

    @field_validator("stages")
    @classmethod
    def _follow_each_other(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        _refuse_repeats("stage", [stage.name for stage in stages])
        ordered = tuple(in_order(stages))
        for stage, following in zip(ordered, (*ordered[1:], None), strict=True):
            for mistake in out_of_place(stage, following):
                raise ValueError(f"{stage.name}: {mistake}")
        return ordered

    @field_validator("exclusions")
    @classmethod
    def _told_apart(cls, exclusions: tuple[Exclusion, ...]) -> tuple[Exclusion, ...]:
        _refuse_repeats("exclusion", [exclusion.code for exclusion in exclusions])
        return exclusions

    @field_validator("feedback")
    @classmethod
    def _one_of_a_kind(cls, feedback: tuple[Feedback, ...]) -> tuple[Feedback, ...]:
        _refuse_repeats("feedback", [one.kind for one in feedback])
        return feedback

    @field_validator("ladder")
    @classmethod
    def _upwards(cls, ladder: tuple[LadderRung, ...]) -> tuple[LadderRung, ...]:
        if any(above.after <= below.after for below, above in pairwise(ladder)):
            raise ValueError("each rung comes later than the one before it")
        return ladder

    @model_validator(mode="after")
    def _signposts_lead_somewhere(self) -> Self:
        services = {service.code for service in self.services}
        stages = {stage.name for stage in self.stages}
        for number, signpost in enumerate(self.signposts):
            for key, named, known in (
                ("services", signpost.services, services),
                ("stages", signpost.stages, stages),
            ):
                if unknown := sorted(set(named) - known):
                    raise ValueError(f"signposts[{number}].{key}: the policy has no {unknown[0]!r}")
        return self

    def stage(self, name: str) -> Stage:
        """Returns a stage by its name. Raises KeyError when the policy has none such."""
        return {stage.name: stage for stage in self.stages}[name]

    def next_stage(self, name: str) -> Stage | None:
        """Returns the stage after `name`, or None when that is the last."""
        return next((stage for stage in self.stages if stage.after == name), None)

    def exclusion(self, code: str) -> Exclusion | None:
        """Returns the exclusion of that reason code, or None."""
        return next((found for found in self.exclusions if found.code == code), None)

    def feedback_of(self, kind: FeedbackKind) -> Feedback | None:
        """Returns what feedback of that kind gets, or None where the policy is silent."""
        return next((found for found in self.feedback if found.kind == kind), None)

    def signposts_for(
        self, *, service: str | None, stage: str, notice: str
    ) -> tuple[Signpost, ...]:
        """Returns whom a letter names: all services' while it is not known which it is about."""
        return tuple(
            Signpost.model_validate(whereto.model_dump(include=set(Signpost.model_fields)))
            for whereto in self.signposts
            if (not whereto.services or service is None or service in whereto.services)
            and (not whereto.stages or stage in whereto.stages)
            and (not whereto.notices or notice in whereto.notices)
        )


def _refuse_repeats(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"there are two of {what} {name!r}")
