"""The register's API: filters, pages that hold still, one complaint's story, bad input."""

from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import SecretStr
from temporalio.client import Client

from services.reporting.app import create_app
from services.reporting.recording import record
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.events import AnyEvent, Assigned, Closed, Declined
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.ports import free_port
from tests.reporting.told import REFERENCE, Told, both_stages

STAFF_KEY = new_key("staff")
NOW = datetime(2028, 6, 1, tzinfo=UTC)

Tell = Callable[..., Awaitable[None]]
"""Records the events of any number of lives."""


@pytest.fixture
def settings(database_url: str) -> ReportingSettings:
    return ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database_url,
    )


@pytest.fixture
async def absent_engine(settings: ReportingSettings) -> Client:
    """A client of a Temporal server that is not there: reading must not need one."""
    return await lazy_client(settings)


@pytest.fixture
async def api(
    settings: ReportingSettings, database: Database, absent_engine: Client
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, database, absent_engine)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reporting",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    ) as client:
        yield client


@pytest.fixture
def tell(database: Database) -> Tell:
    async def tell(*lives: list[AnyEvent]) -> None:
        async with database.session() as session:
            await record(session, [event for life in lives for event in life], NOW)

    return tell


def complaint(number: int, at: str, **facts: str) -> Told:
    return Told(f"PR-AAAA-{number:04}").received(at, **facts)


async def listed(api: httpx.AsyncClient, **parameters: str) -> list[str]:
    answer = await api.get("/api/register", params=parameters)
    assert answer.status_code == 200, answer.text
    return [entry["reference"][-1] for entry in answer.json()["complaints"]]


