"""What the complaints API takes and gives; the bodies of actions are in `action_models.py`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, EmailStr, Field, JsonValue

from services.intake.classification import Classification, as_it_stands
from services.intake.fields import Moment
from services.intake.tables import Complaint, IncomingMail, SavedAction
from services.shared.events import Frozen, Tenure
from services.shared.text import Code, Label, Line, Words
from services.workflow.contract import Channel, Position, Promise, Status

EXAMPLE_REFERENCE = "PR-7K3M-2QXD"


PreferredContact = Literal["email", "phone", "text", "letter", "in-person"]


class Complainant(Frozen):
    """Who complains. Everything may be left out: anonymous complaints are accepted."""

    name: Line | None = None
    email: EmailStr | None = None
    phone: Line | None = None
    address: Annotated[Words, Field(max_length=1000)] | None = None
    preferred_contact: PreferredContact | None = None
    """`letter`: written to on paper even where there is an email address."""
    large_print: bool = False
    """Whether letters on paper are set in large print."""
    texts: bool = False
    """Whether they asked for reminders by text message: these come instead of a mail or letter."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)] = (
        "en-GB"
    )
    """BCP 47. Where a letter has not been translated into it, it is written in English."""


class NewComplaint(Frozen):
    """A complaint as a channel brings it in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "channel": "web",
                    "complainant": {"name": "Ada Tenant", "email": "ada@example.org"},
                    "words": "The heating has been off for three weeks and nobody came.",
                    "outcome_sought": "A working boiler, and an apology.",
                    "category": "repairs",
                    "service_area": "Heating",
                    "region": "North",
                }
            ]
        }
    )

    policy: Code | None = None
    """The landlord's policy; without it, the one of the settings."""
    channel: Channel
    received_at: Moment | None = None
    """When it reached the landlord, if that was before now; the clocks count from it."""
    complainant: Complainant = Complainant()
    words: Words
    """The complaint in the resident's own words."""
    outcome_sought: Words | None = None
    category: Label | None = None
    service_area: Label | None = None
    region: Label | None = None
    tenure: Tenure | None = None
    """How the home is held; the Tenant Satisfaction Measures tell homes apart by it."""
    service: Code | None = None
    """Which of the policy's kinds of service it is about; chooses whom its letters name."""


class ComplaintReceipt(BaseModel):
    """The answer to a complaint that was taken in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reference": EXAMPLE_REFERENCE,
                    "policy": "housing-ombudsman",
                    "stage": "stage-1",
                    "status": "received",
                    "acknowledge_by": "2026-01-12",
                    "respond_by": "2026-01-26",
                    "tracking_url": "http://127.0.0.1:8000/follow/PR-7K3M-2QXD/9rT0vK5cS3mXqLw2bYhDfA",
                }
            ]
        }
    )

    reference: str
    policy: str
    stage: str
    status: Status
    acknowledge_by: date | None
    """The last day in Europe/London on which it is in time; null where none is promised."""
    respond_by: date | None
    """Likewise."""
    tracking_url: str
    """For the resident: where the complaint stands, and what answers promised. It holds nothing
    else about them."""

    @classmethod
    def of(cls, reference: str, promise: Promise, tracking_url: str) -> Self:
        """Returns the receipt of a saved complaint: always the same one, however often asked."""
        acknowledge, respond = promise.due("acknowledge"), promise.due("respond")
        return cls(
            reference=reference,
            policy=promise.policy,
            stage=promise.stage,
            status="received",
            acknowledge_by=acknowledge.on if acknowledge else None,
            respond_by=respond.on if respond else None,
            tracking_url=tracking_url,
        )


class Facts(Classification):
    """What complaints are found by: the facts of receipt, and the classification as it stands."""

    reference: str = Field(examples=[EXAMPLE_REFERENCE])
    policy: str
    channel: Channel
    received_at: datetime
    entered_at: datetime

    @classmethod
    def as_classified(cls, complaint: Complaint, standing: Classification) -> "Facts":
        """Returns the facts of a complaint, with what stands in the place of what was brought."""
        return Facts.model_validate(complaint).model_copy(update=standing.model_dump())


class StaffAction(BaseModel):
    """What a member of staff did, with the words that went into the letter or the case file."""

    model_config = ConfigDict(from_attributes=True)

    verb: str
    by: str
    saved_at: datetime
    outcome: Literal["pending", "done"]
    """`pending` until the workflow has confirmed it. Refused actions are not shown."""
    body: dict[str, JsonValue]


class JoinedMail(BaseModel):
    """A mail of the resident's, or of somebody's about the complaint; whole at `/api/mail/ID`."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    arrived_at: datetime
    subject: str | None
    body: str | None
    """What was written, as text; of a reply, without what it quotes."""
    why: str | None
    """What to look at about it, such as `other-sender`: a code."""


class CaseFile(Facts):
    """Everything about one complaint: who, their words, where it stands, what staff did."""

    complainant: Complainant
    words: str
    outcome_sought: str | None
    brought_in_as: Classification
    """How the channel classified it; the fields of that name hold what staff put right since."""
    service: str | None
    """Which of the policy's kinds of service it is about, if that is known."""
    tracking_url: str
    from_feedback: str | None
    """The reference of the feedback whose handling is complained of, if it began so."""
    live: bool
    """False while the workflow engine is away: `position` is then the last that is known."""
    position: Position
    contacts: tuple[StaffAction, ...]
    """Every contact that was made, attempted or left out, oldest first."""
    letters: tuple[StaffAction, ...]
    """Every other action, oldest first, with the words that it sent to the resident."""
    mails: tuple[JoinedMail, ...]
    """The mails that it began with or that were joined to it, oldest first: the newest 200."""

    @classmethod
    def of(  # noqa: PLR0913 — each is read apart
        cls,
        complaint: Complaint,
        actions: list[SavedAction],
        position: Position,
        *,
        mails: Sequence[IncomingMail],
        live: bool,
        tracking_url: str,
    ) -> Self:
        """Puts the case file together. `actions` are those not refused, oldest first."""
        shown = [StaffAction.model_validate(action) for action in actions]
        return cls(
            **Facts.as_classified(complaint, as_it_stands(complaint, actions)).model_dump(),
            # Not validated again: what was taken in once must stay readable under stricter rules.
            complainant=Complainant.model_construct(
                name=complaint.name,
                email=complaint.email,
                phone=complaint.phone,
                address=complaint.address,
                preferred_contact=cast("PreferredContact | None", complaint.preferred_contact),
                large_print=complaint.large_print,
                texts=complaint.texts,
                language=complaint.language,
            ),
            words=complaint.words,
            outcome_sought=complaint.outcome_sought,
            brought_in_as=Classification.model_validate(complaint),
            service=complaint.service,
            tracking_url=tracking_url,
            from_feedback=complaint.from_feedback,
            live=live,
            position=position,
            contacts=tuple(action for action in shown if action.verb == "contacts"),
            letters=tuple(action for action in shown if action.verb != "contacts"),
            mails=tuple(JoinedMail.model_validate(mail) for mail in mails),
        )


class Filters(Frozen):
    """Which complaints to list, by the facts of their receipt and how they are classified now."""

    policy: Code | None = None
    channel: Channel | None = None
    category: Label | None = None
    service_area: Label | None = None
    region: Label | None = None
    received_from: Moment | None = None
    received_before: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] | None = None
    """`next` of the page before."""


class Page(BaseModel):
    """Complaints, the newest received first."""

    complaints: tuple[Facts, ...]
    next: str | None
    """The `cursor` of the page after this one; null on the last."""
