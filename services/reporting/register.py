"""The register: what it holds of each complaint, and of each stage of it.

`fold.py` makes an entry from the complaint's events. It can be made again from the stored events,
so a later measure that needs another fact adds a field here and loses nothing.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from services.shared.events import (
    Decision,
    Determination,
    Frozen,
    RemedyKind,
    Satisfaction,
    Tenure,
)

Status = Literal[
    "received",
    "accepted",
    "escalated",
    "acknowledged",
    "answered",
    "declined",
    "refused",
    "withdrawn",
    "closed",
]
"""Where a complaint stands within its stage; the last three are ends.

`declined`: the stage was asked for and declined, and the resident may answer that.
"""

ENDS: frozenset[Status] = frozenset({"refused", "withdrawn", "closed"})

ClosedReason = Literal[
    "refused", "withdrawn", "final-response", "not-escalated", "declined", "sent-on"
]
"""Why a complaint is at its end. `sent-on`: straight to the Ombudsman, past the next stage."""


class ExtensionEntry(Frozen):
    """One extension of the time to respond (Code 6.4–6.5, 6.15), and when the resident heard of it.

    All days are in Europe/London.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    was: date
    """The due date before it."""
    until: date
    agreed_on: date | None = None
    """The day on which the resident agreed."""
    notice: str | None = None
    """The key of its notice, once anything is known of that."""
    told_on: date | None = None
    """When the notice went out, as far as is known: one that came back has told nobody."""

    @property
    def told_in_time(self) -> bool | None:
        """Whether the notice went out inside the time before; None while it has not gone out."""
        return None if self.told_on is None else self.told_on <= self.was


class StageEntry(Frozen):
    """What happened at one stage of a complaint: what measures of timeliness are counted from.

    Instants are UTC; due dates are the last days in Europe/London that are still in time.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    stage: str = Field(examples=["stage-1"])
    requested_at: datetime
    """When the stage was asked for, or entered without that; the first: when it was received."""
    entered_by: Literal["receipt", "request", "not-resolved", "referred"] = "receipt"
    """How it was entered. `not-resolved`: by itself, or by staff, when the stage before had not
    resolved the complaint; `referred`: by whoever was to answer there."""
    requested_late: bool = False
    """Whether it was asked for after the time for that, and considered all the same."""
    declined_at: datetime | None = None
    """When the request for it was last declined; the resident may have answered that since, and
    then its clocks begin anew."""
    decline_reason: str | None = Field(default=None, examples=["insufficient-grounds"])
    investigator: str | None = Field(default=None, examples=["amy-smith"])
    """The staff id of who is, or was last, in charge of the stage."""
    reply_by: date | None = None
    """The last day on which a decline can be answered."""
    acknowledge_due: date | None = None
    acknowledged_at: datetime | None = None
    acknowledged_in_time: bool | None = None
    acknowledgement_to_post: bool = False
    """Whether it was written on paper and waits to be posted: only then has it been made."""
    acknowledge_missed_at: datetime | None = None
    """When it was recorded that the acknowledgement was late; it may have been made since."""
    points: int = 0
    """How many points are to be answered, with those added since."""
    points_added: int = 0
    """How many of them joined after the acknowledgement (Code 6.8)."""
    contact_due: date | None = None
    contacted_at: datetime | None = None
    """When the first contact was recorded: made, tried, or left out for the policy's reason."""
    contact_missed_at: datetime | None = None
    arrange_due: date | None = None
    """By when a hearing has to have a date."""
    arranged_at: datetime | None = None
    arrange_missed_at: datetime | None = None
    hearing_on: date | None = None
    respond_due: date | None = None
    """With every extension and agreed date in it."""
    respond_missed_at: datetime | None = None
    responded_at: datetime | None = None
    response_to_post: bool = False
    """Whether it was written on paper and waits to be posted: only then has it been made."""
    responded_in_time: bool | None = None
    """Whether by `respond_due`: an extension made under the policy counts as in time."""
    extended_from: date | None = None
    """The due date before the first extension."""
    extended_until: date | None = None
    extensions: tuple[ExtensionEntry, ...] = ()
    """Each extension, in order."""
    agreed_from: date | None = None
    """The due date before another was first agreed with the resident."""
    agreed_until: date | None = None
    decision: Decision | None = None
    """None while unanswered, and where nobody recorded what an answer outside Putright decided."""
    escalate_by: date | None = None
    """The last day on which the next stage can be asked for."""
    misses: int = 0
    """How many clocks of the stage passed with the thing undone."""
    rungs_climbed: int = 0

    @property
    def extension_told_in_time(self) -> bool | None:
        """Whether the resident was told of every extension inside the time before (Code 6.5).

        None while of some nobody was told, and of none too late.
        """
        told = [one.told_in_time for one in self.extensions]
        if False in told:
            return False
        return None if None in told or not told else True

    @property
    def overdue(self) -> bool:
        """Whether a clock was missed and what it waits for is still to be done.

        With the response out, nothing else is waited for.
        """
        waited_for = (
            (self.acknowledge_missed_at, self.acknowledged_at),
            (self.contact_missed_at, self.contacted_at),
            (self.arrange_missed_at, self.arranged_at),
            (self.respond_missed_at, self.responded_at),
        )
        undone = any(missed is not None and done is None for missed, done in waited_for)
        return undone and self.responded_at is None


