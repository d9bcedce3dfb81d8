"""Delivery receipts of GOV.UK Notify, and what is asked of it where there are none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from services.notify.app import create_app
from services.notify.govuk_notify import GovUkNotify
from services.notify.govuk_status import GovUkStatus
from services.notify.ledger import Ledger
from services.notify.message import mark
from services.notify.settings import NotifySettings
from services.shared.errors import TryLater
from services.shared.events import Outcome
from services.shared.keys import key_hash, new_key
from tests.notify.govuk_fake import API_KEY, GovUkFake, Kept, govuk_fake
from tests.notify.town import ENTRY, KEY, SENT_AT, Town, town_with
from tests.ports import free_port

TOKEN = new_key("receipts")
NOTIFICATION = "740e5834-3a29-46b4-9a6f-16142fde533a"


@dataclass
class Desk:
    """Notify's app on a real port, a town behind it, and GOV.UK Notify before it."""

    town: Town
    fake: GovUkFake
    url: str

    async def bring(
        self, status: str, *, token: str = TOKEN, **changed: object
    ) -> tuple[int, object]:
        """Has the receipt of the notice's mail brought; returns what it is answered with."""
        body = {"reference": mark(KEY), "email_address": "jo.bloggs@example.org"}
        kept = Kept(NOTIFICATION, "email", body)
        answered, said = await self.fake.post_receipt(
            kept, status, url=f"{self.url}/receipts/govuk-notify", token=token, **changed
        )
        return answered, said["code"] if said else None

    async def state(self) -> tuple[str, str | None]:
        row = await self.town.row()
        return row.state, row.answer


async def test_without_a_token_in_the_settings_no_receipts_are_taken(desk: Desk) -> None:
    app = create_app(
        NotifySettings(environment="embedded"), desk.town.database, desk.town.client, desk.town.now
    )
    async with serving(app) as url:
        assert await replace(desk, url=url).bring("delivered") == (401, "unknown-key")


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with town_with(f"sqlite+aiosqlite:///{tmp_path}/notify.db") as town, govuk_fake() as fake:
        settings = NotifySettings(environment="embedded", govuk_notify_receipt_hash=key_hash(TOKEN))
        app = create_app(settings, town.database, town.client, town.now)
        async with serving(app) as url:
            yield Desk(town, fake, url)


async def test_delivered_is_kept_as_the_answer_and_changes_nothing_else(desk: Desk) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    for _ in range(2):
        assert await desk.bring("delivered") == (204, None)
    assert await desk.state() == ("sent", "GOV.UK Notify: delivered")
    assert await desk.town.heard() == []


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("permanent-failure", "bounced"),
        ("temporary-failure", "bounced"),
        ("technical-failure", "refused"),
    ],
)
async def test_a_failure_is_told_to_the_complaint_and_to_a_person_once(
    desk: Desk, status: str, outcome: Outcome
) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    for _ in range(2):
        assert await desk.bring(status) == (204, None)
        await desk.town.told(outcome)
    assert await desk.state() == (outcome, f"GOV.UK Notify: {status}")
    assert [one.outcome for one in await desk.town.heard()] == [outcome]
    assert len(desk.town.delivered) == 1


async def test_a_status_on_the_way_changes_nothing(desk: Desk) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    assert await desk.bring("sending") == (204, None)
    assert await desk.state() == ("sent", "250 OK")


async def test_delivered_after_a_failure_changes_nothing_any_more(desk: Desk) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    await desk.bring("permanent-failure")
    assert await desk.bring("delivered") == (204, None)
    assert (await desk.state())[0] == "bounced"


async def test_a_receipt_that_is_quicker_than_the_ledger_is_to_come_again(desk: Desk) -> None:
    ledger = Ledger(desk.town.database)
    claim = await ledger.claim(ENTRY, SENT_AT)
    assert claim is not None
    assert await desk.bring("delivered") == (503, "notice-not-settled")
    await ledger.settle(claim, "sent", SENT_AT, "taken", NOTIFICATION)
    assert await desk.bring("delivered") == (204, None)


async def test_a_receipt_makes_an_uncertain_notice_certain(desk: Desk) -> None:
    """Its answers were lost each time, so its id is not known: its reference is."""
    await desk.town.settle(outcome="uncertain")
    assert await desk.bring("delivered") == (204, None)
    await desk.town.told("sent")
    assert (await desk.state())[0] == "sent"


