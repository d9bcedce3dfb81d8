"""The notify worker, killed again and again in the middle of its mails, on the real dev server."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.client import WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.worker import Worker

from services.notify.app import SERVICE
from services.notify.contract import DELIVER_NOTICE, TASK_QUEUE, Settled
from services.notify.ledger import MOST_UNCONFIRMED, Ledger
from services.notify.message import message_id
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.settings import EXAMPLE_SECRET
from tests.databases import copy_migrated
from tests.engine import PAYLOAD_KEYS, DevServer
from tests.faults.nursery import AT_ONCE, LEASE_SECONDS, Nursery, nursery
from tests.mail_catcher import MailCatcher
from tests.notify.samples import to_resident

KILLS = 200
EACH_LIFE = 2
"""Notices that are asked for in each life, beside those that its forerunners left undone."""

SENDER = "complaints@example.org"

FLOOD = "flood"


@workflow.defn(sandboxed=False)
class Flood:
    """Delivers as many notices as it is asked for, until it is told that these were the last.

    As `contract.deliver_notice` does it, with time-outs for a worker that is killed every moment.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._ended = False
        self._outcomes: dict[str, str] = {}

    @workflow.run
    async def run(self) -> dict[str, str]:
        """Returns what became of each notice, by its key."""
        await workflow.wait_condition(lambda: self._ended and len(self._outcomes) == self._asked)
        return self._outcomes

    @workflow.signal
    async def ask(self, number: int) -> None:
        """Has so many more delivered, all at once."""
        first = self._asked
        self._asked += number
        await asyncio.gather(*(self._deliver(first + one) for one in range(number)))

    @workflow.signal
    def end(self) -> None:
        """Says that no more will be asked for."""
        self._ended = True

    async def _deliver(self, number: int) -> None:
        settled: Settled = await workflow.execute_activity(
            DELIVER_NOTICE,
            to_resident(key=f"notice-{number}"),
            result_type=Settled,
            task_queue=TASK_QUEUE,
            start_to_close_timeout=timedelta(seconds=LEASE_SECONDS),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=0.2), maximum_interval=timedelta(seconds=1)
            ),
        )
        self._outcomes[settled.key] = settled.outcome


@dataclass(frozen=True)
class Tally:
    """What was sent, by the ledger and by the mail server."""

    rows: dict[str, NoticeRow]
    copies: Counter[str]

    @property
    def lost(self) -> list[str]:
        """Those that the mail server has no copy of, whatever the ledger says about them."""
        return [key for key in self.rows if not self.of(key)]

    @property
    def duplicates(self) -> int:
        return sum(self.copies.values()) - len(self.copies)

    def of(self, key: str) -> int:
        """How many copies the mail server has of a notice."""
        return self.copies[message_id(key, SENDER)]


@asynccontextmanager
async def flooded(server: DevServer) -> AsyncIterator[WorkflowHandle[Flood, dict[str, str]]]:
    """Notices that never end, until they are told to."""
    await server.start()
    try:
        client = await server.connect()
        async with Worker(client, task_queue=FLOOD, workflows=[Flood]):
            yield await client.start_workflow(Flood.run, id=FLOOD, task_queue=FLOOD)
    finally:
        await server.stop()


async def kill_at_work(lives: Nursery, catcher: MailCatcher, moments: random.Random) -> None:
    """Begins a life, and kills it at a moment after it has begun to send."""
    connections = catcher.connections
    await lives.begin()
    async with asyncio.timeout(30):
        while catcher.connections == connections:
            await asyncio.sleep(0.005)
    await asyncio.sleep(moments.uniform(0, 0.12))
    lives.kill()


async def tally(database: Database, keys: Iterable[str], catcher: MailCatcher) -> Tally:
    rows = {key: await Ledger(database).one(key) for key in keys}
    assert None not in rows.values()
    return Tally(
        rows={key: row for key, row in rows.items() if row is not None},
        copies=Counter(mail.message_id for mail in catcher.caught),
    )


async def test_killed_at_work_it_loses_nothing_quietly_and_doubles_what_was_in_its_hands_at_most(
    tmp_path: Path,
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/notify.db"
    copy_migrated(SERVICE, url)
    server, database = DevServer(None), Database(url)
    moments = random.Random(4)  # noqa: S311 — the same moments in every run
    async with MailCatcher() as catcher, flooded(server) as flood:
        settings = {
            "PUTRIGHT_ENVIRONMENT": "embedded",
            "PUTRIGHT_PAYLOAD_KEYS": PAYLOAD_KEYS,
            "PUTRIGHT_TEMPORAL_ADDRESS": server.address,
            "PUTRIGHT_NOTIFY_DATABASE_URL": url,
            "PUTRIGHT_SMTP_PORT": str(catcher.port),
            "PUTRIGHT_MAIL_FROM": SENDER,
            "PUTRIGHT_LINK_SECRET": EXAMPLE_SECRET,
        }
        async with nursery(tmp_path, **settings) as lives:
            for _ in range(KILLS):
                await flood.signal(Flood.ask, EACH_LIFE)
                await kill_at_work(lives, catcher, moments)
            await lives.begin()
            await flood.signal(Flood.end)
            settled = await flood.result()
    found = await tally(database, settled, catcher)
    await database.close()
    losses = sum(row.unconfirmed for row in found.rows.values())
    print(  # noqa: T201 — a run with -s shows the figures
        f"{KILLS} kills, {len(settled)} notices, {Counter(settled.values())}, "
        f"{losses} attempts lost, {found.duplicates} duplicates"
    )
    # Five lives that were killed with it in their hands: a person is asked to look.
    assert {settled[key] for key in found.lost} <= {"uncertain"}
    assert len(found.lost) <= len(settled) / 100
    assert found.copies.keys() <= {message_id(key, SENDER) for key in settled}
    assert set(settled.values()) <= {"sent", "uncertain"}
    for key, row in found.rows.items():
        assert found.of(key) <= 1 + row.unconfirmed
        assert row.state == "sent" or row.unconfirmed >= MOST_UNCONFIRMED
    assert 0 < found.duplicates <= KILLS * AT_ONCE
