"""Reports by the API: what their files are called, and what is asked of who wants one."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.ports import free_port
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.varied_lives import complaints

STAFF_KEY = new_key("staff")

LIVES = Lives.of(complaints(60))

FINDING = {"provision": "6.2", "verdict": "met", "words": "In time.", "value": None, "line": None}


@pytest.fixture
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    await LIVES.fill(database)
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database.url,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(
            app=create_app(settings, database, await lazy_client(settings))
        ),
        base_url="http://reporting",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    ) as client:
        yield client


async def test_a_report_of_one_policy_is_a_file_of_that_name(api: httpx.AsyncClient) -> None:
    asked = {"from_on": "2025-04-01", "policy": "housing-ombudsman"}
    answer = await api.get("/api/reports/annual.html", params=asked)
    named = answer.headers["content-disposition"]
    assert 'filename="annual-housing-ombudsman-2025-04-01.html"' in named
    assert "“housing-ombudsman”" in answer.text


async def test_the_self_assessment_is_of_a_policy_and_of_findings(api: httpx.AsyncClient) -> None:
    asked = {"from_on": "2025-04-01", "policy": "housing-ombudsman"}
    made = await api.post("/api/reports/self-assessment.html", params=asked, json=[FINDING])
    assert made.status_code == 200, made.text
    assert "self-assessment-housing-ombudsman-2025" in made.headers["content-disposition"]
    empty = await api.post("/api/reports/self-assessment.html", params=asked, json=[])
    assert (empty.status_code, empty.json()["code"]) == (422, "findings-needed")
    of_all = {"from_on": "2025-04-01"}
    whose = await api.post("/api/reports/self-assessment.html", params=of_all, json=[FINDING])
    assert (whose.status_code, whose.json()["code"]) == (422, "policy-needed")


async def test_the_key_is_of_the_sample_whose_digest_is_given(api: httpx.AsyncClient) -> None:
    asked = {"from_on": "2025-07-01", "seed": "board-7"}
    key = (await api.get("/api/reports/sample/key", params=asked)).json()
    (digest,) = {line["sample"] for line in key}
    assert digest in (await api.get("/api/reports/sample.html", params=asked)).text
    same = await api.get("/api/reports/sample/key", params={**asked, "digest": digest})
    assert same.json() == key
    other = {**asked, "seed": "board-8", "digest": digest}
    refused = await api.get("/api/reports/sample/key", params=other)
    assert (refused.status_code, refused.json()["code"]) == (422, "another-sample")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("annual.html?from_on=2025-07-01", "not-a-reporting-year"),
        ("quarterly.html?from_on=2025-05-01", "not-a-quarter"),
        ("annual.html?from_on=2099-04-01", "not-begun"),
        ("annual.html?from_on=2025-04-01&policy=nosuch", "unknown-policy"),
        ("sample/key?from_on=2025-04-01&seed=1&policy=nosuch", "unknown-policy"),
        ("sample/key?from_on=2025-04-01&seed=1&digest=none", "invalid-request"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    api: httpx.AsyncClient, path: str, code: str
) -> None:
    answer = await api.get(f"/api/reports/{path}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
