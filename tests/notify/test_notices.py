"""Notices as a complaint asks for them: sent once, kept waiting, or refused for good."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from services.notify import staff
from services.notify.activities import NotifyActivities
from services.notify.app import SERVICE
from services.notify.caseload_plan import AskedCase, PlanQuestion
from services.notify.contents import Content, WindowReminder
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
    Word,
)
from services.notify.delivery import Mailer
from services.notify.ledger import LEASE, MOST_UNCONFIRMED, Entry, Ledger, pause_after
from services.notify.manager_activities import ManagerActivities
from services.notify.message import mark, message_id
from services.notify.recipients import WayName
from services.notify.sending import NEVER_CONFIRMED
from services.notify.settings import NotifySettings
from services.notify.tables import AbsenceRow, NoticeRow
from services.notify.ways import Delivery, Ready, Way
from services.shared.database import Database
from tests.databases import copy_migrated
from tests.days import day, london
from tests.mail_catcher import MailCatcher
from tests.notify.samples import (
    JO,
    RECEIPT,
    REFERENCE,
    RESPONSE,
    STAFF,
    TO_RESIDENT,
    TO_STAFF,
    to_resident,
    to_staff,
)
from tests.ports import free_port

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
        self.mailer = Mailer(settings)
        self.ways: dict[WayName, Way] = {"email": self.mailer, "by-hand": self.mailer}
        self.activities = NotifyActivities(database, self.ways, settings, now=self.now)

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
        copy_migrated(SERVICE, url)
        self._database = Database(url)
        self._catcher = MailCatcher()

    async def __aenter__(self) -> Office:
        await self._catcher.start()
        async with self._database.session() as session:
            await staff.seed(session, STAFF)
        self._office = Office(self._database, self._catcher)
        return self._office

    async def __aexit__(self, *_error: object) -> None:
        await self._office.mailer.close()
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


def to_jo(addressee: Addressee, content: Content = RECEIPT) -> Notice:
    return to_resident(content).model_copy(update={"to": ToResident(addressee=addressee)})


ADDRESS = "7 Elm Row\nElmfield\nEL1 2AB"
PHONE = "07700 900123"
REMINDED = WindowReminder(next_stage="Stage 2", ask_by=day("Thu 2027-02-04"))


class Kept:
    """A way that keeps whatever it is given, and answers always the same."""

    def __init__(self, answer: Delivery) -> None:
        self.given: list[Ready] = []
        self._answer = answer

    async def deliver(self, ready: Ready) -> Delivery:
        self.given.append(ready)
        return self._answer


PRINTED = Delivery("to-print", "to-print", "")
TEXTED = Delivery("delivered", "201", "taken", provider_id="7f3c")


@pytest.mark.parametrize(
    ("addressee", "content", "way"),
    [
        (Addressee(email=JO, address=ADDRESS, phone=PHONE), RECEIPT, "email"),
        (Addressee(email=JO, address=ADDRESS, prefers_letters=True), RECEIPT, "letter"),
        (Addressee(email=JO, prefers_letters=True), RECEIPT, "email"),
        (Addressee(address=ADDRESS, phone=PHONE), RECEIPT, "letter"),
        (Addressee(phone=PHONE), RECEIPT, "by-hand"),
        (Addressee(email=JO, phone=PHONE, texts=True), REMINDED, "text"),
        (Addressee(email=JO, phone=PHONE, texts=True), RECEIPT, "email"),
        (Addressee(email=JO, phone=PHONE), REMINDED, "email"),
        (Addressee(email=JO, texts=True), REMINDED, "email"),
    ],
)
async def test_a_resident_is_reached_the_way_that_they_can_and_want_to_be(
    office: Office, addressee: Addressee, content: Content, way: str
) -> None:
    paper, texts = Kept(PRINTED), Kept(TEXTED)
    office.ways |= {"letter": paper, "text": texts}
    await office.deliver(to_jo(addressee, content))
    proof = await office.row()
    assert proof.way == way
    given = {"letter": [ready.recipient.address for ready in paper.given]}
    given["text"] = [ready.recipient.phone for ready in texts.given]
    expected = {"letter": [ADDRESS] if way == "letter" else []}
    expected["text"] = [PHONE] if way == "text" else []
    assert given == expected
    assert len(office.catcher.caught) == (way in {"email", "by-hand"})


async def test_a_letter_is_settled_as_to_print_and_holds_no_address_in_the_ledger(
    office: Office,
) -> None:
    office.ways["letter"] = Kept(PRINTED)
    assert await office.try_once(to_jo(Addressee(address=ADDRESS))) == ["to-print"]
    proof = await office.row()
    assert (proof.state, proof.recipient) == ("to-print", None)


async def test_what_another_service_took_is_kept_under_its_id(office: Office) -> None:
    office.ways["text"] = Kept(TEXTED)
    reminded = to_jo(Addressee(phone=PHONE, texts=True), REMINDED)
    assert await office.try_once(reminded) == ["sent"]
    proof = await office.row()
    assert (proof.provider_id, proof.recipient) == ("7f3c", PHONE)


async def test_without_texts_a_reminder_goes_as_every_other_notice(office: Office) -> None:
    reminded = to_jo(Addressee(email=JO, phone=PHONE, texts=True), REMINDED)
    assert await office.try_once(reminded) == ["sent"]
    assert len(office.catcher.to(JO)) == 1


async def test_a_resident_with_only_a_telephone_is_rung_by_the_complaints_officer(
    office: Office,
) -> None:
    assert await office.try_once(to_jo(Addressee(name="Jo Bloggs", phone=PHONE))) == ["by-hand"]
    [mail] = office.catcher.to(OFFICER_EMAIL)
    assert "ring" in mail.subject.lower()
    assert "Dear Jo Bloggs," in mail.text
    assert (await office.row()).staff_id == OFFICER


async def test_without_a_print_queue_the_complaints_officer_is_asked_to_post_the_letter(
    office: Office,
) -> None:
    assert await office.try_once(to_resident(email=None, postal=True)) == ["by-hand"]
    [mail] = office.catcher.to(OFFICER_EMAIL)
    assert "post" in mail.subject.lower()
    assert "Dear Jo Bloggs," in mail.text


async def test_while_somebody_is_away_their_deputy_is_written_to(office: Office) -> None:
    away = AbsenceRow(
        id="a1",
        staff_id="sam-okafor",
        from_on=START.date(),
        until_on=START.date(),
        deputy="helen-ward",
        entered_at=START,
        entered_by="tests",
    )
    async with office.database.session() as session:
        session.add(away)
    assert await office.try_once(to_staff(key="a")) == ["sent"]
    assert (await office.row("a")).staff_id == "helen-ward"
    office.time += timedelta(days=1)
    assert await office.try_once(to_staff(key="b")) == ["sent"]
    assert (await office.row("b")).staff_id == "sam-okafor"


async def test_absences_that_are_over_are_not_even_read(office: Office) -> None:
    async with office.database.session() as session:
        # What is no date cannot be read.
        await (await session.connection()).exec_driver_sql(
            "INSERT INTO absence (id, staff_id, from_on, until_on, entered_at, entered_by) "
            "VALUES ('a1', 'sam-okafor', 'no date', '2027-01-05', '2027-01-01', 'tests')"
        )
    assert await office.try_once(to_staff()) == ["sent"]
    case = AskedCase(
        reference=REFERENCE, nation="england", closure_days=(), due=START.date(), since=None
    )
    question = PlanQuestion(staff_id="sam-okafor", at=START, cases=(case,))
    managers = ManagerActivities(office.database)
    plan = await ActivityEnvironment().run(managers.plan_caseload, question)
    assert plan.absent is None


async def test_for_nobody_nothing_is_sent(office: Office) -> None:
    notice = to_resident(name=None, email=None)
    assert await office.try_once(notice) == ["nobody"]
    assert (await office.row()).way == "none"
    assert (await office.deliver(notice)).outcome == "nobody"
    assert office.catcher.caught == []


async def test_a_mail_that_was_never_confirmed_goes_out_again_under_its_id(office: Office) -> None:
    office.catcher.cut_after_data()
    assert await office.try_once(to_resident()) == ["queued"]
    assert (await office.row()).state == "uncertain"
    assert await office.try_once(to_resident()) == ["queued"]
    assert len(office.catcher.caught) == 1
    office.time += pause_after(1)
    assert await office.try_once(to_resident()) == ["sent"]
    first, second = office.catcher.caught
    assert first.message_id == second.message_id


async def test_a_mail_that_is_never_confirmed_is_given_up_so_that_a_person_looks(
    office: Office,
) -> None:
    office.catcher.cut_after_data(times=99)
    outcomes = []
    for losses in range(1, MOST_UNCONFIRMED + 1):
        outcomes.append(await office.try_once(to_resident()))
        office.time += pause_after(losses)
    assert outcomes == [["queued"]] * (MOST_UNCONFIRMED - 1) + [["uncertain"]]
    assert (await office.deliver(to_resident())).outcome == "uncertain"
    assert len(office.catcher.caught) == MOST_UNCONFIRMED
    proof = await office.row()
    assert (proof.answer, proof.unconfirmed) == (NEVER_CONFIRMED, MOST_UNCONFIRMED)


async def test_a_worker_that_is_killed_at_every_attempt_ends_before_a_person_too(
    office: Office,
) -> None:
    for _ in range(MOST_UNCONFIRMED):
        await Ledger(office.database).claim(left_behind(to_resident()), office.time)
        office.time += LEASE
    assert await office.try_once(to_resident()) == ["uncertain"]
    assert office.catcher.caught == []


def left_behind(notice: Notice) -> Entry:
    """What a worker had claimed that was killed before it could say what became of it."""
    return Entry(
        key=notice.key,
        reference=notice.reference,
        about=notice.content.about,
        to_role="resident",
        asked_by=None,
        way="email",
        staff_id=None,
        language="en-GB",
        mark=mark(notice.key),
        recipient=JO,
        subject="",
        text="",
        message_id=message_id(notice.key, SENDER),
    )


async def test_what_a_killed_worker_left_behind_waits_for_its_lease_and_goes_out_again(
    office: Office,
) -> None:
    notice = to_resident()
    await Ledger(office.database).claim(left_behind(notice), START)
    office.time = START + LEASE - timedelta(seconds=1)
    assert await office.try_once(notice) == ["queued"]
    assert office.catcher.caught == []
    office.time = START + LEASE
    assert await office.try_once(notice) == ["sent"]
    assert office.catcher.caught[0].message_id == message_id(notice.key, SENDER)
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
        await office.deliver(to_resident())
    assert "full" in str(error.value)
    assert JO not in str(error.value)
    assert office.catcher.caught == []


async def test_a_notice_that_fails_does_not_lose_the_others_of_its_batch(office: Office) -> None:
    async with office.database.session() as session:
        await (await session.connection()).exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON notice WHEN NEW.key = 'b' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    notices = [to_resident(key=key) for key in "abc"]
    assert await office.try_once(*notices) == ["sent", "queued", "sent"]


async def test_a_notice_that_nothing_can_be_made_of_stops_as_refused_and_says_why(
    office: Office,
) -> None:
    broken = RESPONSE.model_construct(**{**RESPONSE.__dict__, "decision": "no-such-decision"})
    notice = to_resident().model_copy(update={"content": broken})
    assert await office.try_once(notice) == ["refused"]
    assert str((await office.row()).answer).startswith("unrenderable")
    assert office.catcher.caught == []


def a_word(*entries: Notice, sequence: int = 7) -> Word:
    return Word(
        staff_id="sam-okafor",
        reference=REFERENCE,
        sequence=sequence,
        asked_by=f"complaint-{REFERENCE}",
        standing=None,
        entries=entries,
    )


async def test_a_word_that_temporal_does_not_take_is_named_and_holds_nothing_else_up(
    office: Office,
) -> None:
    away = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True)
    request = SendNotices(
        notices=(to_resident(key="a"),), words=(a_word(to_staff(key="b")), a_word(sequence=8))
    )
    deliveries = await ActivityEnvironment(client=away).run(office.activities.send_notices, request)
    assert [(one.key, one.outcome) for one in deliveries.settled] == [("a", "sent")]
    assert deliveries.not_posted == (("sam-okafor", 7), ("sam-okafor", 8))


def test_the_addressee_is_the_only_personal_data_that_a_notice_carries() -> None:
    assert set(Addressee.model_fields) == {
        "name",
        "email",
        "address",
        "phone",
        "prefers_letters",
        "large_print",
        "texts",
        "language",
    }
    assert set(ToResident.model_fields) == {"role", "addressee"}
