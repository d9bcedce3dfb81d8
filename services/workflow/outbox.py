"""What a complaint has still to tell the other services, kept until they have taken it.

Its own turn of mind: neither notify nor reporting being away may stop a clock, so the clocks
never wait for this. Everything in it has a business key, so telling it twice is harmless.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from services.notify import contract as notify
    from services.notify.contract import Notice, Settled, Word
    from services.reporting import contract as reporting
    from services.shared.events import Recordable


FAULT_PAUSE = timedelta(minutes=30)
"""How long to wait before telling again what the callee refused for good."""

Taken = TypeVar("Taken")


class Turn(Protocol):
    """What one turn of a complaint, or of feedback, has to tell."""

    @property
    def events(self) -> Sequence[Recordable]:
        """What it records, in order."""

    @property
    def notices(self) -> Sequence[Notice]:
        """Whom it writes to."""

    @property
    def words(self) -> Sequence[Word]:
        """What those in charge learn; notices that enter a caseload ride in these."""


@dataclass
class Unsent:
    """What has not been taken yet; it travels from one run of the workflow to the next."""

    events: list[Recordable] = field(default_factory=list)
    fresh: list[Notice] = field(default_factory=list)
    """Notices that have not been tried yet."""
    waiting: list[Notice] = field(default_factory=list)
    """Notices that could not go out at the first try and are delivered in their own time."""
    words: list[Word] = field(default_factory=list)
    """Words that have not been tried yet."""
    kept_back: list[Word] = field(default_factory=list)
    """Words that did not get through at the first try and are told in their own time."""


class Outbox:
    """Sends notices and records events from inside a workflow, in the background.

    The notices of a turn are tried once, for a bounded time, before its events are recorded: so
    the proof that they were sent is recorded with them, in one activity instead of two.
    """

    def __init__(self, unsent: Unsent, settle: Callable[[Notice, Settled], Turn]) -> None:
        self.unsent = unsent
        self._settle = settle
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def empty(self) -> bool:
        """Whether everything has been taken."""
        unsent = self.unsent
        return not (
            unsent.events or unsent.fresh or unsent.waiting or unsent.words or unsent.kept_back
        )

    def put(self, turn: Turn) -> None:
        """Takes the events and notices of a turn."""
        self.unsent.events += turn.events
        self.unsent.fresh += [notice for notice in turn.notices if notice.caseload is None]
        self.unsent.words += turn.words

    def start(self) -> None:
        """Starts telling; `stop` ends it, whatever is left then stays in `unsent`."""
        self._stopping = False
        self._tasks = [
            asyncio.create_task(self._send_notices()),
            asyncio.create_task(self._record_events()),
            *(asyncio.create_task(self._keep_posted(word)) for word in self.unsent.kept_back),
            *(asyncio.create_task(self._deliver(notice)) for notice in self.unsent.waiting),
        ]

    def is_telling(self) -> bool:
        """Returns True, or raises the fault that ended one of the tasks.

        Asked by whatever the workflow waits for: a fault then fails the workflow task, where it
        is seen and mended by a release, instead of ending the telling quietly.
        """
        for task in self._tasks:
            if task.done() and not task.cancelled() and (fault := task.exception()):
                raise fault
        return True

    async def stop(self) -> None:
        """Gives up what is under way; the keys make it safe to begin it again."""
        # A cancellation that meets a finished activity is swallowed, so the loops ask as well.
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for fault in ended:
            if isinstance(fault, Exception) and not is_cancelled_exception(fault):
                raise fault

    async def _send_notices(self) -> None:
        while not self._stopping:
            await workflow.wait_condition(lambda: bool(self.unsent.fresh or self.unsent.words))
            notices, words = list(self.unsent.fresh), list(self.unsent.words)
            deliveries = await notify.send_notices(notices, words, summary=_about(notices, words))
            settled = {one.key: one for one in deliveries.settled} if deliveries else {}
            for notice in notices:
                self.unsent.fresh.remove(notice)
                outcome = settled.get(notice.key)
                if outcome is None or outcome.outcome == "queued":
                    self.unsent.waiting.append(notice)
                    self._tasks.append(asyncio.create_task(self._deliver(notice)))
                else:
                    self.put(self._settle(notice, outcome))
            for word in words:
                self.unsent.words.remove(word)
                if deliveries is None or (word.staff_id, word.sequence) in deliveries.not_posted:
                    self.unsent.kept_back.append(word)
                    self._tasks.append(asyncio.create_task(self._keep_posted(word)))
                else:
                    self._enter(word, settled)

    async def _keep_posted(self, word: Word) -> None:
        deliveries = await _until_taken(
            partial(notify.keep_posted, word, summary=_about([], [word]))
        )
        self.unsent.kept_back.remove(word)
        self._enter(word, {one.key: one for one in deliveries.settled})

    def _enter(self, word: Word, settled: Mapping[str, Settled]) -> None:
        for entry in word.entries:
            if entry.key in settled:
                self.put(self._settle(entry, settled[entry.key]))

    async def _deliver(self, notice: Notice) -> None:
        settled = await _until_taken(
            partial(notify.deliver_notice, notice, summary=_about([notice], []))
        )
        self.unsent.waiting.remove(notice)
        self.put(self._settle(notice, settled))

    async def _record_events(self) -> None:
        while not self._stopping:
            await workflow.wait_condition(
                lambda: bool(self.unsent.events) and not (self.unsent.fresh or self.unsent.words)
            )
            batch = tuple(self.unsent.events)
            kinds = ", ".join(dict.fromkeys(event.kind for event in batch))
            request = reporting.RecordEvents(events=batch)
            await _until_taken(partial(reporting.record_events, request, summary=f"record {kinds}"))
            del self.unsent.events[: len(batch)]


async def _until_taken(tell: Callable[[], Awaitable[Taken]]) -> Taken:
    """Tells until it is taken. Temporal retries what may pass; this outlives what does not.

    A non-retryable failure is a fault in the callee's release: it shows in the UI as a failed
    activity, and once mended there nothing has been lost and no clock has stood still.
    """
    while True:
        try:
            return await tell()
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.sleep(FAULT_PAUSE, summary="told again after a fault in the callee")


def _about(notices: Sequence[Notice], words: Sequence[Word]) -> str:
    told = [f"{notice.content.about} to {notice.to.role}" for notice in notices]
    return ", ".join(told + [f"word to {word.staff_id}" for word in words])
