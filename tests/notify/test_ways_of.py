"""The ways that settings choose, from a notice to the ledger: by GOV.UK Notify, paper and mail."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from services.notify import staff
from services.notify.app import SERVICE
from services.notify.contents import Content, WindowReminder
from services.notify.contract import Addressee, Letterhead, Notice, ToResident
from services.notify.govuk_ways import LONGEST_TEXT, GovUkEmail, GovUkLetter, GovUkText
from services.notify.ledger import Ledger, pause_after
from services.notify.message import mark
from services.notify.print_queue import PrintQueue
from services.notify.sending import Sender
from services.notify.settings import NotifySettings
from services.notify.tables import NoticeRow
from services.notify.ways import Delivery, Ready
from services.notify.ways_of import govuk_notify, ways_of
from services.shared.database import Database
from tests.databases import copy_migrated
from tests.days import day, london
from tests.notify.govuk_fake import API_KEY, EMAIL_TEMPLATE, TEXT_TEMPLATE, GovUkFake, govuk_fake
from tests.notify.samples import RESPONSE, STAFF

REFERENCE = "PR-7K2M-9QXT"
REMINDER = WindowReminder(next_stage="Stage 2", ask_by=day("Fri 2027-03-05"))
RESIDENT = Addressee(
    name="Jo Bloggs",
    email="jo.bloggs@example.org",
    address="1 High Street\nElmfield\nEL1 1AA",
    phone="07700 900123",
    texts=True,
)


class MailServer:
    """The mail server of this house: says what it took."""

    def __init__(self) -> None:
        self.took: list[str] = []

    async def deliver(self, ready: Ready) -> Delivery:
        self.took.append(ready.notice.key)
        return Delivery("delivered", "250", "250 OK")


@dataclass
class House:
    """A sender with the ways of its settings, over a real ledger."""

    database: Database
    sender: Sender
    fake: GovUkFake
    mail: MailServer

    async def send(
        self, content: Content, addressee: Addressee = RESIDENT, key: str = "n:1"
    ) -> str:
        notice = Notice(
            key=key,
            reference=REFERENCE,
            stage="stage-1",
            to=ToResident(addressee=addressee),
            letterhead=Letterhead(
                landlord="Elmfield Homes", policy_name="Complaints", stage="Stage 1"
            ),
            content=content,
        )
        return (await self.sender.attempt(notice)).outcome

    async def row(self, key: str = "n:1") -> NoticeRow:
        row = await Ledger(self.database).one(key)
        assert row is not None
        return row


class Clock:
    """A clock to turn."""

    def __init__(self) -> None:
        self.time = london("Tue 2027-03-02 09:00")

    async def now(self) -> datetime:
        return self.time


Open = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a house with the settings that a test wants."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = f"sqlite+aiosqlite:///{tmp_path}/notify.db"
    copy_migrated(SERVICE, url)

    @asynccontextmanager
    async def opened(**chosen: str) -> AsyncIterator[House]:
        async with govuk_fake() as fake:
            settings = NotifySettings.model_validate(
                {
                    "environment": "embedded",
                    "govuk_notify_url": fake.url,
                    "govuk_notify_api_key": API_KEY,
                    "govuk_notify_email_template": EMAIL_TEMPLATE,
                    "govuk_notify_text_template": TEXT_TEMPLATE,
                    **chosen,
                }
            )
            database = Database(url)
            async with database.session() as session:
                await staff.seed(session, STAFF)
            service = govuk_notify(settings, database)
            mail = MailServer()
            queue = PrintQueue(database, clock.now)
            ways = ways_of(settings, mail=mail, print_queue=queue, service=service, now=clock.now)
            yield House(database, Sender(database, ways, settings, clock.now), fake, mail)
            if service is not None:
                service.close()
            await database.close()

    return opened


async def test_by_default_nothing_goes_by_govuk_notify_whatever_key_there_is(house: Open) -> None:
    async with house() as opened:
        assert await opened.send(REMINDER) == "sent"
        assert (
            await opened.send(
                RESPONSE, RESIDENT.model_copy(update={"prefers_letters": True}), "n:2"
            )
            == "to-print"
        )
        assert (opened.mail.took, opened.fake.kept) == (["n:1"], [])


async def test_who_asked_for_texts_is_reminded_by_one_that_says_nothing_of_the_case(
    house: Open,
) -> None:
    async with house(texts="govuk-notify") as opened:
        assert await opened.send(REMINDER) == "sent"
        (text,) = opened.fake.kept
        body = text.body["personalisation"]["body"]
        assert (text.kind, text.body["phone_number"]) == ("sms", "07700 900123")
        assert all(part in body for part in (REFERENCE, "Elmfield Homes", "5 March 2027"))
        assert "Jo" not in body
        assert len(body) <= LONGEST_TEXT
        row = await opened.row()
        assert (row.way, row.state, row.provider_id) == ("text", "sent", text.id)
        assert opened.mail.took == []


async def test_mail_and_letters_go_by_it_where_that_is_chosen(house: Open) -> None:
    async with house(channel="govuk-notify", letters="govuk-notify") as opened:
        assert await opened.send(RESPONSE) == "sent"
        on_paper = RESIDENT.model_copy(update={"prefers_letters": True})
        assert await opened.send(RESPONSE, on_paper, "n:2") == "sent"
        letter, mail = opened.fake.kept
        assert (mail.kind, mail.reference) == ("email", mark("n:1"))
        assert (letter.kind, letter.reference) == ("letter", mark("n:2"))
        assert letter.pdf.startswith(b"%PDF-")
        assert (await opened.row("n:2")).provider_id == letter.id


async def test_an_attempt_whose_end_was_lost_is_found_again_and_sent_once(
    house: Open, clock: Clock
) -> None:
    """The answer is lost, then the process dies before it has written the next one down."""
    async with house(channel="govuk-notify") as opened:
        opened.fake.next = ["drop-after"]
        assert await opened.send(RESPONSE) == "queued"
        assert (await opened.row()).state == "uncertain"
        clock.time += pause_after(1)
        assert await opened.send(RESPONSE) == "sent"
        (mail,) = opened.fake.kept
        row = await opened.row()
        assert (row.provider_id, row.unconfirmed) == (mail.id, 1)


def test_each_way_is_chosen_apart(clock: Clock, tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/notify.db")
    mail, queue = MailServer(), PrintQueue(database, clock.now)
    for channel in ("smtp", "govuk-notify"):
        for letters in ("print-queue", "govuk-notify"):
            for texts in ("off", "govuk-notify"):
                settings = NotifySettings.model_validate(
                    {
                        "environment": "embedded",
                        "channel": channel,
                        "letters": letters,
                        "texts": texts,
                        "govuk_notify_api_key": API_KEY,
                        "govuk_notify_email_template": EMAIL_TEMPLATE,
                        "govuk_notify_text_template": TEXT_TEMPLATE,
                    }
                )
                service = govuk_notify(settings, database)
                ways = ways_of(
                    settings, mail=mail, print_queue=queue, service=service, now=clock.now
                )
                assert isinstance(ways["email"], GovUkEmail) == (channel == "govuk-notify")
                assert ways["email"] == ways["by-hand"]
                assert isinstance(ways["letter"], GovUkLetter) == (letters == "govuk-notify")
                assert isinstance(ways.get("text"), GovUkText) == (texts == "govuk-notify")
                if service is not None:
                    service.close()
