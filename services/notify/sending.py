"""One attempt at one notice: draft it, claim it, deliver it, settle it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import assert_never

import structlog

from services.notify import ledger, staff
from services.notify.contract import Notice, Settled
from services.notify.directory import Directory
from services.notify.drafts import Stopped, ToDeliver, draft
from services.notify.ledger import MOST_UNCONFIRMED, Claim, Ledger
from services.notify.message import mailable
from services.notify.office import Office
from services.notify.settings import NotifySettings
from services.notify.ways import Delivery, Ways
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.events import Outcome
from services.shared.local_time import local_date

Now = Callable[[], Awaitable[datetime]]
"""Tells the time (UTC, aware). Awaited, because a server that skips time has to be asked."""

NEVER_CONFIRMED = "its delivery was never confirmed"

log = structlog.get_logger()


async def utc_now() -> datetime:
    """Tells this machine's time."""
    return datetime.now(UTC)


class Sender:
    """Attempts notices: each by one caller at a time, and never again once it is settled.

    Raises MendRequest `unusable-address` when the settings' own address is not one that can send.
    """

    def __init__(
        self, database: Database, ways: Ways, settings: NotifySettings, now: Now = utc_now
    ) -> None:
        self._database = database
        self._ledger = Ledger(database)
        self._ways = ways
        self._settings = settings
        self._address = mailable(settings.mail_from)
        self._now = now

    async def attempt(self, notice: Notice) -> Settled:
        """Makes one attempt; answers `queued` when it is worth another, later.

        A settled notice answers with its stored outcome, and nothing is sent. Never raises for
        what the way, the other side or the directory does; the database's errors pass through.
        """
        today = local_date(await self._now())
        async with self._database.session() as session:
            settled = await ledger.outcome(session, notice.key)
            directory = None if settled else await staff.load(session, since=today)
        if directory is not None:
            settled = await self._try(notice, directory)
        return settled or Settled(key=notice.key, outcome="queued", at=await self._now())

    async def _try(self, notice: Notice, directory: Directory) -> Settled | None:
        office = await self._office(directory)
        try:
            drafted = draft(notice, office, self._ways)
        except TryLater as error:
            log.warning("notice-waits", key=notice.key, reason=error.code)
            return None
        claim = await self._ledger.claim(drafted.entry, office.now)
        if claim is None:
            # Another has it in hand, or has settled it since we looked.
            return await self._ledger.outcome(notice.key)
        if claim.unconfirmed >= MOST_UNCONFIRMED:
            return await self._settle(claim, "uncertain", NEVER_CONFIRMED)
        if isinstance(drafted, Stopped):
            return await self._settle(claim, drafted.outcome, drafted.why)
        return await self._deliver(claim, drafted)

    async def _office(self, directory: Directory) -> Office:
        return Office(
            directory=directory,
            sender=self._address,
            public_url=self._settings.public_url,
            link_secret=self._settings.link_secret.get_secret_value(),
            now=await self._now(),
        )

    async def _deliver(self, claim: Claim, drafted: ToDeliver) -> Settled | None:
        delivery = await drafted.way.deliver(drafted.ready)
        match delivery.result:
            case "delivered":
                by_hand = drafted.entry.way == "by-hand"
                return await self._settle(claim, "by-hand" if by_hand else "sent", delivery)
            case "to-print" | "refused":
                return await self._settle(claim, delivery.result, delivery)
            case "temporary" | "unconfirmed":
                return await self._put_back(claim, delivery)
            case _:
                assert_never(delivery.result)

    async def _put_back(self, claim: Claim, delivery: Delivery) -> Settled | None:
        lost = delivery.result == "unconfirmed"
        log.warning("notice-waits", key=claim.key, reason=delivery.reason, lost=lost)
        now = await self._now()
        ours = await self._ledger.put_back(claim, delivery.words, now, unconfirmed=lost)
        if ours and lost and claim.unconfirmed + 1 >= MOST_UNCONFIRMED:
            return await self._settle(claim, "uncertain", NEVER_CONFIRMED)
        return None

    async def _settle(
        self, claim: Claim, outcome: Outcome, answer: Delivery | str
    ) -> Settled | None:
        now = await self._now()
        words, provider_id = (
            (answer, None) if isinstance(answer, str) else (answer.words, answer.provider_id)
        )
        if not await self._ledger.settle(claim, outcome, now, words, provider_id):
            return await self._ledger.outcome(claim.key)
        log.info("notice-settled", key=claim.key, outcome=outcome, attempt=claim.attempt)
        return Settled(key=claim.key, outcome=outcome, at=now)
