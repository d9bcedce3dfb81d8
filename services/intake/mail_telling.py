"""Whoever must know of a mail is told: its complaint of a reply, a person of what is held."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from services.intake import complaints
from services.intake.mail_judging import WHY
from services.intake.mail_records import WITHOUT_RAW
from services.intake.mail_taking import KEY
from services.intake.tables import IncomingMail
from services.intake.wiring import Intake
from services.shared.errors import AgainstTheRules, NotThere, PutrightError, TryLater
from services.shared.local_time import local_date
from services.workflow import held_mail_contract
from services.workflow.contract import TellOfMail

AWAY_IN_A_ROW = 3
"""After how many complaints on end that do not answer the engine itself counts as away: a single
one that is stuck must not keep the others from being told."""

log = structlog.get_logger()


async def tell(intake: Intake) -> None:
    """Tells of every mail that nobody was told of. Raises TryLater `engine-away`."""
    await _tell_officer(intake)
    await _tell_complaints(intake)


async def _untold(intake: Intake, state: str) -> Sequence[IncomingMail]:
    wanted = select(IncomingMail).where(
        IncomingMail.state == state, col(IncomingMail.told_at).is_(None)
    )
    in_order = wanted.options(WITHOUT_RAW).order_by(col(IncomingMail.id))
    async with intake.database.session() as session:
        return (await session.exec(in_order)).all()


async def _change(intake: Intake, mails: Sequence[IncomingMail], **values: object) -> None:
    """Changes mails that are as they were, and nobody was told of: what a person did stands."""
    async with intake.database.session() as session:
        for mail in mails:
            await session.exec(
                update(IncomingMail)
                .where(
                    col(IncomingMail.id) == mail.id,
                    col(IncomingMail.state) == mail.state,
                    col(IncomingMail.told_at).is_(None),
                )
                .values(**values)
            )


async def _tell_complaints(intake: Intake) -> None:
    away = 0
    for mail in await _untold(intake, "reply"):
        try:
            await _tell_complaint(intake, mail)
        except TryLater:
            away += 1
            if away == AWAY_IN_A_ROW:
                raise
        except PutrightError as error:
            log.warning("complaint not told of mail", mail=mail.id, error=error.code)
        else:
            away = 0


async def _tell_complaint(intake: Intake, mail: IncomingMail) -> None:
    complaint = await complaints.find(intake, mail.reference or "")
    await complaints.ensure_started(intake, complaint)
    action = TellOfMail(key=f"mail-{mail.digest[:32]}", by=KEY)
    try:
        await intake.engine.act(complaint.reference, action)
    except (AgainstTheRules, NotThere):
        # It is at its end, or so long past it that the engine knows it no more.
        await _change(intake, [mail], state="held", why="complaint-over")
        intake.mail_taken.set()
    else:
        await _change(intake, [mail], told_at=await intake.now())


async def _tell_officer(intake: Intake) -> None:
    """Has one note an hour sent about everything that is held; what follows waits for the next."""
    held = await _untold(intake, "held")
    now = await intake.now()
    if not held or await _told_within_hour_of(intake, now):
        return
    policy = intake.settings.default_policy
    received_on = local_date(min(mail.arrived_at for mail in held))
    note = held_mail_contract.note(policy, now, received_on, in_words([mail.why for mail in held]))
    if await intake.engine.tell_of_held_mail(note):
        await _change(intake, held, told_at=now)


async def _told_within_hour_of(intake: Intake, now: datetime) -> bool:
    hour = now.replace(minute=0, second=0, microsecond=0)
    told = select(IncomingMail.id).where(
        IncomingMail.state == "held", col(IncomingMail.told_at) >= hour
    )
    async with intake.database.session() as session:
        return (await session.exec(told.limit(1))).first() is not None


def in_words(codes: Sequence[str | None]) -> str:
    """Returns why mail is held, for people: of the first one why, and how many wait beside it."""
    first = WHY.get(codes[0] or "", WHY["unreadable"])
    others = len(codes) - 1
    if not others:
        return first
    return f"{first}; and {others} more {'mail is' if others == 1 else 'mails are'} held beside it"
