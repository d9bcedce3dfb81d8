"""The worker that runs complaints, and feedback that is none."""

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from services.shared.temporal import SHUTDOWN_GRACE
from services.workflow import policies
from services.workflow.activities import recount_due_dates, work_out_due_dates
from services.workflow.contract import TASK_QUEUE
from services.workflow.feedback_process import FeedbackProcess
from services.workflow.held_mail import HeldMailProcess
from services.workflow.process import ComplaintProcess


def build_worker(client: Client, *, cached_workflows: int = 500) -> Worker:
    """Returns the worker, with every published policy read: a broken file stops it here."""
    policies.published()
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ComplaintProcess, FeedbackProcess, HeldMailProcess],
        activities=[work_out_due_dates, recount_due_dates],
        max_cached_workflows=cached_workflows,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )
