"""A complaint comes in: saved and committed first, then its workflow is started.

The answer 201 is given between the two, so whatever happens next the complaint is not lost:
`start_saved` starts everything that is saved and not known to run, and starting one twice is
harmless. It runs right after each receipt and in every sweep, in every replica.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel
from sqlmodel import select

from services.intake import starting
from services.intake.fields import check_past
from services.intake.links import tracking_url
from services.intake.models import NewComplaint
from services.intake.references import unknown_reference
from services.intake.saving import Row, save_once
from services.intake.tables import ChannelKey, Complaint
from services.intake.wiring import Intake
from services.shared.errors import AgainstTheRules, MendRequest
from services.workflow import contract


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
    row = {
        "channel_key": key.id,
        "idempotency_key": idempotency_key,
        "body_hash": hash_of(new),
        "from_feedback": None,
        "entered_by": None,
        "policy": promise.policy,
        "promise": promise.model_dump(mode="json"),
        "received_at": received_at,
        "entered_at": now,
        **new.complainant.model_dump(),
        **new.model_dump(exclude={"policy", "received_at", "complainant"}),
    }
    brought_before = partial(_brought_with, intake, key, idempotency_key)
    reference, earlier = await save_once(intake.saver, row, "PR", brought_before)
    if earlier is None:
        intake.saved.set()
        return Received(reference, promise)
    if earlier.body_hash != row["body_hash"]:
        raise key_reused()
    return Received(reference, contract.Promise.model_validate(earlier.promise))


async def file_from_feedback(intake: Intake, row: Row) -> Received:
    """Saves a complaint about how feedback was handled; each feedback has at most one.

    `row` are its columns without a reference. A repeat gives the complaint saved before; with
    another body it is another complaint: AgainstTheRules `must-be-a-new-complaint`.
    """

    async def filed_before() -> Complaint | None:
        return await about_feedback(intake, row["from_feedback"])

    reference, earlier = await save_once(intake.saver, row, "PR", filed_before)
    if earlier is None:
        intake.saved.set()
    elif earlier.body_hash != row["body_hash"]:
        raise AgainstTheRules(
            "must-be-a-new-complaint",
            f"This feedback has become the complaint {earlier.reference}: bring what is new in as "
            "a complaint of its own, or add it to that one's points.",
            reference=earlier.reference,
        )
    promise = row["promise"] if earlier is None else earlier.promise
    return Received(reference, contract.Promise.model_validate(promise))


async def about_feedback(intake: Intake, feedback: str) -> Complaint | None:
    """Returns the complaint that feedback of that reference became, or None."""
    async with intake.database.session() as session:
        wanted = select(Complaint).where(Complaint.from_feedback == feedback)
        return (await session.exec(wanted)).first()


def hash_of(body: BaseModel) -> str:
    """Returns the SHA-256 (hex) of a body: the same whenever the same is brought again."""
    canonical = body.model_dump_json(exclude_defaults=True).encode()
    return hashlib.sha256(canonical).hexdigest()


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
    await starting.start_saved(intake, Complaint, partial(_start, intake))


async def ensure_started(intake: Intake, complaint: Complaint) -> None:
    """Starts one complaint unless it is known to run. Raises TryLater `engine-away`."""
    if complaint.started_at is None:
        await _start(intake, complaint)
        await mark_started(intake, [complaint.id])


async def mark_started(intake: Intake, ids: Sequence[int]) -> None:
    """Records that these complaints' workflows run; the first record stands."""
    await starting.mark_started(intake, Complaint, ids)


async def _start(intake: Intake, complaint: Complaint) -> None:
    await intake.engine.start(for_workflow(intake, complaint))


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
        entered_by=complaint.entered_by or complaint.channel_key,
        addressee={
            "name": complaint.name,
            "email": complaint.email,
            "address": complaint.address,
            "phone": complaint.phone,
            "prefers_letters": complaint.preferred_contact == "letter",
            "large_print": complaint.large_print,
            "texts": complaint.texts or complaint.preferred_contact == "text",
            "language": complaint.language,
        },
        anonymous=not any(people),
        tracking_url=link(intake, complaint.reference),
        category=complaint.category,
        service_area=complaint.service_area,
        region=complaint.region,
        tenure=complaint.tenure,
        service=complaint.service,
        from_feedback=complaint.from_feedback,
    )
