"""What every HTTP face does alike: limits on bodies, problem details, health, the staff key."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, JsonValue
from starlette.types import Message

from services.shared.errors import AgainstTheRules, TryLater
from services.shared.keys import key_hash, new_key
from services.shared.text import Words
from services.shared.web import BodyLimits, install, staff_only

STAFF_KEY = new_key("staff")


class Letter(BaseModel):
    """A body with text."""

    model_config = ConfigDict(extra="forbid")

    words: Words
    more: JsonValue = None


def parish() -> FastAPI:
    """An app of this test, with one route for each thing that can go wrong."""
    app = FastAPI()
    only_staff = staff_only(key_hash(STAFF_KEY))

    @app.post("/letters")
    async def letters(letter: Letter) -> dict[str, int]:
        return {"length": len(letter.words)}

    @app.get("/refused")
    async def refused() -> None:
        raise AgainstTheRules("already-answered", "It was answered.", stage="stage-1")

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("Ada Bell")

    @app.get("/staff")
    async def staff(who: Annotated[str, Depends(only_staff)]) -> str:
        return who

    async def here() -> None:
        return

    async def away() -> None:
        raise TryLater("away", "Not here.")

    async def silent() -> None:
        await asyncio.sleep(60)

    @app.get("/numbers/{number}")
    async def numbers(number: int) -> int:
        return number

    install(app, {"database": here}, {"engine": away, "mail": silent})
    return app


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    # A fault of the app is answered, and raised on for the log: here the answer counts.
    transport = httpx.ASGITransport(parish(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://parish") as client:
        yield client


async def posted(web: httpx.AsyncClient, body: bytes) -> tuple[int, str | None]:
    answer = await web.post("/letters", content=body, headers={"Content-Type": "application/json"})
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json().get("code")


async def test_a_letter_of_20000_characters_is_taken(web: httpx.AsyncClient) -> None:
    words = "é" * 20_000
    answer = await web.post("/letters", json={"words": words})
    assert answer.json() == {"length": 20_000}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b'{"words":"' + b"a" * 10_000_000 + b'"}', (413, "body-too-large")),
        (
            b'{"words":"x","more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            (400, "nested-too-deep"),
        ),
        (b'{"words":"x","more":' + b'{"a":' * 21 + b"1" + b"}" * 22, (400, "nested-too-deep")),
        (b"[" * 100_000, (400, "nested-too-deep")),
        (b"{", (400, "invalid-json")),
        (b"\xff\xfe", (400, "invalid-json")),
        (b'{"words":"\xff"}', (400, "unreadable-body")),
        (b"", (422, "invalid-request")),
        (b"[]", (422, "invalid-request")),
        (b'{"words":"a\\u0000b"}', (422, "unprintable-character")),
        (b'{"words":"a\\u2028b"}', (422, "unprintable-character")),
        (b'{"words":"a\\ud800b"}', (422, "invalid-request")),
        (b'{"words":"a","wrods":"b"}', (422, "invalid-request")),
        (b'{"words":"a","\\ud800":"b"}', (422, "invalid-request")),
        (b'{"words":NaN}', (422, "invalid-request")),
    ],
    ids=lambda value: str(value[:30]) if isinstance(value, bytes) else None,
)
async def test_a_body_that_cannot_be_used_is_refused_with_a_code(
    web: httpx.AsyncClient, body: bytes, refusal: tuple[int, str]
) -> None:
    assert await posted(web, body) == refusal


async def test_brackets_in_text_do_not_count_as_nesting(web: httpx.AsyncClient) -> None:
    body = b'{"words":"' + b"[{" * 1000 + b'\\"[[' + b'"}'
    assert await posted(web, body) == (200, None)


async def test_a_body_that_never_ends_is_refused_before_it_is_read(
    web: httpx.AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"a" * 10_000

    answer = await web.post("/letters", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert sent < 100


async def test_half_a_body_is_no_body() -> None:
    """A caller who goes away half-way has sent nothing, even if the half could be read."""
    reached: list[Any] = []

    async def app(scope: object, _receive: object, _send: object) -> None:
        reached.append(scope)

    messages: list[Message] = [
        {"type": "http.request", "body": b"words=withdraw", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        raise AssertionError(message)

    await BodyLimits(app)({"type": "http"}, receive, send)
    assert reached == []


async def test_a_refusal_says_its_code_and_facts(web: httpx.AsyncClient) -> None:
    answer = await web.get("/refused")
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "about:blank",
        "title": "AgainstTheRules",
        "status": 409,
        "code": "already-answered",
        "detail": "It was answered.",
        "stage": "stage-1",
    }


async def test_what_must_be_mended_is_named_field_by_field(web: httpx.AsyncClient) -> None:
    answer = await web.post("/letters", json={"words": "", "wrods": "x"})
    body = answer.json()
    assert body["detail"] == "Mend these fields and send it again: words, wrods."
    assert [(error["field"], error["code"]) for error in body["errors"]] == [
        ("words", "string-too-short"),
        ("wrods", "extra-forbidden"),
    ]


async def test_a_fault_of_ours_is_a_problem_that_tells_nothing(web: httpx.AsyncClient) -> None:
    answer = await web.get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "Ada" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "/nowhere", (404, "no-such-page")),
        ("GET", "/letters", (405, "method-not-allowed")),
        ("GET", "/numbers/one", (422, "invalid-request")),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    web: httpx.AsyncClient, method: str, path: str, refusal: tuple[int, str]
) -> None:
    answer = await web.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == refusal


async def test_it_is_alive_and_says_what_it_is_ready_for(web: httpx.AsyncClient) -> None:
    alive = await web.get("/livez")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    ready = await web.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "database": "ready",
        "engine": "not ready: TryLater",
        "mail": "not ready: TimeoutError",
    }


async def test_it_is_not_ready_without_what_it_needs() -> None:
    async def away() -> None:
        raise ConnectionRefusedError

    app = FastAPI()
    install(app, {"database": away})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://parish") as web:
        answer = await web.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "not ready: ConnectionRefusedError"}


@pytest.mark.parametrize("header", [f"Bearer {STAFF_KEY}", f"bearer  {STAFF_KEY} "], ids=count())
async def test_the_staff_key_opens(web: httpx.AsyncClient, header: str) -> None:
    answer = await web.get("/staff", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (200, "staff")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"", "no-key"),
        (b"Bearer", "no-key"),
        (b"Basic " + STAFF_KEY.encode(), "no-key"),
        (STAFF_KEY.encode(), "no-key"),
        (b"Bearer " + new_key("staff").encode(), "unknown-key"),
        (b"Bearer " + key_hash(STAFF_KEY).encode(), "unknown-key"),
        (b"Bearer \xff", "unknown-key"),
    ],
    ids=count(),
)
async def test_no_other_key_does(web: httpx.AsyncClient, header: bytes, code: str) -> None:
    answer = await web.get("/staff", headers={b"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
