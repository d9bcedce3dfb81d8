"""A complaint hears of a reply, and the complaints officer of what is held, once an hour."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from services.intake.mail_telling import in_words
from services.shared.errors import TryLater
from services.workflow.held_mail_contract import HeldMailNote, note_id
from tests.engine import DevServer
from tests.intake.conftest import OpenDesk
from tests.intake.desk import LITTLE_PATIENCE, Desk, eventually
from tests.intake.mails import answer_to, kept, outcomes, take, tell, written
from tests.intake.workflow_double import worker
from tests.ports import free_port


async def test_the_complaint_hears_of_a_reply_once(live_desk: Desk) -> None:
    reference = await live_desk.bring_in(complainant={"email": "jo@home.example"})
    [mail] = await take(live_desk, answer_to(live_desk, reference))
    [told] = await tell(live_desk)
    assert told.told_at is not None
    await tell(live_desk)
    [action] = await live_desk.carried_out(reference)
    assert action == f"TellOfMail(key='mail-{mail.digest[:32]}', by='mailbox', channel='email')"


async def test_a_reply_to_a_complaint_that_is_over_waits_for_a_person(live_desk: Desk) -> None:
    reference = await live_desk.bring_in(complainant={"email": "jo@home.example"})
    assert (await live_desk.act(reference, "withdraw")).status_code == 200
    [mail] = await take(live_desk, answer_to(live_desk, reference, "One more thing."))
    await eventually(lambda: over(live_desk, reference))
    [mail] = await tell(live_desk)
    assert (mail.state, mail.why, mail.reference) == ("held", "complaint-over", reference)


async def over(desk: Desk, reference: str) -> bool:
    found = await desk.client.get_workflow_handle(f"complaint-{reference}").describe()
    return found.close_time is not None


async def test_a_reply_waits_for_an_engine_that_is_away_and_new_complaints_do_not(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(f"127.0.0.1:{free_port()}", LITTLE_PATIENCE) as desk:
        references = [
            await desk.bring_in(words, complainant={"email": "jo@home.example"})
            for words in ("The lift.", "The stairs.", "The bins.")
        ]
        replies = [
            answer_to(desk, reference, f"Thank you for {reference}.") for reference in references
        ]
        mails = await take(desk, *replies, written().as_bytes())
        assert [mail.state for mail in mails] == ["reply"] * 3 + ["complaint"]
        with pytest.raises(TryLater) as refusal:
            await tell(desk)
        assert refusal.value.code == "engine-away"
        assert [mail.told_at for mail in await kept(desk)] == [None] * 4


@dataclass
class Clock:
    """A clock that a test sets."""

    at: datetime

    async def now(self) -> datetime:
        return self.at


hours = count(step=10)


@pytest.fixture
def clock() -> Clock:
    """An hour of its own for each test: the engine is the same for all, and so are its notes."""
    return Clock(datetime(2026, 1, 5, 9, 30, tzinfo=UTC) + timedelta(hours=next(hours)))


@pytest.fixture
async def clocked_desk(open_desk: OpenDesk, engine: DevServer, clock: Clock) -> AsyncIterator[Desk]:
    client = await engine.connect()
    async with open_desk(engine.address, now=clock.now) as opened, worker(client):
        yield opened


async def test_the_officer_hears_once_an_hour_however_much_is_held(
    clocked_desk: Desk, clock: Clock
) -> None:
    arrived_at = datetime(2026, 1, 3, 23, 30, tzinfo=UTC)  # Saturday
    nobody = [written(f"Mail {n}", sender="nobody").as_bytes() for n in range(40)]
    await take(clocked_desk, *nobody, arrived_at=arrived_at)
    assert all(mail.told_at for mail in await tell(clocked_desk))
    note = await note_of(clocked_desk, clock.at)
    assert note.received_on.isoformat() == "2026-01-03"
    assert note.why.startswith("it has no sender who can be written to; and 39 more mails are held")

    await take(clocked_desk, written("Again", sender="nobody").as_bytes())
    *_, later = await tell(clocked_desk)
    assert later.told_at is None  # it waits for the next hour's note
    clock.at += timedelta(hours=1)
    *_, later = await tell(clocked_desk)
    assert later.told_at == clock.at
    assert (await note_of(clocked_desk, clock.at)).why == "it has no sender who can be written to"


async def note_of(desk: Desk, at: datetime) -> HeldMailNote:
    handle = desk.client.get_workflow_handle(note_id(at), result_type=HeldMailNote)
    note: HeldMailNote = await handle.result()
    return note


async def test_another_replica_has_told_the_officer_already(clocked_desk: Desk) -> None:
    await take(clocked_desk, written(sender="nobody").as_bytes())
    await tell(clocked_desk)
    async with clocked_desk.database.session() as session:
        for mail in await kept(clocked_desk):
            mail.told_at = None
            await session.merge(mail)
    [mail] = await tell(clocked_desk)
    assert outcomes([mail]) == [("held", "no-sender")]
    assert mail.told_at is None


def test_a_note_belongs_to_its_hour() -> None:
    at = datetime(2026, 1, 5, 9, 59, tzinfo=UTC)
    assert note_id(at) == "held-mail-2026-01-05T09"
    assert note_id(at + timedelta(minutes=1)) == "held-mail-2026-01-05T10"


def test_the_reason_is_said_in_words() -> None:
    assert in_words(["encrypted"]) == "it is encrypted"
    assert in_words(["encrypted", "x"]) == "it is encrypted; and 1 more mail is held beside it"
    assert in_words([None]) == "it could not be read"
