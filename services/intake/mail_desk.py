"""Mail before a person: reading what was held or ignored, and deciding what becomes of it."""

from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import col, select

from services.intake import complaints, mail_taking
from services.intake.mail_head import Head, read_head
from services.intake.mail_judging import WHY
from services.intake.mail_models import (
    AttachmentFacts,
    DealWith,
    MailFacts,
    MailFilters,
    MailPage,
    MailSummary,
)
from services.intake.mail_records import WITHOUT_CONTENT, WITHOUT_RAW
from services.intake.references import parse_reference
from services.intake.tables import IncomingMail, MailAttachment
from services.intake.wiring import Intake
from services.shared.errors import AgainstTheRules, MendRequest, NotThere

UNDECIDED = ("held", "ignored")
"""The states in which a person may decide."""


async def page(intake: Intake, filters: MailFilters) -> MailPage:
    """Returns one page of mails, the newest first. Raises NotThere `unknown-reference`."""
    wanted = select(IncomingMail).options(WITHOUT_RAW)
    if filters.state is not None:
        wanted = wanted.where(IncomingMail.state == filters.state)
    if filters.reference is not None:
        wanted = wanted.where(IncomingMail.reference == parse_reference(filters.reference))
    if filters.before is not None:
        wanted = wanted.where(col(IncomingMail.id) < filters.before)
    wanted = wanted.order_by(col(IncomingMail.id).desc()).limit(filters.limit + 1)
    async with intake.database.session() as session:
        found = (await session.exec(wanted)).all()
    mails = tuple(MailSummary.model_validate(row) for row in found[: filters.limit])
    return MailPage(mails=mails, next=mails[-1].id if len(found) > filters.limit else None)


async def find(intake: Intake, mail_id: int) -> IncomingMail:
    """Returns a mail. Raises NotThere `unknown-mail`."""
    async with intake.database.session() as session:
        found = await session.get(IncomingMail, mail_id) if mail_id < 2**31 else None
    if found is None:
        raise NotThere("unknown-mail", "There is no such mail.")
    return found


async def facts(intake: Intake, row: IncomingMail) -> MailFacts:
    """Returns everything about one mail but its raw form and its attachments' content."""
    head = _head(intake, row)
    return MailFacts(
        **MailSummary.model_validate(row).model_dump(),
        why_in_words=WHY.get(row.why or ""),
        sender=head.sender if head else None,
        sender_name=head.sender_name if head else None,
        body=row.body,
        whole=row.whole,
        attachments=await _attachments(intake, row.id),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


async def attachment(intake: Intake, mail_id: int, name: str) -> bytes:
    """Returns one attachment as it came. Raises NotThere `unknown-attachment`."""
    async with intake.database.session() as session:
        found = await session.get(MailAttachment, name)
    if found is None or found.mail != mail_id or found.content is None:
        raise NotThere("unknown-attachment", "No such attachment is kept: see the raw mail.")
    return found.content


async def deal_with(intake: Intake, row: IncomingMail, decided: DealWith, *, by: str) -> MailFacts:
    """Does with a mail what a person decided; deciding the same again changes nothing.

    `by` is whose key was shown; the decision may name somebody else.

    Raises AgainstTheRules `already-taken` for a mail that became something else, MendRequest
    `words-needed` where nobody but a person can say what it says, and NotThere `unknown-reference`.
    """
    if row.state not in UNDECIDED and not _is_so(row, decided):
        raise AgainstTheRules(
            "already-taken", f"This mail is {row.state} already.", state=row.state
        )
    if row.state in UNDECIDED:
        signed = {"decided_by": decided.by or by, "decided_at": await intake.now()}
        await _change(intake, row, await _outcome(intake, row, decided) | signed)
    return await facts(intake, await find(intake, row.id))


def _is_so(row: IncomingMail, decided: DealWith) -> bool:
    wanted = parse_reference(decided.reference) if decided.reference else row.reference
    return (row.state, row.reference) == (decided.outcome, wanted)


async def _outcome(intake: Intake, row: IncomingMail, decided: DealWith) -> dict[str, object]:
    match decided.outcome:
        case "dealt-with":
            return {"state": "dealt-with"}
        case "reply":
            complaint = await complaints.find(intake, parse_reference(decided.reference or ""))
            return {"state": "reply", "reference": complaint.reference, "told_at": None}
        case "complaint":
            return {"state": "complaint", "reference": await _file(intake, row, decided.words)}


async def _file(intake: Intake, row: IncomingMail, words: str | None) -> str:
    words = words or await _words(intake, row)
    if words is None:
        raise MendRequest("words-needed", "Putright cannot read its words: send them as `words`.")
    try:
        return await mail_taking.file(intake, row, _head(intake, row), words)
    except ValidationError:
        raise MendRequest("words-needed", "Its words cannot be taken: send them again.") from None


async def _words(intake: Intake, row: IncomingMail) -> str | None:
    try:
        mail = await mail_taking.read_whole(intake, row)
    except Exception:  # noqa: BLE001 — it may be held because it cannot be read at all
        return None
    return mail.words if mail.body.text and not mail.body.encrypted else None


async def _change(intake: Intake, row: IncomingMail, values: dict[str, object]) -> None:
    async with intake.database.session() as session:
        await session.exec(
            update(IncomingMail)
            .where(col(IncomingMail.id) == row.id, col(IncomingMail.state).in_(UNDECIDED))
            .values(**values)
        )
    intake.mail_taken.set()


def _head(intake: Intake, row: IncomingMail) -> Head | None:
    try:
        return read_head(row.raw, mail_taking.ourselves(intake))
    except Exception:  # noqa: BLE001 — it may be held because it cannot be read at all
        return None


async def _attachments(intake: Intake, mail_id: int) -> tuple[AttachmentFacts, ...]:
    of_mail = MailAttachment.mail == mail_id
    every = select(MailAttachment).where(of_mail).options(WITHOUT_CONTENT)
    kept = select(MailAttachment.name).where(of_mail, col(MailAttachment.content).is_not(None))
    async with intake.database.session() as session:
        found = (await session.exec(every.order_by(col(MailAttachment.name)))).all()
        names = set((await session.exec(kept)).all())
    return tuple(
        AttachmentFacts(
            name=one.name,
            given_name=one.given_name,
            media_type=one.media_type,
            size=one.size,
            kept=one.name in names,
        )
        for one in found
    )
