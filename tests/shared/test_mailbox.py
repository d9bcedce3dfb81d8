"""A mailbox is read from where it was left, in bounded batches, and left as it is."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from pydantic import SecretStr

from services.shared import mailbox
from services.shared.errors import TryLater
from services.shared.mailbox import Batch, Fetched, MailboxSettings, Place, read_new
from tests.engine import PAYLOAD_KEYS
from tests.ports import free_port
from tests.post_office import PostOffice, post_office
from tests.raw_mailbox import RawMailbox, raw_mailbox

LARGEST = 200_000
LONG_AGO = date(2020, 1, 1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_office() -> AsyncIterator[PostOffice]:
    async with post_office() as opened:
        yield opened


@pytest.fixture
async def office(open_office: PostOffice) -> PostOffice:
    await open_office.empty()
    return open_office


def mail(number: int, size: int = 0) -> bytes:
    filling = b"x" * 70 + b"\r\n"
    head = b"From: a@example.org\r\nSubject: number %d\r\n\r\n" % number
    return head + filling * (size // len(filling))


async def read(office: PostOffice, place: Place | None = None, since: date = LONG_AGO) -> Batch:
    return await read_new(office.settings, place, first_from=since, largest=LARGEST)


async def test_each_mail_is_read_once_in_order_and_byte_by_byte(office: PostOffice) -> None:
    await office.put(mail(1), mail(2))
    first = await read(office)
    assert [found.raw for found in first.mails] == [mail(1), mail(2)]
    assert all(found.whole for found in first.mails)
    assert not first.more
    again = await read(office, first.place)
    assert (again.mails, again.place) == ((), first.place)
    await office.put(mail(3))
    [third] = (await read(office, first.place)).mails
    assert third.raw == mail(3)
    assert datetime.now(UTC) - third.arrived_at < timedelta(minutes=5)


async def test_reading_marks_nothing(office: PostOffice) -> None:
    await office.put(mail(1), mail(2))
    before = await office.flags()
    await read(office)
    assert await office.flags() == before
    assert not any(b"Seen" in line for line in before)


async def test_a_large_mail_is_told_apart_by_its_head(office: PostOffice) -> None:
    await office.put(mail(1), mail(2, LARGEST + 100), mail(3))
    found = (await read(office)).mails
    assert [one.whole for one in found] == [True, False, True]
    assert found[1].raw == mail(2, LARGEST + 100)[: mailbox.HEAD_BYTES]


async def test_many_mails_are_read_in_batches(office: PostOffice) -> None:
    await office.put(*(mail(number) for number in range(mailbox.MOST_MAILS + 3)))
    first = await read(office)
    assert (len(first.mails), first.more) == (mailbox.MOST_MAILS, True)
    rest = await read(office, first.place)
    assert (len(rest.mails), rest.more) == (3, False)


async def test_what_lay_there_for_long_is_no_news_at_first_sight(office: PostOffice) -> None:
    await office.put(mail(1), arrived_at=datetime(2024, 3, 1, 12, tzinfo=UTC))
    await office.put(mail(2))
    first = await read(office, since=datetime.now(UTC).date() - timedelta(days=14))
    assert [found.raw for found in first.mails] == [mail(2)]
    assert (await read(office, first.place)).mails == ()


async def test_a_mailbox_that_was_made_anew_is_read_anew(office: PostOffice) -> None:
    await office.put(mail(1))
    of_another = Place(uid_validity=1, last_uid=100_000)
    assert [found.raw for found in (await read(office, of_another)).mails] == [mail(1)]


async def test_an_empty_mailbox_holds_nothing(office: PostOffice) -> None:
    empty = await read(office)
    assert (empty.mails, empty.more) == ((), False)


async def test_a_mailbox_that_cannot_be_read_is_tried_later(office: PostOffice) -> None:
    wrong: dict[str, MailboxSettings] = {
        "mailbox-away": office.settings.model_copy(update={"imap_port": free_port()}),
        "mailbox-login-refused": office.settings.model_copy(
            update={"imap_password": SecretStr("another")}
        ),
    }
    for code, settings in wrong.items():
        with pytest.raises(TryLater) as refusal:
            await read_new(settings, None, first_from=LONG_AGO, largest=LARGEST)
        assert refusal.value.code == code


async def test_a_mail_that_the_server_refuses_does_not_hold_up_the_others() -> None:
    async with raw_mailbox() as server:
        server.mails = [mail(1), mail(2), mail(3)]
        server.refuses = {2}
        found = (await read_raw(server)).mails
        assert [(one.raw, one.whole) for one in found] == [
            (mail(1), True),
            (b"", False),
            (mail(3), True),
        ]


async def test_what_was_read_before_the_connection_ended_is_kept() -> None:
    async with raw_mailbox() as server:
        server.mails = [mail(1), mail(2), mail(3)]
        server.hangs_up_at = 3
        first = await read_raw(server)
        assert [one.raw for one in first.mails] == [mail(1), mail(2)]
        assert first.more
        rest = await read_raw(server, first.place)
        assert [one.raw for one in rest.mails] == [mail(3)]


@pytest.mark.parametrize("bad", [1, 2, 3])
@pytest.mark.parametrize("fault", ["chokes", "hangs up"])
async def test_a_mail_at_which_reading_fails_each_time_is_passed_over(fault: str, bad: int) -> None:
    async with raw_mailbox() as server:
        server.mails = [mail(1), mail(2), mail(3)]
        if fault == "chokes":
            server.chokes_on = {bad}
        else:
            server.always_hangs_up_at = bad
        found, failures = await read_on(server)
    assert [(one.uid, one.raw, one.whole) for one in found] == [
        (number, b"" if number == bad else mail(number), number != bad) for number in (1, 2, 3)
    ]
    assert failures <= mailbox.FAILURES


async def test_what_fails_twice_and_is_given_then_is_read_whole() -> None:
    async with raw_mailbox() as server:
        server.mails = [mail(1)]
        server.chokes_on = {1}
        for _ in range(mailbox.FAILURES - 1):
            with pytest.raises(TryLater):
                await read_raw(server)
        server.chokes_on = set()
        assert [one.raw for one in (await read_raw(server)).mails] == [mail(1)]
        server.chokes_on = {1}  # the count begins anew
        for _ in range(mailbox.FAILURES):
            with pytest.raises(TryLater):
                await read_raw(server)


async def read_on(server: RawMailbox) -> tuple[list[Fetched], int]:
    """Reads as a poller does, until nothing waits; returns also how often it was away."""
    found: list[Fetched] = []
    place: Place | None = None
    failures = 0
    while failures < 10:
        try:
            batch = await read_raw(server, place)
        except TryLater:
            failures += 1
            continue
        found += batch.mails
        place = batch.place
        if not batch.more:
            break
    return found, failures


async def test_nothing_but_reading_is_asked_for() -> None:
    async with raw_mailbox() as server:
        server.mails = [mail(1)]
        await read_raw(server)
        assert server.refused == []


async def read_raw(server: RawMailbox, place: Place | None = None) -> Batch:
    told = {name.removeprefix("PUTRIGHT_").lower(): value for name, value in server.told.items()}
    keys = {"environment": "embedded", "payload_keys": PAYLOAD_KEYS}
    settings = MailboxSettings.model_validate(told | keys)
    return await read_new(settings, place, first_from=LONG_AGO, largest=LARGEST)
