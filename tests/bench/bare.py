"""The bare workflows that complaints are measured beside."""

from datetime import datetime, timedelta

from temporalio import workflow

TASK_QUEUE = "bare"


@workflow.defn
class Empty:
    """Does nothing."""

    @workflow.run
    async def run(self) -> None:
        """Returns at once."""


@workflow.defn
class BareTimer:
    """Waits for one moment."""

    @workflow.run
    async def run(self, until: datetime) -> datetime:
        """Returns when it went on (UTC), told as a complaint tells the moment of a miss."""
        await workflow.sleep(max(timedelta(0), until - workflow.now()))
        return workflow.now()
