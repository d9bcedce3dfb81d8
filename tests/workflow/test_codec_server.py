"""The codec server: the Temporal UI's page shows what histories hide, to those who may see it."""

import httpx
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.client import Client

from services.shared.encryption import EncryptionCodec, KeyRing
from services.shared.keys import key_hash, new_key
from services.workflow.app import create_app
from services.workflow.settings import WorkflowSettings
from tests.engine import PAYLOAD_KEYS

UI = "http://127.0.0.1:8233"
STAFF_KEY = new_key("staff")
SECRET = Payload(metadata={"encoding": b"json/plain"}, data=b'"Ada Bell"')


async def codec_server(environment: str) -> httpx.AsyncClient:
    settings = WorkflowSettings.model_validate(
        {
            "environment": environment,
            "payload_keys": PAYLOAD_KEYS,
            "staff_key_hash": key_hash(STAFF_KEY),
            "ui_origin": UI,
        }
    )
    client = await Client.connect("127.0.0.1:1", lazy=True)
    transport = httpx.ASGITransport(create_app(settings, client))
    return httpx.AsyncClient(transport=transport, base_url="http://codec.test")


async def sealed() -> str:
    payloads = await EncryptionCodec(KeyRing(PAYLOAD_KEYS)).encode([SECRET])
    text: str = json_format.MessageToJson(Payloads(payloads=payloads))
    assert "Ada" not in text
    return text


async def test_on_one_machine_the_ui_reads_what_is_encrypted() -> None:
    async with await codec_server("embedded") as web:
        answer = await web.post(
            "/codec/decode", content=await sealed(), headers={"x-namespace": "default"}
        )
    opened = json_format.Parse(answer.text, Payloads())
    assert list(opened.payloads) == [SECRET]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
async def test_elsewhere_decoding_asks_for_a_staff_key(header: dict[str, str]) -> None:
    async with await codec_server("production") as web:
        answer = await web.post("/codec/decode", content=await sealed(), headers=header)
        assert answer.status_code == 401
        assert answer.json()["code"] in {"no-key", "unknown-key"}
        staff = {"Authorization": f"Bearer {STAFF_KEY}"}
        answer = await web.post("/codec/decode", content=await sealed(), headers=staff)
        assert answer.status_code == 200


@pytest.mark.parametrize(("origin", "allowed"), [(UI, True), ("https://elsewhere.example", False)])
async def test_only_pages_of_the_ui_may_ask(origin: str, *, allowed: bool) -> None:
    async with await codec_server("embedded") as web:
        answer = await web.options(
            "/codec/decode",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type,x-namespace",
            },
        )
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b'{"payloads": 7}',
        b'{"payloads": [{"metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA=="}, "data": "AAAA"}]}',
        b'{"payloads": [{"metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA==", "key": "eA=="}}]}',
    ],
)
async def test_what_is_not_ours_is_refused_with_a_code(body: bytes) -> None:
    async with await codec_server("embedded") as web:
        answer = await web.post("/codec/decode", content=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "undecodable"


async def test_a_long_letter_can_be_shown() -> None:
    long = Payload(metadata={"encoding": b"json/plain"}, data=b"x" * 1_000_000)
    payloads = await EncryptionCodec(KeyRing(PAYLOAD_KEYS)).encode([long])
    body = json_format.MessageToJson(Payloads(payloads=payloads))
    async with await codec_server("embedded") as web:
        answer = await web.post("/codec/decode", content=body)
    assert list(json_format.Parse(answer.text, Payloads()).payloads) == [long]


async def test_without_temporal_the_service_lives_but_is_not_ready() -> None:
    async with await codec_server("embedded") as web:
        assert (await web.get("/livez")).status_code == 200
        assert (await web.get("/readyz")).status_code == 503
