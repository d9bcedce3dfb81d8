"""What other services may ask for held mail: that the complaints officer hears of it.

At most one note an hour, whatever comes in: its workflow's id is made from the hour. The list of
what is held is intake's.
"""

from datetime import UTC, date, datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from services.shared.events import Frozen
from services.shared.local_time import local_date
from services.workflow import policies
from services.workflow.contract import TASK_QUEUE

WORKFLOW = "HeldMail"


class HeldMailNote(Frozen):
    """What the complaints officer is told. Nothing in it is from the mail itself."""

    note: str
    """Which note it is: the same for every attempt at it."""
    landlord: str
    policy_title: str
    received_on: date
    """The day on which the oldest of what is held arrived."""
    why: str
    """The end of "it could not be taken in by itself: …"."""


def note_id(at: datetime) -> str:
    """Returns which note a moment (aware) belongs to: one an hour."""
    return f"held-mail-{at.astimezone(UTC):%Y-%m-%dT%H}"


def note(policy: str, at: datetime, received_on: date, why: str) -> HeldMailNote:
    """Returns the note of the hour of `at` (aware), as a landlord of that policy writes it.

    Raises NotThere `unknown-policy`.
    """
    rules = policies.in_force(policy, local_date(at))
    return HeldMailNote(
        note=note_id(at),
        landlord=rules.landlord,
        policy_title=rules.title,
        received_on=received_on,
        why=why,
    )


async def tell(client: Client, note: HeldMailNote, *, patience: timedelta) -> None:
    """Starts a note.

    Raises temporalio's RPCError when the server is away, and WorkflowAlreadyStartedError when its
    hour has had a note.
    """
    await client.start_workflow(
        WORKFLOW,
        note,
        id=note.note,
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        static_summary="mail is held for a person",
        rpc_timeout=patience,
    )
