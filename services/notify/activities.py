"""The activities of notify, as `contract.py` names them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from temporalio import activity

from services.notify import manager_contact, staff
from services.notify.contract import (
    DELIVER_NOTICE,
    FIND_PERSON,
    KEEP_POSTED,
    SEND_NOTICES,
    Deliveries,
    FindPerson,
    Notice,
    PersonFound,
    SendNotices,
    Settled,
    Word,
)
from services.notify.manager_activities import ManagerActivities
from services.notify.sending import Now, Sender, utc_now
from services.notify.settings import NotifySettings
from services.notify.ways import Ways
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.temporal import raise_across

POSTING_PATIENCE = 10.0
"""Seconds for Temporal to take a word: well inside `contract.FIRST_TRY`."""

log = structlog.get_logger()


class NotifyActivities:
    """What a worker of notify carries out, over one database and the `ways` for notices to go.

    Raises MendRequest `unusable-address` when the settings' own address is not one that can send.
    """

    def __init__(
        self, database: Database, ways: Ways, settings: NotifySettings, now: Now = utc_now
    ) -> None:
        self._database = database
        self._sender = Sender(database, ways, settings, now)
        self._managers = ManagerActivities(database)
        self._now = now

    def every(self) -> Sequence[Callable[..., Any]]:
        """Returns all of them, for a worker."""
        return [
            self.send_notices,
            self.deliver_notice,
            self.keep_posted,
            self.find_person,
            *self._managers.every(),
        ]

    @activity.defn(name=SEND_NOTICES)
    async def send_notices(self, request: SendNotices) -> Deliveries:
        """Tries each notice and each word once, all at the same time.

        What cannot go out now is `queued`, or not posted; it never holds up the others.
        """
        settled, posted = await asyncio.gather(
            asyncio.gather(*(self._try_once(notice) for notice in request.notices)),
            asyncio.gather(*(self._post_once(word) for word in request.words)),
        )
        told = zip(request.words, posted, strict=True)
        return Deliveries(
            settled=(*settled, *(one for entries in posted if entries for one in entries)),
            not_posted=tuple(
                (word.staff_id, word.sequence) for word, entries in told if entries is None
            ),
        )

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver_notice(self, notice: Notice) -> Settled:
        """Tries a notice once. Raises the retryable `notice-queued` until it is settled."""
        settled = await self._sender.attempt(notice)
        if settled.outcome == "queued":
            raise_across(TryLater("notice-queued", "The notice cannot go out yet."))
        return settled

    @activity.defn(name=KEEP_POSTED)
    async def keep_posted(self, word: Word) -> Deliveries:
        """Sends word to a manager's caseload. Raises while the server does not take it."""
        return Deliveries(settled=await self._post(word))

    @activity.defn(name=FIND_PERSON)
    async def find_person(self, request: FindPerson) -> PersonFound:
        """Looks a member of staff up by id."""
        async with self._database.session() as session:
            return await staff.find(session, request.staff_id)

    async def _try_once(self, notice: Notice) -> Settled:
        try:
            return await self._sender.attempt(notice)
        except Exception as error:  # noqa: BLE001 — the others of the batch are settled all the same
            log.warning("notice-waits", key=notice.key, reason=type(error).__name__)
            return Settled(key=notice.key, outcome="queued", at=await self._now())

    async def _post_once(self, word: Word) -> tuple[Settled, ...] | None:
        try:
            return await self._post(word)
        except Exception as error:  # noqa: BLE001 — as above
            log.warning("word-waits", reference=word.reference, reason=type(error).__name__)
            return None

    async def _post(self, word: Word) -> tuple[Settled, ...]:
        async with asyncio.timeout(POSTING_PATIENCE):
            await manager_contact.tell(activity.client(), word)
        now = await self._now()
        return tuple(Settled(key=entry.key, outcome="entered", at=now) for entry in word.entries)
