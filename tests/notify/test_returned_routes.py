"""Returned mail's API: the list that staff look through, and each mail as it came."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr
from temporalio.client import Client

from services.notify.app import SERVICE, create_app
from services.notify.ledger import Ledger
from services.notify.settings import NotifySettings
from services.notify.tables import ReturnedMailRow
from services.shared.database import Database
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.databases import copy_migrated
from tests.engine import PAYLOAD_KEYS
from tests.notify.town import ENTRY, KEY, LATER

STAFF_KEY = new_key("staff")
PATH = "/api/returned-mail"
UNKNOWN = "0" * 64


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    copy_migrated(SERVICE, database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    settings = NotifySettings(
        environment="embedded",
        payload_keys=SecretStr(PAYLOAD_KEYS),
        staff_key_hash=key_hash(STAFF_KEY),
    )
    client: Client = await lazy_client(settings)
    app = create_app(settings, database, client)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://notify",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    ) as asking:
        yield asking


async def keep(
    database: Database, raw: bytes, outcome: str | None, minutes: int = 0, mark: str | None = None
) -> str:
    mail = hashlib.sha256(raw).hexdigest()
    row = ReturnedMailRow(
        id=mail,
        raw=raw,
        fetched_at=LATER + timedelta(minutes=minutes),
        outcome=outcome,
        mark=mark,
    )
    async with database.session() as session:
        session.add(row)
    return mail


async def test_a_held_mail_is_found_and_read_as_it_came(
    api: httpx.AsyncClient, database: Database
) -> None:
    await Ledger(database).claim(ENTRY, LATER)
    raw = b"From: <>\r\nSubject: \xff\xfe\r\n\r\n<script>alert(1)</script>\x00"
    mail = await keep(database, raw, "unreadable", mark=ENTRY.mark)
    await keep(database, b"another", "bounced")
    answer = await api.get(PATH, params={"outcome": "unreadable"})
    assert answer.json() == {
        "mails": [
            {
                "id": mail,
                "fetched_at": "2027-01-06T12:30:00Z",
                "outcome": "unreadable",
                "told_at": None,
                "notice": KEY,
                "reference": ENTRY.reference,
            }
        ],
        "next": None,
    }
    file = await api.get(f"{PATH}/{mail}/raw")
    assert file.content == raw
    assert file.headers["content-type"] == "message/rfc822"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["cache-control"] == "no-store"


async def test_the_list_is_read_page_by_page_the_newest_first(
    api: httpx.AsyncClient, database: Database
) -> None:
    """Mails of one batch are kept at the same moment: none is lost between two pages."""
    old = [await keep(database, b"old %d" % number, None) for number in range(4)]
    new = await keep(database, b"new", "ignored", minutes=1)
    seen: list[tuple[str, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get(PATH, params={"limit": 2, **cursor})).json()
        seen += [(mail["id"], mail["outcome"]) for mail in page["mails"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [(new, "ignored"), *((mail, "new") for mail in sorted(old))]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{PATH}/{UNKNOWN}/raw", 404, "unknown-mail"),
        (f"{PATH}?cursor={UNKNOWN}", 422, "unknown-cursor"),
        (f"{PATH}/x/raw", 422, None),
        (f"{PATH}?outcome=lost", 422, None),
        (f"{PATH}?cursor=x", 422, None),
        (f"{PATH}?limit=0", 422, None),
    ],
)
async def test_what_is_unknown_or_wrong_is_refused(
    api: httpx.AsyncClient, path: str, status: int, code: str | None
) -> None:
    answer = await api.get(path)
    assert answer.status_code == status
    assert code in {None, answer.json()["code"]}


async def test_both_routes_are_described_with_examples(api: httpx.AsyncClient) -> None:
    described = (await api.get("/openapi.json")).json()
    assert described["components"]["schemas"]["ReturnedMailPage"]["examples"]
    raw = described["paths"][f"{PATH}/{{mail}}/raw"]["get"]
    assert raw["parameters"][0]["schema"]["examples"]
    assert raw["responses"]["200"]["content"]["message/rfc822"]["example"]
