"""The print queue: letters set once, printed together or alone, and posted on a day that counts."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from pypdf import PdfReader
from temporalio.client import Client

from services.notify import staff
from services.notify.app import SERVICE, create_app
from services.notify.contents import Refusal
from services.notify.contract import Addressee, Notice, Settled, ToResident
from services.notify.print_queue import PrintQueue
from services.notify.sending import Sender
from services.notify.settings import NotifySettings
from services.notify.tables import LetterRow, NoticeRow
from services.shared.database import Database
from services.shared.keys import key_hash, new_key
from tests.databases import copy_migrated
from tests.days import london
from tests.engine import PAYLOAD_KEYS, skipping_time
from tests.notify.samples import LETTERHEAD, REFERENCE, RESPONSE, STAFF

STAFF_KEY = new_key("staff")

SETTINGS = NotifySettings(
    environment="embedded",
    payload_keys=SecretStr(PAYLOAD_KEYS),
    staff_key_hash=key_hash(STAFF_KEY),
)


class Clock:
    """The time, as the test sets it."""

    def __init__(self) -> None:
        self.at = london("Wed 2027-01-06 16:00")

    async def now(self) -> datetime:
        return self.at


class House:
    """Notify with a print queue, as its worker and its API have it."""

    def __init__(self, database: Database, engine: Client) -> None:
        self.database = database
        self.clock = Clock()
        self.queue = PrintQueue(database, self.clock.now)
        self._sender = Sender(database, {"letter": self.queue}, SETTINGS, self.clock.now)
        self.api = self.asking(engine)

    def asking(self, engine: Client) -> httpx.AsyncClient:
        app = create_app(SETTINGS, self.database, engine, self.clock.now)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://notify",
            headers={"Authorization": f"Bearer {STAFF_KEY}"},
        )

    async def send(self, key: str, words: str = "", *, large_print: bool = False) -> Settled:
        """Sends a notice to a resident who is written to on paper."""
        addressee = Addressee(
            name="Jo Bloggs", address="7 Elm Row\nElmfield\nEL1 2AB", large_print=large_print
        )
        content = Refusal(reason="Late.", explanation=words) if words else RESPONSE
        notice = Notice(
            key=key,
            reference=REFERENCE,
            stage="stage-1",
            to=ToResident(addressee=addressee),
            letterhead=LETTERHEAD,
            content=content,
        )
        return await self._sender.attempt(notice)

    async def letter(self, key: str) -> LetterRow:
        async with self.database.session() as session:
            return await session.get_one(LetterRow, key)

    async def notice(self, key: str) -> NoticeRow:
        async with self.database.session() as session:
            return await session.get_one(NoticeRow, key)

    async def waiting(self) -> list[str]:
        letters = (await self.api.get("/api/letters")).json()["letters"]
        return [letter["notice"] for letter in letters]

    async def post(self, *keys: str, on: str = "2027-01-06") -> httpx.Response:
        body = {"notices": list(keys), "posted_on": on}
        return await self.api.post("/api/letters/posted", json=body)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[Client]:
    async with skipping_time() as environment:
        yield environment.client


@pytest.fixture
async def house(database_url: str, engine: Client) -> AsyncIterator[House]:
    copy_migrated(SERVICE, database_url)
    database = Database(database_url)
    async with database.session() as session:
        await staff.seed(session, STAFF)
    house = House(database, engine)
    yield house
    await house.api.aclose()
    await database.close()


def pages(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def test_a_letter_is_set_once_and_waits_to_be_posted(house: House) -> None:
    settled = await house.send("k1", large_print=True)
    assert settled.outcome == "to-print"
    kept = await house.letter("k1")
    house.clock.at += timedelta(days=1)
    assert await house.send("k1", large_print=True) == settled
    assert await house.letter("k1") == kept
    (letter,) = (await house.api.get("/api/letters")).json()["letters"]
    assert letter == {
        "notice": "k1",
        "reference": REFERENCE,
        "kind": "response",
        "queued_at": "2027-01-06T16:00:00Z",
        "pages": kept.pages,
        "large_print": True,
    }
    assert kept.pages == len(PdfReader(io.BytesIO(kept.pdf)).pages) > 2


async def test_a_letter_made_by_an_attempt_that_was_cut_short_is_not_made_again(
    house: House,
) -> None:
    await house.send("k1")
    async with house.database.session() as session:
        row = await session.get_one(NoticeRow, "k1")
        row.state, row.settled_at = "sending", None
        row.lease_until = house.clock.at
    kept = await house.letter("k1")
    house.clock.at += timedelta(days=1)
    assert (await house.send("k1")).outcome == "to-print"
    assert await house.letter("k1") == kept


async def test_a_letter_that_no_typeface_can_show_is_refused_and_not_queued(house: House) -> None:
    assert (await house.send("k1", "你好，我的锅炉坏了")).outcome == "refused"
    assert (await house.notice("k1")).answer == "No typeface here has all of its letters."
    assert await house.waiting() == []


async def test_the_oldest_letter_comes_first(house: House) -> None:
    for key in ("k2", "k1"):
        await house.send(key)
        house.clock.at += timedelta(minutes=1)
    assert await house.waiting() == ["k2", "k1"]
    assert (await house.api.get("/api/letters")).json()["waiting"] == 2


async def test_letters_are_printed_together_each_on_a_sheet_of_its_own(house: House) -> None:
    for key, words in (("k1", "First."), ("k2", "Second. " + "More. " * 500), ("k3", "Third.")):
        await house.send(key, words)
    lengths = [(await house.letter(key)).pages for key in ("k1", "k2", "k3")]
    printed = pages(await house.api.get("/api/letters.pdf"))
    sheets = [(length + 1) // 2 for length in lengths]
    assert any(length % 2 for length in lengths), "the test needs a letter of an odd length"
    assert len(printed) == 2 * sum(sheets)
    firsts = [number for number, text in enumerate(printed) if "Wednesday 6 January 2027" in text]
    assert firsts == [0, 2 * sheets[0], 2 * (sheets[0] + sheets[1])]
    assert await house.waiting() == ["k1", "k2", "k3"], "printing is not posting"


async def test_letters_that_are_named_are_printed_in_that_order(house: House) -> None:
    for key, words in (("k1", "First."), ("k2", "Second."), ("k3", "Third.")):
        await house.send(key, words)
    chosen = {"notice": ["k3", "k1"]}
    printed = " ".join(pages(await house.api.get("/api/letters.pdf", params=chosen)))
    assert "Second." not in printed
    assert printed.index("Third.") < printed.index("First.")


async def test_a_single_letter_is_its_own_accessible_file_also_after_it_was_posted(
    house: House,
) -> None:
    await house.send("k1")
    assert (await house.post("k1")).status_code == 200
    answer = await house.api.get("/api/letters.pdf", params={"notice": "k1"})
    assert answer.content == (await house.letter("k1")).pdf
    assert answer.headers["cache-control"] == "no-store"
    assert code(await house.api.get("/api/letters.pdf")) == (404, "nothing-to-print")


async def test_the_day_of_posting_is_what_counts_and_is_told(house: House, engine: Client) -> None:
    await house.send("k1")
    await house.send("k2")
    house.clock.at = london("Fri 2027-01-08 10:00")
    answer = await house.post("k1", on="2027-01-07")
    assert answer.json() == {"notices": ["k1"], "posted_on": "2027-01-07"}
    notice, letter = await house.notice("k1"), await house.letter("k1")
    assert (notice.state, notice.settled_at) == ("posted", datetime(2027, 1, 7, 12, tzinfo=UTC))
    assert (str(letter.posted_on), letter.posted_by) == ("2027-01-07", "staff")
    assert await house.waiting() == ["k2"]
    news = await engine.get_workflow_handle(f"news-{notice.mark}-posted").describe()
    assert news.task_queue == "notify"


async def test_posting_may_be_said_twice_and_several_at_once(house: House) -> None:
    for key in ("k1", "k2"):
        await house.send(key)
    answers = await asyncio.gather(house.post("k1", "k2", "k1"), house.post("k2", "k1"))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await house.post("k1")).status_code == 200
    assert await house.waiting() == []


async def test_what_cannot_be_is_refused_and_nothing_is_marked(house: House) -> None:
    await house.send("k1")
    house.clock.at += timedelta(days=1)
    await house.send("k2")
    for answer, refusal in (
        (await house.post("k1", on="2027-01-08"), (422, "posted-in-future")),
        (await house.post("k1", "k2", on="2027-01-06"), (422, "posted-before-queued")),
        (await house.post("k1", "k9"), (404, "unknown-letter")),
        (await house.post(), (422, "invalid-request")),
        (await house.post("k1", on="2027-02-30"), (422, "invalid-request")),
    ):
        assert code(answer) == refusal
    unknown = {"notice": ["k1", "k9"]}
    answer = await house.api.get("/api/letters.pdf", params=unknown)
    assert code(answer) == (404, "unknown-letter")
    assert answer.json()["letters"] == ["k9"]
    assert await house.waiting() == ["k1", "k2"]


async def test_a_letter_is_posted_on_one_day_only(house: House) -> None:
    await house.send("k1")
    house.clock.at += timedelta(days=2)
    assert (await house.post("k1", on="2027-01-07")).status_code == 200
    assert code(await house.post("k1", on="2027-01-08")) == (409, "already-posted")
    assert str((await house.letter("k1")).posted_on) == "2027-01-07"


async def test_what_could_not_be_told_stays_in_the_queue_until_it_can(house: House) -> None:
    await house.send("k1")
    async with skipping_time() as environment:
        gone = house.asking(environment.client)
    async with gone:
        body = {"notices": ["k1"], "posted_on": "2027-01-06"}
        answer = await gone.post("/api/letters/posted", json=body)
    assert code(answer) == (503, "engine-away")
    assert await house.waiting() == ["k1"]
    assert (await house.post("k1")).status_code == 200
    assert await house.waiting() == []
