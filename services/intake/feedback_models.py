"""What the feedback API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from services.intake.fields import Moment
from services.intake.tables import Feedback
from services.shared.events import FeedbackKind, Frozen
from services.shared.text import Code, Label, Line, Words
from services.workflow.contract import Channel
from services.workflow.feedback_contract import FeedbackPromise

EXAMPLE_REFERENCE = "FB-7K3M-2QXD"


class Sender(Frozen):
    """Who sent it. Everything may be left out; without email and address nobody is written to."""

    name: Line | None = None
    email: EmailStr | None = None
    phone: Line | None = None
    address: Annotated[Words, Field(max_length=1000)] | None = None


class NewFeedback(Frozen):
    """Feedback that is no complaint, as a channel brings it in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "compliment",
                    "channel": "web",
                    "sender": {"name": "Ada Tenant", "email": "ada@example.org"},
                    "words": "The plumber was kind and left everything clean.",
                    "service_area": "Repairs",
                    "region": "North",
                }
            ]
        }
    )

    kind: FeedbackKind
    policy: Code | None = None
    """The landlord's policy; without it, the one of the settings."""
    channel: Channel
    received_at: Moment | None = None
    """When it reached the landlord, if that was before now; the thanks are counted from it."""
    sender: Sender = Sender()
    words: Words
    """What was said, in the sender's own words."""
    service_area: Label | None = None
    """Whose team is told."""
    region: Label | None = None


class FeedbackReceipt(BaseModel):
    """The answer to feedback that was taken in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reference": EXAMPLE_REFERENCE,
                    "kind": "compliment",
                    "policy": "nacro",
                    "thanks_by": "2026-01-12",
                }
            ]
        }
    )

    reference: str
    kind: FeedbackKind
    policy: str
    thanks_by: date | None
    """The last day in Europe/London on which thanks are in time.

    Null where the policy promises no date, or there is nobody to write to.
    """

    @classmethod
    def of(cls, reference: str, promise: FeedbackPromise) -> Self:
        """Returns the receipt of saved feedback: always the same one, however often asked."""
        return cls(
            reference=reference,
            kind=promise.kind,
            policy=promise.policy,
            thanks_by=promise.thanks.on if promise.thanks else None,
        )


class FeedbackFile(FeedbackReceipt):
    """Everything about one piece of feedback: who, their words, and what it has become."""

    channel: Channel
    received_at: datetime
    entered_at: datetime
    sender: Sender
    words: str
    service_area: str | None
    region: str | None
    procedure: str | None
    """The procedure of its own to which it was directed, in words for the sender."""
    may_become_complaint: bool
    complaint: str | None
    """The reference of the complaint that it became, if it did."""

    @classmethod
    def with_complaint(cls, feedback: Feedback, complaint: str | None) -> Self:
        """Puts the file together."""
        promise = FeedbackPromise.model_validate(feedback.promise)
        kept = feedback.model_dump(
            include={"channel", "received_at", "entered_at", "words", "service_area", "region"}
        )
        return cls(
            **FeedbackReceipt.of(feedback.reference, promise).model_dump(),
            **kept,
            # Not validated again: what was taken in once must stay readable under stricter rules.
            sender=Sender.model_construct(**feedback.model_dump(include=set(Sender.model_fields))),
            procedure=promise.procedure,
            may_become_complaint=promise.may_become_complaint,
            complaint=complaint,
        )


class Dissatisfaction(Frozen):
    """A complaint about how feedback was handled (Code 1.5). Everything may be left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "words": "I asked for a new lock in March, and nobody has come.",
                    "outcome_sought": "A lock that works.",
                }
            ]
        }
    )

    words: Words | None = None
    """The complaint in the resident's own words; without it, those of the feedback stand."""
    outcome_sought: Words | None = None
    channel: Channel | None = None
    """How the resident complained; without it, as the feedback came in."""
    received_at: Moment | None = None
    """When the complaint reached the landlord, if that was before now."""
