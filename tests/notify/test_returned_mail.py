"""The mailbox of the return path: what comes back is kept, matched with its notice, and told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import select

from services.notify.contents import HeldMail, Undeliverable
from services.notify.ledger import Ledger
from services.notify.message import mark, message_id
from services.notify.returned_mail import ReturnedMail
from services.notify.tables import MailboxRow, ReturnedMailRow
from tests.notify.returned_samples import ALL, PATH, SECRET, SENDER
from tests.notify.town import ENTRY, KEY, SENT_AT, Town, town_with
from tests.post_office import PostOffice, post_office

SAMPLES = {sample.name: sample for sample in ALL}
RESIDENTS = b"From: Jo Bloggs <jo@example.net>\r\nSubject: My boiler\r\n\r\nIt is cold.\r\n"
NO_MAILBOX_TAKES = {"nothing-at-all", "parts-without-end"}
NOTICE = replace(ENTRY, message_id=message_id(KEY, SENDER))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_office() -> AsyncIterator[PostOffice]:
    async with post_office() as opened:
        yield opened


@pytest.fixture
async def office(open_office: PostOffice) -> PostOffice:
    await open_office.empty()
    return open_office


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_with(f"sqlite+aiosqlite:///{tmp_path}/notify.db") as town:
        yield town


def returned(town: Town, office: PostOffice, at: datetime | None = None) -> ReturnedMail:
    async def now() -> datetime:
        return at or datetime.now(UTC)

    return ReturnedMail(office.settings, SECRET, town.database, town.client, now)


async def kept(town: Town) -> list[ReturnedMailRow]:
    async with town.database.session() as session:
        return list((await session.exec(select(ReturnedMailRow))).all())


async def test_a_bounce_reaches_its_notice_its_complaint_and_a_person(
    town: Town, office: PostOffice
) -> None:
    await town.settle(NOTICE)
    await office.put(RESIDENTS, SAMPLES["postfix-user-unknown"].raw)
    mail = returned(town, office)
    await mail.look()
    await town.told("bounced")
    row = await town.row()
    assert (row.state, "User unknown" in (row.answer or "")) == ("bounced", True)
    assert [one.outcome for one in await town.heard()] == ["bounced"]
    (notice,) = town.delivered
    assert isinstance(notice.content, Undeliverable)
    (stored,) = await kept(town)
    assert (stored.raw, stored.mark, stored.outcome) == (
        SAMPLES["postfix-user-unknown"].raw,
        mark(KEY),
        "bounced",
    )
    assert await mail.counts() == {"bounced": 1}


async def test_what_was_read_is_not_read_again_and_what_comes_later_is(
    town: Town, office: PostOffice
) -> None:
    await town.settle(NOTICE)
    await office.put(SAMPLES["postfix-delayed"].raw)
    mail = returned(town, office)
    for _ in range(2):
        await mail.look()
    assert (await town.row()).answer == (
        "250 OK; delayed: 4.4.1 X-Postfix; connect to mail.example.net[192.0.2.7]:25: "
        "Connection timed out"
    )
    assert (await town.row()).state == "sent"
    await office.put(SAMPLES["postfix-expired-after-five-days"].raw)
    await mail.look()
    assert (await town.row()).state == "bounced"
    assert await mail.counts() == {"delayed": 1, "bounced": 1}


async def test_mail_after_a_crash_is_kept_once_and_told_once(
    town: Town, office: PostOffice
) -> None:
    """The place in the mailbox, or the reading, is lost: everything begins again."""
    await town.settle(NOTICE)
    await office.put(SAMPLES["qmail"].raw)
    await returned(town, office).look()
    async with town.database.session() as session:
        for stored in (await session.exec(select(ReturnedMailRow))).all():
            stored.outcome = None
        for place in (await session.exec(select(MailboxRow))).all():
            await session.delete(place)
    await returned(town, office).look()
    await town.told("bounced")
    assert len(await kept(town)) == len(await town.heard()) == len(town.delivered) == 1


async def test_mail_that_names_no_notice_of_ours_is_kept_and_counted(
    town: Town, office: PostOffice
) -> None:
    await office.put(
        SAMPLES["microsoft-365-mailbox-unavailable"].raw,
        SAMPLES["a-tag-that-nobody-signed"].raw,
        SAMPLES["out-of-office-by-exchange"].raw,
    )
    mail = returned(town, office)
    await mail.look()
    assert await mail.counts() == {"unmatched": 2, "ignored": 1}
    assert town.delivered == []


async def test_a_bounce_that_holds_no_tag_of_ours_is_left_to_a_person(
    town: Town, office: PostOffice
) -> None:
    """Whoever had one mail of ours can write its Message-ID into any other."""
    await town.settle(NOTICE)
    at = datetime.now(UTC)
    await office.put(SAMPLES["to-the-sender-instead-of-the-return-path"].raw)
    await returned(town, office, at).look()
    (stored,) = await kept(town)
    assert (stored.outcome, stored.mark) == ("unreadable", mark(KEY))
    row = await town.row()
    assert (row.state, row.answer) == ("sent", "250 OK")
    assert KEY in (await noted(town, at)).why


async def test_a_delay_that_holds_no_tag_of_ours_is_counted_and_writes_nothing(
    town: Town, office: PostOffice
) -> None:
    await town.settle(NOTICE)
    unsigned = SAMPLES["postfix-delayed"].raw.replace(PATH.encode(), SENDER.encode())
    await office.put(unsigned + f"\r\nMessage-ID: {NOTICE.message_id}\r\n".encode())
    mail = returned(town, office)
    await mail.look()
    assert await mail.counts() == {"delayed": 1}
    assert (await town.row()).answer == "250 OK"
    assert town.delivered == []


async def noted(town: Town, at: datetime) -> HeldMail:
    """What the note of that hour says, once it is delivered."""
    key = f"returned-mail-{at:%Y-%m-%dT%H}"
    await town.client.get_workflow_handle(f"news-{key}").result()
    (content,) = [one.content for one in town.delivered if one.key == key]
    assert isinstance(content, HeldMail)
    return content


def unclear(number: int) -> bytes:
    """One of many mails that do not say what became of the notice."""
    return SAMPLES["a-server-that-says-nothing-clear"].raw + b"%d\r\n" % number


async def test_what_cannot_be_read_comes_before_a_person_once_an_hour(
    town: Town, office: PostOffice
) -> None:
    await town.settle(NOTICE)
    at = datetime.now(UTC)
    await office.put(unclear(1), unclear(2))
    for _ in range(2):
        await returned(town, office, at).look()
    content = await noted(town, at)
    assert KEY in content.why
    assert "1 more mail is held" in content.why
    assert (await town.row()).state == "sent"
    await office.put(unclear(3))
    await returned(town, office, at).look()
    assert len(town.delivered) == 1
    later = at + timedelta(hours=1)
    await returned(town, office, later).look()
    assert "more" not in (await noted(town, later)).why
    assert {one.outcome for one in await kept(town)} == {"unreadable"}
    assert len(town.delivered) == 2


@pytest.mark.parametrize("about", ["held-mail", "undeliverable", "letter-to-post"])
async def test_nobody_is_told_of_what_came_back_after_a_note_about_notices(
    town: Town, office: PostOffice, about: str
) -> None:
    await town.settle(replace(NOTICE, about=about, asked_by=None))
    await office.put(unclear(1), SAMPLES["a-person-who-writes-to-the-return-path"].raw)
    mail = returned(town, office)
    await mail.look()
    await office.put(SAMPLES["qmail"].raw)
    await mail.look()
    await town.told("bounced")
    assert await mail.counts() == {"unreadable": 2, "bounced": 1}
    assert town.delivered == []
    assert [one.told_at for one in await kept(town)] == [None] * 3


async def test_a_bounce_that_is_quicker_than_the_ledger_waits_for_it(
    town: Town, office: PostOffice
) -> None:
    ledger = Ledger(town.database)
    claim = await ledger.claim(NOTICE, SENT_AT)
    assert claim is not None
    await office.put(SAMPLES["postfix-user-unknown"].raw, SAMPLES["a-read-receipt"].raw)
    mail = returned(town, office)
    await mail.look()
    assert await mail.counts() == {"new": 1, "ignored": 1}
    await ledger.settle(claim, "sent", SENT_AT, "250 OK")
    await mail.look()
    assert await mail.counts() == {"bounced": 1, "ignored": 1}


async def test_a_mail_that_fails_is_left_to_a_person_and_holds_up_none_behind_it(
    town: Town, office: PostOffice
) -> None:
    """A ledger that was damaged by hand: what was to be told cannot be made."""
    await town.settle(replace(NOTICE, letterhead={"landlord": "Elmfield Homes"}))
    await office.put(SAMPLES["qmail"].raw, SAMPLES["out-of-office-by-exchange"].raw)
    mail = returned(town, office)
    for _ in range(2):
        await mail.look()
    assert await mail.counts() == {"unreadable": 1, "ignored": 1}


async def test_every_shape_of_mail_is_taken_in_and_none_holds_up_the_others(
    database_url: str, office: PostOffice
) -> None:
    async with town_with(database_url) as town:
        await town.settle(NOTICE)
        shapes = [sample for sample in ALL if sample.name not in NO_MAILBOX_TAKES]
        await office.put(*(sample.raw for sample in shapes))
        mail = returned(town, office)
        await mail.look()
        counts = await mail.counts()
        assert "new" not in counts
        assert sum(counts.values()) == len(await kept(town)) == len(shapes)
        assert (await town.row()).state == "bounced"
