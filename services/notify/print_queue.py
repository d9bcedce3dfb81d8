"""The print queue: letters as they are to be printed, until somebody has posted them.

Putting a letter in is one of the ways that a notice can go. What counts for the complaint is the
day on which it was posted, and only a person knows that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence
from datetime import date, datetime, time

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import func, update
from sqlalchemy.orm import defer
from sqlmodel import col, select

from services.notify import paper
from services.notify.sending import Now
from services.notify.tables import LetterRow, NoticeRow
from services.notify.ways import Delivery, Ready
from services.shared.database import Database, insert
from services.shared.errors import AgainstTheRules, MendRequest, NotThere
from services.shared.local_time import at, local_date

Tell = Callable[[str, datetime], Awaitable[None]]
"""Tells whom it concerns that the letter of a notice was posted at that moment (aware).

Telling it twice changes nothing. Raises TryLater where it cannot be told now.
"""

NOON = time(12)
"""The moment of the day (local) that stands for it: when the post was handed in, nobody notes."""

READY_TO_PRINT = Delivery("to-print", "print-queue", "in the print queue")


class QueuedLetter(BaseModel):
    """A letter that waits to be printed and posted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    notice: str
    """The key of the notice."""
    reference: str | None
    kind: str
    """What it is about, such as `response`."""
    queued_at: AwareDatetime
    pages: int
    large_print: bool


class PrintQueue:
    """The letters of one database; as a way, it takes what goes on paper."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def deliver(self, ready: Ready) -> Delivery:
        """Sets the letter and puts it in the queue. A letter that is there stays as it was set."""
        key = ready.notice.key
        async with self._database.session() as session:
            mine = select(col(LetterRow.notice)).where(col(LetterRow.notice) == key)
            known = await session.exec(mine)
            if known.one_or_none() is not None:
                return READY_TO_PRINT
        now = await self._now()
        try:
            pdf = await asyncio.to_thread(paper.render, ready, local_date(now))
        except MendRequest as refusal:
            return Delivery("refused", refusal.code, refusal.detail)
        async with self._database.session() as session:
            adding = insert(session, LetterRow).values(
                notice=key,
                pdf=pdf.content,
                pages=pdf.pages,
                large_print=ready.recipient.large_print,
                queued_at=now,
            )
            await session.exec(adding.on_conflict_do_nothing(index_elements=["notice"]))
        return READY_TO_PRINT

    async def waiting(self, most: int) -> Sequence[QueuedLetter]:
        """Returns the letters that are still to be posted, the oldest first."""
        wanted = (
            select(LetterRow, NoticeRow)
            .join(NoticeRow, col(NoticeRow.key) == col(LetterRow.notice))
            .where(col(LetterRow.posted_on).is_(None))
            .order_by(col(LetterRow.queued_at), col(LetterRow.notice))
            .limit(most)
            .options(defer(LetterRow.pdf))  # type: ignore[arg-type]  # SQLModel types it as bytes
        )
        async with self._database.session() as session:
            found = await session.exec(wanted)
            return [_queued(letter, notice) for letter, notice in found]

    async def how_many(self) -> int:
        """Returns how many letters are still to be posted."""
        async with self._database.session() as session:
            waiting = select(func.count()).where(col(LetterRow.posted_on).is_(None))
            return (await session.exec(waiting)).one()

    async def printable(self, keys: Sequence[str]) -> Sequence[bytes]:
        """Returns the PDF of each of these letters, posted or not, in the order of `keys`.

        Raises NotThere `unknown-letter`.
        """
        async with self._database.session() as session:
            wanted = select(col(LetterRow.notice), col(LetterRow.pdf))
            found = await session.exec(wanted.where(col(LetterRow.notice).in_(keys)))
            pdfs = dict(found.all())
        _all_known(keys, pdfs)
        return [pdfs[key] for key in keys]

    async def posted(self, keys: Sequence[str], on: date, *, by: str, tell: Tell) -> None:
        """Marks letters as posted on that day (Europe/London).

        What is wrong with one of them is refused for all, before anybody is told. Whom it concerns
        is told first, a letter at a time: where that is cut short some are told and all are still
        in the queue, and saying it again is safe.

        Raises NotThere `unknown-letter`, MendRequest `posted-in-future` or `posted-before-queued`,
        AgainstTheRules `already-posted` (on another day), and what `tell` raises.
        """
        await self._check(keys, on)
        for key in keys:
            await tell(key, at(on, NOON))
        async with self._database.session() as session:
            await session.exec(
                update(LetterRow)
                .where(col(LetterRow.notice).in_(keys), col(LetterRow.posted_on).is_(None))
                .values(posted_on=on, posted_by=by)
            )

    async def _check(self, keys: Sequence[str], on: date) -> None:
        if on > local_date(await self._now()):
            raise MendRequest("posted-in-future", "A letter cannot have been posted after today.")
        asked = (
            select(
                col(LetterRow.notice),
                col(LetterRow.queued_at),
                col(NoticeRow.state),
                col(NoticeRow.settled_at),
            )
            .join(NoticeRow, col(NoticeRow.key) == col(LetterRow.notice))
            .where(col(LetterRow.notice).in_(keys))
        )
        async with self._database.session() as session:
            found = (await session.exec(asked)).all()
        _all_known(keys, [notice for notice, *_ in found])
        early = [notice for notice, queued_at, *_ in found if on < local_date(queued_at)]
        if early:
            raise MendRequest(
                "posted-before-queued",
                "A letter cannot have been posted before it was in the queue.",
                letters=[*early],
            )
        other = [
            notice
            for notice, _, state, settled_at in found
            if state == "posted" and settled_at is not None and local_date(settled_at) != on
        ]
        if other:
            raise AgainstTheRules(
                "already-posted",
                "A letter was marked as posted on another day already.",
                letters=[*other],
            )


def _all_known(keys: Sequence[str], known: Container[str]) -> None:
    missing = [key for key in keys if key not in known]
    if missing:
        raise NotThere("unknown-letter", "There is no letter of this notice.", letters=[*missing])


def _queued(letter: LetterRow, notice: NoticeRow) -> QueuedLetter:
    return QueuedLetter(
        notice=letter.notice,
        reference=notice.reference,
        kind=notice.about,
        queued_at=letter.queued_at,
        pages=letter.pages,
        large_print=letter.large_print,
    )
