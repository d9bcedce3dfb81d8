"""A small GOV.UK Notify: checks what the real one checks, and fails where a test wants it to."""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from aiohttp import ClientSession, web

from tests.ports import free_port

SERVICE = "11111111-2222-4333-8444-555555555555"
SECRET = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"  # noqa: S105 — of a service that is not there
API_KEY = f"putright-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE = "0f0f0f0f-0000-4000-8000-000000000001"
TEXT_TEMPLATE = "0f0f0f0f-0000-4000-8000-000000000002"
REPLY_TO = "0f0f0f0f-0000-4000-8000-000000000003"

PLACEHOLDERS = {EMAIL_TEMPLATE: {"subject", "body"}, TEXT_TEMPLATE: {"body"}}

DRIFT = 30
"""Seconds by which a token's time of issue may be off."""


@dataclass(frozen=True)
class Refusal(Exception):
    """What the service answers instead."""

    status: int
    error: str
    message: str


@dataclass
class Kept:
    """A notification as the service keeps it."""

    id: str
    kind: str
    body: dict[str, Any]
    status: str = "created"

    @property
    def reference(self) -> str:
        return str(self.body["reference"])

    @property
    def pdf(self) -> bytes:
        return base64.b64decode(self.body["content"], validate=True)


@dataclass
class GovUkFake:
    """What it was sent, and what it is to do next."""

    port: int
    kept: list[Kept] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The references that were asked about."""
    next: list[Refusal | str] = field(default_factory=list)
    """For each send to come: a refusal, `drop-before`, `drop-after`, `silence` or `nonsense`."""
    away: bool = False
    """Whether every request is answered with 500."""
    failing: set[str] = field(default_factory=set)
    """The notifications that cannot be asked after: they are answered with 500."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends silences."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def check_is_there(self) -> None:
        if self.away:
            raise Refusal(500, "Exception", "Internal server error")

    def check_signature(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or jwt.get_unverified_header(token)["alg"] != "HS256":
            raise Refusal(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=DRIFT)
        except jwt.ImmatureSignatureError:
            raise Refusal(403, "AuthError", "Your system clock must be accurate") from None
        except jwt.InvalidSignatureError:
            raise Refusal(403, "AuthError", "Invalid token: API key not found") from None
        now = datetime.now(UTC).timestamp()
        if claims["iss"] != SERVICE or abs(now - claims["iat"]) > DRIFT:
            raise Refusal(403, "AuthError", "Invalid token: service not found")

    async def post(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        kind = request.match_info["kind"]
        CHECKS[kind](body)
        todo = self.next.pop(0) if self.next else ""
        if isinstance(todo, Refusal):
            raise todo
        if todo == "drop-before":
            return drop(request)
        kept = Kept(str(uuid.uuid4()), kind, body)
        self.kept.insert(0, kept)
        if todo == "drop-after":
            return drop(request)
        if todo == "silence":
            await self.released.wait()
        if todo == "nonsense":
            return web.Response(text="<html>Please sign in to the guest network</html>")
        return web.json_response({"id": kept.id, "reference": kept.reference}, status=201)

    async def find(self, request: web.Request) -> web.Response:
        reference = request.query["reference"]
        self.asked.append(reference)
        found = [one for one in self.kept if one.reference == reference]
        return web.json_response({"notifications": [shown(one) for one in found], "links": {}})

    async def get(self, request: web.Request) -> web.Response:
        if request.match_info["id"] in self.failing:
            raise Refusal(500, "Exception", "Internal server error")
        for one in self.kept:
            if one.id == request.match_info["id"]:
                return web.json_response(shown(one))
        raise Refusal(404, "NoResultFound", "No result found")

    async def post_receipt(
        self, kept: Kept, status: str, *, url: str, token: str, **changed: object
    ) -> tuple[int, Any]:
        """Brings the receipt of a notification to `url`; returns the status and body answered."""
        receipt = {
            "id": kept.id,
            "reference": kept.reference,
            "to": kept.body.get("email_address") or kept.body.get("phone_number"),
            "status": status,
            "created_at": "2027-03-01T09:00:00.000000Z",
            "completed_at": "2027-03-01T09:00:05.000000Z",
            "sent_at": "2027-03-01T09:00:01.000000Z",
            "notification_type": kept.kind,
            "template_id": kept.body.get("template_id"),
            "template_version": 1,
        } | changed
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            ClientSession() as session,
            session.post(url, json=receipt, headers=headers) as answer,
        ):
            return answer.status, await answer.json(content_type=None)


def check_email(body: dict[str, Any]) -> None:
    check_template(body, EMAIL_TEMPLATE)
    user, _, domain = body["email_address"].rpartition("@")
    if not user or "." not in domain:
        raise Refusal(400, "ValidationError", "email_address Not a valid email address")
    if body.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
        raise Refusal(
            400, "BadRequestError", f"email_reply_to_id does not exist in database for {SERVICE}"
        )


def check_text(body: dict[str, Any]) -> None:
    check_template(body, TEXT_TEMPLATE)
    digits = "".join(character for character in str(body["phone_number"]) if character.isdigit())
    if not digits.removeprefix("44").removeprefix("0").startswith("7"):
        raise Refusal(400, "ValidationError", "phone_number Not a UK mobile number")


def check_template(body: dict[str, Any], template: str) -> None:
    if body["template_id"] != template:
        raise Refusal(400, "BadRequestError", "Template not found")
    missing = PLACEHOLDERS[template] - body["personalisation"].keys()
    if missing:
        raise Refusal(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")


def check_letter(body: dict[str, Any]) -> None:
    if "reference" not in body:
        raise Refusal(400, "ValidationError", "reference is a required property")
    if not base64.b64decode(body["content"], validate=True).startswith(b"%PDF-"):
        raise Refusal(400, "BadRequestError", "Letter content is not a valid PDF")


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "email": check_email,
    "sms": check_text,
    "letter": check_letter,
}


def shown(one: Kept) -> dict[str, Any]:
    return {"id": one.id, "reference": one.reference, "type": one.kind, "status": one.status}


def drop(request: web.Request) -> web.StreamResponse:
    """Ends the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def govuk_fake() -> AsyncIterator[GovUkFake]:
    """A service that listens on a port of 127.0.0.1 until the end."""
    fake = GovUkFake(free_port())

    @web.middleware
    async def answering(
        request: web.Request, handler: Callable[[web.Request], Any]
    ) -> web.StreamResponse:
        try:
            fake.check_is_there()
            fake.check_signature(request)
            answered: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            errors = [{"error": refusal.error, "message": refusal.message}]
            answer = {"status_code": refusal.status, "errors": errors}
            return web.json_response(answer, status=refusal.status)
        return answered

    app = web.Application(middlewares=[answering], client_max_size=16 * 1024 * 1024)
    app.router.add_post("/v2/notifications/{kind}", fake.post)
    app.router.add_get("/v2/notifications", fake.find)
    app.router.add_get("/v2/notifications/{id}", fake.get)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", fake.port).start()
    try:
        yield fake
    finally:
        fake.released.set()
        await runner.cleanup()
