"""The print queue's API: what is to be printed, the file to print, and that it was posted."""

import asyncio
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notify import news
from services.notify.access import AtDesk
from services.notify.fields import Day
from services.notify.print_job import merged
from services.notify.print_queue import PrintQueue, QueuedLetter
from services.shared.errors import NotThere
from services.shared.events import Frozen
from services.shared.problems import refusals
from services.shared.text import Line

router = APIRouter(prefix="/api", tags=["letters"], responses=refusals(401, 422))

MOST_LETTERS = 100
"""What is printed, or marked as posted, at once: some two hundred sheets, joined in seconds."""

Notices = Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LETTERS)]


class WaitingLetters(BaseModel):
    """The letters that are still to be posted, the oldest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    letters: tuple[QueuedLetter, ...]
    waiting: int
    """How many there are in all; the list holds the oldest of them."""


class PrintRequest(Frozen):
    """Which letters to print."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    notice: Annotated[tuple[Line, ...], Field(max_length=MOST_LETTERS)] = ()
    """The keys of their notices, in the order in which they are to be printed; none means those
    that wait, the oldest first."""


class PostedRequest(Frozen):
    """Which letters were posted, and when."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"notices": ["PR-7K3M-2QXD/9/response/resident"], "posted_on": "2027-01-06"}
            ]
        },
    )

    notices: Notices
    posted_on: Day
    """The day on which they were handed in (Europe/London): it is what counts."""


class PostedLetters(BaseModel):
    """Letters that are marked as posted on that day."""

    notices: tuple[str, ...]
    posted_on: date


@router.get("/letters")
async def list_letters(desk: AtDesk) -> WaitingLetters:
    """List the letters that are still to be printed and posted."""
    queue = PrintQueue(desk.database, desk.clock)
    return WaitingLetters(
        letters=tuple(await queue.waiting(MOST_LETTERS)), waiting=await queue.how_many()
    )


@router.get(
    "/letters.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **refusals(404)},
)
async def print_letters(desk: AtDesk, wanted: Annotated[PrintRequest, Query()]) -> Response:
    """Get letters as one PDF to print, each on a sheet of its own.

    A single letter is its own file, tagged for screen readers (PDF/UA-1); several together are not.
    """
    queue = PrintQueue(desk.database, desk.clock)
    keys = wanted.notice or [letter.notice for letter in await queue.waiting(MOST_LETTERS)]
    if not keys:
        raise NotThere("nothing-to-print", "No letter waits to be printed.")
    letters = await queue.printable(keys)
    pdf = letters[0] if len(letters) == 1 else await asyncio.to_thread(merged, letters)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "Content-Disposition": 'attachment; filename="letters.pdf"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/letters/posted", responses=refusals(400, 404, 409, 413, 503))
async def mark_as_posted(desk: AtDesk, body: PostedRequest) -> PostedLetters:
    """Mark letters as posted on a day, all of them or none. It may be repeated."""

    async def tell(key: str, at: datetime) -> None:
        await news.learnt(
            desk.database,
            desk.client,
            key,
            outcome="posted",
            at=at,
            answer=f"posted by {desk.by}",
        )

    keys = tuple(dict.fromkeys(body.notices))
    await PrintQueue(desk.database, desk.clock).posted(keys, body.posted_on, by=desk.by, tell=tell)
    return PostedLetters(notices=keys, posted_on=body.posted_on)
