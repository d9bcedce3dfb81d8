"""Telling every open complaint of a newer calendar, and waiting until each has dealt with it.

A complaint deals with a calendar once, however often it is told; so a round that was cut short is
simply made again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Literal, NamedTuple

from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from services.shared.errors import TryLater
from services.workflow.complaint import ENDS
from services.workflow.contract import WORKFLOW, workflow_id
from services.workflow.recount_messages import (
    CALENDAR_CHANGED,
    COUNTING,
    CalendarChanged,
    Counting,
)
from services.workflow.search_attributes import NEXT_DUE, STATUS

OPEN = (
    f"WorkflowType = '{WORKFLOW}' AND ExecutionStatus = 'Running' "
    f"AND ({STATUS.name} NOT IN ({', '.join(repr(end) for end in sorted(ENDS))}) "
    f"OR {NEXT_DUE.name} IS NOT NULL)"
)
"""Which complaints go on or may go on: what only listens after its end has no clocks to come."""

PAGE = 500
"""How many complaints are listed at a time."""

AT_ONCE = 24
"""How many complaints are spoken to at a time: enough to keep a few workers busy."""

ANSWER_WITHIN = 10.0
"""Seconds that one question may take."""

TOLD_AGAIN_AFTER = 10.0
"""Seconds after which a complaint that has not dealt with the calendar is told of it again.

Its worker tries three times to get at the calendar, and then gives the turn up.
"""

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 2.0
"""Seconds between two questions to one complaint."""

Telling = Literal["nobody", "whoever-needs-it", "everybody"]
"""Whom a round tells of the calendar: nobody, when it only asks how complaints are counted;
whoever turns out to need it; or everybody at once, which is quicker where nobody can know yet."""

Progress = Callable[[int, int], None]
"""Told how many complaints have been dealt with, and how many are known."""


class Answers(NamedTuple):
    """What the open complaints said."""

    counting: dict[str, Counting]
    """By reference, in the order of the references."""
    silent: tuple[str, ...]
    """The references of those that did not answer, or did not deal with the calendar in time."""


class Round:
    """One round over all open complaints, for the calendar of `version` (an ISO date).

    It gives up on those that are left when none has answered for `patience` seconds.
    """

    def __init__(
        self, client: Client, version: str, *, patience: float, progress: Progress | None = None
    ) -> None:
        self._client = client
        self._change = CalendarChanged(version=version)
        self._patience = patience
        self._answer_within = timedelta(seconds=min(ANSWER_WITHIN, patience))
        self._progress = progress
        self._known: set[str] = set()
        self._counting: dict[str, Counting] = {}
        self._gone: set[str] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._heard_at = 0.0

    async def make(self, tell: Telling) -> Answers:
        """Speaks to every open complaint until nobody new turns up.

        Those who are told have dealt with the calendar when they answer. Raises TryLater
        `engine-away`.
        """
        self._heard_at = _now()
        while fresh := [each async for each in self._open() if each not in self._known]:
            self._known.update(fresh)
            await asyncio.gather(*(self._visit(reference, tell) for reference in fresh))
        left = self._known - self._counting.keys() - self._gone
        return Answers(dict(sorted(self._counting.items())), tuple(sorted(left)))

    async def _open(self) -> AsyncIterator[str]:
        """The references of all open complaints.

        From the raw answer: the SDK cannot read a search attribute that a complaint has unset.
        Raises TryLater `engine-away`.
        """
        request = ListWorkflowExecutionsRequest(
            namespace=self._client.namespace, query=OPEN, page_size=PAGE
        )
        while True:
            try:
                page = await self._client.workflow_service.list_workflow_executions(
                    request, retry=True, timeout=self._answer_within
                )
            except RPCError as error:
                raise TryLater("engine-away", f"Temporal lists no complaints: {error}.") from error
            for found in page.executions:
                yield found.execution.workflow_id.removeprefix(workflow_id(""))
            if not page.next_page_token:
                return
            request.next_page_token = page.next_page_token

    async def _visit(self, reference: str, tell: Telling) -> None:
        async with self._places:
            if await self._has_answered(reference, tell):
                self._heard_at = _now()
                if self._progress is not None:
                    self._progress(len(self._counting) + len(self._gone), len(self._known))

    async def _has_answered(self, reference: str, tell: Telling) -> bool:
        """Speaks to one complaint until it has answered or ended; False when patience has ended."""
        tell_at = _now() if tell == "everybody" else None
        pause = FIRST_PAUSE
        while _now() - self._heard_at < self._patience:
            try:
                if tell_at is not None and tell_at <= _now():
                    await self._tell(reference)
                    tell_at = _now() + TOLD_AGAIN_AFTER
                    # A question beside the signal would only cut its work into two.
                    await asyncio.sleep(FIRST_PAUSE)
                counting = await self._ask(reference)
            except RPCError as error:
                if error.status == RPCStatusCode.NOT_FOUND:
                    self._gone.add(reference)
                    return True
            except WorkflowQueryFailedError:
                pass  # a worker of an earlier release has got hold of it
            else:
                if tell == "nobody" or self._is_done(counting):
                    self._counting[reference] = counting
                    return True
                if tell_at is None:
                    tell_at = _now()
                    continue
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return False

    def _is_done(self, counting: Counting) -> bool:
        return counting.calendar is None or counting.calendar >= self._change.version

    async def _ask(self, reference: str) -> Counting:
        handle = self._client.get_workflow_handle(workflow_id(reference))
        found: Counting = await handle.query(
            COUNTING, self._change, result_type=Counting, rpc_timeout=self._answer_within
        )
        return found

    async def _tell(self, reference: str) -> None:
        handle = self._client.get_workflow_handle(workflow_id(reference))
        await handle.signal(CALENDAR_CHANGED, self._change, rpc_timeout=self._answer_within)


def _now() -> float:
    return asyncio.get_running_loop().time()
