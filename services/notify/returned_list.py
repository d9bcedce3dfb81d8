"""Returned mail as staff look through it: what came, what it was read as, and the mail itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import defer
from sqlmodel import and_, col, or_, select

from services.notify.tables import NoticeRow, ReturnedMailRow
from services.shared.cursors import unknown_cursor
from services.shared.database import Database
from services.shared.errors import NotThere

WITHOUT_RAW = defer(ReturnedMailRow.raw, raiseload=True)  # type: ignore[arg-type]  # SQLModel types columns as their values


class ReturnedMailFacts(NamedTuple):
    """One mail without its text."""

    id: str
    fetched_at: datetime
    outcome: str
    """`new` while it was not read."""
    told_at: datetime | None
    notice: str | None
    """The key of the notice that it came back after."""
    reference: str | None
    """The complaint of that notice."""


async def listed(
    database: Database, *, outcome: str | None, after: str | None, most: int
) -> Sequence[ReturnedMailFacts]:
    """Returns mails, the newest first; `after` is the id of the last one of the page before.

    Raises MendRequest `unknown-cursor`.
    """
    fetched_at, mail_id = col(ReturnedMailRow.fetched_at), col(ReturnedMailRow.id)
    read_as = func.coalesce(ReturnedMailRow.outcome, "new")
    wanted: list[ColumnElement[bool]] = [] if outcome is None else [read_as == outcome]
    async with database.session() as session:
        if after is not None:
            place = select(ReturnedMailRow.fetched_at).where(mail_id == after)
            last = (await session.exec(place)).first()
            if last is None:
                raise unknown_cursor()
            same_moment = and_(fetched_at == last, mail_id > after)
            wanted.append(or_(fetched_at < last, same_moment))
        query = (
            select(ReturnedMailRow, NoticeRow.key, NoticeRow.reference)
            .options(WITHOUT_RAW)
            .join(NoticeRow, col(NoticeRow.mark) == col(ReturnedMailRow.mark), isouter=True)
            .where(*wanted)
            .order_by(fetched_at.desc(), mail_id)
            .limit(most)
        )
        found = (await session.exec(query)).all()
    return [
        ReturnedMailFacts(mail.id, mail.fetched_at, mail.outcome or "new", mail.told_at, *notice)
        for mail, *notice in found
    ]


async def raw(database: Database, mail: str) -> bytes:
    """Returns a mail as it came. Raises NotThere `unknown-mail`."""
    async with database.session() as session:
        query = select(ReturnedMailRow.raw).where(ReturnedMailRow.id == mail)
        found = (await session.exec(query)).first()
    if found is None:
        raise NotThere("unknown-mail", "No returned mail has this id.")
    return found
