"""Malformed input is refused with a 4xx and a code, and leaves nothing behind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from tests.engine import free_port
from tests.intake.desk import STAFF, Desk

GOOD = {"channel": "web", "words": "The heating is off."}

NESTED = b"[" * 100_000 + b"]" * 100_000

RAW = {
    "not JSON": (b"{", 400, "invalid-json"),
    "empty": (b"", 422, "invalid-request"),
    "10 MB": (b'{"words": "' + b"x" * 10_000_000 + b'"}', 413, "body-too-large"),
    "deep": (NESTED, 400, "nested-too-deep"),
    "deep inside": (b'{"words": ' + NESTED[:100] + b"}", 400, "nested-too-deep"),
    "invalid UTF-8": (b'{"channel": "web", "words": "\xff\xfe"}', 400, "unreadable-body"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), 201, None),
    "huge integer": (b'{"words": ' + b"9" * 5000 + b"}", 400, "unreadable-body"),
    "NaN": (b'{"channel": "web", "words": NaN}', 422, "invalid-request"),
    "Infinity": (b'{"channel": "web", "words": "x", "region": -Infinity}', 422, "invalid-request"),
    "an array": (b"[]", 422, "invalid-request"),
    "null": (b"null", 422, "invalid-request"),
    "lone surrogate": (b'{"channel": "web", "words": "\\ud800"}', 422, "invalid-request"),
    "lone surrogate in a name": (
        b'{"channel": "web", "words": "x", "\\udfff": 1}',
        422,
        "invalid-request",
    ),
    "very long name": (
        b'{"channel": "web", "words": "x", "' + b"n" * 9000 + b'": 1}',
        422,
        "invalid-request",
    ),
}


@pytest.mark.parametrize(("body", "status", "code"), RAW.values(), ids=RAW)
async def test_a_body_that_is_no_complaint(
    desk: Desk, body: bytes, status: int, code: str | None
) -> None:
    headers = {**desk.channel, "Content-Type": "application/json"}
    answer = await desk.http.post("/api/complaints", content=body, headers=headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert len(answer.content) < 2000
    assert len(await desk.complaints()) == (status == 201)


FIELDS: dict[str, tuple[dict[str, Any], int, str]] = {
    "unknown field": ({"colour": "red"}, 422, "invalid-request"),
    "unknown field of the complainant": ({"complainant": {"age": 1}}, 422, "invalid-request"),
    "no words": ({"words": " \n "}, 422, "invalid-request"),
    "words of another type": ({"words": ["x"]}, 422, "invalid-request"),
    "too many words": ({"words": "x" * 20_001}, 422, "invalid-request"),
    "NUL": ({"words": "a\x00b"}, 422, "unprintable-character"),
    "U+2028": ({"words": "a\u2028b"}, 422, "unprintable-character"),
    "NUL in a name": ({"complainant": {"name": "a\x00b"}}, 422, "unprintable-character"),
    "a new line in a name": ({"complainant": {"name": "a\nb"}}, 422, "unprintable-character"),
    "U+2028 in an address": (
        {"complainant": {"address": "a\u2028b"}},
        422,
        "unprintable-character",
    ),
    "NUL in an email": ({"complainant": {"email": "a\x00@example.org"}}, 422, "invalid-request"),
    "no email": ({"complainant": {"email": "ada"}}, 422, "invalid-request"),
    "a new line in an email": (
        {"complainant": {"email": "a@example.org\nBcc: b@example.org"}},
        422,
        "invalid-request",
    ),
    "unknown channel": ({"channel": "pigeon"}, 422, "invalid-request"),
    "unknown policy": ({"policy": "no-such-policy"}, 404, "unknown-policy"),
    "a path for a policy": ({"policy": "../nacro"}, 422, "invalid-request"),
    "naive time": ({"received_at": "2026-01-05T09:30:00"}, 422, "naive-time"),
    "a day for a time": ({"received_at": "2026-01-05"}, 422, "invalid-request"),
    "a number for a time": ({"received_at": 1_700_000_000}, 422, "invalid-request"),
    "a number in a string": ({"received_at": "1700000000"}, 422, "invalid-request"),
    "the first moment": ({"received_at": "0001-01-01T00:00:00+14:00"}, 422, "invalid-request"),
    "the last moment": ({"received_at": "9999-12-31T23:59:59-14:00"}, 422, "invalid-request"),
    "tomorrow and later": ({"received_at": "2199-01-01T00:00:00Z"}, 422, "received-in-future"),
    "before all calendars": ({"received_at": "1999-01-04T09:00:00Z"}, 422, "beyond-the-calendar"),
    "a category in control characters": ({"category": "a\x1b[0m"}, 422, "invalid-request"),
    "a region with a trailing line": ({"region": "North\n"}, 422, "invalid-request"),
}


@pytest.mark.parametrize(("field", "status", "code"), FIELDS.values(), ids=FIELDS)
async def test_a_field_that_cannot_be_taken(
    desk: Desk, field: dict[str, Any], status: int, code: str
) -> None:
    answer = await desk.http.post("/api/complaints", json={**GOOD, **field}, headers=desk.channel)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await desk.complaints() == []


@pytest.mark.parametrize("key", [b"", b"k" * 201, b"\xe9t\xe9", b"a\tb"])
async def test_an_idempotency_key_that_is_none(desk: Desk, key: bytes) -> None:
    bearer = desk.channel["Authorization"].encode()
    headers = {b"Authorization": bearer, b"Idempotency-Key": key}
    answer = await desk.http.post("/api/complaints", json=GOOD, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert await desk.complaints() == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_content_type(desk: Desk, content_type: str) -> None:
    headers = {**desk.channel, "Content-Type": content_type}
    answer = await desk.http.post("/api/complaints", content=json.dumps(GOOD), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert await desk.complaints() == []


ACTIONS: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown field": ("withdraw", {"why": "x"}, "invalid-request"),
    "another's name": ("withdraw", {"by": "Sam Manager"}, "invalid-request"),
    "NUL": ("triage", {"decision": "refuse", "explanation": "a\x00"}, "unprintable-character"),
    "no points": (
        "acknowledge",
        {"definition": "x", "points": [], "outcomes_sought": "x"},
        "invalid-request",
    ),
    "too many points": (
        "acknowledge",
        {"definition": "x", "points": ["x"] * 51, "outcomes_sought": "x"},
        "invalid-request",
    ),
    "a contact to come": (
        "contacts",
        {"outcome": "made", "how": "phone", "happened_at": "2199-01-01T00:00:00Z"},
        "happened-in-future",
    ),
    "a naive contact": (
        "contacts",
        {"outcome": "made", "how": "phone", "happened_at": "2026-01-01T00:00:00"},
        "naive-time",
    ),
    "an agreement to come": (
        "extend",
        {"reason": "x", "until": "2026-03-02", "agreed_on": "2199-01-01"},
        "agreed-in-future",
    ),
    "an extension to the end of time": (
        "extend",
        {"reason": "x", "until": "9999-12-31"},
        "invalid-request",
    ),
    "a day as a number": ("extend", {"reason": "x", "until": 20_000}, "invalid-request"),
    "a request to come": (
        "escalate",
        {"requested_at": "2199-01-01T00:00:00Z"},
        "requested-in-future",
    ),
    "no answers": ("respond", {"answers": []}, "invalid-request"),
    "a point that is no number": (
        "respond",
        {"answers": [{"point": "one", "decision": "upheld", "reasons": "x"}]},
        "invalid-request",
    ),
}


@pytest.mark.parametrize(("verb", "body", "code"), ACTIONS.values(), ids=ACTIONS)
async def test_an_action_that_cannot_be_taken(
    desk: Desk, verb: str, body: dict[str, Any], code: str
) -> None:
    reference = await desk.bring_in()
    answer = await desk.act(reference, verb, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await desk.actions() == []


@pytest.mark.parametrize(
    "reference",
    [
        "PR-0000-0000",
        "pr",
        "PR-UUUU-UUUU",
        "PR-0000-00000",
        "%00",
        "%ff%fe",
        "..%2f..%2fetc",
        "%E2%80%A8",
        "PR-0000-0000%0A",
        "x" * 3000,
    ],
)
async def test_a_reference_that_nobody_has(desk: Desk, reference: str) -> None:
    read = await desk.http.get(f"/api/complaints/{reference}", headers=STAFF)
    acted = await desk.http.post(f"/api/complaints/{reference}/withdraw", json={}, headers=STAFF)
    for answer in (read, acted):
        assert answer.status_code == 404
        assert answer.json()["code"] in {"unknown-reference", "no-such-page"}
    assert await desk.actions() == []


@pytest.mark.parametrize("key", [b"", b"Bearer", b"Bearer nonsense", b"Bearer \xe9", None])
async def test_staff_pages_want_the_staff_key(desk: Desk, key: bytes | None) -> None:
    reference = await desk.bring_in()
    shown = {b"Authorization": desk.channel["Authorization"].encode() if key is None else key}
    for call in (
        desk.http.get("/api/complaints", headers=shown),
        desk.http.get(f"/api/complaints/{reference}", headers=shown),
        desk.http.post(f"/api/complaints/{reference}/withdraw", json={}, headers=shown),
    ):
        answer = await call
        assert answer.status_code == 401
        assert answer.json()["code"] in {"no-key", "unknown-key"}
    assert await desk.actions() == []


async def test_a_verb_or_method_that_does_not_exist(desk: Desk) -> None:
    reference = await desk.bring_in()
    unknown = await desk.act(reference, "destroy")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-page")
    method = await desk.http.delete(f"/api/complaints/{reference}", headers=STAFF)
    assert (method.status_code, method.json()["code"]) == (405, "method-not-allowed")


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """Serves the app on a real port."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "target",
    [
        b"/api/complaints/../../../etc/passwd",
        b"/api/complaints/%2e%2e/%2e%2e",
        b"/api/complaints/\xff",
        b"//api//complaints",
        b"/follow/%00/%00",
        b"/follow/..%2f..%2fsecret/x",
    ],
)
@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_a_path_of_tricks_over_a_real_socket(desk: Desk, target: bytes) -> None:
    async with served(desk.app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        key = STAFF["Authorization"].encode()
        writer.write(
            b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Authorization: " + key + b"\r\n\r\n"
        )
        status = int((await reader.read()).split(b" ", 2)[1])
        writer.close()
    assert 400 <= status < 500
