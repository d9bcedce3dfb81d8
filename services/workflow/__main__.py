"""Runs the workflow service: the complaint worker, its health and codec server."""

import asyncio

from services.shared import logs
from services.shared.serving import serve
from services.shared.temporal import leave, worker_client
from services.workflow import search_attributes
from services.workflow.app import create_app
from services.workflow.settings import WorkflowSettings
from services.workflow.worker import build_worker


async def main() -> None:
    """Serves until it is told to stop."""
    settings = WorkflowSettings()
    logs.set_up("workflow", settings.log_level)
    client = await worker_client(settings)
    await search_attributes.register(client)
    await serve(
        create_app(settings, client),
        host=settings.workflow_host,
        port=settings.workflow_port,
        workers=[build_worker(client, cached_workflows=settings.cached_workflows)],
    )


if __name__ == "__main__":
    asyncio.run(main())
    leave()