class RemedyEntry(Frozen):
    """Something that a response gave or did to put things right."""

    stage: str
    kind: RemedyKind
    pence: int | None
    on: date


class PromiseEntry(Frozen):
    """An action that a response promised, and when it was done."""

    number: int
    stage: str
    promised_on: date
    by: date
    done_on: date | None = None


class OmbudsmanEntry(Frozen):
    """A case of the Housing Ombudsman's about the complaint."""

    involved_on: date
    determined_on: date | None = None
    determination: Determination | None = None
    orders: int = 0
    recommendations: int = 0
    pence: int = 0


class SurveyEntry(Frozen):
    """The answer to the survey on how complaints are handled that was recorded last."""

    on: date
    satisfaction: Satisfaction


class LessonEntry(Frozen):
    """What was learnt, in words to be published."""

    number: int
    """From 1, within the complaint, in the order in which they were first recorded."""
    on: date
    """The day on which these words were recorded."""
    theme: str
    heard: str
    done: str


class RegisterEntry(Frozen):
    """One complaint as the register has it: ids, dates and codes, and no person. Instants are UTC.

    It is the fold of the complaint's events 1 to `folded_to`.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: str = Field(examples=["PR-7K3M-2QXD"])
    policy: str = Field(examples=["housing-ombudsman"])
    policy_effective: date
    """The date of the policy version under which it was received."""
    channel: str = Field(examples=["web"])
    received_at: datetime
    entered_at: datetime
    category: str | None = Field(examples=["repairs"])
    service_area: str | None = Field(examples=["Heating"])
    region: str | None = Field(examples=["North"])
    tenure: Tenure | None = None
    anonymous: bool
    from_feedback: str | None = Field(default=None, examples=["FB-7K3M-2QXD"])
    """The feedback whose handling is complained of, if it began so (Code 1.5)."""
    priority: str = Field(default="standard", examples=["high"])
    stage: str = Field(examples=["stage-1"])
    """The stage that it is at, or ended at."""
    status: Status = "received"
    overdue: bool = False
    """A clock was missed and what it waits for is still to be done."""
    investigator: str | None = Field(default=None, examples=["amy-smith"])
    """The staff id of the named investigator of this stage."""
    together_with: str | None = Field(default=None, examples=["kim-lowe"])
    """The staff id of who answers this stage together with the investigator."""
    sent_up_at: datetime | None = None
    """When it went up the ladder at once, for so many of the policy's grounds held."""
    refusal_reason: str | None = Field(default=None, examples=["over-12-months"])
    """The policy's reason code for which it was not taken as a complaint."""
    closed_at: datetime | None = None
    """None also when a closed complaint went on, by a request that was considered late."""
    closed_reason: ClosedReason | None = None
    notices_sent: int = 0
    notices_by_hand: int = 0
    """Notices that the complaints officer was asked to post."""
    notices_refused: int = 0
    """Notices that could not be delivered, for good."""
    remedies: tuple[RemedyEntry, ...] = ()
    promises: tuple[PromiseEntry, ...] = ()
    ombudsman: tuple[OmbudsmanEntry, ...] = ()
    surveys: tuple[SurveyEntry, ...] = ()
    lessons: tuple[LessonEntry, ...] = ()
    last_event_at: datetime
    folded_to: int
    """The sequence number of the last event in this entry."""
    stages: tuple[StageEntry, ...]
    """Each stage that was entered, in order."""
