"""The life of feedback that is no complaint, as a small durable workflow.

It writes to the sender and the team at once, and lives until everything has been told. What
happens is pure code in `feedback.py`; here it meets time and mail. Notify and reporting being
away never stops its one clock.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow

# ruff: noqa: PLR0402 — `from package import module` would run the module anew in every sandbox
# (tests/project/test_sandbox.py).

with workflow.unsafe.imports_passed_through():
    import services.workflow.feedback as feedback
    from services.notify.contract import NEWS_OF_NOTICE, Notice, Settled
    from services.workflow.feedback import Moment, Turn
    from services.workflow.feedback_contract import WORKFLOW
    from services.workflow.feedback_messages import NewFeedback
    from services.workflow.outbox import Outbox, Unsent


TIMER = {
    "passing": "the time to thank the sender passes",
    "telling": "tell the complaints officer that the thanks are late",
}
"""Each moment as the summary of the armed timer."""


@workflow.defn(name=WORKFLOW)
class FeedbackProcess:
    """One piece of feedback, from receipt until its sender and the team have been told."""

    @workflow.init
    def __init__(self, new: NewFeedback) -> None:
        self._feedback, first = feedback.receive(new)
        self._outbox = Outbox(Unsent(), self._settle)
        self._outbox.put(first)
        workflow.set_current_details(feedback.standing(self._feedback))

    @workflow.run
    async def run(self, _new: NewFeedback) -> None:
        """Keeps the clock until the sender has been thanked and everything is told."""
        self._outbox.start()
        try:
            await self._live()
        except asyncio.CancelledError:
            # An eviction cancels too, and has to get through.
            if workflow.cancellation_reason() is None:
                raise
            workflow.logger.warning("a request to cancel was refused: the sender is thanked")
            await self._live()

    @workflow.signal(name=NEWS_OF_NOTICE)
    def news_of_notice(self, news: Settled) -> None:
        """Something became known later of a notice that was sent."""
        turn = feedback.hear(self._feedback, news, workflow.now())
        if turn is not None:
            self._publish(turn)

    async def _live(self) -> None:
        while moment := self._feedback.next_moment():
            if await self._changed_before(moment):
                continue
            self._publish(feedback.pass_moment(self._feedback, moment, workflow.now()))
        await workflow.wait_condition(
            lambda: self._outbox.is_telling() and self._outbox.empty and not self._feedback.in_print
        )
        await self._outbox.stop()

    async def _changed_before(self, moment: Moment) -> bool:
        """Arms a timer for the moment; says whether something else came first."""
        left = moment.at - workflow.now()
        if left <= timedelta(0):
            return False
        try:
            await workflow.wait_condition(
                lambda: self._outbox.is_telling() and self._feedback.next_moment() != moment,
                timeout=left,
                timeout_summary=TIMER[moment.what],
            )
        except TimeoutError:
            return False
        return True

    def _publish(self, turn: Turn) -> None:
        self._outbox.put(turn)
        workflow.set_current_details(feedback.standing(self._feedback))

    def _settle(self, notice: Notice, settled: Settled) -> Turn:
        turn = feedback.settle(self._feedback, notice, settled, workflow.now())
        workflow.set_current_details(feedback.standing(self._feedback))
        return turn
