"""The durable errand by which later news of a notice is told: to whoever asked, and to a person."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.notify.contract import NEWS_OF_NOTICE, Notice, Settled, deliver_notice
    from services.shared.events import Frozen

NEWS_WORKFLOW = "NoticeNews"


class News(Frozen):
    """What became known of a notice after it was settled, and who is told."""

    settled: Settled | None
    """For whoever asked for the notice; None where nothing changed for them."""
    asked_by: str | None
    """The workflow that hears of it."""
    to_officer: Notice | None
    """What the complaints officer is told; None where no person need see to it."""


@workflow.defn(name=NEWS_WORKFLOW)
class NoticeNews:
    """Tells one piece of news, for as long as it takes; its id makes it the only one."""

    @workflow.run
    async def run(self, news: News) -> None:
        """Signals the workflow that asked, if it is still there, and delivers the notice."""
        if news.settled is not None and news.asked_by is not None:
            await _signal(news.asked_by, news.settled)
        if news.to_officer is not None:
            about = news.to_officer.content.about
            await deliver_notice(news.to_officer, summary=f"{about} to the complaints officer")


async def _signal(workflow_id: str, settled: Settled) -> None:
    try:
        await workflow.get_external_workflow_handle(workflow_id).signal(NEWS_OF_NOTICE, settled)
    except ApplicationError:
        # It has ended: nobody is left who would act on it, and the ledger keeps the news.
        workflow.logger.info("nobody is there to hear of it")
