"""Fetches mail: stored raw, with how far the mailbox is read, before anything is read from it.

A crash in between fetches the same mail again, and its digest says that it is there already.
"""

import hashlib
from datetime import timedelta

from services.intake.tables import IncomingMail, Mailbox
from services.intake.wiring import Intake
from services.shared.database import insert
from services.shared.local_time import local_date
from services.shared.mailbox import Batch, Fetched, Place, read_new

FIRST_LOOK = timedelta(days=14)
"""How far back a mailbox is read that is seen for the first time: what is older was somebody
else's to answer."""


async def fetch(intake: Intake) -> None:
    """Stores everything that is new in the mailbox. Raises TryLater as `mailbox.read_new` does."""
    settings = intake.settings
    more = True
    while more:
        since = local_date(await intake.now() - FIRST_LOOK)
        batch = await read_new(
            settings, await _place(intake), first_from=since, largest=settings.mail_largest
        )
        await _store(intake, batch)
        more = batch.more


async def _place(intake: Intake) -> Place | None:
    async with intake.database.session() as session:
        found = await session.get(Mailbox, intake.settings.mailbox_name)
    return Place(found.uid_validity, found.last_uid) if found else None


async def _store(intake: Intake, batch: Batch) -> None:
    now = await intake.now()
    name, place = intake.settings.mailbox_name, batch.place
    async with intake.database.session() as session:
        for mail in batch.mails:
            row = {
                "digest": _digest(name, place, mail),
                "raw": mail.raw,
                "whole": mail.whole,
                "arrived_at": min(mail.arrived_at, now),
                "fetched_at": now,
                "state": "new",
                "attempts": 0,
            }
            await session.exec(insert(session, IncomingMail).values(row).on_conflict_do_nothing())
        seen = {"uid_validity": place.uid_validity, "last_uid": place.last_uid}
        kept = insert(session, Mailbox).values(name=name, **seen)
        await session.exec(kept.on_conflict_do_update(index_elements=["name"], set_=seen))
    if batch.mails:
        intake.mail_stored.set()


def _digest(name: str, place: Place, mail: Fetched) -> str:
    # A mail that the server does not give has nothing to tell it from another but its number.
    given = mail.raw if mail.raw or mail.whole else f"{name} {place.uid_validity} {mail.uid}"
    return hashlib.sha256(given if isinstance(given, bytes) else given.encode()).hexdigest()
