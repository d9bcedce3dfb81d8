"""A channel brings a complaint in."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake import channel_keys
from services.intake.app import create_app
from services.notify.contract import Addressee
from services.shared.errors import NotThere
from tests.intake.desk import STAFF, Desk, eventually, wall_clock

FULL: dict[str, Any] = {
    "policy": "nacro",
    "channel": "letter",
    "received_at": "2026-01-05T09:30:00+00:00",  # Monday
    "complainant": {
        "name": "Ada Tenant",
        "email": "ada@example.org",
        "phone": "020 7946 0000",
        "address": "1 High Street\nTown",
        "preferred_contact": "letter",
        "large_print": True,
        "texts": True,
        "language": "cy",
    },
    "words": "The heating has been off for three weeks.",
    "outcome_sought": "A working boiler.",
    "category": "repairs",
    "service_area": "Heating",
    "region": "North",
    "service": "housing",
}


async def test_a_complaint_is_answered_with_its_reference_dates_and_link(desk: Desk) -> None:
    answer = await desk.http.post("/api/complaints", json=FULL, headers=desk.channel)
    assert answer.status_code == 201
    receipt = answer.json()
    reference = receipt.pop("reference")
    assert answer.headers["location"] == f"/api/complaints/{reference}"
    link = receipt.pop("tracking_url")
    assert link.startswith(f"https://complaints.example/follow/{reference}/")
    [kept] = await desk.complaints()
    assert receipt == {
        "policy": "nacro",
        "stage": kept.promise["stage"],
        "status": "received",
        "acknowledge_by": _promised(kept.promise, "acknowledge"),
        "respond_by": _promised(kept.promise, "respond"),
    }


def _promised(promise: dict[str, Any], clock: str) -> str:
    [due] = [due["on"] for due in promise["dues"] if due["clock"] == clock]
    return str(due)


async def test_everything_that_was_sent_is_in_the_case_file(desk: Desk) -> None:
    reference = await desk.bring_in(**FULL)
    shown = await desk.read(reference)
    for field, value in FULL.items():
        got = shown[field]
        if field == "received_at":
            got = got.replace("Z", "+00:00")
        assert got == value, field


async def test_the_default_policy_and_the_present_stand_in_for_what_is_left_out(
    desk: Desk,
) -> None:
    before = datetime.now(UTC)
    await desk.bring_in()
    [kept] = await desk.complaints()
    assert kept.policy == "housing-ombudsman"
    assert before <= kept.received_at == kept.entered_at <= datetime.now(UTC)


async def test_dates_of_a_complaint_received_on_monday_5_january_2026(desk: Desk) -> None:
    answer = await desk.http.post(
        "/api/complaints",
        json={"channel": "web", "words": "x", "received_at": "2026-01-05T09:30:00Z"},
        headers=desk.channel,
    )
    # Entered long after it came in: the dates count from receipt and lie in the past already.
    assert answer.json()["acknowledge_by"] == "2026-01-12"  # Monday


async def test_a_stage_without_acknowledgement_promises_none(desk: Desk) -> None:
    body = {
        "policy": "review-panel",
        "channel": "web",
        "words": "x",
        "received_at": "2026-01-05T09:30:00Z",
    }
    answer = await desk.http.post("/api/complaints", json=body, headers=desk.channel)
    receipt = answer.json()
    assert receipt["stage"] == "first-time-resolution"
    assert receipt["acknowledge_by"] is None
    assert receipt["respond_by"] == "2026-01-08"  # Thursday


async def test_a_repeat_with_the_same_key_and_body_gives_the_same_answer(desk: Desk) -> None:
    headers = {**desk.channel, "Idempotency-Key": "form 17/a"}
    first = await desk.http.post("/api/complaints", json=FULL, headers=headers)
    other_order = dict(reversed(FULL.items()))
    again = await desk.http.post("/api/complaints", json=other_order, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert len(await desk.complaints()) == 1


async def test_a_repeat_of_a_body_without_a_time_is_the_same_body(desk: Desk) -> None:
    headers = {**desk.channel, "Idempotency-Key": "k"}
    body = {"channel": "web", "words": "x"}
    first = await desk.http.post("/api/complaints", json=body, headers=headers)
    again = await desk.http.post("/api/complaints", json=body, headers=headers)
    assert again.json() == first.json()


async def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    headers = {**desk.channel, "Idempotency-Key": "k"}
    await desk.http.post("/api/complaints", json=FULL, headers=headers)
    other = await desk.http.post(
        "/api/complaints", json={**FULL, "words": "Other words."}, headers=headers
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await desk.complaints()) == 1


async def test_another_channels_key_may_use_the_same_idempotency_key(desk: Desk) -> None:
    other = await channel_keys.issue(desk.database, "other", "*", datetime.now(UTC))
    for bearer in (desk.channel["Authorization"], f"Bearer {other}"):
        headers = {"Authorization": bearer, "Idempotency-Key": "k"}
        await desk.http.post("/api/complaints", json={**FULL, "words": bearer}, headers=headers)
    assert len(await desk.complaints()) == 2


async def test_fifty_duplicates_at_once_are_one_complaint(desk: Desk) -> None:
    headers = {**desk.channel, "Idempotency-Key": "k"}
    answers = await asyncio.gather(
        *(desk.http.post("/api/complaints", json=FULL, headers=headers) for _ in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await desk.complaints()) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "no-key"),
        ({"Authorization": "Basic abc"}, "no-key"),
        ({"Authorization": "Bearer channel_of_nobody"}, "unknown-key"),
        (STAFF, "unknown-key"),
    ],
)
async def test_without_a_channel_key_nothing_comes_in(
    desk: Desk, header: dict[str, str], code: str
) -> None:
    answer = await desk.http.post("/api/complaints", json=FULL, headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert await desk.complaints() == []


async def test_a_key_for_one_channel_posts_as_that_channel_only(desk: Desk) -> None:
    key = await channel_keys.issue(desk.database, "website", "web", datetime.now(UTC))
    headers = {"Authorization": f"Bearer {key}"}
    refused = await desk.http.post("/api/complaints", json=FULL, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "channel-not-allowed")
    taken = await desk.http.post(
        "/api/complaints", json={**FULL, "channel": "web"}, headers=headers
    )
    assert taken.status_code == 201
    [kept] = await desk.complaints()
    assert (kept.channel, kept.channel_key) == ("web", "website")


async def test_a_revoked_key_brings_nothing_in(desk: Desk) -> None:
    key = await channel_keys.issue(desk.database, "old", "*", datetime.now(UTC))
    await channel_keys.revoke(desk.database, "old", datetime.now(UTC))
    headers = {"Authorization": f"Bearer {key}"}
    answer = await desk.http.post("/api/complaints", json=FULL, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked-key")


async def test_the_workflow_is_started_at_once_and_told_no_words(live_desk: Desk) -> None:
    async with live_desk.sweeping():
        reference = await live_desk.bring_in(**FULL)

        async def started() -> bool:
            [kept] = await live_desk.complaints()
            return kept.started_at is not None

        await eventually(started)
    handle = live_desk.client.get_workflow_handle(f"complaint-{reference}")
    told = await handle.query("told")
    assert told["addressee"] == {
        "name": "Ada Tenant",
        "email": "ada@example.org",
        "phone": "020 7946 0000",
        "address": "1 High Street\nTown",
        "prefers_letters": True,
        "large_print": True,
        "texts": True,
        "language": "cy",
    }
    assert told["anonymous"] is False
    assert told["tracking_url"].startswith("https://complaints.example/follow/")
    assert (told["category"], told["service_area"], told["region"]) == (
        "repairs",
        "Heating",
        "North",
    )
    assert told["service"] == "housing"
    assert "heating has been off" not in str(told)
    assert "boiler" not in str(told)


async def test_an_anonymous_complaint_has_nobody_to_write_to(live_desk: Desk) -> None:
    async with live_desk.sweeping():
        reference = await live_desk.bring_in()

        async def started() -> bool:
            [kept] = await live_desk.complaints()
            return kept.started_at is not None

        await eventually(started)
    told = await live_desk.client.get_workflow_handle(f"complaint-{reference}").query("told")
    assert told["anonymous"] is True
    assert Addressee.model_validate(told["addressee"]) == Addressee()


async def test_received_a_minute_ago_is_taken_a_minute_ahead_is_not(desk: Desk) -> None:
    minute = timedelta(minutes=1)
    now = datetime.now(UTC)
    await desk.bring_in(received_at=(now - minute).isoformat())
    ahead = {"channel": "web", "words": "x", "received_at": (now + minute).isoformat()}
    answer = await desk.http.post("/api/complaints", json=ahead, headers=desk.channel)
    assert (answer.status_code, answer.json()["code"]) == (422, "received-in-future")
    assert len(await desk.complaints()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_default_policy_that_is_unknown_stops_intake_at_its_start(desk: Desk) -> None:
    settings = desk.settings.model_copy(update={"default_policy": "no-such-policy"})
    app = create_app(settings, desk.database, desk.client, wall_clock)
    with pytest.raises(NotThere, match="unknown-policy"):
        async with app.router.lifespan_context(app):
            pass
