"""Every fault of a mail server and of the way to it, met by one notice: what is lost, what doubled?

Nothing may be lost. A second copy may exist only where the reply to the first was lost, under the
same Message-ID, and no more than one for each such loss.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from services.notify.app import SERVICE
from services.notify.contract import Notice
from services.notify.delivery import Mailer, Patience
from services.notify.ledger import MOST_UNCONFIRMED, Ledger
from services.notify.message import message_id
from services.notify.sending import Sender
from services.notify.settings import NotifySettings
from services.notify.tables import NoticeRow
from services.shared.database import Database
from tests.databases import copy_migrated
from tests.days import london
from tests.faults.proxy import Proxy
from tests.faults.scripted_smtp import Act, Point, ScriptedSmtp, falls_silent, resets, says
from tests.notify.samples import to_resident

START = london("Wed 2027-01-06 09:30")
SENDER = "complaints@example.org"
NOTICE = to_resident()

SHORT = Patience(beginning=0.5, handing_over=0.5, reply=0.5)
"""Seconds: a server in the same process answers in a thousandth of that, or never."""


@dataclass
class Post:
    """A sender over a real ledger and a real mail server, and a way to it that can fail."""

    server: ScriptedSmtp
    proxy: Proxy
    sender: Sender
    ledger: Ledger
    time: datetime = START

    async def attempt(self, notice: Notice = NOTICE) -> str:
        """Makes one attempt after every pause; says where the notice stands in the ledger."""
        self.time += timedelta(days=1)
        await self.sender.attempt(notice)
        return (await self.row(notice)).state

    async def losses(self, notice: Notice = NOTICE) -> int:
        """How many attempts the ledger counts that may have been delivered."""
        return (await self.row(notice)).unconfirmed

    async def row(self, notice: Notice) -> NoticeRow:
        row = await self.ledger.one(notice.key)
        assert row is not None
        return row

    def copies(self, notice: Notice = NOTICE) -> int:
        """How many copies the server has."""
        wanted = message_id(notice.key, SENDER)
        return sum(mail.message_id == wanted for mail in self.server.taken)

    async def check_copies(self) -> None:
        """No copy too many, and each under the one Message-ID."""
        assert self.copies() == len(self.server.taken)
        assert self.server.lost_replies <= await self.losses()
        assert self.copies() <= 1 + await self.losses()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger, to be copied: migrating takes longer than any of these tests."""
    folder = tmp_path_factory.mktemp("ledger")
    copy_migrated(SERVICE, f"sqlite+aiosqlite:///{folder}/notify.db")
    return folder / "notify.db"


@asynccontextmanager
async def posting(migrated: Path, folder: Path, patience: Patience = SHORT) -> AsyncIterator[Post]:
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(migrated, folder)}")
    async with ScriptedSmtp() as server, Proxy(server.port) as proxy:
        settings = NotifySettings(environment="embedded", smtp_port=proxy.port, mail_from=SENDER)
        mailer = Mailer(settings, patience=patience)
        post: Post

        async def now() -> datetime:
            return post.time

        sender = Sender(database, {"email": mailer, "by-hand": mailer}, settings, now)
        post = Post(server, proxy, sender, Ledger(database))
        yield post
        await mailer.close()
    await database.close()


@pytest.fixture
async def post(migrated: Path, tmp_path: Path) -> AsyncIterator[Post]:
    async with posting(migrated, tmp_path) as whole:
        yield whole


def faults() -> Iterator[tuple[Point, Act, str]]:
    """Each point of the dialogue, each fault there, and where the notice stands after it."""
    before: tuple[Point, ...] = ("greeting", "EHLO", "MAIL", "RCPT", "DATA")
    for point, act in product(before, (says("450 later"), resets, falls_silent)):
        yield point, act, "queued"
    yield "message", says("450 later"), "queued"
    for act in (resets, falls_silent):
        yield "message", act, "uncertain"
    for point in before[:3]:
        yield point, says("550 no"), "queued"
    for point in (*before[3:], "message"):
        yield point, says("550 no"), "refused"
    for point in before[3:]:
        yield point, says("nonsense"), "queued"
    yield "DATA", says("299 perhaps"), "queued"
    yield "message", says("nonsense"), "uncertain"
    yield "message", says("299 perhaps"), "uncertain"


