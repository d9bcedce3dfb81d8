"""Turns stored mail into complaints, replies, and what a person must look at.

Each mail is taken by itself: whatever is wrong with one, the others go on. What it becomes is
idempotent by its digest, so that a crash at any point files nothing twice and loses nothing.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from services.intake import channel_keys, complaints, mail_records
from services.intake.mail_head import Head, Ourselves, read_head
from services.intake.mail_judging import Verdict, judge, judge_head
from services.intake.mail_reading import Limits, Mail, read
from services.intake.models import Complainant, NewComplaint
from services.intake.references import parse_reference, references_in
from services.intake.tables import Complaint, IncomingMail
from services.intake.wiring import Intake
from services.shared.errors import NotThere, PutrightError, TryLater

KEY = "mailbox"
"""The name of the channel key under which mail comes in; staff read it as who brought it."""

READ_PATIENCE = 40.0
"""Seconds that reading one mail may take: less than a mail is leased for."""

log = structlog.get_logger()


async def take_new(intake: Intake) -> None:
    """Takes every mail that is stored and was not looked at, oldest first.

    Raises TryLater when storage is away; what was taken before that stays taken.
    """
    while found := await mail_records.waiting(intake):
        for mail_id in found:
            await _take(intake, mail_id)
        intake.mail_taken.set()


async def _take(intake: Intake, mail_id: int) -> None:
    row = await mail_records.begin(intake, mail_id)
    if row is None:
        return
    head: Head | None = None
    try:
        head = read_head(row.raw, ourselves(intake))
        await _become(intake, row, head)
    except (TryLater, OperationalError, InterfaceError, asyncio.CancelledError):
        with suppress(OperationalError, InterfaceError):  # storage is away: the lease runs out
            await mail_records.give_back(intake, row)
        raise
    except TimeoutError:
        await _hold(intake, row, "took-too-long", head)
    except PutrightError as refusal:
        await _hold(intake, row, refusal.code, head)
    except ValidationError:
        await _hold(intake, row, "not-accepted", head)
    except Exception as error:  # noqa: BLE001 — whatever one mail does, the others must go on
        kind = type(error).__name__
        log.error("mail not read", mail=row.id, error=kind)  # noqa: TRY400 — its text may hold people
        await _hold(intake, row, "unreadable", head)


async def _hold(intake: Intake, row: IncomingMail, why: str, head: Head | None) -> None:
    await mail_records.settle(intake, row, Verdict("held", why), head=head)


async def _become(intake: Intake, row: IncomingMail, head: Head) -> None:
    """Settles a mail by what it says."""
    verdict, mail, reference = _by_head(row, head), None, None
    if verdict is None:
        mail = await read_whole(intake, row)
        verdict = judge(mail)
        if verdict.state in {"complaint", "reply"}:
            verdict = await _unless_repeated(intake, row, head) or verdict
    if mail and verdict.state == "complaint":
        verdict = await _named(intake, mail, head) or verdict
    if mail and verdict.state == "complaint":
        reference = await file(intake, row, head, mail.words)
    if verdict.complaint is not None:
        verdict, reference = await _joined(intake, verdict, head)
    if mail and mail.body.left_out and verdict.why is None:
        verdict = replace(verdict, why="attachments-left-out")
    await mail_records.settle(intake, row, verdict, head=head, mail=mail, reference=reference)


def _by_head(row: IncomingMail, head: Head) -> Verdict | None:
    verdict = judge_head(head)
    if row.whole or (verdict is not None and verdict.state == "ignored"):
        return verdict
    return Verdict("held", "too-large" if row.raw else "not-given", head.complaint)


async def read_whole(intake: Intake, row: IncomingMail) -> Mail:
    """Reads a stored mail whole, beside the requests that are served. Raises as `read` does."""
    settings = intake.settings
    limits = Limits(settings.mail_attachments, settings.mail_attachment_largest)
    async with asyncio.timeout(READ_PATIENCE):
        return await asyncio.to_thread(read, row.raw, ourselves(intake), limits)


def ourselves(intake: Intake) -> Ourselves:
    """Returns what tells us apart in a mail."""
    secret = intake.settings.link_secret.get_secret_value()
    return Ourselves(intake.settings.mail_from, secret)


async def file(intake: Intake, row: IncomingMail, head: Head | None, words: str) -> str:
    """Brings a mail in as a complaint and returns its reference; the same mail is the same one.

    The clocks count from when it came into the mailbox. Raises ValidationError for words that no
    complaint can have, and as `complaints.receive` does.
    """
    known = head if head and not head.from_our_address else None
    sender = known.sender if known else None
    new = NewComplaint(
        channel="email",
        received_at=row.arrived_at,
        complainant=Complainant(
            name=known.sender_name if known else None,
            email=sender,
            preferred_contact="email" if sender else None,
        ),
        words=words,
    )
    key = await channel_keys.own(intake.database, KEY, "email", await intake.now())
    return (await complaints.receive(intake, new, key, row.digest)).reference


async def _unless_repeated(intake: Intake, row: IncomingMail, head: Head) -> Verdict | None:
    """Holds what was delivered twice, and what may be a loop; None for what is neither."""
    if await mail_records.came_before(intake, row, head):
        return Verdict("held", "same-message-id", head.complaint)
    earlier = await mail_records.earlier_of_sender(intake, row, head)
    too_many = earlier >= intake.settings.mails_an_hour
    return Verdict("held", "too-many", head.complaint) if too_many else None


async def _named(intake: Intake, mail: Mail, head: Head) -> Verdict | None:
    """Returns the verdict on a mail whose words name a complaint; None where they name none.

    The receipt asks residents to give their reference. Whoever writes from the complaint's own
    address writes about it; anybody else, or about several, is for a person to judge.
    """
    found = []
    for reference in references_in(mail.words):
        with suppress(NotThere):
            found.append(await complaints.find(intake, reference))
    if not found:
        return None
    named = found[0].reference.lower()
    if len(found) == 1 and _is_from(found[0], head):
        return Verdict("reply", complaint=named)
    return Verdict("held", "names-a-complaint", named)


async def _joined(intake: Intake, verdict: Verdict, head: Head) -> tuple[Verdict, str | None]:
    """Returns the verdict on a mail that names a complaint by a tag of ours, and the reference."""
    name = verdict.complaint or ""
    try:
        complaint = await complaints.find(intake, parse_reference(name))
    except NotThere:
        unknown = "about-feedback" if name.startswith("fb-") else "unknown-complaint"
        held = Verdict("held", unknown, verdict.complaint)
        return (verdict if verdict.state == "ignored" else held), None
    if verdict.state == "reply" and not _is_from(complaint, head):
        verdict = replace(verdict, why="other-sender")
    return verdict, complaint.reference


def _is_from(complaint: Complaint, head: Head) -> bool:
    return head.sender is not None and head.sender == (complaint.email or "").lower()
