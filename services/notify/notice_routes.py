"""The ledger's API: what was sent, to whom, what became of it, and what it said."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.notify.access import AtDesk
from services.notify.ledger import Ledger, Place
from services.notify.tables import NoticeRow
from services.shared.cursors import KnownInstant, cursor_of, from_cursor
from services.shared.errors import NotThere
from services.shared.events import Frozen, Outcome
from services.shared.problems import refusals
from services.shared.text import Line

LINK = re.compile(r"(/(?:manager|follow)/[^/\s]+/)[A-Za-z0-9_-]{20,}")
"""A link by which whoever holds it acts as the person to whom it was sent."""

router = APIRouter(prefix="/api/notices", tags=["notices"], responses=refusals(401, 422))


class NoticeFilters(Frozen):
    """Which notices to list. What is left out does not narrow the list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    reference: Line | None = Field(default=None, examples=["PR-7K3M-2QXD"])
    state: Literal["queued", "sending"] | Outcome | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=600)] | None = None
    """`next` of the page before, with the same filters."""


class NoticeEntry(BaseModel):
    """One notice, and what became of it as far as is known. Instants are UTC."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True)

    key: str
    reference: str | None
    """null for what is about several complaints, such as a digest."""
    about: str
    to_role: str
    staff_id: str | None
    """The member of staff whom it reaches; null for a resident."""
    way: str
    """`email`, `letter`, `text`, `by-hand`, or `none` when it was never made into anything."""
    state: str
    """`queued`, `sending` or `uncertain` while it is open, then its outcome."""
    attempts: int
    unconfirmed: int
    """How many attempts may have been delivered, though no reply said so."""
    claimed_at: AwareDatetime
    attempted_at: AwareDatetime
    settled_at: AwareDatetime | None


class NoticeText(NoticeEntry):
    """One notice with what it said, and to which address."""

    recipient: str | None
    """The address or number that it went to; null for a letter."""
    language: str
    subject: str
    text: str
    """As it was sent, but that its links for one person end in `…` here."""
    message_id: str
    answer: str | None
    """What the other side last said of it."""


class NoticePage(BaseModel):
    """Notices, the newest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    notices: tuple[NoticeEntry, ...]
    next: str | None
    """The `cursor` of the page after this one; null on the last."""


@router.get("")
async def list_notices(desk: AtDesk, filters: Annotated[NoticeFilters, Query()]) -> NoticePage:
    """List notices, the newest first, one page at a time."""
    found = await Ledger(desk.database).notices(
        reference=filters.reference,
        state=filters.state,
        after=None if filters.cursor is None else _place(filters.cursor),
        most=filters.limit + 1,
    )
    shown = found[: filters.limit]
    return NoticePage(
        notices=tuple(NoticeEntry.model_validate(row) for row in shown),
        next=_cursor(shown[-1]) if len(found) > len(shown) else None,
    )


@router.get("/{key:path}", responses=refusals(404))
async def read_notice(
    desk: AtDesk,
    key: Annotated[Line, Path(examples=["PR-7K3M-2QXD/9/response/resident"])],
) -> NoticeText:
    """Read one notice: what it said, where it went, and what became of it."""
    row = await Ledger(desk.database).one(key)
    if row is None:
        raise NotThere("unknown-notice", "No notice has this key.")
    found = NoticeText.model_validate(row)
    return found.model_copy(update={"text": LINK.sub(r"\1…", found.text)})


class _Last(Frozen):
    """The last notice of a page, as the next page's request names it."""

    at: KnownInstant
    key: Line


def _cursor(last: NoticeRow) -> str:
    return cursor_of(_Last(at=last.claimed_at, key=last.key))


def _place(cursor: str) -> Place:
    last = from_cursor(cursor, _Last)
    return Place(claimed_at=last.at, key=last.key)
