"""The ledger: one claim at a time, one outcome for ever, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.notify.app import SERVICE
from services.notify.contract import Settled
from services.notify.ledger import LEASE, MOST_UNCONFIRMED, Claim, Entry, Ledger, Place, pause_after
from services.notify.tables import NoticeRow
from services.shared.database import Database
from services.shared.events import Outcome
from tests.databases import copy_migrated
from tests.days import london

NOW = london("Wed 2027-01-06 09:30")
LATER = NOW + LEASE
ENTRY = Entry(
    key="k1",
    reference="PR-1",
    about="receipt",
    to_role="resident",
    asked_by="complaint-PR-1",
    way="email",
    staff_id=None,
    language="en-GB",
    mark="m1",
    recipient="jo@example.org",
    subject="We have it",
    text="Dear Jo",
    message_id="<1@example.org>",
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    copy_migrated(SERVICE, database_url)
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
    assert (proof.way, proof.mark, proof.asked_by) == ("email", "m1", "complaint-PR-1")
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
    await ledger.put_back(await claimed(ledger), "450 busy", NOW, unconfirmed=False)
    proof = await row(database)
    assert (proof.state, proof.answer, proof.lease_until) == ("queued", "450 busy", None)
    assert await ledger.claim(ENTRY, NOW) == Claim("k1", attempt=2, unconfirmed=0)


async def test_a_lost_attempt_is_counted_once_and_the_notice_stays_uncertain(
    ledger: Ledger, database: Database
) -> None:
    await ledger.put_back(await claimed(ledger), "silence", NOW, unconfirmed=True)
    assert (await row(database)).state == "uncertain"
    again = await claimed(ledger, NOW + pause_after(1))
    assert again == Claim("k1", attempt=2, unconfirmed=1)
    await ledger.put_back(again, "450 busy", NOW, unconfirmed=False)
    proof = await row(database)
    assert (proof.state, proof.unconfirmed, proof.settled_at) == ("uncertain", 1, None)
    assert await ledger.outcome("k1") is None


async def test_after_a_lost_reply_nobody_can_claim_it_until_the_pause_is_over(
    ledger: Ledger,
) -> None:
    at = NOW
    for losses in range(1, MOST_UNCONFIRMED):
        await ledger.put_back(await claimed(ledger, at), "silence", at, unconfirmed=True)
        at += pause_after(losses)
        assert await ledger.claim(ENTRY, at - timedelta(seconds=1)) is None
    assert await claimed(ledger, at) == Claim("k1", MOST_UNCONFIRMED, MOST_UNCONFIRMED - 1)


async def test_what_was_lost_and_then_put_off_waits_for_no_pause(ledger: Ledger) -> None:
    await ledger.put_back(await claimed(ledger), "silence", NOW, unconfirmed=True)
    later = NOW + pause_after(1)
    await ledger.put_back(await claimed(ledger, later), "450 busy", later, unconfirmed=False)
    assert await ledger.claim(ENTRY, later) is not None


def test_the_pauses_grow_and_the_copies_of_one_mail_take_hours() -> None:
    pauses = [pause_after(losses) for losses in range(1, MOST_UNCONFIRMED)]
    assert pauses == sorted(set(pauses))
    assert pauses[0] == timedelta(minutes=5)
    assert sum(pauses, timedelta()) > timedelta(hours=8)


async def test_a_second_attempt_proves_what_it_sent_and_to_whom(
    ledger: Ledger, database: Database
) -> None:
    await ledger.put_back(await claimed(ledger), "450 busy", NOW, unconfirmed=False)
    moved = replace(ENTRY, recipient="sam@example.org", way="by-hand", staff_id="sam", text="Dear")
    await ledger.claim(moved, NOW)
    proof = await row(database)
    assert (proof.recipient, proof.text) == ("sam@example.org", "Dear")
    assert (proof.way, proof.staff_id) == ("by-hand", "sam")


@pytest.mark.parametrize(
    "outcome", ["sent", "by-hand", "to-print", "uncertain", "refused", "nobody"]
)
async def test_a_settled_notice_keeps_its_outcome_and_cannot_be_claimed(
    ledger: Ledger, outcome: Outcome
) -> None:
    claim = await claimed(ledger)
    await ledger.settle(claim, outcome, NOW, "250 ok")
    expected = Settled(key="k1", outcome=outcome, at=NOW)
    assert await ledger.outcome("k1") == expected
    assert await ledger.claim(ENTRY, LATER) is None
    await ledger.settle(claim, "refused", LATER, "too late")
    await ledger.put_back(claim, "too late", NOW, unconfirmed=True)
    assert await ledger.outcome("k1") == expected


async def test_one_whose_lease_ran_out_cannot_put_back_what_another_is_sending(
    ledger: Ledger, database: Database
) -> None:
    slow = await claimed(ledger)
    await claimed(ledger, LATER)
    assert not await ledger.put_back(slow, "at last", NOW, unconfirmed=False)
    assert (await row(database)).state == "sending"


async def test_one_whose_lease_ran_out_may_still_say_that_it_was_delivered(ledger: Ledger) -> None:
    slow = await claimed(ledger)
    await claimed(ledger, LATER)
    await ledger.settle(slow, "sent", LATER, "250 ok", provider_id="p1")
    assert await ledger.outcome("k1") == Settled(key="k1", outcome="sent", at=LATER)
    found = await ledger.one("k1")
    assert found is not None
    assert (found.answer, found.provider_id) == ("250 ok", "p1")


async def test_an_unknown_notice_has_no_outcome(ledger: Ledger) -> None:
    assert await ledger.outcome("unknown") is None
    assert await ledger.one("unknown") is None


async def three_claimed(ledger: Ledger) -> None:
    """Two of PR-1, in the same moment, the second of them refused; later one of PR-2."""
    for key, reference, at in (("k1", "PR-1", NOW), ("k2", "PR-1", NOW), ("k3", "PR-2", LATER)):
        claim = await ledger.claim(replace(ENTRY, key=key, mark=key, reference=reference), at)
        assert claim is not None
        if key == "k2":
            await ledger.settle(claim, "refused", NOW, "550 no such user")


async def test_staff_find_what_was_sent_by_complaint_and_by_state_the_newest_first(
    ledger: Ledger,
) -> None:
    await three_claimed(ledger)

    async def found(reference: str | None = None, state: str | None = None) -> list[str]:
        return [one.key for one in await ledger.notices(reference=reference, state=state)]

    assert await found() == ["k3", "k1", "k2"]
    assert await found(reference="PR-1") == ["k1", "k2"]
    assert await found(state="refused") == ["k2"]
    assert await found(reference="PR-2", state="refused") == []


async def test_pages_hold_every_notice_once(ledger: Ledger) -> None:
    await three_claimed(ledger)
    read: list[str] = []
    place: Place | None = None
    while page := await ledger.notices(after=place, most=1):
        read += [notice.key for notice in page]
        place = Place(page[-1].claimed_at, page[-1].key)
    assert read == ["k3", "k1", "k2"]
