"""The workflow service as intake sees it: start a complaint or feedback, act on it, read it.

"Away" is one thing here, whether the server cannot be reached, has never been reached since this
process began, or has no worker that answers: TryLater `engine-away`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.shared.errors import PutrightError, TryLater
from services.shared.temporal import AWAY
from services.workflow import contract, feedback_contract, held_mail_contract


@dataclass(frozen=True)
class Patience:
    """How long each kind of call waits before the engine counts as away, and between sweeps."""

    start: timedelta = timedelta(seconds=10)
    act: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=3)
    check: timedelta = timedelta(seconds=1)
    between_sweeps: timedelta = timedelta(seconds=5)


PATIENCE = Patience()

CONNECT_GRACE = 1.0
"""Seconds beyond its patience after which a call is given up that still tries to connect."""

NEVER_CONNECTED = "Failed client connect"
"""How the RuntimeError begins with which a lazy client answers until its first connection."""

BUSY = AWAY | {RPCStatusCode.RESOURCE_EXHAUSTED}


class Engine:
    """Calls the workflow service with a patience for each kind of call."""

    def __init__(self, client: Client, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    async def start(self, complaint: contract.NewComplaint) -> None:
        """Starts the complaint's workflow; one that was started before counts as started.

        Raises TryLater `engine-away`, and RPCError for a complaint that the server refuses.
        """
        patience = self._patience.start
        async with _away_is_try_later(patience):
            with suppress(WorkflowAlreadyStartedError):
                await contract.start(self._client, complaint, patience=patience)

    async def start_feedback(self, new: feedback_contract.NewFeedback) -> None:
        """Starts the workflow of feedback that is no complaint, as `start` does a complaint's."""
        patience = self._patience.start
        async with _away_is_try_later(patience):
            with suppress(WorkflowAlreadyStartedError):
                await feedback_contract.start(self._client, new, patience=patience)

    async def act(self, reference: str, action: contract.AnyAction) -> contract.Position:
        """Carries an action out and returns where the complaint then stands.

        Raises as `contract.act`, and PutrightError `action-failed` when the workflow failed at it
        without a reason for people.
        """
        patience = self._patience.act
        async with _away_is_try_later(patience):
            try:
                return await contract.act(self._client, reference, action, patience=patience)
            except WorkflowUpdateFailedError as error:
                raise PutrightError(
                    "action-failed", "The workflow could not carry this action out."
                ) from error

    async def position(self, reference: str) -> contract.Position:
        """Reads where the complaint stands. Raises as `contract.position`."""
        patience = self._patience.read
        async with _away_is_try_later(patience):
            return await contract.position(self._client, reference, patience=patience)

    async def tell_of_held_mail(self, note: held_mail_contract.HeldMailNote) -> bool:
        """Has the complaints officer told; False when that hour has had its note.

        Raises TryLater `engine-away`.
        """
        patience = self._patience.start
        async with _away_is_try_later(patience):
            try:
                await held_mail_contract.tell(self._client, note, patience=patience)
            except WorkflowAlreadyStartedError:
                return False
        return True

    async def check(self) -> None:
        """Returns when the server answers. Raises TryLater `engine-away` when it does not."""
        patience = self._patience.check
        async with _away_is_try_later(patience):
            await self._client.service_client.check_health(timeout=patience)


def engine_away() -> TryLater:
    """Returns the refusal of what cannot be done while the workflow engine is away."""
    return TryLater(
        "engine-away",
        "The workflow engine did not answer, so this is not confirmed. What was saved is done "
        "once it is back; repeat it with the same Idempotency-Key to see the outcome.",
    )


@asynccontextmanager
async def _away_is_try_later(patience: timedelta) -> AsyncIterator[None]:
    """Turns every way in which the server can fail to answer into TryLater `engine-away`."""
    try:
        async with asyncio.timeout(patience.total_seconds() + CONNECT_GRACE):
            yield
    except TimeoutError as error:
        raise engine_away() from error
    except RPCError as error:
        if error.status not in BUSY:
            raise
        raise engine_away() from error
    except RuntimeError as error:
        if not str(error).startswith(NEVER_CONNECTED):
            raise
        raise engine_away() from error
