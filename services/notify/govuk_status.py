"""What GOV.UK Notify says became of a notification, by its receipts or asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel import col, select
from temporalio.client import Client

from services.notify import news
from services.notify.govuk_notify import GovUkNotify, Now
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.errors import AgainstTheRules, TryLater
from services.shared.events import Outcome

OUTCOMES: Mapping[str, Outcome] = {
    "delivered": "sent",
    "sent": "sent",
    "received": "posted",
    "permanent-failure": "bounced",
    "temporary-failure": "bounced",
    "technical-failure": "refused",
    "validation-failed": "refused",
    "virus-scan-failed": "refused",
    "cancelled": "refused",
}
"""What each final status means for the notice. `received`: printed and dispatched. A temporary
failure is final too: GOV.UK Notify has tried for three days by then, and does not go on."""

KEPT = timedelta(days=7)
"""How long GOV.UK Notify knows a notification."""

AWAY_IN_A_ROW = 3
"""After how many letters on end that cannot be asked after the service itself counts as away."""

log = structlog.get_logger()


class GovUkStatus:
    """Writes into the ledger what GOV.UK Notify says, and has it told."""

    def __init__(self, database: Database, client: Client, now: Now) -> None:
        self._database = database
        self._client = client
        self._now = now

    async def heard(self, row: NoticeRow, status: str, at: datetime | None = None) -> None:
        """Takes the status of a settled notice in; one that is not final changes nothing.

        Raises TryLater `notice-not-settled` for one that is still on its way.
        """
        outcome = OUTCOMES.get(status)
        if outcome is None:
            return
        if row.settled_at is None:
            raise TryLater("notice-not-settled", "The notice is still on its way.")
        answer = f"GOV.UK Notify: {status}"
        if row.state == outcome == "sent":
            await news.noted(self._database, row.key, answer)
            return
        try:
            await news.learnt(
                self._database,
                self._client,
                row.key,
                outcome=outcome,
                at=at or await self._now(),
                answer=answer,
            )
        except AgainstTheRules as refusal:
            # A receipt that comes after worse news, or out of order: what is known stands.
            log.info("receipt-changes-nothing", key=row.key, status=status, reason=refusal.code)

    async def ask(self, service: GovUkNotify) -> None:
        """Asks what became of each letter that is not known to be dispatched.

        Letters have no receipts: whether they can be printed is found out after they were taken.
        One that fails holds up no other. Raises TryLater `govuk-notify-away` or `engine-away` at
        the end when some could not be asked after, and at once after three of them on end.
        """
        since = await self._now() - KEPT
        query = select(NoticeRow).where(
            col(NoticeRow.way) == "letter",
            col(NoticeRow.state) == "sent",
            col(NoticeRow.provider_id).is_not(None),
            col(NoticeRow.settled_at) > since.astimezone(UTC),
        )
        query = query.order_by(col(NoticeRow.settled_at), col(NoticeRow.key))
        async with self._database.session() as session:
            letters = (await session.exec(query)).all()
        failed: TryLater | None = None
        in_a_row = 0
        for row in letters:
            try:
                await self._ask_after(row, service)
            except TryLater as error:
                failed, in_a_row = error, in_a_row + 1
                if in_a_row == AWAY_IN_A_ROW:
                    break
            except Exception as error:  # noqa: BLE001 — one bad letter must not end all others
                kind = type(error).__name__
                log.error("letter-not-asked-after", key=row.key, error=kind)  # noqa: TRY400 — text may hold people
            else:
                in_a_row = 0
        if failed is not None:
            raise failed

    async def _ask_after(self, row: NoticeRow, service: GovUkNotify) -> None:
        found = await service.status(row.provider_id or "")
        if found is not None:
            await self.heard(row, found.status)
