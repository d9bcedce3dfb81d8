"""Mail that is away or broken for days, through the real activities, in skipped time."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from services.notify.contract import Notice, SendNotices, Settled
from services.notify.ledger import MOST_UNCONFIRMED
from tests.engine import server_time, skipping_time, sleep
from tests.faults.proxy import Proxy
from tests.faults.scripted_smtp import ScriptedSmtp, resets, says
from tests.notify.errands import ERRANDS, Errand, notify_at
from tests.notify.samples import to_resident, to_staff

NOTICES = (to_resident(key="a"), to_staff(key="b"))


@dataclass
class Days:
    """Notify, a mail server, the way between them, and time."""

    environment: WorkflowEnvironment
    server: ScriptedSmtp
    way: Proxy

    async def ask(self, *notices: Notice) -> WorkflowHandle[Errand, list[Settled]]:
        """Has a workflow ask for notices."""
        return await self.environment.client.start_workflow(
            Errand.run, SendNotices(notices=notices), id="errand", task_queue=ERRANDS
        )

    async def outcomes(self, handle: WorkflowHandle[Errand, list[Settled]]) -> list[str]:
        return [one.outcome for one in await handle.result()]

    @property
    def copies(self) -> list[int]:
        """How many copies there are of each mail that was taken."""
        return list(Counter(mail.message_id for mail in self.server.taken).values())


@asynccontextmanager
async def days(folder: Path) -> AsyncIterator[Days]:
    async with (
        skipping_time() as environment,
        ScriptedSmtp() as server,
        Proxy(server.port) as way,
        notify_at(environment, folder, way.port),
    ):
        yield Days(environment, server, way)


async def test_after_three_days_without_a_mail_server_a_notice_is_sent_once(
    tmp_path: Path,
) -> None:
    async with days(tmp_path) as post:
        post.way.refuse()
        handle = await post.ask(to_resident())
        began = await server_time(post.environment)
        await sleep(post.environment, timedelta(days=3))
        assert await server_time(post.environment) - began >= timedelta(days=3)
        assert post.server.taken == []
        post.way.pass_on()
        assert await post.outcomes(handle) == ["sent"]
    assert post.copies == [1]


async def test_what_is_put_off_again_and_again_is_sent_once(tmp_path: Path) -> None:
    async with days(tmp_path) as post:
        post.server.at("RCPT", says("450 4.2.0 greylisted"), times=40)
        assert await post.outcomes(await post.ask(*NOTICES)) == ["sent", "sent"]
    assert post.copies == [1, 1]


async def test_what_is_refused_for_good_is_tried_once_and_never_again(tmp_path: Path) -> None:
    async with days(tmp_path) as post:
        post.server.always("RCPT", says("550 5.1.1 no such mailbox"))
        assert await post.outcomes(await post.ask(*NOTICES)) == ["refused", "refused"]
        connections = post.way.connections
        post.server.mend()
        await sleep(post.environment, timedelta(days=1))
        assert post.way.connections == connections
    assert post.server.taken == []


async def test_each_lost_reply_costs_one_copy_under_the_same_id(tmp_path: Path) -> None:
    async with days(tmp_path) as post:
        post.server.at("message", resets, times=3)
        assert await post.outcomes(await post.ask(*NOTICES)) == ["sent", "sent"]
    assert len(post.copies) == 2
    assert sum(post.copies) == 2 + post.server.lost_replies == 5


async def test_twenty_minutes_in_which_every_reply_is_lost_cost_two_more_copies_at_most(
    tmp_path: Path,
) -> None:
    async with days(tmp_path) as post:
        post.server.always("message", resets)
        handle = await post.ask(to_resident())
        await sleep(post.environment, timedelta(minutes=20))
        post.server.mend()
        assert await post.outcomes(handle) == ["sent"]
    assert post.copies == [3]


async def test_what_is_never_confirmed_ends_as_uncertain_after_so_many_copies(
    tmp_path: Path,
) -> None:
    async with days(tmp_path) as post:
        post.server.always("message", resets)
        began = await server_time(post.environment)
        assert await post.outcomes(await post.ask(*NOTICES)) == ["uncertain", "uncertain"]
        assert await server_time(post.environment) - began > timedelta(hours=8)
    assert post.copies == [MOST_UNCONFIRMED, MOST_UNCONFIRMED]
