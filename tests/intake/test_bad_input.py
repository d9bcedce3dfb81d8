"""Malformed input is refused with a 4xx and a code, and leaves nothing behind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from tests.intake.desk import STAFF, Desk
from tests.ports import free_port

GOOD = {"channel": "web", "words": "The heating is off."}

NESTED = b"[" * 100_000 + b"]" * 100_000

RAW: dict[str, tuple[bytes, int, str]] = {
    "not JSON": (b"{", 400, "invalid-json"),
    "empty": (b"", 422, "invalid-request"),
    "10 MB": (b'{"words": "' + b"x" * 10_000_000 + b'"}', 413, "body-too-large"),
    "deep": (NESTED, 400, "nested-too-deep"),
    "deep inside": (b'{"words": ' + NESTED[:100] + b"}", 400, "nested-too-deep"),
    "invalid UTF-8": (b'{"channel": "web", "words": "\xff\xfe"}', 400, "unreadable-body"),
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


Outcome = tuple[int, str | None]


def outcome(answer: httpx.Response) -> Outcome:
    """The status and the problem's code, once the answer is seen to be well formed."""
    assert len(answer.content) < 2000
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json().get("code")


async def test_bodies_that_are_no_complaint(desk: Desk) -> None:
    headers = {**desk.channel, "Content-Type": "application/json"}
    found = {
        name: outcome(await desk.http.post("/api/complaints", content=body, headers=headers))
        for name, (body, _, _) in RAW.items()
    }
    assert found == {name: (status, code) for name, (_, status, code) in RAW.items()}
    assert await desk.complaints() == []


async def test_any_unicode_encoding_of_json_is_read(desk: Desk) -> None:
    headers = {**desk.channel, "Content-Type": "application/json"}
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        body = json.dumps(GOOD).encode(encoding)
        answer = await desk.http.post("/api/complaints", content=body, headers=headers)
        assert answer.status_code == 201, encoding


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
    "a service where the policy knows none": ({"service": "housing"}, 422, "unknown-service"),
    "a service that the policy does not know": (
        {"policy": "review-panel", "service": "gardening"},
        422,
        "unknown-service",
    ),
    "a service in words": ({"service": "A home"}, 422, "invalid-request"),
}


async def test_fields_that_cannot_be_taken(desk: Desk) -> None:
    found = {}
    for name, (field, _, _) in FIELDS.items():
        body = {**GOOD, **field}
        answer = await desk.http.post("/api/complaints", json=body, headers=desk.channel)
        found[name] = outcome(answer)
    assert found == {name: (status, code) for name, (_, status, code) in FIELDS.items()}
    assert await desk.complaints() == []


async def test_idempotency_keys_that_are_none(desk: Desk) -> None:
    bearer = desk.channel["Authorization"].encode()
    for key in (b"", b"k" * 201, b"\xe9t\xe9", b"a\tb"):
        headers = {b"Authorization": bearer, b"Idempotency-Key": key}
        answer = await desk.http.post("/api/complaints", json=GOOD, headers=headers)
        assert outcome(answer) == (422, "invalid-request"), key
    assert await desk.complaints() == []


async def test_other_content_types(desk: Desk) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        headers = {**desk.channel, "Content-Type": content_type}
        body = json.dumps(GOOD)
        answer = await desk.http.post("/api/complaints", content=body, headers=headers)
        assert outcome(answer) == (422, "invalid-request"), content_type
    assert await desk.complaints() == []


