"""Reading: one case file with where the complaint stands, and lists of what was received."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import and_, or_
from sqlmodel import col, select

from services.intake import classification
from services.intake.mail_records import WITHOUT_RAW
from services.intake.models import Facts, Filters, Page
from services.intake.tables import Complaint, IncomingMail, SavedAction
from services.intake.wiring import Intake
from services.shared.cursors import KnownInstant, cursor_of, from_cursor
from services.shared.errors import PutrightError
from services.shared.events import Frozen
from services.workflow.contract import ClockPosition, Position, Promise, PromisePosition

MOST_MAILS = 200
"""How many mails a case file shows; a longer exchange is read by `/api/mail`."""


async def actions_of(intake: Intake, reference: str) -> list[SavedAction]:
    """Returns the complaint's actions that are done or pending, oldest first."""
    async with intake.database.session() as session:
        kept = select(SavedAction).where(
            SavedAction.reference == reference, SavedAction.outcome != "refused"
        )
        return list((await session.exec(kept.order_by(col(SavedAction.id)))).all())


async def action_with(intake: Intake, reference: str, key: str) -> SavedAction | None:
    """Returns the complaint's action of that idempotency key, whatever became of it, if any."""
    async with intake.database.session() as session:
        same = select(SavedAction).where(SavedAction.reference == reference, SavedAction.key == key)
        return (await session.exec(same)).first()


async def mails_of(intake: Intake, reference: str) -> list[IncomingMail]:
    """Returns the mails that the complaint began with or that were joined to it, oldest first."""
    of_it = select(IncomingMail).options(WITHOUT_RAW).where(IncomingMail.reference == reference)
    async with intake.database.session() as session:
        newest = await session.exec(of_it.order_by(col(IncomingMail.id).desc()).limit(MOST_MAILS))
        return list(reversed(newest.all()))


async def position_now(
    intake: Intake, complaint: Complaint, actions: Sequence[SavedAction]
) -> tuple[Position, bool]:
    """Returns where the complaint stands, and whether the workflow itself said so just now.

    While it cannot be asked, the answer to the latest action stands in, or else the promise.
    """
    try:
        return await intake.engine.position(complaint.reference), True
    except PutrightError:
        answers = [action.answer for action in actions if action.outcome == "done"]
        latest = answers[-1] if answers else None
        if latest is not None:
            return Position.model_validate(latest), False
        return at_receipt(complaint.reference, Promise.model_validate(complaint.promise)), False


def promised_words(
    promises: Iterable[PromisePosition], actions: Iterable[SavedAction]
) -> dict[int, str]:
    """Returns what each promised action is, by its number, in the words of the letter.

    The workflow numbers them in the order of the responses, `actions` oldest first. One whose day
    differs is left out: then these are not the responses that promised it.
    """
    told: list[dict[str, Any]] = []
    for action in actions:
        if (action.verb, action.outcome) == ("respond", "done"):
            response: dict[str, Any] = action.body or {}
            told += response.get("actions", ())
    return {
        promise.number: one["what"]
        for promise, one in zip(promises, told, strict=False)
        if one["by"] == promise.by.isoformat()
    }


def at_receipt(reference: str, promise: Promise) -> Position:
    """Returns where a complaint stands before anything has happened to it."""
    return Position(
        reference=reference,
        policy=promise.policy,
        policy_effective=promise.policy_effective,
        stage=promise.stage,
        status="received",
        priority="standard",
        investigator=None,
        points=(),
        contacts=0,
        clocks=tuple(
            ClockPosition(
                stage=due.stage,
                clock=due.clock,
                due=due.on,
                passes_at=due.passes_at,
                state="running",
                met_at=None,
                missed_at=None,
                reminders_sent=0,
                rungs_climbed=0,
                latest_extension=due.latest_extension,
            )
            for due in promise.dues
        ),
        next_due=min(due.passes_at for due in promise.dues),
        overdue=False,
    )


async def page(intake: Intake, filters: Filters) -> Page:
    """Returns one page of complaints, newest received first.

    Raises MendRequest `unknown-cursor` for a cursor that no page gave.
    """
    wanted = select(Complaint)
    for name in ("policy", "channel"):
        value = getattr(filters, name)
        if value is not None:
            wanted = wanted.where(getattr(Complaint, name) == value)
    for name in ("category", "service_area", "region"):
        value = getattr(filters, name)
        if value is not None:
            wanted = wanted.where(classification.standing(name) == value)
    received, order = col(Complaint.received_at), col(Complaint.id)
    if filters.received_from is not None:
        wanted = wanted.where(received >= filters.received_from)
    if filters.received_before is not None:
        wanted = wanted.where(received < filters.received_before)
    if filters.cursor is not None:
        last = from_cursor(filters.cursor, _Last)
        older = and_(received == last.at, order < last.number)
        wanted = wanted.where(or_(received < last.at, older))
    wanted = wanted.order_by(received.desc(), order.desc()).limit(filters.limit + 1)
    async with intake.database.session() as session:
        found = (await session.exec(wanted)).all()
    shown = found[: filters.limit]
    standing = await classification.of_all(intake, shown)
    return Page(
        complaints=tuple(Facts.as_classified(one, standing[one.reference]) for one in shown),
        next=_to_cursor(shown[-1]) if len(found) > len(shown) else None,
    )


class _Last(Frozen):
    """The last complaint of a page, as the next page's request names it."""

    at: KnownInstant
    number: Annotated[int, Field(ge=1, lt=2**31)]
    """Its row's."""


def _to_cursor(last: Complaint) -> str:
    return cursor_of(_Last(at=last.received_at, number=last.id))
