"""The worker of reporting: its activity on its own task queue."""

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from services.reporting.activities import ReportingActivities
from services.reporting.contract import TASK_QUEUE
from services.shared.database import SQLITE_POOL
from services.shared.temporal import SHUTDOWN_GRACE

RECORDING_AT_ONCE = SQLITE_POOL - 1
"""One connection is left for the readers of the register; SQLite writes one at a time anyway."""


def build_worker(client: Client, activities: ReportingActivities) -> Worker:
    """Returns the worker, not yet running."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        activities=[activities.record_events],
        max_concurrent_activities=RECORDING_AT_ONCE,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )
