"""Later news of a notice: written once, told once, and only where it can still follow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import bindparam, text
from temporalio.client import Client

from services.notify.app import SERVICE
from services.notify.contents import Undeliverable
from services.notify.contract import Settled
from services.notify.ledger import Ledger
from services.notify.news import NEVER_TOLD_OF, learnt, tell_of_unreadable
from services.notify.recipients import WayName
from services.shared.database import Database, UtcDateTime, migrate, migrations
from services.shared.errors import AgainstTheRules, NotThere, TryLater
from services.shared.events import Outcome
from services.shared.local_time import local_date
from tests.engine import CONVERTER
from tests.notify.town import COMPLAINT, ENTRY, KEY, LATER, SENT_AT, Complaint, Town, town_with
from tests.ports import free_port


async def once_connected(client: Client) -> Client:
    """A client whose server has gone away since it connected."""
    host, _, port = client.service_client.config.target_host.rpartition(":")
    pipes: list[asyncio.StreamWriter] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        pipes.extend((writer, back))
        async with asyncio.TaskGroup() as both:
            both.create_task(pump(reader, back))
            both.create_task(pump(there, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", free_port())
    listening = server.sockets[0].getsockname()[1]
    connected = await Client.connect(f"127.0.0.1:{listening}", data_converter=CONVERTER)
    server.close()
    for pipe in pipes:
        pipe.close()
    return connected


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    writer.close()


SENT_BEFORE = text(
    "INSERT INTO notice (key, reference, about, to_role, state, recipient, subject, text,"
    " message_id, attempts, unconfirmed, claimed_at, attempted_at, settled_at)"
    " VALUES (:key, 'PR-7K2M-9QXT', 'response', 'resident', 'sent', 'jo.bloggs@example.org',"
    " 'Our answer', 'Dear Jo', '<old@example.org>', 1, 0, :at, :at, :at)"
).bindparams(bindparam("at", type_=UtcDateTime))
"""How a notice was kept before it had a mark, a way and a letterhead."""


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_with(f"sqlite+aiosqlite:///{tmp_path}/notify.db") as town:
        yield town


async def test_a_bounce_is_written_told_to_the_complaint_and_to_the_complaints_officer(
    town: Town,
) -> None:
    await town.settle()
    await town.learn("bounced")
    await town.told("bounced")
    row = await town.row()
    assert (row.state, row.settled_at, row.answer) == ("bounced", LATER, "550 5.1.1 no such user")
    assert await town.heard() == [Settled(key=KEY, outcome="bounced", at=LATER)]
    (notice,) = town.delivered
    assert (notice.to.role, notice.letterhead.landlord) == ("complaints-officer", "Elmfield Homes")
    assert notice.content == Undeliverable(
        notice=KEY, notice_about="response", notice_to="resident", outcome="bounced"
    )


async def test_a_notice_of_before_its_letterhead_was_kept_is_told_of_all_the_same(
    town: Town, database_url: str
) -> None:
    config = migrations(SERVICE, database_url)
    command.upgrade(config, "0001")
    old = replace(town, database=Database(database_url))
    async with old.database.session() as session:
        connection = await session.connection()
        await connection.execute(SENT_BEFORE, {"key": KEY, "at": SENT_AT})
    command.upgrade(config, "head")
    await old.learn("bounced")
    await town.client.get_workflow_handle(f"news-{KEY}-bounced").result()
    (notice,) = town.delivered
    assert notice.letterhead.landlord
    assert notice.content.about == "undeliverable"
    await old.database.close()


async def test_the_same_news_again_is_told_again_and_heard_once(town: Town) -> None:
    await town.settle()
    await town.learn("bounced")
    await town.told("bounced")
    await town.learn("bounced", at=LATER + timedelta(days=1))
    await town.told("bounced")
    assert (await town.row()).settled_at == LATER
    assert len(await town.heard()) == len(town.delivered) == 1


async def test_what_was_written_and_not_told_is_told_when_it_is_brought_again(town: Town) -> None:
    await town.settle()
    away = await once_connected(town.client)
    with pytest.raises(TryLater, match="engine-away"):
        await learnt(town.database, away, KEY, outcome="bounced", at=LATER, answer="550")
    assert (await town.row()).state == "bounced"
    await town.learn("bounced")
    await town.told("bounced")
    assert await town.heard() == [Settled(key=KEY, outcome="bounced", at=LATER)]


async def test_a_complaint_that_is_gone_is_passed_over_and_the_officer_is_told(town: Town) -> None:
    await town.settle()
    handle = town.client.get_workflow_handle(COMPLAINT)
    await handle.signal(Complaint.end)
    await handle.result()
    await town.learn("refused")
    await town.told("refused")
    assert len(town.delivered) == 1


async def test_a_posted_letter_is_told_to_the_complaint_alone(town: Town) -> None:
    await town.settle(replace(ENTRY, way="letter", recipient=None), "to-print")
    await town.learn("posted")
    await town.told("posted")
    assert [one.outcome for one in await town.heard()] == ["posted"]
    assert town.delivered == []


@pytest.mark.parametrize("about", sorted(NEVER_TOLD_OF))
async def test_a_lost_note_about_notices_is_told_to_nobody_again(town: Town, about: str) -> None:
    await town.settle(replace(ENTRY, about=about, asked_by=None))
    await town.learn("bounced")
    await town.told("bounced")
    assert town.delivered == []
    assert await town.heard() == []


async def test_uncertain_becomes_sent_when_its_receipt_comes(town: Town) -> None:
    await town.settle(outcome="uncertain")
    await town.learn("sent")
    await town.told("sent")
    assert [one.outcome for one in await town.heard()] == ["sent"]


async def test_mail_that_cannot_be_read_comes_before_the_complaints_officer_once_an_hour(
    town: Town,
) -> None:
    hours = (LATER, LATER + timedelta(minutes=29), LATER + timedelta(hours=1))
    begun = [
        await tell_of_unreadable(town.client, at, received_on=local_date(LATER), why="it came back")
        for at in hours
    ]
    assert begun == [True, False, True]
    for hour in ("2027-01-06T12", "2027-01-06T13"):
        await town.client.get_workflow_handle(f"news-returned-mail-{hour}").result()
    assert [(one.to.role, one.content.about) for one in town.delivered] == [
        ("complaints-officer", "held-mail")
    ] * 2


@pytest.mark.parametrize(
    ("way", "now", "news"),
    [
        ("email", "sent", "posted"),
        ("email", "sent", "nobody"),
        ("email", "bounced", "sent"),
        ("email", "refused", "bounced"),
        ("letter", "posted", "to-print"),
        ("letter", "to-print", "bounced"),
        ("none", "nobody", "sent"),
    ],
)
async def test_what_cannot_follow_is_refused_and_changes_nothing(
    town: Town, way: WayName, now: Outcome, news: Outcome
) -> None:
    await town.settle(replace(ENTRY, way=way), now)
    with pytest.raises(AgainstTheRules, match="not-possible-any-more"):
        await town.learn(news)
    assert (await town.row()).state == now


async def test_a_notice_that_is_unknown_or_still_on_its_way_is_no_news(town: Town) -> None:
    with pytest.raises(NotThere, match="unknown-notice"):
        await town.learn()
    await Ledger(town.database).claim(ENTRY, SENT_AT)
    with pytest.raises(TryLater, match="notice-not-settled"):
        await town.learn()


async def test_the_ledger_takes_news_on_both_databases(town: Town, database_url: str) -> None:
    migrate(SERVICE, database_url)
    both = replace(town, database=Database(database_url))
    await both.settle()
    await both.learn("bounced")
    await both.learn("bounced")
    assert (await both.row()).state == "bounced"
    with pytest.raises(AgainstTheRules):
        await both.learn("sent")
    await both.database.close()