async def refused(
    api: httpx.AsyncClient, path: str, headers: Mapping[bytes, bytes] | None = None
) -> tuple[int, str]:
    answer = await api.get(path, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


async def test_a_complaint_is_read_with_everything_that_happened(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    await tell(both_stages())
    answer = await api.get(f"/api/register/{REFERENCE}")
    assert answer.status_code == 200
    story = answer.json()
    entry = story["complaint"]
    assert (entry["status"], entry["received_at"]) == ("closed", "2028-03-06T10:00:00Z")
    assert [stage["stage"] for stage in entry["stages"]] == ["stage-1", "stage-2"]
    assert [line["sequence"] for line in story["timeline"]] == list(range(1, 20))
    assert story["timeline"][11] == {
        "sequence": 12,
        "kind": "responded",
        "at": "2028-04-04T15:00:00Z",
        "on": "Tuesday 4 April 2028",
        "stage": "stage-1",
        "by": "staff",
        "sentence": "Answered in time: partially upheld.",
    }


async def test_row_and_timeline_end_together_before_a_gap(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    events = both_stages()
    await tell([*events[:4], *events[5:]])
    story = (await api.get(f"/api/register/{REFERENCE}")).json()
    assert story["complaint"]["folded_to"] == 4
    assert [line["sequence"] for line in story["timeline"]] == [1, 2, 3, 4]


async def test_each_filter_narrows_the_list_and_they_add_up(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    one = complaint(1, "Mon 2028-03-06 10:00", service_area="Heating", region="North")
    one.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    two = complaint(2, "Tue 2028-03-07 10:00", service_area="Heating", region="South")
    two.event(Assigned, "Tue 2028-03-07 11:00", investigator="amy")
    two.acknowledged("Tue 2028-03-07 12:00", "Tue 2028-03-14")
    three = complaint(3, "Wed 2028-03-08 10:00", policy="nacro")
    three.next_stage("Wed 2028-03-08 11:00", "stage-2")
    three.event(Assigned, "Wed 2028-03-08 12:00", investigator="bob", together_with="kim")
    await tell(one.events, two.events, three.events)
    assert await listed(api) == ["3", "2", "1"]
    assert await listed(api, policy="nacro") == ["3"]
    assert await listed(api, stage="stage-2") == ["3"]
    assert await listed(api, status="acknowledged") == ["2"]
    assert await listed(api, service_area="Heating") == ["2", "1"]
    assert await listed(api, region="South") == ["2"]
    assert await listed(api, investigator="amy") == ["2"]
    assert await listed(api, together_with="kim") == ["3"]
    assert await listed(api, overdue="true") == ["1"]
    assert await listed(api, overdue="false") == ["3", "2"]
    assert await listed(api, service_area="Heating", region="North") == ["1"]
    assert await listed(api, policy="another") == []


async def test_declined_and_closed_complaints_are_listed_by_where_and_why_they_stand(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    lives = [complaint(number, "Mon 2028-03-06 10:00") for number in (1, 2, 3)]
    for life, final in zip(lives[:2], (False, True), strict=True):
        life.next_stage("Tue 2028-03-07 10:00", "stage-2")
        facts = {"reason": "insufficient-grounds", "final": final}
        life.event(Declined, "Wed 2028-03-08 10:00", **facts)
    lives[1].event(Closed, "Wed 2028-03-08 10:00", reason="declined")
    lives[2].event(Closed, "Wed 2028-03-08 10:00", reason="sent-on")
    await tell(*(life.events for life in lives))
    assert await listed(api, status="declined") == ["1"]
    assert await listed(api, closed_reason="declined") == ["2"]
    assert await listed(api, closed_reason="sent-on") == ["3"]
    story = (await api.get("/api/register/PR-AAAA-0001")).json()
    stage = story["complaint"]["stages"][1]
    assert (stage["entered_by"], stage["decline_reason"]) == ("request", "insufficient-grounds")


async def test_the_days_of_receipt_are_those_of_london(api: httpx.AsyncClient, tell: Tell) -> None:
    # Summer time: the day begins at 23:00 UTC of the day before.
    await tell(
        complaint(1, "Fri 2028-06-30 23:59").events, complaint(2, "Sat 2028-07-01 00:00").events
    )
    assert await listed(api, received_from="2028-07-01") == ["2"]
    assert await listed(api, received_before="2028-07-01") == ["1"]
    assert await listed(api, received_from="2028-06-30", received_before="2028-07-02") == ["2", "1"]


async def test_pages_hold_still_while_complaints_come_in_and_change(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    # Four of them received in the same minute: the reference decides their order.
    lives = [complaint(number, "Mon 2028-03-06 10:00") for number in range(1, 5)]
    lives += [complaint(5, "Sun 2028-03-05 10:00")]
    await tell(*(life.events for life in lives))
    seen: list[str] = []
    parameters: dict[str, str] = {"limit": "2"}
    pages = 0
    while True:
        page = (await api.get("/api/register", params=parameters)).json()
        seen += [entry["reference"][-1] for entry in page["complaints"]]
        pages += 1
        if page["next"] is None:
            break
        parameters["cursor"] = page["next"]
        # A newer one comes in, and one that was shown already moves on.
        await tell(complaint(5 + pages, "Tue 2028-03-07 10:00").events)
        await tell(lives[3].missed("Tue 2028-03-14 00:00", "respond", "Mon 2028-03-13").events)
    assert (seen, pages) == (["4", "3", "2", "1", "5"], 3)


async def test_no_cursor_follows_a_page_that_is_exactly_full(
    api: httpx.AsyncClient, tell: Tell
) -> None:
    await tell(*(complaint(number, "Mon 2028-03-06 10:00").events for number in (1, 2)))
    page = (await api.get("/api/register", params={"limit": 2})).json()
    assert (len(page["complaints"]), page["next"]) == (2, None)


async def test_a_list_that_cannot_be_asked_for_is_refused(api: httpx.AsyncClient) -> None:
    for query in (
        "stauts=received",
        "status=lost",
        "closed_reason=lost",
        "policy=Housing%20Ombudsman",
        "policy=a%00b",
        "region=a%E2%80%A8b",
        "investigator=%FF",
        "overdue=perhaps",
        "received_from=yesterday",
        "received_from=1700000000",
        "received_before=2028-03-06T10:00:00",
        "received_before=2028-02-30",
        "limit=0",
        "limit=201",
        f"cursor={'a' * 500}",
    ):
        found = await refused(api, f"/api/register?{query}")
        assert found == (422, "invalid-request"), query


async def test_a_cursor_that_no_page_gave_is_refused(api: httpx.AsyncClient) -> None:
    naive = '{"at":"2028-03-06T10:00:00","reference":"PR"}'
    nul = '{"at":"2028-03-06T10:00:00Z","reference":"a\\u0000b"}'
    before_year_1 = '{"at":"0001-01-01T00:00:00+14:00","reference":"PR"}'
    encoded = [b64encode(text.encode()).decode() for text in ("null", naive, nul, before_year_1)]
    for cursor in ("x", "é", "AAAA", *encoded):
        found = await refused(api, f"/api/register?{urlencode({'cursor': cursor})}")
        assert found == (422, "unknown-cursor"), cursor


async def test_a_reference_that_does_not_exist_is_refused(api: httpx.AsyncClient) -> None:
    for reference, refusal in (
        ("PR-ZZZZ-9999", (404, "unknown-reference")),
        ("%F0%9F%94%A5", (404, "unknown-reference")),
        ("a%00b", (422, "unprintable-character")),
        ("a%E2%80%A8b", (422, "unprintable-character")),
        ("x" * 300, (422, "invalid-request")),
        ("a/b", (404, "no-such-page")),
    ):
        assert await refused(api, f"/api/register/{reference}") == refusal, reference


async def test_nothing_is_read_without_the_staff_key(api: httpx.AsyncClient) -> None:
    for path in ("/api/register", f"/api/register/{REFERENCE}", "/api/register?limit=0"):
        for shown, code in (
            (b"", "no-key"),
            (b"Basic abc", "no-key"),
            (b"Bearer ", "no-key"),
            (b"Bearer " + new_key("staff").encode(), "unknown-key"),
            (b"Bearer \xff", "unknown-key"),
        ):
            found = await refused(api, path, {b"Authorization": shown})
            assert found == (401, code), (path, shown)


async def test_it_is_ready_without_temporal_and_says_that_temporal_is_away(
    api: httpx.AsyncClient,
) -> None:
    answer = await api.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ready"
    assert answer.json()["engine"].startswith("not ready")


async def test_every_route_of_the_api_describes_its_answers_and_asks_for_the_staff_key(
    api: httpx.AsyncClient,
) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    assert set(paths) == {
        *("/api/register", "/api/register/{reference}", "/api/feedback"),
        *("/api/measures", "/api/measures/{name}", "/api/measures/{name}/cases"),
        *("/api/reports/{kind}.{form}", "/api/reports/self-assessment.{form}"),
        "/api/reports/sample/key",
    }
    for operation in (each for operations in paths.values() for each in operations.values()):
        assert operation["security"] == [{"staff key": []}]
        assert "application/problem+json" in operation["responses"]["401"]["content"]
