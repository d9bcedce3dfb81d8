"""A mail becomes a complaint, a reply, or a person's to look at; a machine's is never answered."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.intake import mail_records
from services.intake.mail_records import ATTEMPTS
from services.intake.mail_taking import take_new
from services.shared.errors import TryLater
from services.shared.mail_tags import tagged
from tests.intake.conftest import OpenDesk
from tests.intake.desk import Desk
from tests.intake.mails import (
    OURS,
    answer_to,
    attachments,
    kept,
    outcomes,
    root,
    secret,
    store,
    take,
    written,
)
from tests.ports import free_port

MORNING = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # Monday


async def test_a_mail_becomes_a_complaint_with_its_words(desk: Desk) -> None:
    [mail] = await take(desk, written().as_bytes(), arrived_at=MORNING)
    [complaint] = await desk.complaints()
    assert (mail.state, mail.reference, mail.why) == ("complaint", complaint.reference, None)
    assert complaint.words == "No heating\n\nThe boiler has been off since Monday."
    assert (complaint.name, complaint.email) == ("Jo Bloggs", "jo@home.example")
    assert (complaint.channel, complaint.channel_key) == ("email", "mailbox")
    assert complaint.received_at == MORNING
    assert complaint.preferred_contact == "email"


async def test_the_clocks_count_from_when_it_came_into_the_mailbox(desk: Desk) -> None:
    await take(desk, written().as_bytes(), arrived_at=MORNING)
    [complaint] = await desk.complaints()
    case_file = await desk.read(complaint.reference)
    clocks = {one["clock"]: one["due"] for one in case_file["position"]["clocks"]}
    assert clocks["acknowledge"] == "2026-01-12"  # Monday: five working days on


async def test_the_same_mail_is_one_complaint_however_often_it_is_taken(desk: Desk) -> None:
    await take(desk, written().as_bytes())
    async with desk.database.session() as session:
        for mail in await kept(desk):
            mail.state, mail.reference = "new", None  # as a crash between the two leaves it
            await session.merge(mail)
    await take_new(desk.app.state.intake)
    assert len(await desk.complaints()) == 1


async def test_a_mail_that_was_delivered_twice_is_one_complaint(desk: Desk) -> None:
    """The second has other Received lines, so that only its Message-ID tells."""
    once = written().as_bytes()
    again = b"Received: from elsewhere.example\r\n" + once
    mails = await take(desk, once, again)
    assert outcomes(mails) == [("complaint", None), ("held", "same-message-id")]
    assert len(await desk.complaints()) == 1


async def test_the_same_message_id_of_somebody_else_is_another_mail(desk: Desk) -> None:
    once = written().as_bytes()
    other = written(sender="ann@home.example").as_bytes()
    await take(desk, once, other)
    assert len(await desk.complaints()) == 2


async def test_a_machine_is_not_answered(desk: Desk) -> None:
    robot = written(Auto_Submitted="auto-replied").as_bytes()
    assert outcomes(await take(desk, robot)) == [("ignored", "auto-submitted")]
    assert await desk.complaints() == []


async def test_a_reply_is_joined_by_the_address_that_it_was_sent_to(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    *_, mail = await take(
        desk, answer_to(desk, reference, "Yes.\n\nOn Monday, we wrote:\n> Is it?")
    )
    assert (mail.state, mail.reference, mail.why) == ("reply", reference, None)
    assert (mail.body, mail.subject) == ("Yes.", "Re: your complaint")
    assert len(await desk.complaints()) == 1


async def test_a_reply_is_joined_by_its_thread(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    in_thread = written(References=f"<a@b.example> {root(desk, reference)} <c@d.example>")
    [mail] = await take(desk, in_thread.as_bytes())
    assert (mail.state, mail.reference) == ("reply", reference)


async def test_a_reply_of_somebody_else_is_joined_and_says_so(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    theirs = answer_to(desk, reference, sender="the.daughter@home.example")
    [mail] = await take(desk, theirs)
    assert (mail.state, mail.reference, mail.why) == ("reply", reference, "other-sender")


@pytest.mark.parametrize("where", ["subject", "words"])
async def test_a_mail_that_gives_its_reference_is_joined(desk: Desk, where: str) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    loosely = reference.replace("-", "", 1).lower()
    given = {"words": "Still cold.", "subject": "Cold", where: f"My complaint {loosely}: cold."}
    [mail] = await take(desk, written(**given).as_bytes())
    assert (mail.state, mail.reference, mail.why) == ("reply", reference, None)
    assert len(await desk.complaints()) == 1


async def test_a_mail_of_somebody_else_that_gives_a_reference_is_held(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    theirs = written(f"About {reference}.", sender="the.daughter@home.example")
    [mail] = await take(desk, theirs.as_bytes())
    assert (mail.state, mail.reference, mail.why) == ("held", reference, "names-a-complaint")


async def test_a_mail_that_gives_several_references_is_held(desk: Desk) -> None:
    jo = {"email": "jo@home.example"}
    references = [await desk.bring_in(words, complainant=jo) for words in ("One.", "Two.")]
    [mail] = await take(desk, written(f"About {' and '.join(references)}.").as_bytes())
    assert (mail.state, mail.why) == ("held", "names-a-complaint")


async def test_a_reference_that_no_complaint_has_makes_a_new_one(desk: Desk) -> None:
    [mail] = await take(desk, written("My bill PR-2222-3333, and PR-UUUU-UUUU.").as_bytes())
    assert mail.state == "complaint"


async def test_a_machines_reply_is_ignored_and_names_its_complaint(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    away = answer_to(desk, reference, "I am away.", Auto_Submitted="auto-replied")
    [mail] = await take(desk, away)
    assert (mail.state, mail.reference) == ("ignored", reference)


@pytest.mark.parametrize(
    ("name", "why"), [("PR-0000-0000", "unknown-complaint"), ("FB-0000-0000", "about-feedback")]
)
async def test_a_reply_to_what_is_no_complaint_here_is_held(
    desk: Desk, name: str, why: str
) -> None:
    assert outcomes(await take(desk, answer_to(desk, name))) == [("held", why)]


async def test_a_tag_that_is_not_ours_joins_nothing(desk: Desk) -> None:
    reference = await desk.bring_in(complainant={"email": "jo@home.example"})
    forged = tagged(OURS, f"not {secret(desk)}", "complaint", reference)
    [mail] = await take(desk, written(to=forged).as_bytes())
    assert (mail.state, mail.why, mail.reference) == ("held", "broken-tag", None)


async def test_attachments_are_kept_under_random_names_and_within_limits(
    open_desk: OpenDesk,
) -> None:
    mail = written()
    for name, size in {"../../etc/passwd": 10, "large.zip": 2000, "third.png": 10}.items():
        mail.add_attachment(b"x" * size, maintype="image", subtype="png", filename=name)
    limits = {"mail_attachments": 2, "mail_attachment_largest": 1000}
    async with open_desk(f"127.0.0.1:{free_port()}", **limits) as desk:
        [row] = await take(desk, mail.as_bytes())
        found = sorted(await attachments(desk), key=lambda one: one.size)
    assert [(one.given_name, one.size, one.content) for one in found] == [
        ("../../etc/passwd", 10, b"x" * 10),
        ("large.zip", 2000, None),
    ]
    assert all(len(one.name) == 32 and one.name.isalnum() for one in found)
    assert (row.state, row.why) == ("complaint", "attachments-left-out")


async def test_a_loop_ends_before_a_person(desk: Desk) -> None:
    mails = [written(f"Mail {number}").as_bytes() for number in range(13)]
    others = written("Hello", sender="other@home.example").as_bytes()
    found = await take(desk, *mails, others)
    most = desk.settings.mails_an_hour
    assert [mail.state for mail in found] == ["complaint"] * most + ["held"] * 3 + ["complaint"]
    assert {mail.why for mail in found[most:13]} == {"too-many"}
    later = datetime.now(UTC) + timedelta(hours=2)
    *_, after = await take(desk, written("Much later").as_bytes(), fetched_at=later)
    assert after.state == "complaint"


async def test_a_mail_that_ends_the_process_is_held_in_the_end(desk: Desk) -> None:
    await store(desk, written().as_bytes(), attempts=ATTEMPTS)
    await take_new(desk.app.state.intake)
    assert outcomes(await kept(desk)) == [("held", "could-not-be-read")]


async def test_an_attempt_is_counted_before_it_is_made(desk: Desk) -> None:
    [mail] = await take(desk, written().as_bytes())
    assert mail.attempts == 1


async def test_an_outage_gives_the_attempt_back_and_holds_nothing(open_desk: OpenDesk) -> None:
    clock = Clock()
    async with open_desk(f"127.0.0.1:{free_port()}", now=clock.now) as desk:
        await store(desk, written().as_bytes(), fetched_at=MORNING, arrived_at=MORNING)
        for _ in range(2 * ATTEMPTS):
            clock.readings = UNTIL_BEGUN
            with pytest.raises(TryLater):
                await take_new(desk.app.state.intake)
            [mail] = await kept(desk)
            assert (mail.state, mail.attempts) == ("new", 0)
        clock.readings = None
        await take_new(desk.app.state.intake)
        assert outcomes(await kept(desk)) == [("complaint", None)]


async def test_a_process_that_ends_in_good_order_gives_the_attempt_back(
    open_desk: OpenDesk,
) -> None:
    clock = Clock()
    async with open_desk(f"127.0.0.1:{free_port()}", now=clock.now) as desk:
        await store(desk, written().as_bytes(), fetched_at=MORNING, arrived_at=MORNING)
        clock.readings, clock.stands_still = UNTIL_BEGUN, True
        taking = asyncio.create_task(take_new(desk.app.state.intake))
        await asyncio.wait_for(clock.in_trouble.wait(), 15)
        [begun] = await kept(desk)
        assert begun.attempts == 1
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        [mail] = await kept(desk)
        assert (mail.state, mail.attempts, mail.leased_until) == ("new", 0, None)


async def test_a_mail_is_read_by_one_process_at_a_time(open_desk: OpenDesk) -> None:
    clock = Clock()
    async with open_desk(f"127.0.0.1:{free_port()}", now=clock.now) as desk:
        await store(desk, written().as_bytes(), fetched_at=MORNING, arrived_at=MORNING)
        intake = desk.app.state.intake
        [mail_id] = await mail_records.waiting(intake)
        assert await mail_records.begin(intake, mail_id) is not None
        assert await mail_records.begin(intake, mail_id) is None
        assert await mail_records.waiting(intake) == []
        clock.at += mail_records.LEASE
        assert await mail_records.waiting(intake) == [mail_id]
        assert await mail_records.begin(intake, mail_id) is not None
        [mail] = await kept(desk)
        assert mail.attempts == 2


@dataclass
class Clock:
    """A clock that can be read so often (None: for ever), and then is away, or stands still."""

    at: datetime = MORNING
    readings: int | None = None
    stands_still: bool = False
    in_trouble: asyncio.Event = field(default_factory=asyncio.Event)

    async def now(self) -> datetime:
        if self.readings == 0:
            self.in_trouble.set()
            if self.stands_still:
                await asyncio.Event().wait()
            raise TryLater("clock-away", "The clock is away.")
        if self.readings is not None:
            self.readings -= 1
        return self.at


UNTIL_BEGUN = 2
"""How often the clock is read until an attempt at the first mail has begun."""


@pytest.mark.parametrize(("raw", "why"), [(written().as_bytes(), "too-large"), (b"", "not-given")])
async def test_what_is_not_here_whole_waits_for_a_person(desk: Desk, raw: bytes, why: str) -> None:
    [mail] = await take(desk, raw, whole=False)
    assert (mail.state, mail.why) == ("held", why)
    assert mail.subject == ("No heating" if raw else None)


async def test_a_large_mail_of_a_machine_is_still_a_machines(desk: Desk) -> None:
    [mail] = await take(desk, written(Precedence="junk").as_bytes(), whole=False)
    assert mail.state == "ignored"
