"""Lives of a manager's workflow on the time-skipping server, for recording and replay."""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from services.notify import manager_contact
from services.notify.contract import Word
from services.notify.manager_messages import workflow_id
from services.shared.database import Database
from tests.days import london
from tests.engine import server_time, skipping_time, sleep_until, workflow_settled
from tests.notify.caseloads import (
    ASSIGNED,
    ASSIGNMENT,
    HEARING,
    SAM,
    WROTE,
    away,
    missed,
    reminder,
    standing,
    word,
)
from tests.notify.post import Post, enter, manager_worker
from tests.replay.lives import CONVERTER

CONFIRMED = standing(confirmed=True)


class ManagersLife:
    """One manager, to whom complaints send words at given moments of skipped time."""

    def __init__(self, env: WorkflowEnvironment, post: Post, directory: Database) -> None:
        self.post = post
        self._env = env
        self._directory = directory

    async def at(self, moment: str) -> None:
        """Lets time pass until then, and all that follows be sent."""
        await sleep_until(self._env, london(moment))
        await workflow_settled(self._env.client, workflow_id(SAM))

    async def tell(self, one: Word) -> None:
        """Sends a word now."""
        await manager_contact.tell(self._env.client, one)
        await workflow_settled(self._env.client, workflow_id(SAM))

    async def go_away(self, from_on: str, until_on: str) -> None:
        """Enters an absence now."""
        now = await server_time(self._env)
        await enter(self._directory, away(from_on, until_on), now)
        await manager_contact.absence_changed(self._env.client, SAM)
        await workflow_settled(self._env.client, workflow_id(SAM))


async def answers(life: ManagersLife) -> None:
    """Confirms, is reminded, hears from the resident, is late, answers; then it ends."""
    await life.tell(word(standing(), ASSIGNMENT, sequence=1))
    await life.tell(word(CONFIRMED, sequence=2))
    await life.at("Thu 2028-03-16 08:00")
    await life.tell(word(CONFIRMED, reminder(), WROTE, sequence=5))
    await life.at("Tue 2028-03-21 08:00")
    late = standing(("respond", "Mon 2028-03-20", "missed"), confirmed=True)
    await life.tell(word(late, missed(), sequence=7))
    await life.at("Wed 2028-03-22 12:00")
    await life.tell(word(None, sequence=8))
    await life.at("Fri 2028-04-28 12:00")


async def does_not_answer(life: ManagersLife) -> None:
    """Is chased; it is offered to the deputy and the complaints officer is told, by a mail that is
    refused."""
    life.post.refuse = {"unconfirmed"}
    await life.tell(word(standing(), ASSIGNMENT))
    await life.at("Wed 2028-03-08 12:00")


async def goes_away(life: ManagersLife) -> None:
    """Goes away and comes back; sits on a panel; one complaint comes meanwhile."""
    await life.tell(word(CONFIRMED, ASSIGNMENT))
    await life.go_away("Wed 2028-03-08", "Fri 2028-03-10")
    await life.at("Thu 2028-03-09 12:00")
    asked = standing(assigned="Thu 2028-03-09 12:00")
    await life.tell(word(asked, ASSIGNMENT, ref="PR-2"))
    await life.tell(word(None, HEARING, ref="PR-3"))
    await life.at("Mon 2028-03-13 13:00")


MANAGERS_LIVES: dict[str, Callable[[ManagersLife], Awaitable[None]]] = {
    "manager-answers": answers,
    "manager-does-not-answer": does_not_answer,
    "manager-goes-away": goes_away,
}


async def live_as_manager(name: str) -> WorkflowHistory:
    """Lives one life from its beginning and returns the history of the manager's workflow."""
    with tempfile.TemporaryDirectory() as folder:
        async with skipping_time(CONVERTER) as env:
            post = Post(env)
            async with manager_worker(env.client, Path(folder), post) as directory:
                await sleep_until(env, london(ASSIGNED))
                await MANAGERS_LIVES[name](ManagersLife(env, post, directory))
                return await env.client.get_workflow_handle(workflow_id(SAM)).fetch_history()
