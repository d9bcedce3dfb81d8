"""Feedback that is no complaint comes in, is never lost, and may become a complaint."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from services.intake import channel_keys
from services.intake.feedback_models import Dissatisfaction, NewFeedback
from services.intake.tables import Feedback
from tests.engine import DevServer
from tests.intake.conftest import OpenDesk
from tests.intake.desk import LITTLE_PATIENCE, STAFF, Desk, eventually

FULL: dict[str, Any] = {
    "kind": "compliment",
    "policy": "nacro",
    "channel": "letter",
    "received_at": "2026-01-05T09:30:00+00:00",  # Monday
    "sender": {
        "name": "Ada Tenant",
        "email": "ada@example.org",
        "phone": "020 7946 0000",
        "address": "1 High Street\nTown",
    },
    "words": "The plumber was kind.",
    "service_area": "Repairs",
    "region": "North",
}
REQUEST = {**FULL, "kind": "service-request", "words": "The lock is broken."}


async def post(desk: Desk, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    headers = desk.channel if key is None else {**desk.channel, "Idempotency-Key": key}
    return await desk.http.post("/api/feedback", json=body, headers=headers)


async def bring(desk: Desk, **fields: Any) -> str:
    body = {"kind": "service-request", "channel": "web", "words": "The lock is broken.", **fields}
    answer = await post(desk, body)
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


async def complain(
    desk: Desk, reference: str, headers: dict[str, str] | None = None, **body: Any
) -> httpx.Response:
    path = f"/api/feedback/{reference}/complain"
    return await desk.http.post(
        path, json=body, headers=desk.channel if headers is None else headers
    )


async def read(desk: Desk, reference: str) -> dict[str, Any]:
    answer = await desk.http.get(f"/api/feedback/{reference}", headers=STAFF)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def kept(desk: Desk) -> list[Feedback]:
    async with desk.database.session() as session:
        return list((await session.exec(select(Feedback).order_by(col(Feedback.id)))).all())


async def key_for(desk: Desk, channel: str) -> dict[str, str]:
    key = await channel_keys.issue(desk.database, f"only-{channel}", channel, datetime.now(UTC))
    return {"Authorization": f"Bearer {key}"}


async def test_feedback_is_answered_with_its_reference_and_by_when_thanks_come(desk: Desk) -> None:
    answer = await post(desk, FULL)
    assert answer.status_code == 201
    receipt = answer.json()
    reference = receipt.pop("reference")
    assert reference.startswith("FB-")
    assert answer.headers["location"] == f"/api/feedback/{reference}"
    assert receipt == {
        "kind": "compliment",
        "policy": "nacro",
        "thanks_by": "2026-01-12",  # Monday
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"policy": "nottingham"},
        {"kind": "service-request"},
        {"sender": {"phone": "020 7946 0000"}},
    ],
    ids=["the policy promises none", "another kind", "nobody to write to"],
)
async def test_no_date_is_promised_where_there_is_none(desk: Desk, fields: dict[str, Any]) -> None:
    answer = await post(desk, {**FULL, **fields})
    assert (answer.status_code, answer.json()["thanks_by"]) == (201, None)


async def test_everything_that_was_sent_is_in_the_file(desk: Desk) -> None:
    reference = (await post(desk, REQUEST)).json()["reference"]
    shown = await read(desk, reference.lower())
    for field, value in REQUEST.items():
        got = shown[field]
        assert (got.replace("Z", "+00:00") if field == "received_at" else got) == value, field
    assert shown["may_become_complaint"] is True
    assert shown["procedure"]
    assert shown["complaint"] is None


async def test_feedback_is_no_complaint(desk: Desk) -> None:
    reference = await bring(desk)
    assert await desk.complaints() == []
    listed = await desk.http.get("/api/complaints", headers=STAFF)
    assert listed.json()["complaints"] == []
    for path in (f"/api/complaints/{reference}", f"/api/feedback/PR-{reference[3:]}"):
        answer = await desk.http.get(path, headers=STAFF)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-reference")


async def test_a_repeat_with_the_same_key_is_done_once_and_another_body_refused(desk: Desk) -> None:
    first, again = await post(desk, FULL, "k"), await post(desk, FULL, "k")
    assert (again.status_code, again.json()) == (201, first.json())
    other = await post(desk, {**FULL, "words": "Other words."}, "k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await kept(desk)) == 1


async def test_the_same_key_may_bring_a_complaint_and_feedback(desk: Desk) -> None:
    headers = {**desk.channel, "Idempotency-Key": "k"}
    body = {"channel": "web", "words": "x"}
    complaint = await desk.http.post("/api/complaints", json=body, headers=headers)
    answer = await post(desk, {"kind": "comment", **body}, "k")
    assert (complaint.status_code, answer.status_code) == (201, 201)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"kind": "complaint"}, 422, "invalid-request"),
        ({"policy": "no-such-policy"}, 404, "unknown-policy"),
        ({"received_at": "2099-01-05T09:30:00Z"}, 422, "received-in-future"),
        ({"received_at": "2026-01-05T09:30:00"}, 422, "naive-time"),
        ({"words": "nul \x00"}, 422, "unprintable-character"),
        ({"words": " "}, 422, "invalid-request"),
        ({"sender": {"name": "Ada\u2028Tenant"}}, 422, "unprintable-character"),
        ({"sender": {"email": "nobody"}}, 422, "invalid-request"),
        ({"colour": "red"}, 422, "invalid-request"),
    ],
)
async def test_what_is_wrong_is_refused_with_a_code(
    desk: Desk, fields: dict[str, Any], status: int, code: str
) -> None:
    answer = await post(desk, {**FULL, **fields})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await kept(desk) == []


async def test_a_key_brings_feedback_in_for_its_own_channel_only(desk: Desk) -> None:
    headers = await key_for(desk, "web")
    answer = await desk.http.post("/api/feedback", json=FULL, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "channel-not-allowed")


async def test_a_channel_cannot_read_what_was_sent(desk: Desk) -> None:
    reference = await bring(desk)
    answer = await desk.http.get(f"/api/feedback/{reference}", headers=desk.channel)
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown-key")


async def test_a_complaint_about_its_handling_has_its_facts_and_is_linked_both_ways(
    desk: Desk,
) -> None:
    reference = (await post(desk, REQUEST)).json()["reference"]
    answer = await complain(
        desk,
        reference,
        words="Nobody has come.",
        outcome_sought="A lock.",
        channel="phone",
        received_at="2026-02-02T10:00:00Z",  # Monday
    )
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert receipt["reference"].startswith("PR-")
    assert answer.headers["location"] == f"/api/complaints/{receipt['reference']}"
    assert receipt["acknowledge_by"] == "2026-02-09"  # Monday
    shown = await desk.read(receipt["reference"])
    assert shown["from_feedback"] == reference
    assert shown["complainant"] == {
        **REQUEST["sender"],
        "preferred_contact": None,
        "large_print": False,
        "texts": False,
        "language": "en-GB",
    }
    assert (shown["words"], shown["outcome_sought"]) == ("Nobody has come.", "A lock.")
    for field in ("policy", "service_area", "region"):
        assert shown[field] == REQUEST[field]
    assert (shown["channel"], shown["received_at"]) == ("phone", "2026-02-02T10:00:00Z")
    assert (await read(desk, reference))["complaint"] == receipt["reference"]


async def test_a_complaint_that_began_as_one_comes_from_no_feedback(desk: Desk) -> None:
    assert (await desk.read(await desk.bring_in()))["from_feedback"] is None


async def test_what_is_left_out_is_taken_from_the_feedback_and_the_present(desk: Desk) -> None:
    reference = await bring(desk, kind="anti-social-behaviour")
    before = datetime.now(UTC)
    answer = await complain(desk, reference)
    shown = await desk.read(answer.json()["reference"])
    assert (shown["words"], shown["channel"]) == ("The lock is broken.", "web")
    assert datetime.fromisoformat(shown["received_at"]) >= before


async def test_complaining_twice_gives_the_same_complaint(desk: Desk) -> None:
    reference = await bring(desk)
    first = await complain(desk, reference, words="Nobody has come.")
    again = await complain(desk, reference, STAFF, words="Nobody has come.")
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await desk.complaints()) == 1


async def test_another_complaint_about_it_is_never_taken_for_the_first(desk: Desk) -> None:
    reference = await bring(desk)
    first = await complain(desk, reference, words="Nobody has come.")
    again = await complain(desk, reference, words="You came, and in June it broke again.")
    assert (again.status_code, again.json()["code"]) == (409, "must-be-a-new-complaint")
    assert again.json()["reference"] == first.json()["reference"]
    assert len(await desk.complaints()) == 1


async def test_of_many_that_complain_at_once_one_complaint_comes(desk: Desk) -> None:
    reference, other = await bring(desk), await bring(desk)
    answers, other_answer, _ = await asyncio.gather(
        asyncio.gather(*(complain(desk, reference) for _ in range(8))),
        complain(desk, other, STAFF),
        asyncio.gather(*(desk.bring_in() for _ in range(4))),  # all may share one commit
    )
    filed = {answer.json()["reference"] for answer in answers}
    assert len(filed) == 1
    assert other_answer.json()["reference"] not in filed
    assert len(await desk.complaints()) == 6


async def test_staff_may_file_it_and_the_complaint_says_who_did(desk: Desk) -> None:
    filed = await complain(desk, await bring(desk), STAFF)
    assert filed.status_code == 201
    brought = await complain(desk, await bring(desk))
    assert brought.status_code == 201
    assert [row.entered_by for row in await desk.complaints()] == ["staff", None]


@pytest.mark.parametrize("kind", ["compliment", "comment"])
async def test_what_may_not_become_a_complaint_is_brought_in_anew(desk: Desk, kind: str) -> None:
    answer = await complain(desk, await bring(desk, kind=kind))
    assert (answer.status_code, answer.json()["code"]) == (409, "must-be-a-new-complaint")
    assert await desk.complaints() == []


@pytest.mark.parametrize(
    ("received_at", "code"),
    [
        ("2026-01-05T09:29:00Z", "complained-before-feedback"),
        ("2099-01-05T09:30:00Z", "received-in-future"),
    ],
)
async def test_a_complaint_comes_after_the_feedback_and_before_now(
    desk: Desk, received_at: str, code: str
) -> None:
    reference = (await post(desk, REQUEST)).json()["reference"]
    answer = await complain(desk, reference, received_at=received_at)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_who_may_complain_is_asked(desk: Desk) -> None:
    reference = await bring(desk, channel="phone")
    headers = await key_for(desk, "web")
    by_phone = await complain(desk, reference, headers)
    assert (by_phone.status_code, by_phone.json()["code"]) == (403, "channel-not-allowed")
    assert (await complain(desk, reference, headers, channel="web")).status_code == 201
    for wrong, code in (({}, "no-key"), ({"Authorization": "Bearer x"}, "unknown-key")):
        answer = await complain(desk, reference, wrong)
        assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_an_unknown_reference_is_refused(desk: Desk) -> None:
    for reference in ("FB-0000-0000", "PR-0000-0000", "nothing"):
        answer = await complain(desk, reference)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-reference")


@pytest.mark.parametrize("body", [NewFeedback, Dissatisfaction])
def test_the_example_of_every_body_is_accepted(body: type[NewFeedback | Dissatisfaction]) -> None:
    [example] = body.model_json_schema()["examples"]
    assert body.model_validate(example)


async def all_started(desk: Desk) -> bool:
    started = [row.started_at for row in await kept(desk)]
    started += [row.started_at for row in await desk.complaints()]
    return None not in started


async def runs_of(desk: Desk, workflow_id: str) -> int:
    listed = desk.client.list_workflows(f"WorkflowId = '{workflow_id}'")
    return len([found async for found in listed])


async def test_what_came_in_while_the_engine_was_away_is_started_once_when_it_is_back(
    open_desk: OpenDesk, mortal_engine: DevServer
) -> None:
    async with open_desk(mortal_engine.address, LITTLE_PATIENCE) as desk, desk.sweeping():
        references = await asyncio.gather(*(bring(desk) for _ in range(5)))
        complaint = (await complain(desk, references[0])).json()["reference"]
        assert not await all_started(desk)
        await mortal_engine.start()
        await eventually(partial(all_started, desk), seconds=30)
        ids = [f"feedback-{reference}" for reference in references]
        for workflow_id in (*ids, f"complaint-{complaint}"):
            await eventually(partial(runs_of, desk, workflow_id))
            assert await runs_of(desk, workflow_id) == 1


async def test_a_crash_between_commit_and_start_is_made_good_by_the_next_process(
    open_desk: OpenDesk, engine: DevServer
) -> None:
    async with open_desk(engine.address) as crashed:
        reference = await bring(crashed)  # it never sweeps
    async with open_desk(engine.address) as one, open_desk(engine.address) as two:
        async with one.sweeping(), two.sweeping():
            await eventually(partial(all_started, one))
        await eventually(partial(runs_of, one, f"feedback-{reference}"))
        assert await runs_of(one, f"feedback-{reference}") == 1
