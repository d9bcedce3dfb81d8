"""What the API of mail takes and gives."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.models import EXAMPLE_REFERENCE
from services.shared.events import Frozen
from services.shared.text import Code, Line, Words

MailState = Literal["new", "complaint", "reply", "ignored", "held", "dealt-with"]


class MailSummary(BaseModel):
    """One mail as it stands in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    state: MailState
    """`new`: not looked at yet; `complaint` and `reply`: taken in; `ignored`: a machine's, or one
    of ours; `held`: a person must look at it; `dealt-with`: a person has."""
    why: str | None
    """Why it is ignored or held, or what to look at in what was taken: a code."""
    reference: str | None = Field(examples=[EXAMPLE_REFERENCE])
    """The complaint that it became or was joined to."""
    arrived_at: datetime
    subject: str | None


class MailPage(BaseModel):
    """Mails, the newest first."""

    mails: tuple[MailSummary, ...]
    next: int | None
    """The `before` of the page after this one; null on the last."""


class AttachmentFacts(BaseModel):
    """One attachment; nothing of it was opened."""

    name: str
    """The name by which it is asked for; it is ours, and random."""
    given_name: str | None
    """What its sender called it."""
    media_type: str
    """What its sender says that it is."""
    size: int
    """Bytes."""
    kept: bool
    """False: it is in the raw mail only."""


class MailFacts(MailSummary):
    """One mail: who wrote it, what they wrote, and what came with it."""

    why_in_words: str | None
    sender: str | None
    sender_name: str | None
    body: str | None
    """What was written, as text; of a reply, without what it quotes."""
    whole: bool
    """False: it is larger than is read, and only its beginning is here."""
    attachments: tuple[AttachmentFacts, ...]
    decided_by: str | None
    """Who decided about it, where it was held or ignored."""
    decided_at: datetime | None


class MailFilters(Frozen):
    """Which mails to list."""

    state: MailState | None = None
    reference: Annotated[str, Field(max_length=40)] | None = None
    """Those of one complaint."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    """`next` of the page before."""


class DealWith(Frozen):
    """What a person decided about a mail that was held or ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"as": "dealt-with"},
                {"as": "complaint", "words": "The lift has been out of order for a week."},
                {"as": "reply", "reference": EXAMPLE_REFERENCE},
            ]
        }
    )

    outcome: Literal["dealt-with", "complaint", "reply"] = Field(alias="as")
    words: Words | None = None
    """For a complaint whose words nobody but a person could read out of the mail."""
    reference: Line | None = None
    """The complaint that a reply belongs to."""
    by: Code | None = None
    """Who decided it, when that is not the key's holder."""

    @model_validator(mode="after")
    def _with_what_it_needs(self) -> Self:
        if (self.reference is not None) != (self.outcome == "reply"):
            raise PydanticCustomError(
                "reference_for_a_reply", "name the reference for a reply, and for nothing else"
            )
        return self