async def test_receipts_are_taken_from_govuk_notify_alone(desk: Desk) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    assert await desk.bring("permanent-failure", token="guessed") == (401, "unknown-key")
    assert await desk.state() == ("sent", "250 OK")


async def test_what_is_not_ours_or_no_receipt_is_refused(desk: Desk) -> None:
    await desk.town.settle(provider_id=NOTIFICATION)
    unknown = await desk.bring("delivered", id="another", reference="another")
    assert unknown == (404, "unknown-notification")
    assert await desk.bring("delivered", id=None) == (422, "invalid-request")
    without = await desk.bring("delivered", id="another", reference=None)
    assert without == (404, "unknown-notification")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending-virus-check", "sent"),
        ("accepted", "sent"),
        ("received", "posted"),
        ("validation-failed", "refused"),
        ("virus-scan-failed", "refused"),
        ("permanent-failure", "bounced"),
        ("cancelled", "refused"),
    ],
)
async def test_a_letter_is_asked_after_until_it_is_posted_or_cannot_be(
    desk: Desk, status: str, state: str
) -> None:
    letter = Kept(NOTIFICATION, "letter", {"reference": mark(KEY)}, status)
    desk.fake.kept.append(letter)
    await desk.town.settle(replace(ENTRY, way="letter"), provider_id=NOTIFICATION)
    service = connected(desk.fake)
    await GovUkStatus(desk.town.database, desk.town.client, desk.town.now).ask(service)
    service.close()
    assert (await desk.state())[0] == state


async def asked_after(desk: Desk, number: int, letterhead: dict[str, object] | None = None) -> str:
    """Has a letter taken that cannot be printed; returns its key."""
    key, provider_id = f"{KEY}{number}", f"{NOTIFICATION[:-1]}{number}"
    letter = replace(ENTRY, key=key, mark=mark(key), way="letter")
    letter = replace(letter, letterhead=letterhead or ENTRY.letterhead)
    await desk.town.settle(letter, provider_id=provider_id)
    desk.fake.kept.append(
        Kept(provider_id, "letter", {"reference": mark(key)}, "validation-failed")
    )
    return key


async def test_a_letter_that_cannot_be_asked_after_holds_up_no_other(desk: Desk) -> None:
    keys = [
        await asked_after(desk, 1),
        # A ledger that was damaged by hand: what was to be told cannot be made.
        await asked_after(desk, 2, letterhead={"landlord": "Elmfield Homes"}),
        await asked_after(desk, 3),
    ]
    desk.fake.failing = {f"{NOTIFICATION[:-1]}1"}
    service = connected(desk.fake)
    status = GovUkStatus(desk.town.database, desk.town.client, desk.town.now)
    with pytest.raises(TryLater, match="govuk-notify-away"):
        await status.ask(service)
    service.close()
    assert [(await desk.town.row(key)).state for key in keys] == ["sent", "refused", "refused"]
    await desk.town.told("refused", keys[2])


async def test_a_service_that_answers_for_no_letter_is_left_alone_after_three(desk: Desk) -> None:
    keys = [await asked_after(desk, number) for number in range(1, 5)]
    desk.fake.failing = {f"{NOTIFICATION[:-1]}{number}" for number in range(1, 4)}
    service = connected(desk.fake)
    with pytest.raises(TryLater, match="govuk-notify-away"):
        await GovUkStatus(desk.town.database, desk.town.client, desk.town.now).ask(service)
    service.close()
    assert (await desk.town.row(keys[3])).state == "sent"


async def test_a_letter_that_they_do_not_keep_any_more_stays_what_it_is(desk: Desk) -> None:
    await desk.town.settle(replace(ENTRY, way="letter"), provider_id=NOTIFICATION)
    service = connected(desk.fake)
    status = GovUkStatus(desk.town.database, desk.town.client, desk.town.now)
    await status.ask(service)
    desk.fake.away = True
    with pytest.raises(TryLater, match="govuk-notify-away"):
        await status.ask(service)
    service.close()
    assert await desk.state() == ("sent", "250 OK")


def connected(fake: GovUkFake) -> GovUkNotify:
    async def never(_key: str) -> bool:
        return False

    return GovUkNotify(API_KEY, fake.url, never)
