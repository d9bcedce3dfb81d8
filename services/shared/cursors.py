"""The cursor of a list: where one page ended, as a word that asks for the page after it."""

import base64
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field

from services.shared.errors import MendRequest
from services.shared.events import Frozen

Place = TypeVar("Place", bound=Frozen)
"""What tells the last entry of a page from all others."""

KnownInstant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]
"""An instant far wider than any complaint, and far enough from the ends of what one can hold."""


def cursor_of(last: Frozen) -> str:
    """Returns the cursor that says where a page ended."""
    return base64.urlsafe_b64encode(last.model_dump_json().encode()).decode()


def from_cursor(cursor: str, kind: type[Place]) -> Place:
    """Returns what `cursor_of` wrote down.

    Raises MendRequest `unknown-cursor` for a cursor that no page gave.
    """
    try:
        return kind.model_validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise unknown_cursor() from None


def unknown_cursor() -> MendRequest:
    """Returns the refusal of a cursor that no page gave."""
    return MendRequest(
        "unknown-cursor", "Take the cursor from the field 'next' of the page before."
    )
