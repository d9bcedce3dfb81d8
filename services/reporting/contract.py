"""What other services may ask of reporting: record what happened."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from services.shared.events import Frozen, Recordable

TASK_QUEUE = "reporting"

RECORD_EVENTS = "record_events"


class RecordEvents(Frozen):
    """Events of one complaint, or of other feedback, in order.

    Each is stored once by (reference, sequence).
    """

    events: tuple[Recordable, ...]


async def record_events(request: RecordEvents, *, summary: str) -> None:
    """From a workflow: stores the events and folds them into the register, for as long as it takes.

    Repeating it changes nothing. `summary` shows in the Temporal UI.
    """
    await workflow.execute_activity(
        RECORD_EVENTS,
        request,
        task_queue=TASK_QUEUE,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=1)),
        summary=summary,
    )
