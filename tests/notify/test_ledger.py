"""The ledger: one claim at a time, one outcome for ever, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from services.notify.app import SERVICE
from services.notify.contract import Settled
from services.notify.ledger import LEASE, Claim, Entry, Ledger, Outcome
from services.notify.tables import NoticeRow
from services.shared.database import Database, migrate
from tests.days import london

NOW = london("Wed 2027-01-06 09:30")
LATER = NOW + LEASE
ENTRY = Entry(
    key="k1",
    reference="PR-1",
    about="receipt",
    to_role="resident",
    recipient="jo@example.org",
    subject="We have it",
    text="Dear Jo",
    message_id="<1@example.org>",
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    migrate(SERVICE, database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


async def row(database: Database) -> NoticeRow:
    async with database.session() as session:
        found = await session.get(NoticeRow, "k1")
    assert found is not None
    return found


async def claimed(ledger: Ledger, at: datetime = NOW) -> Claim:
    claim = await ledger.claim(ENTRY, at)
    assert claim is not None
    return claim


async def test_a_claim_writes_down_what_is_about_to_be_sent(
    ledger: Ledger, database: Database
) -> None:
    assert await ledger.claim(ENTRY, NOW) == Claim("k1", attempt=1, unconfirmed=0)
    proof = await row(database)
    assert (proof.state, proof.lease_until, proof.settled_at) == ("sending", LATER, None)
    assert (proof.recipient, proof.subject, proof.text) == (
        "jo@example.org",
        "We have it",
        "Dear Jo",
    )
    assert (proof.message_id, proof.claimed_at) == ("<1@example.org>", NOW)
    assert await ledger.outcome("k1") is None


async def test_a_notice_under_way_cannot_be_claimed_again(ledger: Ledger) -> None:
    await claimed(ledger)
    assert await ledger.claim(ENTRY, LATER - timedelta(seconds=1)) is None


async def test_of_many_who_claim_at_once_one_gets_it(ledger: Ledger) -> None:
    claims = await asyncio.gather(*(ledger.claim(ENTRY, NOW) for _ in range(20)))
    assert sum(claim is not None for claim in claims) == 1


async def test_of_many_who_claim_an_expired_one_at_once_one_gets_it(ledger: Ledger) -> None:
    await claimed(ledger)
    claims = await asyncio.gather(*(ledger.claim(ENTRY, LATER) for _ in range(20)))
    assert [claim for claim in claims if claim] == [Claim("k1", attempt=2, unconfirmed=1)]


async def test_an_expired_lease_is_an_unconfirmed_attempt_under_the_same_message_id(
    ledger: Ledger, database: Database
) -> None:
    await claimed(ledger)
    again = await ledger.claim(ENTRY, LATER)
    assert again == Claim("k1", attempt=2, unconfirmed=1)
    proof = await row(database)
    assert (proof.attempts, proof.unconfirmed, proof.message_id) == (2, 1, "<1@example.org>")
    assert (proof.claimed_at, proof.attempted_at) == (NOW, LATER)


async def test_what_was_put_back_can_be_claimed_at_once(ledger: Ledger, database: Database) -> None:
    await ledger.put_back(await claimed(ledger), "450 busy", unconfirmed=False)
    proof = await row(database)
    assert (proof.state, proof.answer, proof.lease_until) == ("queued", "450 busy", None)
    assert await ledger.claim(ENTRY, NOW) == Claim("k1", attempt=2, unconfirmed=0)


async def test_an_unconfirmed_attempt_is_counted_once(ledger: Ledger) -> None:
    await ledger.put_back(await claimed(ledger), "silence", unconfirmed=True)
    assert await ledger.claim(ENTRY, NOW) == Claim("k1", attempt=2, unconfirmed=1)


async def test_a_second_attempt_proves_what_it_sent_and_to_whom(
    ledger: Ledger, database: Database
) -> None:
    await ledger.put_back(await claimed(ledger), "450 busy", unconfirmed=False)
    moved = Entry(**{**vars(ENTRY), "recipient": "new@example.org", "text": "Dear Jo B"})
    await ledger.claim(moved, NOW)
    proof = await row(database)
    assert (proof.recipient, proof.text) == ("new@example.org", "Dear Jo B")


@pytest.mark.parametrize("outcome", ["sent", "by-hand", "refused", "nobody"])
async def test_a_settled_notice_keeps_its_outcome_and_cannot_be_claimed(
    ledger: Ledger, outcome: Outcome
) -> None:
    claim = await claimed(ledger)
    await ledger.settle(claim, outcome, NOW, "250 ok")
    expected = Settled(key="k1", outcome=outcome, at=NOW)
    assert await ledger.outcome("k1") == expected
    assert await ledger.claim(ENTRY, LATER) is None
    await ledger.settle(claim, "refused", LATER, "too late")
    await ledger.put_back(claim, "too late", unconfirmed=True)
    assert await ledger.outcome("k1") == expected


async def test_one_whose_lease_ran_out_cannot_put_back_what_another_is_sending(
    ledger: Ledger, database: Database
) -> None:
    slow = await claimed(ledger)
    await claimed(ledger, LATER)
    await ledger.put_back(slow, "at last", unconfirmed=False)
    assert (await row(database)).state == "sending"


async def test_one_whose_lease_ran_out_may_still_say_that_it_was_delivered(ledger: Ledger) -> None:
    slow = await claimed(ledger)
    await claimed(ledger, LATER)
    await ledger.settle(slow, "sent", LATER, "250 ok")
    assert await ledger.outcome("k1") == Settled(key="k1", outcome="sent", at=LATER)


async def test_an_unknown_notice_has_no_outcome(ledger: Ledger) -> None:
    assert await ledger.outcome("unknown") is None
