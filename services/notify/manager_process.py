"""The contact with one manager as a durable workflow: `manager-STAFF-ID`.

Complaints send word by signals, the first of which starts it. One timer is armed at a time, for
the next thing that the caseload does by itself; what that is, is pure code in `caseload_turn.py`.
It ends when nothing has been open for a month, and the next word starts it anew.
"""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

# ruff: noqa: PLR0402 — `from package import module` would run the module anew in every sandbox,
# which costs each workflow ten times what it costs by itself (tests/project/test_sandbox.py).

with workflow.unsafe.imports_passed_through():
    import services.notify.caseload_turn as caseload_turn
    import services.notify.manager_glance as glance
    from services.notify.caseload import Caseload
    from services.notify.caseload_plan import Plan
    from services.notify.contract import NEWS_OF_NOTICE, Settled, Word
    from services.notify.manager_messages import (
        ABSENCE_CHANGED,
        MANAGER,
        OPEN_CASES,
        PLAN_CASELOAD,
        WORD,
        Begin,
        OpenCase,
    )
    from services.notify.manager_outbox import ManagerOutbox, News, Unsent

NOT_PLANNED_PAUSE = timedelta(minutes=10)
"""How long the caseload waits when calendars or directory gave no answer. Words are still heard."""

SOON_OR_NOT_AT_ALL = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), backoff_coefficient=2, maximum_attempts=3
)
"""The SDK goes on trying a local activity beyond its schedule-to-close timeout, so the attempts
are counted."""


@dataclass
class Handover:
    """What one run hands to the next: the caseload, words not heard yet, and what is not sent."""

    caseload: Caseload
    words: list[Word]
    unsent: Unsent


HANDOVER = TypeAdapter(Handover)


@workflow.defn(name=MANAGER)
class ManagerProcess:
    """The contact with one manager."""

    @workflow.init
    def __init__(self, begin: Begin) -> None:
        if begin.carried is None:
            handed_on = Handover(Caseload(begin.staff_id), [], Unsent())
        else:
            handed_on = HANDOVER.validate_python(begin.carried)
        self._caseload = handed_on.caseload
        self._words = handed_on.words
        self._directory_changed = False
        self._outbox = ManagerOutbox(begin.staff_id, handed_on.unsent)
        self._show()

    @workflow.run
    async def run(self, begin: Begin) -> None:
        """Keeps the caseload until there is none."""
        self._outbox.start()
        try:
            if begin.carried is None:
                # It is started by its first word.
                await workflow.wait_condition(self._has_news)
            await self._live()
        except asyncio.CancelledError:
            # An eviction cancels too, and has to get through.
            if workflow.cancellation_reason() is None:
                raise
            # What is open for somebody stays open: a click in the UI does not take it from them.
            workflow.logger.warning("a request to cancel was refused: the caseload goes on")
            await self._live()
        if not self._over():
            self._caseload.look_again |= self._directory_changed
            carried = Handover(self._caseload, self._words, self._outbox.unsent)
            written: dict[str, Any] = HANDOVER.dump_python(carried, mode="json")
            workflow.continue_as_new(begin.model_copy(update={"carried": written}))

    @workflow.signal(name=WORD)
    def word(self, word: Word) -> None:
        """Where a complaint stands for the manager, and what they are to read."""
        self._words.append(word)

    @workflow.signal(name=ABSENCE_CHANGED)
    def absence_changed(self) -> None:
        """The directory has other days away, or another deputy."""
        self._directory_changed = True

    @workflow.signal(name=NEWS_OF_NOTICE)
    def news_of_notice(self, news: Settled) -> None:
        """What became later of a mail of this caseload: its entries share its fate."""
        self._outbox.tell(News(to, told) for to, told in self._caseload.hear_of(news))

    @workflow.query(name=OPEN_CASES)
    def open_cases(self) -> list[OpenCase]:
        """What is open, by what is due first."""
        return [
            OpenCase(
                reference=case.reference,
                stage=case.standing.stage,
                due=case.first_due.due,
                overdue=case.overdue,
                confirmed=case.standing.confirmed,
                waiting=len(case.waiting),
            )
            for case in self._caseload.open
            if case.standing is not None
        ]

    async def _live(self) -> None:
        """Goes on until everything is over and sent, or it is time to hand over to a new run."""
        while True:
            self._hear()
            if self._caseload.unplanned(workflow.now()):
                await self._go_on()
            else:
                await self._wait()
            if self._over() or (self._may_hand_over() and not self._has_news()):
                break
        await self._outbox.stop()

    def _hear(self) -> None:
        """Takes the words that came, and sends at once what cannot wait for a plan."""
        now = workflow.now()
        words, self._words = self._words, []
        for word in words:
            self._outbox.put(self._caseload.hear(word, now))
        self._caseload.look_again |= self._directory_changed
        self._directory_changed = False
        self._caseload.forget(now)
        self._show()

    async def _go_on(self) -> None:
        """Asks calendars and directory, and does what is due by their answer."""
        plan = await self._plan()
        if plan is None:
            await self._wait(at_most=NOT_PLANNED_PAUSE)
            return
        self._outbox.put(caseload_turn.go_on(self._caseload, plan))
        self._show()

    async def _plan(self) -> Plan | None:
        question = self._caseload.question(workflow.now())
        try:
            plan: Plan = await workflow.execute_local_activity(
                PLAN_CASELOAD,
                question,
                result_type=Plan,
                start_to_close_timeout=timedelta(seconds=5),
                retry_policy=SOON_OR_NOT_AT_ALL,
                summary="working days, absence and deputy",
            )
        except ActivityError as error:
            workflow.logger.warning("the caseload cannot be planned: %s", error.cause)
            return None
        return plan

    async def _wait(self, at_most: timedelta | None = None) -> None:
        """Waits for word, for what comes next, or for everything to be sent.

        Armed while nothing else is under way: a timer that is armed and taken back within one
        workflow task is lost on replay if a query cut that short.
        """
        moment = None if at_most else self._caseload.next_moment()
        left = at_most if moment is None else moment.at - workflow.now()
        if left is not None and left <= timedelta(0):
            return
        try:
            await workflow.wait_condition(
                self._something_came,
                timeout=left,
                timeout_summary="asked again" if at_most else glance.next_thing(moment),
            )
        except TimeoutError:
            return

    def _something_came(self) -> bool:
        return self._outbox.is_sending() and (
            self._has_news() or self._over() or self._may_hand_over()
        )

    def _has_news(self) -> bool:
        return bool(self._words) or self._directory_changed

    def _over(self) -> bool:
        return self._caseload.finished and self._outbox.empty and not self._has_news()

    @staticmethod
    def _may_hand_over() -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _show(self) -> None:
        unsent = len(self._outbox.unsent.mails)
        workflow.set_current_details(glance.at_a_glance(self._caseload, unsent))
