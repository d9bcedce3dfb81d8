"""Feedback that is no complaint comes in, and may become one.

It is saved and committed first, then its workflow is started, as for complaints. Dissatisfaction
with how it was handled is filed as a complaint of its own, linked with it: one for each feedback.
"""

from dataclasses import dataclass
from functools import partial

from sqlmodel import select

from services.intake import complaints, starting
from services.intake.channel_keys import check_channel
from services.intake.feedback_models import Dissatisfaction, FeedbackFile, NewFeedback
from services.intake.fields import check_past
from services.intake.references import unknown_reference
from services.intake.saving import save_once
from services.intake.tables import ChannelKey, Feedback
from services.intake.wiring import Intake
from services.shared.errors import AgainstTheRules, MendRequest
from services.workflow import contract, feedback_contract
from services.workflow.feedback_contract import FeedbackPromise


@dataclass(frozen=True)
class Received:
    """Feedback that is saved: its reference, and what its sender was promised."""

    reference: str
    promise: FeedbackPromise


async def receive(
    intake: Intake, new: NewFeedback, key: ChannelKey, idempotency_key: str | None
) -> Received:
    """Saves feedback and commits it; the same key and body give the one saved before.

    Raises MendRequest `received-in-future`, `unknown-feedback-kind`, `beyond-the-calendar` or
    `idempotency-key-reused`, and NotThere `unknown-policy`.
    """
    now = await intake.now()
    check_past(new.received_at, now, "received_at", "received-in-future")
    received_at = new.received_at or now
    promise = feedback_contract.promise(
        new.policy or intake.settings.default_policy,
        new.kind,
        received_at,
        now,
        can_be_written_to=new.sender.email is not None or new.sender.address is not None,
    )
    row = {
        "channel_key": key.id,
        "idempotency_key": idempotency_key,
        "body_hash": complaints.hash_of(new),
        "policy": promise.policy,
        "promise": promise.model_dump(mode="json"),
        "received_at": received_at,
        "entered_at": now,
        **new.sender.model_dump(),
        **new.model_dump(exclude={"policy", "received_at", "sender"}),
    }
    brought_before = partial(_brought_with, intake, key, idempotency_key)
    reference, earlier = await save_once(intake.feedback_saver, row, "FB", brought_before)
    if earlier is None:
        intake.feedback_saved.set()
        return Received(reference, promise)
    if earlier.body_hash != row["body_hash"]:
        raise complaints.key_reused()
    return Received(reference, FeedbackPromise.model_validate(earlier.promise))


async def _brought_with(
    intake: Intake, key: ChannelKey, idempotency_key: str | None
) -> Feedback | None:
    if idempotency_key is None:
        return None
    async with intake.database.session() as session:
        same = select(Feedback).where(
            Feedback.channel_key == key.id, Feedback.idempotency_key == idempotency_key
        )
        return (await session.exec(same)).first()


async def find(intake: Intake, reference: str) -> Feedback:
    """Returns the feedback of a canonical reference. Raises NotThere `unknown-reference`."""
    async with intake.database.session() as session:
        wanted = select(Feedback).where(Feedback.reference == reference)
        found = (await session.exec(wanted)).first()
    if found is None:
        raise unknown_reference("FB")
    return found


async def read(intake: Intake, reference: str) -> FeedbackFile:
    """Returns the file of feedback, with the complaint that it became."""
    found = await find(intake, reference)
    complaint = await complaints.about_feedback(intake, reference)
    return FeedbackFile.with_complaint(found, complaint.reference if complaint else None)


async def complain(
    intake: Intake, reference: str, new: Dissatisfaction, by: ChannelKey | str
) -> complaints.Received:
    """Files a complaint about how feedback was handled (Code 1.5); a repeat gives the same one.

    `by` is the channel key shown, or the staff id of who enters it. Raises NotThere
    `unknown-reference`, AgainstTheRules `must-be-a-new-complaint`, NotAllowed
    `channel-not-allowed`, MendRequest `received-in-future`, `complained-before-feedback` or
    `beyond-the-calendar`.
    """
    feedback = await find(intake, reference)
    if not FeedbackPromise.model_validate(feedback.promise).may_become_complaint:
        raise AgainstTheRules(
            "must-be-a-new-complaint",
            "Under its policy this feedback does not become a complaint: bring the complaint in "
            "as a new one.",
        )
    channel = new.channel or feedback.channel
    if isinstance(by, ChannelKey):
        check_channel(by, channel)
    now = await intake.now()
    check_past(new.received_at, now, "received_at", "received-in-future")
    received_at = new.received_at or now
    if received_at < feedback.received_at:
        raise MendRequest(
            "complained-before-feedback", "The complaint is about what came in before it."
        )
    promise = contract.promise(feedback.policy, received_at, now)
    row = {
        **_carried_over(feedback, new),
        "channel_key": by.id if isinstance(by, ChannelKey) else feedback.channel_key,
        "entered_by": None if isinstance(by, ChannelKey) else by,
        "channel": channel,
        "policy": promise.policy,
        "promise": promise.model_dump(mode="json"),
        "received_at": received_at,
        "entered_at": now,
    }
    return await complaints.file_from_feedback(intake, row)


def _carried_over(feedback: Feedback, new: Dissatisfaction) -> dict[str, object]:
    """Returns the columns of the complaint that the feedback and the complainant give."""
    return {
        **feedback.model_dump(
            include={"name", "email", "phone", "address", "service_area", "region"}
        ),
        "from_feedback": feedback.reference,
        "words": new.words or feedback.words,
        "outcome_sought": new.outcome_sought,
        "body_hash": complaints.hash_of(new),
        "idempotency_key": None,
        "preferred_contact": None,
        "category": None,
        "service": None,
    }


async def start_saved(intake: Intake) -> None:
    """Starts all feedback that is saved and not known to run. Raises TryLater as complaints do."""

    async def start(feedback: Feedback) -> None:
        await intake.engine.start_feedback(for_workflow(feedback))

    await starting.start_saved(intake, Feedback, start)


def for_workflow(feedback: Feedback) -> feedback_contract.NewFeedback:
    """Returns what the workflow is told: ids, dates, codes and the one addressee; no words."""
    return feedback_contract.NewFeedback(
        reference=feedback.reference,
        promise=FeedbackPromise.model_validate(feedback.promise),
        received_at=feedback.received_at,
        entered_at=feedback.entered_at,
        channel=feedback.channel,
        entered_by=feedback.channel_key,
        addressee={
            "name": feedback.name,
            "email": feedback.email,
            "address": feedback.address,
            "phone": feedback.phone,
        },
        service_area=feedback.service_area,
        region=feedback.region,
    )
