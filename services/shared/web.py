"""What every HTTP face of Putright does alike: problem details, limits, health, bearer keys."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.shared.errors import (
    MendRequest,
    NotThere,
    PutrightError,
    SignIn,
    TooLarge,
    TryLater,
    Unreadable,
)
from services.shared.keys import same_key

MAX_BODY_BYTES = 256 * 1024
"""The largest request body that is read: a long letter is 60 KB."""

MAX_DEPTH = 20
"""How deep JSON may nest; the deepest body of the API nests 4."""

PROBLEM_JSON = "application/problem+json"

CHECK_PATIENCE = 2.0
"""Seconds that a readiness check may take; silence is an answer too."""

Check = Callable[[], Awaitable[None]]
"""A readiness check: returns when the thing is there, raises when it is not."""


def problem(error: PutrightError) -> JSONResponse:
    """Returns the RFC 9457 problem details of a refusal; `code` is the stable part."""
    headers = {"Retry-After": "5"} if error.retryable else {}
    if isinstance(error, SignIn):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        {
            "type": "about:blank",
            "title": type(error).__name__,
            "status": error.status,
            "code": error.code,
            "detail": error.detail,
            **error.facts,
        },
        status_code=error.status,
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def install(
    app: FastAPI,
    ready: Mapping[str, Check],
    reported: Mapping[str, Check] | None = None,
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> None:
    """Gives `app` problem details, body limits, `/livez` and `/readyz`.

    `ready` names what must answer for the service to be of use; mail servers are not in it,
    for mail may wait and complaints must not. `reported` is named beside it and does not count.
    """
    app.exception_handler(PutrightError)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Exception)(_broken)
    app.add_middleware(BodyLimits, max_body_bytes=max_body_bytes)

    @app.get("/livez", include_in_schema=False)
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        found = {name: await _state(check) for name, check in ready.items()}
        good = all(state == "ready" for state in found.values())
        found |= {name: await _state(check) for name, check in (reported or {}).items()}
        return JSONResponse(found, status_code=200 if good else 503)


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_PATIENCE):
            await check()
    except Exception as error:  # noqa: BLE001 — whatever is wrong, the answer is "not ready"
        return f"not ready: {type(error).__name__}"
    return "ready"


def bearer_key(request: Request) -> str:
    """Returns the key of `Authorization: Bearer KEY`. Raises SignIn `no-key` without one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise SignIn("no-key", "Send your key as 'Authorization: Bearer KEY'.")
    return key.strip()


def staff_only(staff_key_hash: str) -> Callable[[Request], str]:
    """Returns the dependency that lets only the holder of the staff key in.

    It answers with who is acting: `staff` until people sign in by name.
    """

    def check(request: Request) -> str:
        if not same_key(bearer_key(request), staff_key_hash):
            raise SignIn("unknown-key", "That key is not a staff key of this installation.")
        return "staff"

    return check


async def _refused(_request: Request, error: PutrightError) -> Response:
    return problem(error)


async def _broken(_request: Request, _error: Exception) -> Response:
    """Answers for a fault of ours. The error itself goes on to the log, never to the caller."""
    return problem(PutrightError("internal-error", "Something failed here; it was logged."))


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    found = [
        {
            "field": _field(entry["loc"]),
            "code": str(entry["type"]).replace("_", "-"),
            "message": entry["msg"],
        }
        for entry in error.errors()
    ]
    if found and found[0]["code"] == "json-invalid":
        return problem(Unreadable("invalid-json", "The body is not JSON."))
    return problem(_validation_problem(found))


def _field(location: Sequence[object]) -> str:
    """Names the field. An unknown one is named by the caller: cut short, and made encodable."""
    name = ".".join(str(part) for part in location[1:]) or str(location[0])
    return name[:100].encode("utf-8", "backslashreplace").decode()


def _validation_problem(found: list[dict[str, Any]]) -> MendRequest:
    # Our own codes say more than "invalid-request"; pydantic's built-in ones may change under us.
    own = [entry["code"] for entry in found if entry["code"] in OWN_CODES]
    code = own[0] if own else "invalid-request"
    fields = ", ".join(entry["field"] for entry in found)
    return MendRequest(code, f"Mend these fields and send it again: {fields}.", errors=[*found])


OWN_CODES = frozenset(
    {"unprintable-character", "naive-time", "received-in-future", "happened-in-future"}
)
"""Validation codes that are ours, so stable enough to be the problem's own code."""


async def _http(_request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        return problem(NotThere("no-such-page", "Nothing is served at this address."))
    if error.status_code == 400:
        return problem(Unreadable("unreadable-body", "The body could not be read."))
    if error.status_code >= 500:
        return problem(TryLater("not-available", "This is not available now."))
    return JSONResponse(
        {
            "type": "about:blank",
            "status": error.status_code,
            "code": "method-not-allowed" if error.status_code == 405 else "refused",
            "detail": str(error.detail),
        },
        status_code=error.status_code,
        headers=dict(error.headers or {}),
        media_type=PROBLEM_JSON,
    )


class BodyLimits:
    """Reads a request's body whole before the app does: too large or too deep is refused here.

    A parser that meets 10 MB, or JSON nested 100,000 deep, has already done the harm.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its body in one piece, or answers 413 or 400 itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(receive)
        except PutrightError as error:
            await problem(error)(scope, receive, send)
            return
        if body is None:
            return

        unread = True

        async def replay() -> Message:
            nonlocal unread
            if unread:
                unread = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Returns the whole body, or None when the caller went away: half a body is none."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._max_body_bytes:
                raise TooLarge(
                    "body-too-large",
                    f"The body is larger than {self._max_body_bytes // 1024} KB.",
                )
        brackets = body.count(b"[") + body.count(b"{")  # counted far faster than their depth
        if brackets > MAX_DEPTH and _depth(bytes(body)) > MAX_DEPTH:
            raise Unreadable("nested-too-deep", f"JSON nests deeper than {MAX_DEPTH} levels.")
        return bytes(body)


def _depth(body: bytes) -> int:
    """Returns how deep brackets nest outside strings, without building anything."""
    deepest = depth = 0
    in_string = escaped = False
    for byte in body:
        if escaped:
            escaped = False
        elif in_string:
            escaped = byte == 0x5C
            in_string = byte != 0x22
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