@pytest.mark.parametrize(("point", "act", "state"), list(faults()))
async def test_a_fault_loses_nothing_and_doubles_only_what_had_no_answer(
    post: Post, point: Point, act: Act, state: str
) -> None:
    post.server.at(point, act)
    assert await post.attempt() == state
    assert await post.attempt() == ("refused" if state == "refused" else "sent")
    assert len(post.server.taken) == (0 if state == "refused" else 1 + post.server.lost_replies)
    await post.check_copies()


@pytest.mark.parametrize("losses", [1, 2, 4])
async def test_each_lost_reply_costs_one_more_copy_and_no_other(post: Post, losses: int) -> None:
    post.server.at("message", resets, times=losses)
    assert [await post.attempt() for _ in range(losses + 1)] == ["uncertain"] * losses + ["sent"]
    assert len(post.server.taken) == losses + 1
    await post.check_copies()


async def test_what_was_never_handed_over_is_never_given_up(post: Post) -> None:
    post.server.at("DATA", resets, times=3 * MOST_UNCONFIRMED)
    for _ in range(3 * MOST_UNCONFIRMED):
        assert await post.attempt() == "queued"
    assert await post.attempt() == "sent"
    assert (post.copies(), await post.losses()) == (1, 0)


async def test_what_was_lost_once_may_be_put_off_without_another_copy(post: Post) -> None:
    post.server.at("message", resets)
    post.server.at("RCPT", says("250 OK"))
    post.server.at("RCPT", says("450 later"), times=3)
    assert [await post.attempt() for _ in range(5)] == ["uncertain"] * 4 + ["sent"]
    assert len(post.server.taken) == 2


async def test_a_way_that_is_closed_and_opened_again_delivers_once(post: Post) -> None:
    post.proxy.refuse()
    assert await post.attempt() == "queued"
    post.proxy.pass_on()
    assert await post.attempt() == "sent"
    assert len(post.server.taken) == 1


async def test_a_way_that_swallows_everything_is_given_up_in_time_and_tried_again(
    post: Post,
) -> None:
    post.proxy.blackhole()
    assert await post.attempt() == "queued"
    post.proxy.pass_on()
    assert await post.attempt() == "sent"
    assert len(post.server.taken) == 1


async def test_a_slow_way_is_no_fault(migrated: Path, tmp_path: Path) -> None:
    async with posting(migrated, tmp_path, Patience()) as post:
        post.proxy.slow(bytes_per_second=40_000)
        assert await post.attempt() == "sent"
    assert len(post.server.taken) == 1


async def test_a_way_too_slow_for_our_patience_is_given_up(post: Post) -> None:
    post.proxy.slow(bytes_per_second=2_000)
    assert await post.attempt() == "uncertain"
    post.proxy.pass_on()
    assert await post.attempt() == "sent"
    await post.check_copies()


@pytest.mark.parametrize(("fault", "points"), [("cut", 20), ("lose_answers", 9), ("blackhole", 9)])
async def test_wherever_in_the_dialogue_the_way_fails_nothing_is_lost(
    post: Post, fault: str, points: int
) -> None:
    await post.attempt(to_resident(key="measure"))
    length = post.proxy.passed["sent"]
    for point in range(points):
        post.proxy.cut()  # so that every dialogue begins with its first word
        await asyncio.sleep(0.01)
        notice = to_resident(key=f"point-{point}")
        getattr(post.proxy, fault)(after=length * point // points)
        first = await post.attempt(notice)
        post.proxy.pass_on()
        assert first in {"queued", "uncertain", "sent"}
        if first != "sent":
            assert await post.attempt(notice) == "sent"
        losses = await post.losses(notice)
        assert losses == int(first == "uncertain")
        assert 1 <= post.copies(notice) <= 1 + losses


async def test_a_kept_connection_that_was_cut_costs_neither_a_try_nor_a_copy(post: Post) -> None:
    await post.attempt(to_resident(key="another"))
    post.proxy.cut()
    assert await post.attempt() == "sent"
    assert post.copies() == 1
    assert await post.losses() == 0
