"""Sends word to a manager's workflow, and starts it where none runs."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from services.notify.contract import TASK_QUEUE, Word
from services.notify.manager_messages import ABSENCE_CHANGED, MANAGER, WORD, Begin, workflow_id


async def tell(client: Client, word: Word) -> None:
    """Sends word to the manager whom it is for. The same word twice changes nothing.

    Raises temporalio's RPCError when the server is away.
    """
    await client.start_workflow(
        MANAGER,
        Begin(staff_id=word.staff_id),
        id=workflow_id(word.staff_id),
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        start_signal=WORD,
        start_signal_args=[word],
        static_summary=f"Caseload of {word.staff_id}",
    )


async def absence_changed(client: Client, staff_id: str) -> None:
    """Tells a manager's workflow that the directory has changed for them.

    Without a caseload there is nothing to tell. Raises RPCError when the server is away.
    """
    try:
        await client.get_workflow_handle(workflow_id(staff_id)).signal(ABSENCE_CHANGED)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
