"""Runs the bare workflows as a process of its own, as the workflow service runs complaints.

The worker has the settings of the complaint worker, so that the workflows make the difference.
"""

import asyncio

from fastapi import FastAPI
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from services.shared.serving import serve
from services.shared.temporal import SHUTDOWN_GRACE, worker_client
from services.shared.web import install
from services.workflow.settings import WorkflowSettings
from tests.bench.bare import TASK_QUEUE, BareTimer, Empty


async def main() -> None:
    """Works until it is told to stop."""
    settings = WorkflowSettings()
    worker = Worker(
        await worker_client(settings),
        task_queue=TASK_QUEUE,
        workflows=[Empty, BareTimer],
        max_cached_workflows=settings.cached_workflows,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=SHUTDOWN_GRACE,
    )
    app = FastAPI()
    install(app, ready={})
    await serve(app, host="127.0.0.1", port=settings.workflow_port, workers=[worker])


if __name__ == "__main__":
    asyncio.run(main())
