"""What is kept of a mail once it was looked at, and what was kept of others before it."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, func, or_, update
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import col, select

from services.intake.mail_head import Head
from services.intake.mail_judging import Verdict
from services.intake.mail_reading import Attachment, Mail, shortened
from services.intake.tables import IncomingMail, MailAttachment
from services.intake.wiring import Intake

ATTEMPTS = 3
"""How often reading one mail may end the process, before a person must look at it."""

LEASE = timedelta(minutes=1)
"""How long a process that has begun to read a mail keeps the others from it."""

HOUR = timedelta(hours=1)

WITHOUT_RAW = defer(cast("QueryableAttribute[bytes]", IncomingMail.raw))
WITHOUT_CONTENT = defer(cast("QueryableAttribute[bytes]", MailAttachment.content))
"""Options of a query for many: what is large stays in the database."""


async def waiting(intake: Intake) -> Sequence[int]:
    """Returns the mails that nobody has looked at and nobody is reading, oldest first."""
    free = _free(await intake.now())
    async with intake.database.session() as session:
        new = select(IncomingMail.id).where(IncomingMail.state == "new", free)
        return (await session.exec(new.order_by(col(IncomingMail.id)))).all()


async def begin(intake: Intake, mail_id: int) -> IncomingMail | None:
    """Counts an attempt at a mail before it is made, and leases the mail for `LEASE`.

    Returns None where no attempt is to be made: another process reads it, or too many ended.
    """
    now = await intake.now()
    async with intake.database.session() as session:
        row = await session.get_one(IncomingMail, mail_id)
        may_try = row.attempts < ATTEMPTS
        values: dict[str, object] = {"state": "held", "why": "could-not-be-read"}
        if may_try:
            values = {"attempts": row.attempts + 1, "leased_until": now + LEASE}
        changed = await session.exec(
            update(IncomingMail)
            .where(
                col(IncomingMail.id) == mail_id,
                col(IncomingMail.state) == "new",
                col(IncomingMail.attempts) == row.attempts,
                _free(now),
            )
            .values(**values)
        )
        return row if changed.rowcount and may_try else None


async def give_back(intake: Intake, row: IncomingMail) -> None:
    """Takes back an attempt that came to nothing through no fault of the mail, and its lease."""
    async with intake.database.session() as session:
        await session.exec(
            update(IncomingMail)
            .where(col(IncomingMail.id) == row.id, col(IncomingMail.state) == "new")
            .values(attempts=col(IncomingMail.attempts) - 1, leased_until=None)
        )


def _free(now: datetime) -> ColumnElement[bool]:
    until = col(IncomingMail.leased_until)
    return or_(until.is_(None), until <= now)


async def settle(  # noqa: PLR0913 — what was found out about one mail, as far as it was
    intake: Intake,
    row: IncomingMail,
    verdict: Verdict,
    *,
    head: Head | None = None,
    mail: Mail | None = None,
    reference: str | None = None,
) -> None:
    """Keeps what a mail has become, with what was read of it. Another's outcome stands."""
    body = None
    if mail is not None:
        body = shortened(mail.body.reply if verdict.complaint else mail.body.text)
    found = {
        "state": verdict.state,
        "why": verdict.why,
        "reference": reference,
        "message_id": head.message_id if head else None,
        "sender_hash": sender_hash(intake, head),
        "subject": (head.subject or None) if head else None,
        "body": body,
    }
    async with intake.database.session() as session:
        changed = await session.exec(
            update(IncomingMail)
            .where(col(IncomingMail.id) == row.id, col(IncomingMail.state) == "new")
            .values(**found)
        )
        if changed.rowcount and mail is not None:
            session.add_all(_kept(row.id, one) for one in mail.body.attachments)


def _kept(mail_id: int, attachment: Attachment) -> MailAttachment:
    return MailAttachment(
        name=secrets.token_hex(16),
        mail=mail_id,
        given_name=attachment.given_name,
        media_type=attachment.media_type,
        size=attachment.size,
        content=attachment.content,
    )


def sender_hash(intake: Intake, head: Head | None) -> str | None:
    """Returns what tells a sender from others, and from which nobody can tell who it is."""
    if head is None or head.sender is None:
        return None
    secret = intake.settings.link_secret.get_secret_value()
    return hmac.digest(secret.encode(), f"mail-sender:{head.sender}".encode(), "sha256").hex()


async def came_before(intake: Intake, row: IncomingMail, head: Head) -> bool:
    """Whether a mail of that Message-ID and sender was taken in before: it was delivered twice."""
    if head.message_id is None:
        return False
    same = select(func.count()).where(
        IncomingMail.message_id == head.message_id,
        IncomingMail.sender_hash == sender_hash(intake, head),
        IncomingMail.id < row.id,
        col(IncomingMail.state).in_(["complaint", "reply"]),
    )
    async with intake.database.session() as session:
        return (await session.exec(same)).one() > 0


async def earlier_of_sender(intake: Intake, row: IncomingMail, head: Head) -> int:
    """Returns how many mails of the same sender were taken in within the hour before this one."""
    since: datetime = row.fetched_at - HOUR
    same = select(func.count()).where(
        IncomingMail.sender_hash == sender_hash(intake, head),
        col(IncomingMail.fetched_at) > since,
        IncomingMail.id < row.id,
        col(IncomingMail.state).in_(["complaint", "reply"]),
    )
    async with intake.database.session() as session:
        return (await session.exec(same)).one()
