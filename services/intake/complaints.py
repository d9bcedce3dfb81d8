"""A complaint comes in: saved and committed first, then its workflow is started.

The answer 201 is given between the two, so whatever happens next the complaint is not lost:
`start_saved` starts everything that is saved and not known to run, and starting one twice is
harmless. It runs right after each receipt and in every sweep, in every replica.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.intake.fields import check_past
from services.intake.links import tracking_url
from services.intake.models import NewComplaint
from services.intake.references import new_reference, unknown_reference
from services.intake.tables import ChannelKey, Complaint
from services.intake.wiring import Intake
from services.shared.errors import MendRequest, TryLater
from services.workflow import contract

REFERENCES_TRIED = 5
"""With a million complaints one reference in a million is taken: five in a row never are."""

STARTS_IN_FLIGHT = 16
PAGE = 256
"""How many complaints are read, started and marked as started together."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Received:
    """A complaint that is saved: its reference, and what was promised on receipt."""

    reference: str
    promise: contract.Promise


async def receive(
    intake: Intake, new: NewComplaint, key: ChannelKey, idempotency_key: str | None
) -> Received:
    """Saves a complaint and commits it; the same key and body give the one saved before.

    Raises MendRequest `received-in-future`, `beyond-the-calendar`, `unknown-service` or
    `idempotency-key-reused`, and NotThere `unknown-policy`.
    """
    now = await intake.now()
    check_past(new.received_at, now, "received_at", "received-in-future")
    received_at = new.received_at or now
    promise = contract.promise(new.policy or intake.settings.default_policy, received_at, now)
    if new.service is not None:
        contract.check_service(promise, new.service)
    canonical = new.model_dump_json(exclude_defaults=True).encode()
    row = {
        "channel_key": key.id,
        "idempotency_key": idempotency_key,
        "body_hash": hashlib.sha256(canonical).hexdigest(),
        "policy": promise.policy,
        "promise": promise.model_dump(mode="json"),
        "received_at": received_at,
        "entered_at": now,
        **new.complainant.model_dump(),
        **new.model_dump(exclude={"policy", "received_at", "complainant"}),
    }
    for _ in range(REFERENCES_TRIED):
        reference = new_reference()
        try:
            await intake.saver.save({**row, "reference": reference})
        except IntegrityError:
            earlier = await _brought_with(intake, key, idempotency_key)
            if earlier is None:
                continue
            if earlier.body_hash != row["body_hash"]:
                raise key_reused() from None
            return Received(earlier.reference, contract.Promise.model_validate(earlier.promise))
        intake.saved.set()
        return Received(reference, promise)
    raise TryLater("no-free-reference", "No free reference was found; send it again.")


def key_reused() -> MendRequest:
    """Returns the refusal of an Idempotency-Key that came before with another body."""
    return MendRequest(
        "idempotency-key-reused",
        "This Idempotency-Key was used with another body: send it again with a key of its own.",
    )


async def _brought_with(
    intake: Intake, key: ChannelKey, idempotency_key: str | None
) -> Complaint | None:
    if idempotency_key is None:
        return None
    async with intake.database.session() as session:
        same = select(Complaint).where(
            Complaint.channel_key == key.id, Complaint.idempotency_key == idempotency_key
        )
        return (await session.exec(same)).first()


async def find(intake: Intake, reference: str) -> Complaint:
    """Returns the complaint of a canonical reference. Raises NotThere `unknown-reference`."""
    async with intake.database.session() as session:
        wanted = select(Complaint).where(Complaint.reference == reference)
        found = (await session.exec(wanted)).first()
    if found is None:
        raise unknown_reference()
    return found


async def start_saved(intake: Intake) -> None:
    """Starts every complaint that is saved and not known to run, oldest first.

    Raises TryLater when the engine is away; what was started before that is marked.
    """
    last, full = 0, True
    while full:  # what was saved during a page that is not full has woken the sweep again
        page = await _not_started(intake, after=last)
        await _start_page(intake, page)
        full = len(page) == PAGE
        last = page[-1].id if page else last


async def _not_started(intake: Intake, after: int) -> Sequence[Complaint]:
    async with intake.database.session() as session:
        waiting = select(Complaint).where(
            col(Complaint.started_at).is_(None), col(Complaint.id) > after
        )
        return (await session.exec(waiting.order_by(col(Complaint.id)).limit(PAGE))).all()


@dataclass
class _Round:
    """What came of starting one page."""

    started: list[int]
    away: TryLater | None = None


async def _start_page(intake: Intake, page: Sequence[Complaint]) -> None:
    waiting = iter(page)
    came = _Round(started=[])

    async def start_in_turn() -> None:
        for complaint in waiting:
            if came.away is not None:
                return
            try:
                await intake.engine.start(for_workflow(intake, complaint))
            except TryLater as error:
                came.away = error
            except Exception as error:  # noqa: BLE001 — one that cannot start must not hold others
                reference, kind = complaint.reference, type(error).__name__
                said = {"reference": reference, "error": kind}
                log.error("complaint not started", **said)  # noqa: TRY400 — its text may hold people
            else:
                came.started.append(complaint.id)

    await asyncio.gather(*(start_in_turn() for _ in range(min(STARTS_IN_FLIGHT, len(page)))))
    await mark_started(intake, came.started)
    if came.away is not None:
        raise came.away


async def ensure_started(intake: Intake, complaint: Complaint) -> None:
    """Starts one complaint unless it is known to run. Raises TryLater `engine-away`."""
    if complaint.started_at is None:
        await intake.engine.start(for_workflow(intake, complaint))
        await mark_started(intake, [complaint.id])


async def mark_started(intake: Intake, ids: Sequence[int]) -> None:
    """Records that these complaints' workflows run; the first record stands."""
    if not ids:
        return
    now: datetime = await intake.now()
    async with intake.database.session() as session:
        await session.exec(
            update(Complaint)
            .where(col(Complaint.id).in_(ids), col(Complaint.started_at).is_(None))
            .values(started_at=now)
        )


def link(intake: Intake, reference: str) -> str:
    """Returns the address at which the resident follows this complaint."""
    secret = intake.settings.link_secret.get_secret_value()
    return tracking_url(intake.settings.public_url, secret, reference)


def for_workflow(intake: Intake, complaint: Complaint) -> contract.NewComplaint:
    """Returns what the workflow is told: ids, dates, codes and the one addressee; no words."""
    people = (complaint.name, complaint.email, complaint.phone, complaint.address)
    return contract.NewComplaint(
        reference=complaint.reference,
        promise=contract.Promise.model_validate(complaint.promise),
        received_at=complaint.received_at,
        entered_at=complaint.entered_at,
        channel=complaint.channel,
        entered_by=complaint.channel_key,
        addressee={
            "name": complaint.name,
            "email": complaint.email,
            "postal": complaint.address is not None,
        },
        anonymous=not any(people),
        tracking_url=link(intake, complaint.reference),
        category=complaint.category,
        service_area=complaint.service_area,
        region=complaint.region,
        service=complaint.service,
    )
