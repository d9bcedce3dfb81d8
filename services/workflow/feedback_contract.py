"""What other services may ask of feedback that is no complaint: what it is promised, and start it.

Intake starts one workflow for each under an id made from its reference. It needs nothing more
from outside: what follows, it does by itself.
"""

from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from services.shared.events import FeedbackKind
from services.shared.local_time import local_date
from services.workflow import feedback_promise, policies
from services.workflow.contract import TASK_QUEUE
from services.workflow.feedback_messages import FeedbackPromise, NewFeedback, workflow_id

__all__ = ["FeedbackPromise", "NewFeedback", "promise", "start", "workflow_id"]

WORKFLOW = "Feedback"


def promise(
    policy: str,
    kind: FeedbackKind,
    received_at: datetime,
    entered_at: datetime,
    *,
    can_be_written_to: bool,
) -> FeedbackPromise:
    """Works out what feedback gets that was received at `received_at` (both moments aware).

    Raises NotThere `unknown-policy`, MendRequest `unknown-feedback-kind` where the policy is
    silent about it, or `beyond-the-calendar`.
    """
    rules = policies.in_force(policy, local_date(received_at))
    return feedback_promise.promise(
        rules, kind, received_at, entered_at, can_be_written_to=can_be_written_to
    )


async def start(client: Client, new: NewFeedback, *, patience: timedelta) -> None:
    """Starts the workflow of feedback. Starting it again changes nothing.

    Raises temporalio's RPCError when the server is away, and WorkflowAlreadyStartedError when it
    has been started before: both leave everything as it was.
    """
    await client.start_workflow(
        WORKFLOW,
        new,
        id=workflow_id(new.reference),
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        static_summary=f"{new.reference} · {new.promise.kind} · {new.promise.policy}",
        rpc_timeout=patience,
    )