ACCEPT = {"decision": "accept"}

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
        "not-agreed-then",
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
        "not-requested-then",
    ),
    "an issue to come": ("triage", {**ACCEPT, "issue_on": "2199-01-01"}, "not-then"),
    "a conclusion to come": ("triage", {**ACCEPT, "concluded_on": "2199-01-01"}, "not-then"),
    "a moment for a day": (
        "triage",
        {**ACCEPT, "issue_on": "2026-01-05T09:00:00Z"},
        "invalid-request",
    ),
    "a ground in words": ("triage", {**ACCEPT, "grounds": ["Ill"]}, "invalid-request"),
    "too many grounds": ("triage", {**ACCEPT, "grounds": ["a"] * 51}, "invalid-request"),
    "grounds that are one": ("triage", {**ACCEPT, "grounds": "ill"}, "invalid-request"),
    "perhaps an exception": ("triage", {**ACCEPT, "no_exception": None}, "invalid-request"),
    "a second person by name": (
        "assign",
        {"investigator": "ivy", "together_with": "Ivy Second"},
        "invalid-request",
    ),
    "no further points": ("points", {"points": []}, "invalid-request"),
    "a blank further point": ("points", {"points": [" "]}, "invalid-request"),
    "too many further points": ("points", {"points": ["x"] * 51}, "invalid-request"),
    "a contact that never was": (
        "contacts",
        {"outcome": "forgotten", "happened_at": "2026-01-06T10:00:00Z"},
        "invalid-request",
    ),
    "an exception in words": (
        "contacts",
        {"outcome": "left-out", "happened_at": "2026-01-06T10:00:00Z", "exception": "No phone"},
        "invalid-request",
    ),
    "an agreed date without its day": ("agree-date", {"until": "2026-03-02"}, "invalid-request"),
    "a date to be agreed on": (
        "agree-date",
        {"until": "2199-03-02", "agreed_on": "2199-01-01"},
        "not-agreed-then",
    ),
    "a hearing without a day": ("hearing", {}, "invalid-request"),
    "a hearing at the end of time": ("hearing", {"on": "9999-12-31"}, "invalid-request"),
    "an offer of something else": ("escalate", {"offers": ["money"]}, "invalid-request"),
    "too many offers": ("escalate", {"offers": ["reasons"] * 4}, "invalid-request"),
    "no reason for being late": ("escalate", {"late_because": "\n"}, "invalid-request"),
    "NUL in a request": ("escalate", {"words": "a\x00"}, "unprintable-character"),
    "a decline that is not explained": ("decline", {"reason": "no-grounds"}, "invalid-request"),
    "a decline for a reason in words": (
        "decline",
        {"reason": "No grounds", "explanation": "x"},
        "invalid-request",
    ),
    "a referral with a reason": ("refer", {"reason": "x"}, "invalid-request"),
    "sent on by nobody": ("send-on", {"explanation": "x"}, "invalid-request"),
    "sent on without a word": ("send-on", {"authorised_by": "lena"}, "invalid-request"),
    "U+2028 in what is sent on": (
        "send-on",
        {"authorised_by": "lena", "explanation": "a\u2028b"},
        "unprintable-character",
    ),
    "an answer with a blank text": (
        "respond",
        {"answers": [{"point": "1", "text": "", "decision": "upheld", "reasons": "x"}]},
        "invalid-request",
    ),
    "a blank definition": (
        "respond",
        {"definition": " ", "answers": [{"point": "1", "decision": "upheld", "reasons": "x"}]},
        "invalid-request",
    ),
    "no answers": ("respond", {"answers": []}, "invalid-request"),
    "a point that is no number": (
        "respond",
        {"answers": [{"point": "one", "decision": "upheld", "reasons": "x"}]},
        "invalid-request",
    ),
}


async def test_actions_that_cannot_be_taken(desk: Desk) -> None:
    reference = await desk.bring_in()
    found = {
        name: outcome(await desk.act(reference, verb, **body))
        for name, (verb, body, _) in ACTIONS.items()
    }
    assert found == {name: (422, code) for name, (_, _, code) in ACTIONS.items()}
    assert await desk.actions() == []


REFERENCES = (
    *("PR-0000-0000", "pr", "PR-UUUU-UUUU", "PR-0000-00000", "PR-0000-0000%0A"),
    *("%00", "%ff%fe", "..%2f..%2fetc", "%E2%80%A8", "x" * 3000),
)


async def test_references_that_nobody_has(desk: Desk) -> None:
    for reference in REFERENCES:
        path = f"/api/complaints/{reference}"
        read = await desk.http.get(path, headers=STAFF)
        acted = await desk.http.post(f"{path}/withdraw", json={}, headers=STAFF)
        for answer in (read, acted):
            status, code = outcome(answer)
            assert status == 404, reference
            assert code in {"unknown-reference", "no-such-page"}
    assert await desk.actions() == []


async def test_staff_pages_want_the_staff_key(desk: Desk) -> None:
    reference = await desk.bring_in()
    channel = desk.channel["Authorization"].encode()
    for key in (b"", b"Bearer", b"Bearer nonsense", b"Bearer \xe9", channel):
        shown = {b"Authorization": key}
        for call in (
            desk.http.get("/api/complaints", headers=shown),
            desk.http.get(f"/api/complaints/{reference}", headers=shown),
            desk.http.post(f"/api/complaints/{reference}/withdraw", json={}, headers=shown),
        ):
            status, code = outcome(await call)
            assert status == 401
            assert code in {"no-key", "unknown-key"}
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


TARGETS = (
    b"/api/complaints/../../../etc/passwd",
    b"/api/complaints/%2e%2e/%2e%2e",
    b"/api/complaints/\xff",
    b"//api//complaints",
    b"/follow/%00/%00",
    b"/follow/..%2f..%2fsecret/x",
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_paths_of_tricks_over_a_real_socket(desk: Desk) -> None:
    async with served(desk.app) as port:
        for target in TARGETS:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            key = STAFF["Authorization"].encode()
            writer.write(
                b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Authorization: " + key + b"\r\n\r\n"
            )
            status = int((await reader.read()).split(b" ", 2)[1])
            writer.close()
            assert 400 <= status < 500, target
