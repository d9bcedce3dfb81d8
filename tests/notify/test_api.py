"""Notify's API: the directory and its absences, the notices that were sent, bad input."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlmodel import select
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from services.intake.links import tracking_url
from services.notify import staff
from services.notify.app import SERVICE, create_app
from services.notify.contract import TASK_QUEUE
from services.notify.ledger import Entry, Ledger
from services.notify.manager_messages import ABSENCE_CHANGED, MANAGER, Begin, workflow_id
from services.notify.settings import NotifySettings
from services.notify.tables import AbsenceRow
from services.shared import manager_links
from services.shared.database import Database
from services.shared.keys import key_hash, new_key
from services.shared.manager_links import ManagerLink
from tests.databases import copy_migrated
from tests.days import london
from tests.engine import PAYLOAD_KEYS, skipping_time
from tests.notify.samples import STAFF

STAFF_KEY = new_key("staff")

NOW = london("Wed 2027-01-06 09:30")

SAM = {
    "name": "Sam Okafor",
    "email": "sam.okafor@example.org",
    "role": "manager",
    "service_areas": ["Repairs"],
    "line_manager": "priya-shah",
    "deputy": "megan-price",
}


async def now() -> datetime:
    return NOW


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    copy_migrated(SERVICE, database_url)
    database = Database(database_url)
    async with database.session() as session:
        await staff.seed(session, STAFF)
    yield database
    await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[Client]:
    async with skipping_time() as environment:
        yield environment.client


def asking(database: Database, client: Client) -> httpx.AsyncClient:
    settings = NotifySettings(
        environment="embedded",
        payload_keys=SecretStr(PAYLOAD_KEYS),
        staff_key_hash=key_hash(STAFF_KEY),
    )
    app = create_app(settings, database, client, now)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://notify",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    )


@pytest.fixture
async def api(database: Database, engine: Client) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(database, engine) as client:
        yield client


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def absences(database: Database) -> list[AbsenceRow]:
    async with database.session() as session:
        return [*(await session.exec(select(AbsenceRow).order_by(AbsenceRow.id)))]


# --- The directory ---


async def test_everybody_is_listed_and_who_is_away_today(api: httpx.AsyncClient) -> None:
    body = {"from_on": "2027-01-04", "until_on": "2027-01-08"}
    await api.post("/api/staff/sam-okafor/absences", json=body)
    people = {person["id"]: person for person in (await api.get("/api/staff")).json()["people"]}
    assert set(people) == {person.id for person in STAFF.people}
    sam, megan = people["sam-okafor"], people["megan-price"]
    assert (sam["away_until"], sam["covered_by"]) == ("2027-01-08", "megan-price")
    assert (megan["away_until"], megan["covered_by"]) == (None, None)


async def test_a_person_is_read_with_what_is_known_and_their_absences_to_come(
    api: httpx.AsyncClient, database: Database
) -> None:
    for first, last in (("2027-03-01", "2027-03-05"), ("2027-02-01", "2027-02-02")):
        body = {"from_on": first, "until_on": last, "deputy": "tom-hartley"}
        answer = await api.post("/api/staff/sam-okafor/absences", json=body)
        assert answer.status_code == 201, answer.text
    over = AbsenceRow(
        id="over",
        staff_id="sam-okafor",
        from_on=NOW.date().replace(day=1),
        until_on=NOW.date().replace(day=5),
        entered_at=NOW,
        entered_by="staff",
    )
    async with database.session() as session:
        session.add(over)
    person = (await api.get("/api/staff/sam-okafor")).json()
    assert {name: person[name] for name in SAM} == SAM
    assert person["absences"] == [
        {
            "id": "sam-okafor.2027-02-01.2027-02-02",
            "from_on": "2027-02-01",
            "until_on": "2027-02-02",
            "deputy": "tom-hartley",
        },
        {
            "id": "sam-okafor.2027-03-01.2027-03-05",
            "from_on": "2027-03-01",
            "until_on": "2027-03-05",
            "deputy": "tom-hartley",
        },
    ]


async def test_a_person_is_added_changed_and_left_as_they_are(api: httpx.AsyncClient) -> None:
    new = {"name": "Ada Byrne", "email": "ada.byrne@example.org", "role": "manager"}
    for body in (new, new, {**new, "deputy": "sam-okafor"}):
        answer = await api.put("/api/staff/ada-byrne", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["deputy"] == body.get("deputy")
    assert (await api.get("/api/staff/ada-byrne")).json()["name"] == "Ada Byrne"
    assert len((await api.get("/api/staff")).json()["people"]) == len(STAFF.people) + 1


async def test_a_directory_that_would_not_hang_together_is_refused(
    api: httpx.AsyncClient,
) -> None:
    before = (await api.get("/api/staff")).json()
    for staff_id, change, refusal in (
        ("sam-okafor", {"deputy": "nobody-here"}, (422, "bad-directory")),
        ("sam-okafor", {"deputy": "sam-okafor"}, (422, "bad-directory")),
        ("sam-okafor", {"line_manager": "nobody-here"}, (422, "bad-directory")),
        ("priya-shah", {"line_manager": "sam-okafor"}, (422, "bad-directory")),
        ("ruth-ellis-jones", {}, (422, "bad-directory")),  # the only complaints officer
        ("sam-okafor", {"email": "nowhere"}, (422, "invalid-request")),
        ("sam-okafor", {"name": "a\0b"}, (422, "unprintable-character")),
        ("sam-okafor", {"manager": "x"}, (422, "invalid-request")),
        ("Sam%20Okafor", {}, (422, "invalid-request")),
    ):
        answer = await api.put(f"/api/staff/{staff_id}", json={**SAM, **change})
        assert code(answer) == refusal, (staff_id, change)
    assert (await api.get("/api/staff")).json() == before


async def test_the_same_absence_again_is_one_and_may_change_who_covers(
    api: httpx.AsyncClient, database: Database
) -> None:
    days = {"from_on": "2027-01-11", "until_on": "2027-01-15"}
    first = await api.post("/api/staff/sam-okafor/absences", json=days)
    again = await api.post("/api/staff/sam-okafor/absences", json=days)
    assert (first.status_code, first.json()) == (201, again.json())
    await api.post("/api/staff/sam-okafor/absences", json={**days, "deputy": "tom-hartley"})
    (kept,) = await absences(database)
    assert (kept.deputy, kept.entered_by, kept.entered_at) == ("tom-hartley", "staff", NOW)


async def test_an_absence_is_withdrawn_and_that_may_be_repeated(
    api: httpx.AsyncClient, database: Database
) -> None:
    days = {"from_on": "2027-01-04", "until_on": "2027-01-08"}
    entered = (await api.post("/api/staff/sam-okafor/absences", json=days)).json()["id"]
    await api.post("/api/staff/megan-price/absences", json=days)
    for _ in range(2):
        answer = await api.delete(f"/api/staff/sam-okafor/absences/{entered}")
        assert (answer.status_code, answer.content) == (204, b"")
    # Nobody's absence goes by another person's address.
    await api.delete("/api/staff/sam-okafor/absences/megan-price.2027-01-04.2027-01-08")
    assert [row.staff_id for row in await absences(database)] == ["megan-price"]


async def test_an_absence_that_cannot_be_is_refused(
    api: httpx.AsyncClient, database: Database
) -> None:
    over = {"from_on": "2027-01-01", "until_on": "2027-01-05"}
    for staff_id, body, refusal in (
        ("left-long-ago", {}, (404, "unknown-staff")),
        ("sam-okafor", {"deputy": "left-long-ago"}, (422, "unknown-deputy")),
        ("sam-okafor", {"deputy": "sam-okafor"}, (422, "own-deputy")),
        ("sam-okafor", {"until_on": "2027-01-03"}, (422, "ends-before-it-begins")),
        ("sam-okafor", over, (422, "absence-over")),
        ("sam-okafor", {"from_on": 1700000000}, (422, "invalid-request")),
        ("sam-okafor", {"until_on": "9999-12-31"}, (422, "invalid-request")),
        ("sam-okafor", {"until_on": "2027-02-30"}, (422, "invalid-request")),
        ("sam-okafor", {"away": True}, (422, "invalid-request")),
    ):
        whole = {"from_on": "2027-01-04", "until_on": "2027-01-08", **body}
        answer = await api.post(f"/api/staff/{staff_id}/absences", json=whole)
        assert code(answer) == refusal, (staff_id, body)
    assert await absences(database) == []


async def test_whoever_keeps_the_persons_caseload_hears_of_every_change_at_once(
    api: httpx.AsyncClient, engine: Client
) -> None:
    caseload = await engine.start_workflow(
        MANAGER,
        Begin(staff_id="tom-hartley"),
        id=workflow_id("tom-hartley"),
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
    )
    days = {"from_on": "2027-01-04", "until_on": "2027-01-08"}
    entered = (await api.post("/api/staff/tom-hartley/absences", json=days)).json()["id"]
    await api.put("/api/staff/tom-hartley", json={**SAM, "line_manager": "callum-reid"})
    await api.delete(f"/api/staff/tom-hartley/absences/{entered}")
    signals = [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in (await caseload.fetch_history()).events
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]
    assert signals == [ABSENCE_CHANGED] * 3


async def test_nobody_is_read_or_withdrawn_of_an_unknown_id(api: httpx.AsyncClient) -> None:
    assert code(await api.get("/api/staff/nobody-here")) == (404, "unknown-staff")
    assert code(await api.delete("/api/staff/nobody-here/absences/x")) == (404, "unknown-staff")


async def test_without_temporal_an_absence_is_kept_and_said_to_be_sent_again(
    database: Database,
) -> None:
    async with skipping_time() as environment:
        gone = environment.client
    async with asking(database, gone) as api:
        days = {"from_on": "2027-01-04", "until_on": "2027-01-08"}
        answer = await api.post("/api/staff/sam-okafor/absences", json=days)
        assert code(answer) == (503, "engine-away")
        assert len(await absences(database)) == 1
        assert (await api.get("/api/staff/sam-okafor")).json()["covered_by"] == "megan-price"


# --- The ledger ---


def entry(key: str, reference: str | None = "PR-1") -> Entry:
    return Entry(
        key=key,
        reference=reference,
        about="receipt",
        to_role="resident",
        asked_by=None,
        stage="stage-1",
        service_area=None,
        letterhead={},
        way="email",
        staff_id=None,
        language="en-GB",
        mark=f"mark-{key}",
        recipient="jo@example.org",
        subject="We have it",
        text="Dear Jo,\n\nWe have it.",
        message_id=f"<{key}@example.org>",
    )


async def test_a_notice_is_read_with_what_it_said_by_a_key_with_slashes(
    api: httpx.AsyncClient, database: Database
) -> None:
    key = "PR-1/9/response/resident"
    claim = await Ledger(database).claim(entry(key), NOW)
    assert claim is not None
    await Ledger(database).settle(claim, "sent", NOW, "250 taken")
    for path in (key, quote(key, safe="")):
        notice = (await api.get(f"/api/notices/{path}")).json()
        assert (notice["key"], notice["state"], notice["way"]) == (key, "sent", "email")
        assert notice["text"] == "Dear Jo,\n\nWe have it."
        assert (notice["answer"], notice["recipient"]) == ("250 taken", "jo@example.org")
    assert code(await api.get("/api/notices/PR-1/10")) == (404, "unknown-notice")


async def test_a_notice_is_read_without_the_means_to_act_as_whoever_got_it(
    api: httpx.AsyncClient, database: Database
) -> None:
    until = london("Wed 2027-02-03 00:00")
    link = ManagerLink(purpose="confirm", staff_id="sam-okafor", reference="PR-1", expires_at=until)
    confirm = manager_links.address("https://homes.example.org", "a-secret", link)
    follow = tracking_url("https://homes.example.org", "a-secret", "PR-1")
    help_page = "https://www.housing-ombudsman.org.uk/residents/how-to-complain-to-us"
    sent = replace(entry("PR-1/9"), text=f"Confirm: {confirm}\nFollow: {follow}.\n{help_page}")
    assert await Ledger(database).claim(sent, NOW) is not None
    notice = (await api.get("/api/notices/PR-1/9")).json()
    assert notice["text"] == (
        "Confirm: https://homes.example.org/manager/confirm/…\n"
        f"Follow: https://homes.example.org/follow/PR-1/….\n{help_page}"
    )


async def test_notices_are_listed_newest_first_without_their_words(
    api: httpx.AsyncClient, database: Database
) -> None:
    ledger = Ledger(database)
    for number in range(5):
        claim = await ledger.claim(entry(f"k{number}", f"PR-{number % 2}"), NOW)
        assert claim is not None
        if number < 2:
            await ledger.settle(claim, "refused", NOW, "550")
    await ledger.claim(entry("later"), NOW.replace(hour=10))
    seen: list[str] = []
    parameters = {"limit": "4"}
    while True:
        page = (await api.get("/api/notices", params=parameters)).json()
        seen += [notice["key"] for notice in page["notices"]]
        if page["next"] is None:
            break
        parameters["cursor"] = page["next"]
    assert seen == ["later", "k0", "k1", "k2", "k3", "k4"]

    async def keys(**filters: str) -> list[str]:
        page = (await api.get("/api/notices", params=filters)).json()
        assert all("text" not in one and "recipient" not in one for one in page["notices"])
        return [notice["key"] for notice in page["notices"]]

    assert await keys(reference="PR-0") == ["k0", "k2", "k4"]
    assert await keys(state="refused") == ["k0", "k1"]
    assert await keys(reference="PR-0", state="refused") == ["k0"]


async def test_a_list_that_cannot_be_asked_for_is_refused(api: httpx.AsyncClient) -> None:
    for query in ("state=lost", "stat=sent", "limit=0", "limit=201", "limit=many"):
        assert code(await api.get(f"/api/notices?{query}")) == (422, "invalid-request"), query
    naive = b64encode(b'{"at":"2028-03-06T10:00:00","key":"k"}').decode()
    for cursor in ("x", "é", naive, b64encode(b"null").decode()):
        answer = await api.get("/api/notices", params={"cursor": cursor})
        assert code(answer) == (422, "unknown-cursor"), cursor


# --- All of it ---


async def test_every_route_describes_itself_and_asks_for_the_staff_key(
    api: httpx.AsyncClient,
) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    assert set(paths) == {
        "/api/staff",
        "/api/staff/{staff_id}",
        "/api/staff/{staff_id}/absences",
        "/api/staff/{staff_id}/absences/{absence_id}",
        "/api/notices",
        "/api/notices/{key}",
        "/api/letters",
        "/api/letters.pdf",
        "/api/letters/posted",
        "/api/returned-mail",
        "/api/returned-mail/{mail}/raw",
    }
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["security"] == [{"staff key": []}], path
            assert operation["description"], path
            assert "application/problem+json" in operation["responses"]["401"]["content"]
