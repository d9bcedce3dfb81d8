"""That a person hears of returned mail which could not be read: one note an hour, at most.

What comes in after the note of an hour waits for the next one, however much it is. Nobody is told
of what came back after a note of that kind itself: notes about notes would never end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, or_, select
from temporalio.client import Client

from services.notify import news
from services.notify.tables import NoticeRow, ReturnedMailRow
from services.shared.database import Database
from services.shared.local_time import local_date

MOST = 500
"""Mails that one note is about."""


@dataclass(frozen=True)
class Untold:
    """A mail that nobody was told of."""

    mail: str
    """The id under which it is kept."""
    fetched_at: datetime
    notice: str | None
    """The key of the notice that it came back after, as far as that is known."""


async def tell_officer(database: Database, client: Client, now: datetime) -> None:
    """Tells the complaints officer of all that nobody was told of, unless this hour had its note.

    Raises TryLater `engine-away`. A crash between telling and writing that down tells again, in
    the next hour.
    """
    untold = await _untold(database)
    if not untold:
        return
    received_on = local_date(untold[0].fetched_at)
    if await news.tell_of_unreadable(client, now, received_on=received_on, why=_in_words(untold)):
        told = col(ReturnedMailRow.id).in_([one.mail for one in untold])
        async with database.session() as session:
            await session.exec(update(ReturnedMailRow).where(told).values(told_at=now))


async def _untold(database: Database) -> Sequence[Untold]:
    """Returns what nobody was told of, the oldest first; as much of it as one note is about."""
    about = col(NoticeRow.about)
    query = (
        select(ReturnedMailRow.id, ReturnedMailRow.fetched_at, NoticeRow.key)
        .join(NoticeRow, col(NoticeRow.mark) == col(ReturnedMailRow.mark), isouter=True)
        .where(
            ReturnedMailRow.outcome == "unreadable",
            col(ReturnedMailRow.told_at).is_(None),
            or_(about.is_(None), about.not_in(news.NEVER_TOLD_OF)),
        )
        .order_by(col(ReturnedMailRow.fetched_at), col(ReturnedMailRow.id))
        .limit(MOST)
    )
    async with database.session() as session:
        return [Untold(*found) for found in (await session.exec(query)).all()]


def _in_words(untold: Sequence[Untold]) -> str:
    """Returns why mail is held, for people: of the oldest one why, and how many wait beside it."""
    notice, others = untold[0].notice, len(untold) - 1
    after = f"a notice ({notice})" if notice else "one of our notices"
    why = f"it came back after {after}, and does not say for certain whether that arrived"
    if not others:
        return why
    return f"{why}; and {others} more {'mail is' if others == 1 else 'mails are'} held beside it"
