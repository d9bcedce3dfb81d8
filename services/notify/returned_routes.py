"""Returned mail's API: what came back after notices, and each mail as it came."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.notify import returned_list
from services.notify.access import AtDesk
from services.shared.events import Frozen
from services.shared.problems import refusals

router = APIRouter(
    prefix="/api/returned-mail", tags=["returned mail"], responses=refusals(401, 422)
)

EXAMPLE = "5f0c7d4a1b9e8c3f6a2d5b8e1c4f7a0d3b6e9c2f5a8d1b4e7c0f3a6d9b2e5c8f"

MailId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ReturnedMailFilters(Frozen):
    """Which mails to list. What is left out does not narrow the list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    outcome: Literal["new", "bounced", "delayed", "unmatched", "ignored", "unreadable"] | None = (
        Field(default=None, examples=["unreadable"])
    )
    """As what it was read: `unreadable` waits for a person."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: MailId | None = None
    """`next` of the page before, with the same filters."""


class ReturnedMailEntry(BaseModel):
    """One mail that came back, and as what it was read. Instants are UTC."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True)

    id: str
    """The SHA-256 of the mail: its raw form is served under it."""
    fetched_at: AwareDatetime
    outcome: str
    """`new` (not read yet), `bounced`, `delayed`, `unmatched` (names no notice of ours), `ignored`
    (no bounce, such as an automatic reply) or `unreadable` (a person must look)."""
    told_at: AwareDatetime | None
    """When the complaints officer was told of it; null where nobody need be."""
    notice: str | None
    """The key of the notice that it came back after."""
    reference: str | None
    """The complaint of that notice."""


class ReturnedMailPage(BaseModel):
    """Mails that came back, the newest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "mails": [
                        {
                            "id": EXAMPLE,
                            "fetched_at": "2027-01-06T12:04:10Z",
                            "outcome": "unreadable",
                            "told_at": "2027-01-06T12:04:11Z",
                            "notice": "PR-7K3M-2QXD/9/response/resident",
                            "reference": "PR-7K3M-2QXD",
                        }
                    ],
                    "next": None,
                }
            ]
        },
    )

    mails: tuple[ReturnedMailEntry, ...]
    next: str | None
    """The `cursor` of the page after this one; null on the last."""


@router.get("")
async def list_returned_mail(
    desk: AtDesk, filters: Annotated[ReturnedMailFilters, Query()]
) -> ReturnedMailPage:
    """List mail that came back after notices, the newest first, one page at a time."""
    found = await returned_list.listed(
        desk.database, outcome=filters.outcome, after=filters.cursor, most=filters.limit + 1
    )
    shown = found[: filters.limit]
    return ReturnedMailPage(
        mails=tuple(ReturnedMailEntry.model_validate(mail) for mail in shown),
        next=shown[-1].id if len(found) > len(shown) else None,
    )


@router.get(
    "/{mail}/raw",
    response_class=Response,
    responses={
        200: {
            "description": "The mail, byte for byte.",
            "content": {
                "message/rfc822": {
                    "schema": {"type": "string", "format": "binary"},
                    "example": "From: MAILER-DAEMON@mx.example.net\r\n"
                    "Subject: Undelivered Mail Returned to Sender\r\n\r\n"
                    "I could not deliver your message.\r\n",
                }
            },
        },
        **refusals(404),
    },
)
async def read_returned_mail(
    desk: AtDesk, mail: Annotated[MailId, Path(examples=[EXAMPLE])]
) -> Response:
    """Get a mail that came back as it came, as a file for a mail program.

    It is the work of strangers: it is never shown in a browser, only saved.
    """
    raw = await returned_list.raw(desk.database, mail)
    return Response(
        raw,
        media_type="message/rfc822",
        headers={
            "Content-Disposition": f'attachment; filename="returned-{mail[:16]}.eml"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
