"""The worker of notify: its activities and its workflows on its own task queue."""

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from services.notify.activities import NotifyActivities
from services.notify.contract import TASK_QUEUE
from services.notify.manager_process import ManagerProcess
from services.notify.news_workflow import NoticeNews
from services.shared.temporal import SHUTDOWN_GRACE


def build_worker(client: Client, activities: NotifyActivities) -> Worker:
    """Returns the worker, not yet running."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ManagerProcess, NoticeNews],
        activities=activities.every(),
        # Far more than mail takes at once: while a mail server hangs, people are still found.
        max_concurrent_activities=200,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )
