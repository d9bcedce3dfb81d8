"""Mail is fetched from a real mail server: stored raw, once, with how far the mailbox was read."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlmodel import select

from services.intake.mail_fetching import fetch
from services.intake.tables import Mailbox
from services.shared.errors import TryLater
from tests.intake.conftest import OpenDesk
from tests.intake.desk import Desk, eventually
from tests.intake.mails import kept, outcomes, written
from tests.ports import free_port
from tests.post_office import PostOffice, post_office
from tests.raw_mailbox import raw_mailbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_office() -> AsyncIterator[PostOffice]:
    async with post_office() as opened:
        yield opened


@pytest.fixture
async def office(open_office: PostOffice) -> PostOffice:
    await open_office.empty()
    return open_office


@pytest.fixture
async def reading_desk(open_desk: OpenDesk, office: PostOffice) -> AsyncIterator[Desk]:
    """An app that reads the post office's mailbox; its engine is away."""
    async with open_desk(f"127.0.0.1:{free_port()}", **office.told) as opened:
        yield opened


async def test_a_mail_sent_by_smtp_becomes_a_complaint(
    reading_desk: Desk, office: PostOffice
) -> None:
    async with reading_desk.sweeping():
        await office.send(written("The lift is stuck. £5 für Łódź.").as_bytes())
        await eventually(reading_desk.complaints, 30)
    [complaint] = await reading_desk.complaints()
    assert complaint.words == "No heating\n\nThe lift is stuck. £5 für Łódź."


async def test_mail_is_stored_before_it_is_read_and_once(
    reading_desk: Desk, office: PostOffice
) -> None:
    await office.put(written("One").as_bytes(), written("Two").as_bytes())
    for _ in range(2):
        await fetch(reading_desk.app.state.intake)
    assert [mail.raw for mail in await kept(reading_desk)] == [
        written("One").as_bytes().replace(b"\n", b"\r\n"),
        written("Two").as_bytes().replace(b"\n", b"\r\n"),
    ]
    assert outcomes(await kept(reading_desk)) == [("new", None)] * 2


async def test_a_mailbox_that_is_read_anew_brings_nothing_twice(
    reading_desk: Desk, office: PostOffice
) -> None:
    await office.put(written().as_bytes())
    await fetch(reading_desk.app.state.intake)
    async with reading_desk.database.session() as session:
        [place] = (await session.exec(select(Mailbox))).all()
        place.uid_validity -= 1
    await office.put(written("Two").as_bytes())
    await fetch(reading_desk.app.state.intake)
    assert len(await kept(reading_desk)) == 2


async def test_a_mail_that_the_server_keeps_to_itself_is_held(open_desk: OpenDesk) -> None:
    async with raw_mailbox() as server:
        server.mails = [written("One").as_bytes(), b"", written("Three").as_bytes()]
        server.refuses = {1}
        settings = {"imap_host": "127.0.0.1", "imap_port": server.port}
        async with open_desk(
            f"127.0.0.1:{free_port()}", **settings, imap_security="none", imap_poll_seconds=0.2
        ) as desk:
            async with desk.sweeping():
                await eventually(desk.complaints, 30)
            found = await kept(desk)
    assert outcomes(found)[0] == ("held", "not-given")
    assert [mail.state for mail in found] == ["held", "held", "complaint"]


async def test_a_mailbox_that_is_away_is_tried_later(open_desk: OpenDesk) -> None:
    away = {"imap_host": "127.0.0.1", "imap_port": free_port(), "imap_security": "none"}
    async with open_desk(f"127.0.0.1:{free_port()}", **away) as desk:
        with pytest.raises(TryLater):
            await fetch(desk.app.state.intake)
        assert await desk.bring_in()  # everything else goes on
