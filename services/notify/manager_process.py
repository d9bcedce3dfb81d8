"""The contact with one manager as a durable workflow: `manager-STAFF-ID`.

Complaints send word by signals, the first of which starts it. One timer is armed at a time, for
the next thing that the caseload does by itself; what that is, is pure code in `caseload_turn.py`.
It ends when nothing has been open for a month, and the next word starts it anew.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

# ruff: noqa: PLR0402 — `from package import module` would run the module anew in every sandbox,
# which costs each workflow ten times what it costs by itself (tests/project/test_sandbox.py).

with workflow.unsafe.imports_passed_through():
    import services.notify.caseload_turn as caseload_turn
    import services.notify.manager_glance as glance
    from services.notify.caseload import Caseload, Moment
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

LONGEST_RUN = 1000
"""Events after which a run hands over, long before the server asks for it: a worker that has lost
the workflow from its memory replays them all, and has ten seconds for that."""

EVENTS_A_MAIL = 6
"""Events that each mail handed on costs the next run, so that it never begins at its end."""

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
        self._busy = True
        self._armed: Moment | None = None
        self._restless = False
        self._outbox = ManagerOutbox(begin.staff_id, handed_on.unsent)
        self._longest = LONGEST_RUN + EVENTS_A_MAIL * len(handed_on.unsent.mails)
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
        self._hear_unless_busy()

    @workflow.signal(name=ABSENCE_CHANGED)
    def absence_changed(self) -> None:
        """The directory has other days away, or another deputy."""
        self._directory_changed = True
        self._hear_unless_busy()

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
            if self._over() or self._may_hand_over():
                break
            if self._caseload.unplanned(workflow.now()):
                await self._go_on()
            else:
                await self._wait(self._caseload.next_moment())
        self._busy = True
        await self._outbox.stop()

    def _hear_unless_busy(self) -> None:
        # A plan holds for the caseload that was asked about; and what comes while a run hands over
        # is for the next one.
        if not self._busy:
            self._hear()

    def _hear(self) -> None:
        """Takes what came, and sends at once what cannot wait for a plan."""
        self._busy = False
        now = workflow.now()
        words, self._words = self._words, []
        for word in words:
            self._outbox.put(self._caseload.hear(word, now))
        self._caseload.look_again |= self._directory_changed
        self._directory_changed = False
        self._caseload.forget(now)
        self._restless = (
            self._caseload.unplanned(now) or self._caseload.next_moment() != self._armed
        )
        self._show()

    async def _go_on(self) -> None:
        """Asks calendars and directory, and does what is due by their answer."""
        self._busy = True
        plan = await self._plan()
        if plan is not None:
            self._outbox.put(caseload_turn.go_on(self._caseload, plan))
            return
        self._hear()
        with suppress(TimeoutError):
            await workflow.wait_condition(
                self._is_to_end, timeout=NOT_PLANNED_PAUSE, timeout_summary="asked again"
            )

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
        except FailureError as error:
            # The SDK hands a local activity's own refusal on bare, not within an ActivityError.
            workflow.logger.warning("the caseload cannot be planned: %s", error)
            return None
        return plan

    async def _wait(self, moment: Moment | None) -> None:
        """Waits for what comes next, or until a word makes that something else.

        Armed while nothing else is under way: a timer that is armed and taken back within one
        workflow task is lost on replay if a query cut that short.
        """
        self._armed, self._restless = moment, False
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._restless or self._is_to_end(),
                timeout=None if moment is None else moment.at - workflow.now(),
                timeout_summary=glance.next_thing(moment),
            )

    def _is_to_end(self) -> bool:
        return self._outbox.is_sending() and (self._over() or self._may_hand_over())

    def _has_news(self) -> bool:
        return bool(self._words) or self._directory_changed

    def _over(self) -> bool:
        return self._caseload.finished and self._outbox.empty and not self._has_news()

    def _may_hand_over(self) -> bool:
        info = workflow.info()
        is_long = info.get_current_history_length() >= self._longest
        return is_long or info.is_continue_as_new_suggested()

    def _show(self) -> None:
        workflow.set_current_details(glance.at_a_glance(self._caseload))
