"""What starts feedback that is no complaint, and what its sender is promised.

None holds the sender's own words; those stay in intake's case file.
"""

from datetime import date

from pydantic import AwareDatetime

from services.notify.contract import Addressee
from services.shared.events import FeedbackKind, Frozen, ThanksPromised
from services.workflow.messages import Channel


class FeedbackPromise(Frozen):
    """What feedback of a kind gets under a policy, received at a given moment (Code 1.4, 1.5)."""

    policy: str
    policy_effective: date
    policy_title: str
    landlord: str
    kind: FeedbackKind
    thanks: ThanksPromised | None
    """None where the policy promises no date, or there is nobody to thank."""
    late_told_at: AwareDatetime | None
    """When the complaints officer hears that the thanks are late, should they be."""
    passed_on: bool
    """Whether the team concerned is told."""
    procedure: str | None
    """The procedure of its own to which it is directed, in words for the sender."""
    may_become_complaint: bool
    """Whether dissatisfaction with how it was handled becomes a complaint (Code 1.5)."""


def workflow_id(reference: str) -> str:
    """Returns the id under which the workflow of feedback runs."""
    return f"feedback-{reference}"


class NewFeedback(Frozen):
    """Everything the workflow of feedback is told at its start. No words of the sender."""

    reference: str
    promise: FeedbackPromise
    received_at: AwareDatetime
    entered_at: AwareDatetime
    channel: Channel
    entered_by: str
    addressee: Addressee
    service_area: str | None = None
    region: str | None = None
