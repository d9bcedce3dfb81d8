"""The ways that a notice can go, and what an attempt at one of them can come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from services.notify.contract import Notice
from services.notify.letters import Letter
from services.notify.message import Envelope
from services.notify.recipients import Recipient, WayName

Result = Literal["delivered", "to-print", "refused", "temporary", "unconfirmed"]


@dataclass(frozen=True)
class Delivery:
    """How an attempt ended.

    `to-print`: in the print queue; `temporary`: not delivered, worth another attempt;
    `unconfirmed`: handed over, never answered.
    """

    result: Result
    reason: str
    """The reply's code, or the kind of failure: fit for logs."""
    words: str
    """The other side's own words: they may repeat an address, so they stay in the ledger."""
    provider_id: str | None = None
    """The id that another service gave it, by which its receipt names it."""


@dataclass(frozen=True)
class Ready:
    """A notice made ready for its way."""

    notice: Notice
    recipient: Recipient
    letter: Letter
    envelope: Envelope | None
    """The mail, sealed, where it goes to a mailbox (`email`, `by-hand`)."""


class Way(Protocol):
    """One way for notices to go."""

    async def deliver(self, ready: Ready) -> Delivery:
        """Makes one attempt. Never raises for what the other side, or the way to it, does."""


Ways = Mapping[WayName, Way]
"""The ways that this installation has. `email` and `by-hand` there always are."""
