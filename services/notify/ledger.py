"""The ledger of notices: each is claimed by its key before it is sent, and settled once.

`queued` → `sending` (with a lease) → `sent`, `by-hand`, `refused` or `nobody`. Whoever claims a
notice alone may send it. A claim whose lease ran out, or whose mail server fell silent after it
had the whole mail, is unconfirmed: the mail may have been delivered or not. It goes out again
under the same Message-ID, up to `MOST_UNCONFIRMED` times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Update, case, or_, update
from sqlmodel import col

from services.notify.contract import Settled
from services.notify.tables import NoticeRow
from services.shared.database import Database, insert

LEASE = timedelta(seconds=60)
"""How long one attempt may take: three times what delivery allows itself."""

MOST_UNCONFIRMED = 5
"""After so many unconfirmed attempts a person must look: more copies would help nobody."""

Outcome = Literal["sent", "by-hand", "refused", "nobody"]


@dataclass(frozen=True)
class Entry:
    """What the ledger proves of a notice: what is sent, to which address, under which id."""

    key: str
    reference: str | None
    about: str
    to_role: str
    asked_by: str | None
    way: str
    mark: str
    recipient: str | None
    subject: str
    text: str
    message_id: str


@dataclass(frozen=True)
class Claim:
    """The right to make one attempt at a notice. `attempt` counts from 1."""

    key: str
    attempt: int
    unconfirmed: int


class Ledger:
    """The ledger of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outcome(self, key: str) -> Settled | None:
        """Returns what became of a notice, or None while it is open or unknown."""
        async with self._database.session() as session:
            row = await session.get(NoticeRow, key)
            if row is None or row.settled_at is None:
                return None
            return Settled.model_validate({"key": key, "outcome": row.state, "at": row.settled_at})

    async def claim(self, entry: Entry, now: datetime) -> Claim | None:
        """Claims a notice for one attempt; None while another holds it, or when it is settled.

        One statement decides, so of two that claim at once one gets it.
        """
        state, lease = col(NoticeRow.state), col(NoticeRow.lease_until)
        content = {
            "recipient": entry.recipient,
            "subject": entry.subject,
            "text": entry.text,
            "state": "sending",
            "lease_until": now + LEASE,
            "attempted_at": now,
        }
        async with self._database.session() as session:
            claiming = insert(session, NoticeRow).values(
                key=entry.key,
                reference=entry.reference,
                about=entry.about,
                to_role=entry.to_role,
                asked_by=entry.asked_by,
                way=entry.way,
                mark=entry.mark,
                message_id=entry.message_id,
                attempts=1,
                unconfirmed=0,
                claimed_at=now,
                **content,
            )
            claimed = await session.exec(
                claiming.on_conflict_do_update(
                    index_elements=["key"],
                    set_={
                        **content,
                        "attempts": col(NoticeRow.attempts) + 1,
                        "unconfirmed": col(NoticeRow.unconfirmed)
                        + case((state == "sending", 1), else_=0),
                    },
                    where=or_(state == "queued", (state == "sending") & (lease <= now)),
                ).returning(col(NoticeRow.attempts), col(NoticeRow.unconfirmed))
            )
            found = claimed.one_or_none()
        return None if found is None else Claim(entry.key, found[0], found[1])

    async def put_back(self, claim: Claim, answer: str, *, unconfirmed: bool) -> None:
        """Gives a claim back after an attempt that failed for now; `answer` says why.

        Does nothing when the lease ran out and another has claimed it since.
        """
        await self._change(
            update(NoticeRow)
            .where(
                col(NoticeRow.key) == claim.key,
                col(NoticeRow.state) == "sending",
                col(NoticeRow.attempts) == claim.attempt,
            )
            .values(
                state="queued",
                lease_until=None,
                unconfirmed=col(NoticeRow.unconfirmed) + int(unconfirmed),
                answer=answer,
            )
        )

    async def settle(self, claim: Claim, outcome: Outcome, now: datetime, answer: str) -> None:
        """Writes down for ever what became of a notice; what is settled already stays as it is."""
        await self._change(
            update(NoticeRow)
            .where(col(NoticeRow.key) == claim.key, col(NoticeRow.settled_at).is_(None))
            .values(state=outcome, settled_at=now, lease_until=None, answer=answer)
        )

    async def _change(self, statement: Update) -> None:
        async with self._database.session() as session:
            await session.exec(statement)
