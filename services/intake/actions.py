"""What staff do to a complaint: saved and committed first, then carried out by the workflow.

An action is pending until the workflow has done or refused it. While the engine is away it stays
pending and the sweep carries it out; the same function does it for the request and for the sweep,
and the workflow does each action once. The pending actions of a complaint go in the order in
which they were saved.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import JsonValue
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.intake import complaints
from services.intake.letters import to_workflow
from services.intake.tables import SavedAction
from services.intake.wiring import Intake
from services.shared.errors import KINDS, AgainstTheRules, NotThere, PutrightError, TryLater
from services.workflow.contract import Position

IN_FLIGHT = 4

log = structlog.get_logger()


@dataclass(frozen=True)
class Asked:
    """An action as a member of staff asks for it."""

    verb: str
    by: str
    body: dict[str, JsonValue]

    @property
    def hash(self) -> str:
        """SHA-256 (hex) that is the same whenever the same is asked again."""
        canonical = json.dumps([self.verb, self.by, self.body], sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


async def take(intake: Intake, reference: str, asked: Asked, key: str | None) -> Position:
    """Saves an action, carries it out and returns where the complaint then stands.

    A repeated key with the same body gives the answer of the first time. Raises NotThere
    `unknown-reference`, MendRequest `idempotency-key-reused`, the refusal of the action, or
    TryLater `engine-away`: then it is saved and will be carried out.
    """
    complaint = await complaints.find(intake, reference)
    saved = await _save(intake, reference, asked, key or secrets.token_hex(16))
    if saved.outcome == "pending":
        await complaints.ensure_started(intake, complaint)
        await _carry_out(intake, reference)
        saved = await _find(intake, saved.id)
    return _answer(saved)


async def carry_out_pending(intake: Intake) -> None:
    """Carries out every pending action; those of one complaint in order, several at once."""
    waiting = iter(await _references_with_pending(intake))

    async def carry_out_in_turn() -> None:
        for reference in waiting:
            try:
                await complaints.ensure_started(intake, await complaints.find(intake, reference))
                await _carry_out(intake, reference)
            except Exception as error:  # noqa: BLE001 — one that fails must not hold the others
                code = getattr(error, "code", type(error).__name__)
                log.warning("action still pending", reference=reference, error=code)

    await asyncio.gather(*(carry_out_in_turn() for _ in range(IN_FLIGHT)))


async def _save(intake: Intake, reference: str, asked: Asked, key: str) -> SavedAction:
    row = SavedAction(
        reference=reference,
        key=key,
        update_id=_new_update_id(),
        verb=asked.verb,
        by=asked.by,
        body=asked.body,
        body_hash=asked.hash,
        saved_at=await intake.now(),
    )
    try:
        async with intake.database.session() as session:
            session.add(row)
    except IntegrityError:
        same = select(SavedAction).where(SavedAction.reference == reference, SavedAction.key == key)
        async with intake.database.session() as session:
            earlier = (await session.exec(same)).one()
        if earlier.body_hash != row.body_hash:
            raise complaints.key_reused() from None
        return earlier
    return row


def _new_update_id() -> str:
    return secrets.token_hex(16)


async def _carry_out(intake: Intake, reference: str) -> None:
    """Carries out the pending actions of a complaint. Raises TryLater: the rest stay pending."""
    for saved in await _of_complaint(intake, reference, "pending"):
        try:
            done = await _of_complaint(intake, reference, "done")
            action = await to_workflow(saved, done, intake.engine)
            position = await intake.engine.act(reference, action)
        except TryLater as error:
            if error.code != "engine-away":
                # The workflow has answered this update and would give the same answer for ever.
                await _change(intake, saved, update_id=_new_update_id())
            raise
        except NotThere as error:
            if error.code != "not-started":
                raise
            await _refuse(intake, saved, _over())
        except PutrightError as refusal:
            await _refuse(intake, saved, refusal)
        else:
            answer = position.model_dump(mode="json")
            await _change(intake, saved, outcome="done", answer=answer)


def _over() -> AgainstTheRules:
    # It was started, and the engine knows it no more: it ended, and its history has been dropped.
    return AgainstTheRules(
        "complaint-ended",
        "The complaint is at its end. What is new is brought in as a new complaint.",
    )


async def _refuse(intake: Intake, saved: SavedAction, refusal: PutrightError) -> None:
    answer = {
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
        "facts": refusal.facts,
    }
    # The words of what never happened are nobody's business; the hash still tells a repeat.
    await _change(intake, saved, outcome="refused", answer=answer, body=None)


async def _change(intake: Intake, saved: SavedAction, **values: object) -> None:
    """Changes a pending action as long as it is the one that was tried: others may be at it too."""
    async with intake.database.session() as session:
        await session.exec(
            update(SavedAction)
            .where(
                col(SavedAction.id) == saved.id,
                col(SavedAction.outcome) == "pending",
                col(SavedAction.update_id) == saved.update_id,
            )
            .values(**values)
        )


def _answer(saved: SavedAction) -> Position:
    """Returns the position after a done action; raises the refusal of a refused one."""
    answer: dict[str, Any] = saved.answer or {}
    match saved.outcome:
        case "done":
            return Position.model_validate(answer)
        case "refused":
            kind = KINDS.get(answer["status"], PutrightError)
            raise kind(answer["code"], answer["detail"], **answer["facts"])
        case _:
            raise TryLater("still-pending", "This is saved and will be carried out; ask again.")


async def _find(intake: Intake, action_id: int) -> SavedAction:
    async with intake.database.session() as session:
        return await session.get_one(SavedAction, action_id)


async def _of_complaint(intake: Intake, reference: str, outcome: str) -> Sequence[SavedAction]:
    async with intake.database.session() as session:
        found = select(SavedAction).where(
            SavedAction.reference == reference, SavedAction.outcome == outcome
        )
        return (await session.exec(found.order_by(col(SavedAction.id)))).all()


async def _references_with_pending(intake: Intake) -> Sequence[str]:
    async with intake.database.session() as session:
        pending = select(SavedAction.reference).where(SavedAction.outcome == "pending").distinct()
        return (await session.exec(pending)).all()
