"""One attempt at one notice: draft it, claim it, deliver it, settle it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from services.notify import staff
from services.notify.contract import Notice, Settled
from services.notify.delivery import Mailer
from services.notify.drafts import Draft, draft
from services.notify.ledger import MOST_UNCONFIRMED, Claim, Ledger, Outcome
from services.shared.database import Database
from services.shared.errors import TryLater

Now = Callable[[], Awaitable[datetime]]
"""Tells the time (UTC, aware). Awaited, because a server that skips time has to be asked."""

log = structlog.get_logger()


async def utc_now() -> datetime:
    """Tells this machine's time."""
    return datetime.now(UTC)


class Sender:
    """Attempts notices: each by one caller at a time, and never again once it is settled."""

    def __init__(self, database: Database, mailer: Mailer, now: Now = utc_now) -> None:
        self._database = database
        self._ledger = Ledger(database)
        self._mailer = mailer
        self._now = now

    async def attempt(self, notice: Notice) -> Settled:
        """Makes one attempt; answers `queued` when it is worth another, later.

        A settled notice answers with its stored outcome, and nothing is sent. Never raises for
        what the mail, the mail server or the directory does; the database's errors pass through.
        """
        settled = await self._ledger.outcome(notice.key)
        if settled is not None:
            return settled
        await self._try(notice)
        return await self._ledger.outcome(notice.key) or Settled(
            key=notice.key, outcome="queued", at=await self._now()
        )

    async def _try(self, notice: Notice) -> None:
        now = await self._now()
        async with self._database.session() as session:
            directory = await staff.load(session)
        try:
            drafted = draft(notice, directory, sender=self._mailer.sender, now=now)
        except TryLater as error:
            log.warning("notice-waits", key=notice.key, reason=error.code)
            return
        claim = await self._ledger.claim(drafted.entry, now)
        if claim is not None:
            await self._make(claim, drafted)

    async def _make(self, claim: Claim, drafted: Draft) -> None:
        if drafted.envelope is None:
            await self._settle(claim, drafted.outcome, drafted.why)
            return
        if claim.unconfirmed >= MOST_UNCONFIRMED:
            await self._settle(claim, "refused", "its delivery was never confirmed")
            return
        delivery = await self._mailer.deliver(drafted.envelope)
        match delivery.result:
            case "delivered":
                await self._settle(claim, drafted.outcome, delivery.words)
            case "refused":
                await self._settle(claim, "refused", delivery.words)
            case "temporary" | "unconfirmed":
                log.warning("notice-waits", key=claim.key, reason=delivery.reason)
                await self._ledger.put_back(
                    claim, delivery.words, unconfirmed=delivery.result == "unconfirmed"
                )

    async def _settle(self, claim: Claim, outcome: Outcome, answer: str) -> None:
        await self._ledger.settle(claim, outcome, await self._now(), answer)
        log.info("notice-settled", key=claim.key, outcome=outcome, attempt=claim.attempt)
