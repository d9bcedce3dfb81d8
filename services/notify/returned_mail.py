"""Mail that came back: kept as it came, read, matched with its notice, and told.

The mailbox may be shared with intake, which reads the same mail for what residents write; here
only what came to a return path, or from a mail server, is kept.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import col, or_, select
from temporalio.client import Client

from services.notify import news
from services.notify.returned_reading import MOST_BYTES, Returned, may_be_ours, read
from services.notify.returned_telling import tell_officer
from services.notify.tables import MailboxRow, NoticeRow, ReturnedMailRow
from services.shared.database import Database, insert
from services.shared.errors import AgainstTheRules, TryLater
from services.shared.local_time import local_date
from services.shared.mailbox import Batch, MailboxSettings, Place, read_new

FIRST_LOOK = timedelta(days=7)
"""How far back a mailbox is read for the first time: mail servers try for five days."""

AT_ONCE = 100
"""Mails that are read in one go."""

LONGEST_ANSWER = 1000
"""Characters of all that was said about one notice."""

AWAY = (InterfaceError, OperationalError, OSError)
"""What is raised while the database does not answer."""

log = structlog.get_logger()


class ReturnedMail:
    """The mail that comes back into one mailbox. `secret` signs the return paths."""

    def __init__(
        self,
        settings: MailboxSettings,
        secret: str,
        database: Database,
        client: Client,
        now: Callable[[], Awaitable[datetime]],
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._database = database
        self._client = client
        self._now = now

    async def look(self) -> None:
        """Keeps what is new in the mailbox, and reads all that was not read yet.

        Raises TryLater `mailbox-away`, `mailbox-login-refused` or `engine-away`; what is kept by
        then is read at the next look.
        """
        await self.read_kept()
        await self._tell_officer()
        more = True
        while more:
            batch = await read_new(
                self._settings,
                await self._place(),
                first_from=local_date(await self._now() - FIRST_LOOK),
                largest=MOST_BYTES,
            )
            await self._keep(batch)
            await self.read_kept()
            more = batch.more
        await self._tell_officer()

    async def read_kept(self) -> None:
        """Reads what is kept and not read yet. Raises TryLater `engine-away`."""
        for mail in await self._unread():
            try:
                await self._take_in(mail)
            except TryLater as error:
                if error.code != "notice-not-settled":
                    raise
                log.info("returned-mail-waits", mail=mail.id, reason=error.code)

    async def counts(self) -> Mapping[str, int]:
        """Returns how many mails were read as what, by outcome; `new` is what is not read yet."""
        outcome = func.coalesce(ReturnedMailRow.outcome, "new")
        async with self._database.session() as session:
            found = await session.exec(select(outcome, func.count()).group_by(outcome))
            return dict(found.all())

    async def _tell_officer(self) -> None:
        await tell_officer(self._database, self._client, await self._now())

    async def _place(self) -> Place | None:
        async with self._database.session() as session:
            row = await session.get(MailboxRow, self._settings.mailbox_name)
        return None if row is None else Place(row.uid_validity, row.last_uid)

    async def _keep(self, batch: Batch) -> None:
        """Keeps the mails and how far the mailbox is read, both or neither."""
        now = await self._now()
        place = {"uid_validity": batch.place.uid_validity, "last_uid": batch.place.last_uid}
        async with self._database.session() as session:
            for mail in batch.mails:
                if may_be_ours(mail.raw, self._secret):
                    adding = insert(session, ReturnedMailRow).values(
                        id=hashlib.sha256(mail.raw).hexdigest(), raw=mail.raw, fetched_at=now
                    )
                    await session.exec(adding.on_conflict_do_nothing(index_elements=["id"]))
            moving = insert(session, MailboxRow).values(name=self._settings.mailbox_name, **place)
            await session.exec(moving.on_conflict_do_update(index_elements=["name"], set_=place))

    async def _unread(self) -> Sequence[ReturnedMailRow]:
        query = (
            select(ReturnedMailRow)
            .where(col(ReturnedMailRow.outcome).is_(None))
            .order_by(col(ReturnedMailRow.fetched_at))
            .limit(AT_ONCE)
        )
        async with self._database.session() as session:
            return (await session.exec(query)).all()

    async def _take_in(self, mail: ReturnedMailRow) -> None:
        """Tells what a mail says first, and only then counts it as read.

        One that fails is left to a person: it must hold up neither those behind it nor what is
        still in the mailbox. Only what is away (Temporal, the database) is raised.
        """
        row: NoticeRow | None = None
        outcome: str
        try:
            returned = read(mail.raw, self._secret)
            row = await self._notice(returned)
            outcome = await self._settled(returned, row)
        except (TryLater, *AWAY):
            raise
        except Exception as error:  # noqa: BLE001 — one bad mail must not end all others
            kind = type(error).__name__
            log.error("returned-mail-failed", mail=mail.id, error=kind)  # noqa: TRY400 — text may hold people
            outcome = "unreadable"
        await self._count(mail, row, outcome)

    async def _count(self, mail: ReturnedMailRow, row: NoticeRow | None, outcome: str) -> None:
        """Counts a mail as read; `row` is the notice that it is about, as far as that is known."""
        async with self._database.session() as session:
            this = col(ReturnedMailRow.id) == mail.id
            values = {"mark": row.mark if row else None, "outcome": outcome}
            await session.exec(update(ReturnedMailRow).where(this).values(values))
        log.info("returned-mail-read", mail=mail.id, outcome=outcome)

    async def _notice(self, returned: Returned) -> NoticeRow | None:
        mark, message_id = returned.mark, returned.message_id
        if mark is None and message_id is None:
            return None
        async with self._database.session() as session:
            query = select(NoticeRow).where(
                or_(col(NoticeRow.mark) == mark, col(NoticeRow.message_id) == message_id)
            )
            found = (await session.exec(query)).all()
        # The signed return path counts for more than what is quoted.
        return next((row for row in found if row.mark == mark), next(iter(found), None))

    async def _settled(self, returned: Returned, row: NoticeRow | None) -> str:
        """Does what follows from a mail; returns as what it counts.

        A Message-ID says which notice is meant, and proves nothing: everybody who had that mail,
        or can work the id out, can quote it. Only the signed tag of a return path changes a notice.
        """
        if row is None:
            return returned.outcome if returned.outcome == "ignored" else "unmatched"
        if row.mark != returned.mark:
            return "unreadable" if returned.outcome == "bounced" else returned.outcome
        match returned.outcome:
            case "bounced":
                await self._bounced(returned, row)
            case "delayed":
                answer = f"{row.answer or ''}; delayed: {returned.words}"
                await news.noted(self._database, row.key, answer[:LONGEST_ANSWER])
            case "ignored" | "unreadable":
                pass
        return returned.outcome

    async def _bounced(self, returned: Returned, row: NoticeRow) -> None:
        try:
            await news.learnt(
                self._database,
                self._client,
                row.key,
                outcome="bounced",
                at=await self._now(),
                answer=returned.words,
            )
        except AgainstTheRules as refusal:
            log.info("bounce-changes-nothing", key=row.key, reason=refusal.code)
