"""What a manager's workflow has still to send and to tell, kept until it is done.

Each mail goes in a task of its own, so a mail server that is away stops neither the caseload nor
another mail. What became of an entry is told to the complaint that wrote it.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    import services.notify.caseload_mails as mails
    from services.notify.caseload import Mail
    from services.notify.contract import NEWS_OF_NOTICE, Settled, deliver_notice

FAULT_PAUSE = timedelta(minutes=30)
"""How long to wait before sending again what delivery refused as a fault of its own."""

AT_A_LOSS: frozenset[str] = frozenset({"refused", "uncertain"})
"""Outcomes after which a person has to see to it that it arrives."""


@dataclass
class News:
    """What became of an entry, for the workflow that wrote it."""

    to: str
    settled: Settled


@dataclass
class Unsent:
    """What is not done yet; it travels from one run of the workflow to the next."""

    mails: list[Mail] = field(default_factory=list)
    news: list[News] = field(default_factory=list)


class ManagerOutbox:
    """Sends the mails of one manager's caseload, in the background."""

    def __init__(self, staff_id: str, unsent: Unsent) -> None:
        self.unsent = unsent
        self._staff_id = staff_id
        self._sending: list[asyncio.Task[None]] = []
        self._telling: list[asyncio.Task[None]] = []

    @property
    def empty(self) -> bool:
        """Whether everything was sent and told."""
        return not (self.unsent.mails or self.unsent.news)

    def put(self, sent: Iterable[Mail]) -> None:
        """Takes mails and begins to send them."""
        for mail in sent:
            self.unsent.mails.append(mail)
            _begin(self._sending, self._send(mail))

    def tell(self, told: Iterable[News]) -> None:
        """Takes news and begins to tell it."""
        for news in told:
            self.unsent.news.append(news)
            _begin(self._telling, self._tell(news))

    def start(self) -> None:
        """Goes on with what the run before has left."""
        for mail in self.unsent.mails:
            _begin(self._sending, self._send(mail))
        for news in self.unsent.news:
            _begin(self._telling, self._tell(news))

    def is_sending(self) -> bool:
        """Returns True, or raises the fault that ended one of the tasks.

        Asked by whatever the workflow waits for: a fault then fails the workflow task, where it
        is seen and mended by a release, instead of ending the sending quietly.
        """
        for task in (*self._sending, *self._telling):
            if task.done() and not task.cancelled() and (fault := task.exception()):
                raise fault
        return True

    async def stop(self) -> None:
        """Gives up the mails under way; their keys make it safe to begin them again.

        News is on its way in an instant, and a signal that was given up may have arrived: it is
        waited for.
        """
        for task in self._sending:
            task.cancel()
        for ended in await asyncio.gather(*self._sending, return_exceptions=True):
            if isinstance(ended, Exception) and not is_cancelled_exception(ended):
                raise ended
        self._sending = []
        while self._telling:
            await self._telling.pop()

    async def _send(self, mail: Mail) -> None:
        notice = mail.notice
        settled = await _until_settled(mail)
        self.unsent.mails.remove(mail)
        self.tell(
            News(entry.asked_by, settled.model_copy(update={"key": entry.key}))
            for entry in mail.entries
        )
        if settled.outcome in AT_A_LOSS and notice.content.about != "undeliverable":
            self.put([mails.undeliverable(notice, self._staff_id, settled.outcome)])

    async def _tell(self, news: News) -> None:
        handle = workflow.get_external_workflow_handle(news.to)
        try:
            await handle.signal(NEWS_OF_NOTICE, news.settled)
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            # The complaint is over: the ledger still proves what became of the notice.
            workflow.logger.info("nobody hears any more of %s", news.settled.key)
        self.unsent.news.remove(news)


async def _until_settled(mail: Mail) -> Settled:
    """Delivers a mail. Temporal retries what may pass; this outlives what does not."""
    notice = mail.notice
    summary = f"{notice.content.about} {notice.reference or ''} to {notice.to.role}"
    while True:
        try:
            return await deliver_notice(notice, summary=" ".join(summary.split()))
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.sleep(FAULT_PAUSE, summary="sent again after a fault in delivery")


def _begin(tasks: list[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
    """Starts a task beside those that go on, or that have ended in a fault."""
    tasks[:] = [task for task in tasks if not task.done() or task.cancelled() or task.exception()]
    tasks.append(asyncio.create_task(work))
