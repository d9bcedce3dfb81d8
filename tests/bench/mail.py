"""(f) Mails to a local sink: the client library alone, our mailer, and whole notices.

The library alone sends one ready message after another over as many connections as the mailer may
have, which it keeps: it cannot be faster. A whole notice is everything that one attempt takes: the
directory read, the letter composed, claimed in the ledger, delivered, settled.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtplib import SMTP
from rich.table import Table

from services.notify import staff
from services.notify.app import SERVICE
from services.notify.delivery import Mailer
from services.notify.letters import compose
from services.notify.message import Envelope, seal
from services.notify.office import Office
from services.notify.recipients import recipient_of
from services.notify.sending import Sender, utc_now
from services.notify.settings import NotifySettings
from services.shared import logs
from services.shared.database import Database, migrate
from services.shared.events import Frozen
from services.shared.mail_tags import tagged
from tests.bench.sink import sink
from tests.notify.samples import RESPONSE, STAFF, to_resident

AT_ONCE = 10
WARM_UP = 20

READY_FOR_EACH = 10
"""Ready messages sent for each whole notice: they take so much less that few would be noise."""


class Lane(Frozen):
    """How many mails a minute, in each round and over all."""

    a_minute: float
    rounds: tuple[float, ...]


class Mails(Frozen):
    """What was measured; the ratios are to the library alone in the same run."""

    each_round: int
    """Whole notices; of ready messages it is ten times as many."""
    bytes: int
    """The size of the message: a response, the longest letter there is."""
    library: Lane
    mailer: Lane
    notices: Lane
    mailer_ratio: float
    notices_ratio: float


Send = Callable[[int], Awaitable[None]]
"""Sends so many mails, `AT_ONCE` at a time."""


@dataclass
class Post:
    """The three ways of sending, over one sink and one ledger."""

    settings: NotifySettings
    envelope: Envelope
    mailer: Mailer
    sender: Sender
    numbers: Iterator[int]

    async def library(self, number: int) -> None:
        """Sends over connections of the library's own."""
        secret = self.settings.link_secret.get_secret_value()
        return_path = tagged(self.settings.mail_from, secret, "notice", self.envelope.mark)
        turns = iter(range(number))

        async def send_in_turn() -> None:
            client = SMTP(
                hostname=self.settings.smtp_host,
                port=self.settings.smtp_port,
                start_tls=False,
                local_hostname="example.org",
            )
            async with client:
                for _ in turns:
                    await client.sendmail(
                        return_path, [self.envelope.recipient], self.envelope.message
                    )

        await asyncio.gather(*(send_in_turn() for _ in range(AT_ONCE)))

    async def mails(self, number: int) -> None:
        """Sends the ready message by our mailer. Raises RuntimeError when one is not taken."""
        turns = iter(range(number))

        async def send_in_turn() -> None:
            for _ in turns:
                delivery = await self.mailer.send(self.envelope)
                if delivery.result != "delivered":
                    raise RuntimeError(f"not delivered: {delivery.words}")

        await asyncio.gather(*(send_in_turn() for _ in range(AT_ONCE)))

    async def notices(self, number: int) -> None:
        """Sends whole notices. Raises RuntimeError when one is not sent."""
        turns = iter(range(number))

        async def send_in_turn() -> None:
            for _ in turns:
                notice = to_resident(RESPONSE, key=f"bench-{next(self.numbers)}")
                settled = await self.sender.attempt(notice)
                if settled.outcome != "sent":
                    raise RuntimeError(f"{notice.key} is {settled.outcome}")

        await asyncio.gather(*(send_in_turn() for _ in range(AT_ONCE)))


@asynccontextmanager
async def _post(folder: Path) -> AsyncIterator[Post]:
    async with sink() as port:
        settings = NotifySettings(environment="embedded", smtp_port=port, mail_connections=AT_ONCE)
        url = f"sqlite+aiosqlite:///{folder}/notify.db"
        await asyncio.to_thread(migrate, SERVICE, url)
        database, mailer = Database(url), Mailer(settings)
        async with database.session() as session:
            await staff.seed(session, STAFF)
        sender = Sender(database, {"email": mailer, "by-hand": mailer}, settings)
        try:
            yield Post(settings, await _envelope(settings), mailer, sender, count())
        finally:
            await mailer.close()
            await database.close()


async def _envelope(settings: NotifySettings) -> Envelope:
    office = Office(
        directory=STAFF,
        sender=settings.mail_from,
        public_url=settings.public_url,
        link_secret=settings.link_secret.get_secret_value(),
        now=await utc_now(),
    )
    notice = to_resident(RESPONSE)
    recipient = recipient_of(notice, office, {"email"})
    if recipient is None:
        raise RuntimeError("the sample's resident cannot be reached")
    return seal(notice, compose(notice, recipient, office), recipient, office)


async def measure(folder: Path, tell: Callable[[str], None], *, each: int, rounds: int) -> Mails:
    """Measures each way `rounds` times, in turn, so that noise meets them all.

    A round is `each` whole notices, or `READY_FOR_EACH` times as many ready messages.
    """
    logs.set_up("bench", "ERROR")
    with TemporaryDirectory(dir=folder) as own:
        async with _post(Path(own)) as post:
            ways: dict[str, Send] = {
                "library": post.library,
                "mailer": post.mails,
                "notices": post.notices,
            }
            for send in ways.values():
                await send(WARM_UP)
            paces: dict[str, list[float]] = {name: [] for name in ways}
            for turn in range(rounds):
                for name, send in ways.items():
                    number = each if name == "notices" else each * READY_FOR_EACH
                    tell(f"{number} mails: {name}, round {turn + 1} of {rounds}")
                    began = time.perf_counter()
                    await send(number)
                    paces[name].append(number * 60 / (time.perf_counter() - began))
    library, mailer, notices = (_lane(paces[name]) for name in ways)
    return Mails(
        each_round=each,
        bytes=len(post.envelope.message),
        library=library,
        mailer=mailer,
        notices=notices,
        mailer_ratio=mailer.a_minute / library.a_minute,
        notices_ratio=notices.a_minute / library.a_minute,
    )


def _lane(paces: list[float]) -> Lane:
    # Each round sends as many, so the pace over all is the harmonic mean.
    return Lane(a_minute=len(paces) / sum(1 / pace for pace in paces), rounds=tuple(paces))


def table(mails: Mails) -> Table:
    """Returns a row for each way of sending."""
    shown = Table(
        title=f"(f) Mails of {mails.bytes / 1024:.1f} KB to a local sink, {AT_ONCE} at once",
        caption="the ratio is to the library alone in the same run",
    )
    for heading in ("", "mails a minute", "each round", "ratio"):
        shown.add_column(heading, justify="right" if heading else "left")
    for name, lane, ratio in (
        ("aiosmtplib alone", mails.library, 1.0),
        ("our mailer", mails.mailer, mails.mailer_ratio),
        ("whole notices", mails.notices, mails.notices_ratio),
    ):
        each = " ".join(f"{pace:.0f}" for pace in lane.rounds)
        shown.add_row(name, f"{lane.a_minute:.0f}", each, f"{ratio:.2f}")
    return shown
