"""The ledger of notices: each is claimed by its key before it is sent, and settled once.

`queued` → `sending` (with a lease) → its outcome. Whoever claims a notice alone may send it. An
attempt whose lease ran out, or whose mail server fell silent once it had the mail, is a loss: the
mail may have been delivered or not. The notice is `uncertain` from then on and goes out again
under the same Message-ID, once for each loss and after a pause that grows with them; after
`MOST_UNCONFIRMED` losses it is settled as `uncertain`, so that a person looks.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, case, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contract import Settled
from services.notify.recipients import WayName
from services.notify.tables import NoticeRow
from services.shared.database import Database, insert
from services.shared.events import Outcome

LEASE = timedelta(seconds=60)
"""How long one attempt may take: more than all parts of `delivery.Patience` together."""

MOST_UNCONFIRMED = 5
"""After so many losses, and so as many copies at most, more of them would help nobody."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 360))
"""How long a notice waits after its first lost reply, its second and so on."""

PAGE = 100
"""Notices that are read at once."""


@dataclass(frozen=True)
class Entry:
    """What the ledger proves of a notice: what is sent, to which address, under which id."""

    key: str
    reference: str | None
    about: str
    to_role: str
    asked_by: str | None
    way: WayName
    staff_id: str | None
    language: str
    mark: str
    recipient: str | None
    subject: str
    text: str
    message_id: str
    stage: str = ""
    service_area: str | None = None
    letterhead: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """The right to make one attempt at a notice. `attempt` counts from 1."""

    key: str
    attempt: int
    unconfirmed: int
    """How many attempts before this one may have been delivered."""


@dataclass(frozen=True)
class Place:
    """Where a page of notices ends: those after it were claimed earlier."""

    claimed_at: datetime
    key: str


def pause_after(losses: int) -> timedelta:
    """Returns how long a notice waits after so many losses (from 1), the last of them just now.

    A mail server that takes mails and does not answer is often ill for an hour: it must neither
    use up every copy nor deliver many of them.
    """
    return PAUSES[min(losses, len(PAUSES)) - 1]


async def outcome(session: AsyncSession, key: str) -> Settled | None:
    """Returns what became of a notice, or None while it is open or unknown."""
    row = await session.get(NoticeRow, key)
    if row is None or row.settled_at is None:
        return None
    return Settled.model_validate({"key": key, "outcome": row.state, "at": row.settled_at})


class Ledger:
    """The ledger of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outcome(self, key: str) -> Settled | None:
        """Returns what became of a notice, or None while it is open or unknown."""
        async with self._database.session() as session:
            return await outcome(session, key)

    async def claim(self, entry: Entry, now: datetime) -> Claim | None:
        """Claims a notice for one attempt; None while it may not be tried, or once it is settled.

        It may not while another holds it, or in the pause after a lost reply. One statement
        decides, so of two that claim at once one gets it.
        """
        state = col(NoticeRow.state)
        # Of what another is sending the lease, of what was lost the pause. Without either, NULL.
        is_over = col(NoticeRow.lease_until) <= now
        waits = and_(
            col(NoticeRow.settled_at).is_(None),
            state != "sending",
            or_(col(NoticeRow.lease_until).is_(None), is_over),
        )
        lost = (state == "sending") & is_over
        # An attempt proves what it sends: its wording may be newer than the last one's.
        attempt = {
            "way": entry.way,
            "staff_id": entry.staff_id,
            "language": entry.language,
            "recipient": entry.recipient,
            "subject": entry.subject,
            "text": entry.text,
            "state": "sending",
            "lease_until": now + LEASE,
            "attempted_at": now,
        }
        first = asdict(entry) | attempt | {"attempts": 1, "unconfirmed": 0, "claimed_at": now}
        again = attempt | {
            "attempts": col(NoticeRow.attempts) + 1,
            "unconfirmed": col(NoticeRow.unconfirmed) + case((state == "sending", 1), else_=0),
        }
        async with self._database.session() as session:
            claiming = insert(session, NoticeRow).values(first)
            claimed = await session.exec(
                claiming.on_conflict_do_update(
                    index_elements=["key"], set_=again, where=or_(waits, lost)
                ).returning(col(NoticeRow.attempts), col(NoticeRow.unconfirmed))
            )
            found = claimed.one_or_none()
        return None if found is None else Claim(entry.key, found[0], found[1])

    async def put_back(
        self, claim: Claim, answer: str, now: datetime, *, unconfirmed: bool
    ) -> bool:
        """Gives a claim back after an attempt that failed for now; `answer` says why.

        An `unconfirmed` one begins a pause (`pause_after`); any other can be claimed again at once.
        What may have been delivered already stays `uncertain`. Returns False, and changes nothing,
        when the lease ran out and another has claimed it since.
        """
        losses = claim.unconfirmed + int(unconfirmed)
        return await self._change(
            update(NoticeRow)
            .where(
                col(NoticeRow.key) == claim.key,
                col(NoticeRow.state) == "sending",
                col(NoticeRow.attempts) == claim.attempt,
            )
            .values(
                state="uncertain" if losses else "queued",
                lease_until=now + pause_after(losses) if unconfirmed else None,
                unconfirmed=losses,
                answer=answer,
            )
        )

    async def settle(
        self,
        claim: Claim,
        outcome: Outcome,
        now: datetime,
        answer: str,
        provider_id: str | None = None,
    ) -> bool:
        """Writes down what became of a notice.

        Returns False, and changes nothing, when it is settled already.
        """
        return await self._change(
            update(NoticeRow)
            .where(col(NoticeRow.key) == claim.key, col(NoticeRow.settled_at).is_(None))
            .values(
                state=outcome,
                settled_at=now,
                lease_until=None,
                answer=answer,
                provider_id=provider_id,
            )
        )

    async def one(self, key: str) -> NoticeRow | None:
        """Returns what is known of a notice, for staff; None for a key that was never claimed."""
        async with self._database.session() as session:
            return await session.get(NoticeRow, key)

    async def notices(
        self,
        *,
        reference: str | None = None,
        state: str | None = None,
        after: Place | None = None,
        most: int = PAGE,
    ) -> Sequence[NoticeRow]:
        """Returns notices for staff, the newest first: of one complaint, in one state, or all.

        `after` goes on where a page of before ended.
        """
        wanted: list[ColumnElement[bool]] = []
        if reference is not None:
            wanted.append(col(NoticeRow.reference) == reference)
        if state is not None:
            wanted.append(col(NoticeRow.state) == state)
        claimed_at, key = col(NoticeRow.claimed_at), col(NoticeRow.key)
        if after is not None:
            same_moment = and_(claimed_at == after.claimed_at, key > after.key)
            wanted.append(or_(claimed_at < after.claimed_at, same_moment))
        ordered = select(NoticeRow).where(*wanted).order_by(claimed_at.desc(), key).limit(most)
        async with self._database.session() as session:
            return (await session.exec(ordered)).all()

    async def _change(self, statement: Update) -> bool:
        async with self._database.session() as session:
            return (await session.exec(statement)).rowcount == 1
