"""The activities of notify, as `contract.py` names them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from temporalio import activity

from services.notify import staff
from services.notify.contract import (
    DELIVER_NOTICE,
    FIND_PERSON,
    SEND_NOTICES,
    Deliveries,
    FindPerson,
    Notice,
    PersonFound,
    SendNotices,
    Settled,
)
from services.notify.sending import Now, Sender, utc_now
from services.notify.settings import NotifySettings
from services.notify.ways import Ways
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.temporal import raise_across

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
        self._now = now

    def every(self) -> Sequence[Callable[..., Any]]:
        """Returns all of them, for a worker."""
        return [self.send_notices, self.deliver_notice, self.find_person]

    @activity.defn(name=SEND_NOTICES)
    async def send_notices(self, request: SendNotices) -> Deliveries:
        """Tries each notice once, all at the same time; what cannot go out now is `queued`."""
        attempts = (self._try_once(notice) for notice in request.notices)
        return Deliveries(settled=tuple(await asyncio.gather(*attempts)))

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver_notice(self, notice: Notice) -> Settled:
        """Tries a notice once. Raises the retryable `notice-queued` until it is settled."""
        settled = await self._sender.attempt(notice)
        if settled.outcome == "queued":
            raise_across(TryLater("notice-queued", "The notice cannot go out yet."))
        return settled

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
