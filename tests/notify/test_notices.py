"""Notices as a complaint asks for them: sent once, kept waiting, or refused for good."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from services.notify import staff
from services.notify.activities import NotifyActivities
from services.notify.app import SERVICE
from services.notify.contract import (
    Addressee,
    Deliveries,
    FindPerson,
    Notice,
    Person,
    PersonFound,
    SendNotices,
    Settled,
    ToResident,
)
from services.notify.delivery import Mailer
from services.notify.ledger import LEASE, MOST_UNCONFIRMED, Entry, Ledger
from services.notify.message import message_id
from services.notify.settings import NotifySettings
from services.notify.tables import NoticeRow
from services.shared.database import Database, migrate
from tests.days import london
from tests.mail_catcher import MailCatcher
from tests.notify.samples import JO, RESPONSE, STAFF, TO_RESIDENT, TO_STAFF, to_resident, to_staff

OFFICER = "ruth-ellis-jones"
OFFICER_EMAIL = "ruth.ellis-jones@example.org"
SENDER = "complaints@elmfield.example.org"
START = london("Wed 2027-01-06 09:30")


class Office:
    """Notify whole: its activities over a real database and mail server, and a clock to turn."""

    def __init__(self, database: Database, catcher: MailCatcher) -> None:
        settings = NotifySettings(environment="embedded", smtp_port=catcher.port, mail_from=SENDER)
        self.database = database
        self.catcher = catcher
        self.time = START
        self.activities = NotifyActivities(database, Mailer(settings), now=self.now)

    async def now(self) -> datetime:
        return self.time

    async def try_once(self, *notices: Notice) -> list[str]:
        request = SendNotices(notices=notices)
        deliveries = await ActivityEnvironment().run(self.activities.send_notices, request)
        assert isinstance(deliveries, Deliveries)
        assert [one.key for one in deliveries.settled] == [one.key for one in notices]
        return [one.outcome for one in deliveries.settled]

    async def deliver(self, notice: Notice) -> Settled:
        settled = await ActivityEnvironment().run(self.activities.deliver_notice, notice)
        assert isinstance(settled, Settled)
        return settled

    async def row(self, key: str = "notice-1") -> NoticeRow:
        async with self.database.session() as session:
            found = await session.get(NoticeRow, key)
        assert found is not None
        return found


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    url = f"sqlite+aiosqlite:///{tmp_path}/notify.db"
    async with office_on(url) as whole:
        yield whole


class office_on:  # noqa: N801 — used as a context manager only
    """An office on a database of its own."""

    def __init__(self, url: str) -> None:
        migrate(SERVICE, url)
        self._database = Database(url)
        self._catcher = MailCatcher()

    async def __aenter__(self) -> Office:
        await self._catcher.start()
        async with self._database.session() as session:
            await staff.seed(session, STAFF)
        return Office(self._database, self._catcher)

    async def __aexit__(self, *_error: object) -> None:
        await self._catcher.stop()
        await self._database.close()


async def test_every_kind_of_notice_is_sent_and_proved_on_both_databases(database_url: str) -> None:
    notices = [
        *(to_resident(content, key=f"r{n}") for n, content in enumerate(TO_RESIDENT)),
        *(to_staff(content, key=f"s{n}") for n, content in enumerate(TO_STAFF)),
    ]
    async with office_on(database_url) as office:
        assert await office.try_once(*notices) == ["sent"] * len(notices)
        for notice in notices:
            proof = await office.row(notice.key)
            [mail] = [one for one in office.catcher.caught if one.message_id == proof.message_id]
            assert (mail.to, mail.subject) == (proof.recipient, proof.subject)
            assert mail.text.strip() == proof.text.strip()
            assert (proof.state, proof.settled_at, proof.attempts) == ("sent", START, 1)
            assert proof.answer == "250 taken"
        assert len(office.catcher.caught) == len(notices)


async def test_a_notice_goes_to_its_recipient_by_name_with_the_proof_of_its_key(
    office: Office,
) -> None:
    assert await office.deliver(to_resident()) == Settled(key="notice-1", outcome="sent", at=START)
    [mail] = office.catcher.caught
    assert mail.message["To"] == f"Jo Bloggs <{JO}>"
    assert mail.message["From"] == f"Elmfield Homes complaints <{SENDER}>"
    assert mail.message["Date"] == "Wed, 06 Jan 2027 09:30:00 +0000"
    assert mail.message_id == message_id("notice-1", SENDER)


async def test_a_repeat_answers_with_the_stored_outcome_and_sends_nothing(office: Office) -> None:
    first = await office.deliver(to_resident())
    office.time += timedelta(days=400)
    office.catcher.refuse(550)
    assert await office.deliver(to_resident()) == first
    assert await office.try_once(to_resident()) == ["sent"]
    assert len(office.catcher.caught) == 1


async def test_the_same_notice_asked_for_many_times_at_once_goes_out_once(office: Office) -> None:
    outcomes = await asyncio.gather(*(office.try_once(to_resident()) for _ in range(10)))
    assert ["sent"] in outcomes
    assert all(outcome in (["sent"], ["queued"]) for outcome in outcomes)
    assert len(office.catcher.caught) == 1


async def test_while_the_mail_server_is_away_a_notice_is_queued_and_its_delivery_retried(
    office: Office,
) -> None:
    await office.catcher.stop()
    assert await office.try_once(to_resident()) == ["queued"]
    with pytest.raises(ApplicationError) as error:
        await office.deliver(to_resident())
    assert (error.value.type, error.value.non_retryable) == ("notice-queued", False)
    await office.catcher.start()
    office.time += timedelta(hours=3)
    assert (await office.deliver(to_resident())).at == START + timedelta(hours=3)
    assert len(office.catcher.caught) == 1
    assert (await office.row()).attempts == 3


async def test_one_notice_that_must_wait_does_not_hold_up_the_others(office: Office) -> None:
    office.catcher.refuse(450, JO)
    notices = to_resident(key="a"), to_staff(key="b"), to_staff(key="c", role="line-manager")
    assert await office.try_once(*notices) == ["queued", "sent", "sent"]


async def test_an_address_refused_for_good_is_recorded_and_never_tried_again(
    office: Office,
) -> None:
    office.catcher.refuse(550, JO)
    assert await office.try_once(to_resident()) == ["refused"]
    office.catcher.accept()
    assert (await office.deliver(to_resident())).outcome == "refused"
    assert office.catcher.caught == []
    proof = await office.row()
    assert (proof.recipient, proof.answer) == (JO, "550 refused by the test")


@pytest.mark.parametrize(
    "hostile",
    [
        to_resident(name="Jo\r\nBcc: everybody@evil.example"),
        to_resident(name="Jo\u2028Bloggs"),
        to_resident(email="not an address"),
        to_resident(email="jo\x00@example.org"),
        to_resident(
            letterhead=to_resident().letterhead.model_copy(update={"landlord": "Elm\nfield"})
        ),
    ],
)
async def test_what_can_never_be_put_in_a_header_is_refused_for_good_on_both_databases(
    database_url: str, hostile: Notice
) -> None:
    async with office_on(database_url) as office:
        assert await office.try_once(hostile) == ["refused"]
        assert (await office.deliver(hostile)).outcome == "refused"
        assert office.catcher.caught == []
        assert (await office.row()).answer in {"unprintable-header", "unusable-address"}


async def test_words_that_a_database_cannot_hold_do_not_keep_a_letter_back(
    database_url: str,
) -> None:
    hostile = RESPONSE.model_copy(update={"remedy": "sorry\x00 \ud800for it"})
    async with office_on(database_url) as office:
        assert await office.try_once(to_resident(hostile)) == ["sent"]
        assert "sorry for it" in office.catcher.caught[0].text


async def test_a_resident_with_only_a_postal_address_is_written_to_by_hand(office: Office) -> None:
    assert await office.try_once(to_resident(email=None, postal=True)) == ["by-hand"]
    [mail] = office.catcher.to(OFFICER_EMAIL)
    assert mail.subject.startswith("To post: ")
    assert "PLEASE POST THIS LETTER" in mail.text
    assert "Dear Jo Bloggs," in mail.text


async def test_for_nobody_nothing_is_sent(office: Office) -> None:
    notice = to_resident(name=None, email=None)
    assert await office.try_once(notice) == ["nobody"]
    assert (await office.deliver(notice)).outcome == "nobody"
    assert office.catcher.caught == []


async def test_a_mail_that_was_never_confirmed_goes_out_again_under_its_id(office: Office) -> None:
    office.catcher.cut_after_data()
    assert await office.try_once(to_resident()) == ["queued"]
    assert await office.try_once(to_resident()) == ["sent"]
    first, second = office.catcher.caught
    assert first.message_id == second.message_id


async def test_a_mail_that_is_never_confirmed_is_given_up_so_that_a_person_looks(
    office: Office,
) -> None:
    office.catcher.cut_after_data(times=99)
    outcomes = [await office.try_once(to_resident()) for _ in range(MOST_UNCONFIRMED + 1)]
    assert outcomes == [["queued"]] * MOST_UNCONFIRMED + [["refused"]]
    assert len(office.catcher.caught) == MOST_UNCONFIRMED
    assert (await office.row()).answer == "its delivery was never confirmed"


async def test_what_a_killed_worker_left_behind_waits_for_its_lease_and_goes_out_again(
    office: Office,
) -> None:
    notice = to_resident()
    left_behind = Entry(
        key=notice.key,
        reference=notice.reference,
        about="receipt",
        to_role="resident",
        recipient=JO,
        subject="",
        text="",
        message_id=message_id(notice.key, SENDER),
    )
    await Ledger(office.database).claim(left_behind, START)
    office.time = START + LEASE - timedelta(seconds=1)
    assert await office.try_once(notice) == ["queued"]
    assert office.catcher.caught == []
    office.time = START + LEASE
    assert await office.try_once(notice) == ["sent"]
    assert office.catcher.caught[0].message_id == left_behind.message_id
    assert (await office.row()).unconfirmed == 1


async def test_without_a_directory_a_note_to_staff_waits_for_one(tmp_path: Path) -> None:
    async with office_on(f"sqlite+aiosqlite:///{tmp_path}/empty.db") as office:
        async with office.database.session() as session:
            await (await session.connection()).exec_driver_sql("DELETE FROM staff")
        assert await office.try_once(to_staff()) == ["queued"]
        async with office.database.session() as session:
            await staff.seed(session, STAFF)
        assert await office.try_once(to_staff()) == ["sent"]


async def test_a_person_is_found_by_id(office: Office) -> None:
    run = ActivityEnvironment().run
    found = await run(office.activities.find_person, FindPerson(staff_id=OFFICER))
    assert found == PersonFound(person=Person(staff_id=OFFICER, role="complaints-officer"))
    nobody = await run(office.activities.find_person, FindPerson(staff_id="left-long-ago"))
    assert nobody == PersonFound(person=None)


async def test_no_log_line_holds_a_name_an_address_or_a_word_of_the_letter(office: Office) -> None:
    office.catcher.refuse(450, JO)
    with capture_logs() as lines:
        await office.try_once(to_resident(RESPONSE, key="a"))
        office.catcher.refuse(550, JO)
        await office.try_once(to_resident(RESPONSE, key="a"))
        await office.try_once(to_staff(key="b"))
        await office.try_once(to_resident(key="c", email=None))
    assert {line["event"] for line in lines} == {"notice-waits", "notice-settled"}
    written = str(lines)
    for secret in (JO, "Jo", "Bloggs", "Sam", "okafor@", "boiler"):
        assert secret not in written


async def test_a_database_that_fails_does_not_tell_the_error_whom_we_write_to(
    office: Office,
) -> None:
    async with office.database.session() as session:
        await (await session.connection()).exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON notice BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(SQLAlchemyError) as error:
        await office.try_once(to_resident())
    assert "full" in str(error.value)
    assert JO not in str(error.value)
    assert office.catcher.caught == []


def test_the_addressee_is_the_only_personal_data_that_a_notice_carries() -> None:
    assert set(Addressee.model_fields) == {"name", "email", "postal"}
    assert set(ToResident.model_fields) == {"role", "addressee"}
