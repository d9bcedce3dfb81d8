"""The register: what it holds of each complaint, and of each stage of it.

`fold.py` makes an entry from the complaint's events. It can be made again from the stored events,
so a later measure that needs another fact adds a field here and loses nothing.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from services.shared.events import Decision, Frozen

Status = Literal[
    "received",
    "accepted",
    "escalated",
    "acknowledged",
    "answered",
    "refused",
    "withdrawn",
    "closed",
]
"""Where a complaint stands within its stage; the last three are ends."""

ENDS: frozenset[Status] = frozenset({"refused", "withdrawn", "closed"})


class StageEntry(Frozen):
    """What happened at one stage of a complaint: what measures of timeliness are counted from.

    Instants are UTC; due dates are the last days in Europe/London that are still in time.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    stage: str = Field(examples=["stage-1"])
    requested_at: datetime
    """When the stage was asked for; for the first stage, when the complaint was received."""
    acknowledge_due: date | None = None
    acknowledged_at: datetime | None = None
    acknowledged_in_time: bool | None = None
    acknowledge_missed_at: datetime | None = None
    """When it was recorded that the acknowledgement was late; it may have been made since."""
    respond_due: date | None = None
    """With every extension in it."""
    respond_missed_at: datetime | None = None
    responded_at: datetime | None = None
    responded_in_time: bool | None = None
    """Whether by `respond_due`: an extension made under the policy counts as in time."""
    extended_from: date | None = None
    """The due date before the first extension."""
    extended_until: date | None = None
    decision: Decision | None = None
    escalate_by: date | None = None
    """The last day on which the next stage can be asked for."""
    misses: int = 0
    """How many clocks of the stage passed with the thing undone."""
    rungs_climbed: int = 0

    @property
    def overdue(self) -> bool:
        """Whether a clock was missed and what it waits for is still to be done."""
        return (self.acknowledge_missed_at is not None and self.acknowledged_at is None) or (
            self.respond_missed_at is not None and self.responded_at is None
        )


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
    anonymous: bool
    priority: str = Field(default="standard", examples=["high"])
    stage: str = Field(examples=["stage-1"])
    """The stage that it is at, or ended at."""
    status: Status = "received"
    overdue: bool = False
    """A clock was missed and what it waits for is still to be done."""
    investigator: str | None = Field(default=None, examples=["amy-smith"])
    """The staff id of the named investigator of this stage."""
    refusal_reason: str | None = Field(default=None, examples=["over-12-months"])
    """The policy's reason code for which it was not taken as a complaint."""
    closed_at: datetime | None = None
    closed_reason: Literal["refused", "withdrawn", "final-response", "not-escalated"] | None = None
    notices_sent: int = 0
    notices_by_hand: int = 0
    """Notices that the complaints officer was asked to post."""
    notices_refused: int = 0
    """Notices that could not be delivered, for good."""
    last_event_at: datetime
    folded_to: int
    """The sequence number of the last event in this entry."""
    stages: tuple[StageEntry, ...]
    """Each stage that was entered, in order."""
