"""Hostile mails between good ones, and a process that is killed: nothing lost, nothing twice.

A real intake process reads a real mailbox by IMAP; its plug is pulled while it stores and reads.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
from sqlmodel import col, select

from services.embedded.keys import Keys
from services.embedded.settings import EmbeddedSettings
from services.embedded.stack import environment
from services.intake.mail_records import ATTEMPTS
from services.intake.tables import Complaint, IncomingMail
from services.shared.database import Database
from services.shared.keys import new_key
from services.shared.mail_tags import tagged
from tests.engine import PAYLOAD_KEYS
from tests.intake.desk import Desk, eventually
from tests.intake.hostile_mails import KINDS, Hostile, hostile
from tests.intake.mails import OURS, kept, take, written
from tests.ports import free_port
from tests.raw_mailbox import RawMailbox, raw_mailbox

MOST_MEMORY = 400 * 1024 * 1024
"""Bytes that the process may take: with nothing to do it takes some 150 MB."""

SECRET = "the secret of these tests"  # noqa: S105 — of nothing but these tests


class IntakeProcess:
    """The real intake over a mailbox, whose plug can be pulled. The engine is away."""

    def __init__(self, url: str, folder: Path, mailbox: RawMailbox) -> None:
        settings = EmbeddedSettings(var=folder, intake_port=free_port(), temporal_port=free_port())
        keys = Keys(
            payload_keys=PAYLOAD_KEYS,
            link_secret=SECRET,
            staff_key=new_key("staff"),
            channel_key=new_key("channel"),
        )
        told = {**environment(settings, keys), **mailbox.told, "PUTRIGHT_INTAKE_DATABASE_URL": url}
        self._environment = os.environ | told
        self._log = folder / "intake.log"
        self._process: asyncio.subprocess.Process | None = None
        self.most_memory = 0

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.intake"),
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    async def pull_the_plug(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def look_at_memory(self) -> None:
        assert self._process is not None
        assert self._process.returncode is None, self._log.read_text()[-2000:]
        now = psutil.Process(self._process.pid).memory_info().rss
        self.most_memory = max(self.most_memory, now)


@asynccontextmanager
async def intake_over(url: str, folder: Path, mailbox: RawMailbox) -> AsyncIterator[IntakeProcess]:
    process = IntakeProcess(url, folder, mailbox)
    await process.start()
    try:
        yield process
    finally:
        await process.pull_the_plug()


def good(number: int) -> bytes:
    return written(f"Good mail {number}.", sender=f"good{number}@home.example").as_bytes()


def a_storm(bad: Sequence[Hostile], reference: str, rng: random.Random) -> list[bytes]:
    """Hostile mails with a good one, or a reply, somewhere between every ten."""
    to = tagged(OURS, SECRET, "complaint", reference)
    between = [good(number) for number in range(1, len(bad) // 10)]
    between += [
        written(f"Reply {number}", sender="good0@home.example", to=to).as_bytes()
        for number in range(5)
    ]
    mails = [*(one.raw for one in bad), *between]
    rng.shuffle(mails)
    return mails


async def states(database: Database) -> Counter[str]:
    async with database.session() as session:
        return Counter((await session.exec(select(IncomingMail.state))).all())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_five_hundred_hostile_mails_and_a_plug_that_is_pulled(
    migrated_url: str, tmp_path: Path
) -> None:
    rng = random.Random(4)  # noqa: S311 — made up, and the same each time
    bad = list(hostile(500))
    database = Database(migrated_url)
    async with raw_mailbox() as mailbox, intake_over(migrated_url, tmp_path, mailbox) as intake:
        mailbox.mails = [good(0)]
        await eventually(lambda: complaints(database), 60)
        [first] = await complaints(database)
        storm = a_storm(bad, first.reference, rng)
        mailbox.mails += storm
        unread = 0
        for _ in range(ATTEMPTS - 1):  # once more, and a good mail may be held
            before = (await states(database)).total()
            await eventually(partial(more_than, database, before), 60)
            await asyncio.sleep(rng.random() / 2)
            await intake.pull_the_plug()
            unread += (await states(database))["new"]
            await intake.start()
        assert unread > 0  # some were stored and not yet read when the plug was pulled

        async def all_looked_at() -> bool:
            intake.look_at_memory()
            found = await states(database)
            return found["new"] == 0 and found.total() == len({good(0), *storm})

        await eventually(all_looked_at, 300)
        assert intake.most_memory < MOST_MEMORY
        assert mailbox.refused == []

    found = {mail.raw: mail for mail in await all_mails(database)}
    assert set(found) == {good(0), *storm}
    wrong = [
        (one.kind, found[one.raw].state, found[one.raw].why)
        for one in bad
        if found[one.raw].state not in one.may_become
    ]
    assert wrong == []
    goods = {raw: mail for raw, mail in found.items() if b"good" in raw.partition(b"\n")[0]}
    assert Counter(mail.state for mail in goods.values()) == {"complaint": 50, "reply": 5}
    await no_complaint_twice_or_astray(database)
    await database.close()


async def complaints(database: Database) -> Sequence[Complaint]:
    async with database.session() as session:
        return (await session.exec(select(Complaint))).all()


async def more_than(database: Database, before: int) -> bool:
    return (await states(database)).total() > before


async def all_mails(database: Database) -> Sequence[IncomingMail]:
    async with database.session() as session:
        return (await session.exec(select(IncomingMail).order_by(col(IncomingMail.id)))).all()


async def no_complaint_twice_or_astray(database: Database) -> None:
    """Each complaint came from one mail, and each mail that became one has it."""
    by_mail = Counter(
        mail.reference for mail in await all_mails(database) if mail.state == "complaint"
    )
    filed = {complaint.reference for complaint in await complaints(database)}
    assert set(by_mail) == filed
    assert set(by_mail.values()) == {1}


async def test_every_kind_of_hostile_mail_ends_somewhere_in_every_database(desk: Desk) -> None:
    bad = list(hostile(len(KINDS), seed=5))
    unlike = {one.raw: one for one in bad}
    mails = await take(desk, *unlike)
    wrong = [
        (unlike[mail.raw].kind, mail.state, mail.why)
        for mail in mails
        if mail.state not in unlike[mail.raw].may_become
    ]
    assert wrong == []
    assert len(await kept(desk)) == len(unlike)
    for mail in mails:
        headers = {"Authorization": "Bearer staff_key_of_these_tests"}
        assert (await desk.http.get(f"/api/mail/{mail.id}", headers=headers)).status_code == 200
