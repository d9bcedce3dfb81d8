"""Mails as people write them, and what is stored of them."""

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from sqlmodel import col, select

from services.intake import mail_telling
from services.intake.mail_taking import take_new
from services.intake.tables import IncomingMail, MailAttachment
from services.shared.mail_tags import tag, tagged
from tests.intake.desk import Desk

OURS = "complaints@example.org"


def written(
    words: str = "The boiler has been off since Monday.",
    *,
    sender: str = "Jo Bloggs <jo@home.example>",
    to: str = OURS,
    subject: str = "No heating",
    **headers: str,
) -> EmailMessage:
    """A mail as a person's mail program sends it; `In_Reply_To` names that header."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{hashlib.sha256(words.encode()).hexdigest()[:16]}@home.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def answer_to(desk: Desk, reference: str, words: str = "Thank you.", **headers: str) -> bytes:
    """A reply to what a complaint's resident was sent, by the address that it asks for."""
    to = tagged(OURS, secret(desk), "complaint", reference)
    return written(words, to=to, subject="Re: your complaint", **headers).as_bytes()


def root(desk: Desk, reference: str) -> str:
    """The id that all mails of a complaint name as the root of their thread."""
    return f"<{tag(secret(desk), 'complaint', reference)}@example.org>"


def secret(desk: Desk) -> str:
    return desk.settings.link_secret.get_secret_value()


async def store(desk: Desk, *mails: bytes, **columns: Any) -> None:
    """Stores mails as the fetching does."""
    now = datetime.now(UTC)
    async with desk.database.session() as session:
        for raw in mails:
            facts = {"arrived_at": now, "fetched_at": now, **columns}
            session.add(IncomingMail(digest=hashlib.sha256(raw).hexdigest(), raw=raw, **facts))


async def take(desk: Desk, *mails: bytes, **columns: Any) -> list[IncomingMail]:
    """Stores mails and has them taken; returns every mail there is, oldest first."""
    await store(desk, *mails, **columns)
    await take_new(desk.app.state.intake)
    return await kept(desk)


async def tell(desk: Desk) -> list[IncomingMail]:
    """Tells whoever must know; returns every mail there is, oldest first."""
    await mail_telling.tell(desk.app.state.intake)
    return await kept(desk)


async def kept(desk: Desk) -> list[IncomingMail]:
    async with desk.database.session() as session:
        in_order = select(IncomingMail).order_by(col(IncomingMail.id))
        return list((await session.exec(in_order)).all())


async def attachments(desk: Desk) -> list[MailAttachment]:
    async with desk.database.session() as session:
        return list((await session.exec(select(MailAttachment))).all())


def outcomes(mails: list[IncomingMail]) -> list[tuple[str, str | None]]:
    """What became of each mail, and why."""
    return [(mail.state, mail.why) for mail in mails]
