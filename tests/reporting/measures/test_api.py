"""The API of measures and reports, over real databases."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from httpx import QueryParams
from pydantic import SecretStr

from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from services.workflow import policies
from services.workflow.self_assessment.assessment import assess
from tests.ports import free_port
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.varied_lives import complaints, feedback

STAFF_KEY = new_key("staff")

LIVES = Lives.of(complaints(120), feedback(20))

YEAR = {"from_on": "2025-04-01", "before": "2026-04-01"}


@pytest.fixture
async def api(database: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await LIVES.fill(database)
    facts = tmp_path / "landlord.toml"
    facts.write_text('name = "Example Homes"\n')
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database.url,
        report_facts_file=facts,
    )
    app = create_app(settings, database, await lazy_client(settings))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reporting",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    ) as client:
        yield client


async def test_every_measure_says_what_it_is_and_can_be_counted(api: httpx.AsyncClient) -> None:
    described = (await api.get("/api/measures")).json()
    assert len(described) > 30
    for measure in described:
        assert measure["says"]
        answer = await api.get(f"/api/measures/{measure['name']}", params=YEAR)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        for one in [found["whole"], *found["parts"]] if found["whole"] else found["parts"]:
            judged = sum(reason["cases"] for reason in one["reasons"])
            assert judged == one["counted"] + one["left_out"]
            assert all(reason["words"] for reason in one["reasons"])


@pytest.mark.parametrize("name", ["ch01-1", "ch01-2", "ch02-1", "ch02-2", "tp09"])
async def test_rented_homes_and_shared_ownership_have_no_figure_together(
    api: httpx.AsyncClient, name: str
) -> None:
    address = f"/api/measures/{name}"
    answer = (await api.get(address)).json()
    assert answer["whole"] is None
    parts = {one["values"]["tenure"]: one for one in answer["parts"]}
    assert {"rented", "shared-ownership", "other", None} == {*parts}
    assert parts["other"]["counted"] == parts[None]["counted"] == 0
    by_area = {"by": ["service-area"]}
    for one in (await api.get(address, params=by_area if name != "tp09" else {})).json()["parts"]:
        assert "tenure" in one["values"]
    alone = (await api.get(address, params={"tenure": "rented"})).json()
    assert alone["whole"]["counted"] == parts["rented"]["counted"]


async def test_a_count_is_told_apart_by_facets(api: httpx.AsyncClient) -> None:
    asked = {**YEAR, "by": ["quarter", "code-stage"]}
    answer = (await api.get("/api/measures/received", params=asked)).json()
    assert {"quarter": "2025-q1", "code-stage": "1"} in [one["values"] for one in answer["parts"]]
    assert sum(one["met"] for one in answer["parts"]) == answer["whole"]["met"] > 50


async def test_categories_that_no_theme_knows_can_be_looked_up(api: httpx.AsyncClient) -> None:
    asked = {**YEAR, "by": ["theme", "category"]}
    parts = (await api.get("/api/measures/received", params=asked)).json()["parts"]
    unknown = {
        one["values"]["category"] for one in parts if one["values"]["theme"] == "not-standardised"
    }
    assert unknown == {"Our own word"}


async def test_the_cases_of_a_figure_are_as_many_as_it_says(api: httpx.AsyncClient) -> None:
    whole = (await api.get("/api/measures/responded", params=YEAR)).json()["whole"]
    found: list[dict[str, str]] = []
    cursor = None
    while True:
        asked = QueryParams({**YEAR, "standing": "met", "limit": 20})
        asked = asked.set("cursor", cursor) if cursor else asked
        page = (await api.get("/api/measures/responded/cases", params=asked)).json()
        found += page["cases"]
        cursor = page["next"]
        if cursor is None:
            break
    assert len({(one["reference"], one["number"]) for one in found}) == whole["met"] > 20
    assert {one["reason"] for one in found} == {"in-time"}
    late = {**YEAR, "reason": "late"}
    listed = (await api.get("/api/measures/responded/cases", params=late)).json()["cases"]
    reasons = {reason["reason"]: reason["cases"] for reason in whole["reasons"]}
    assert len(listed) == reasons["late"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/measures/no-such-measure", 404, "unknown-measure"),
        ("/api/measures/received?by=colour", 422, "unknown-facet"),
        ("/api/measures/compliments?by=tenure", 422, "cannot-be-told-apart"),
        ("/api/measures/compliments?tenure=rented", 422, "cannot-be-narrowed"),
        ("/api/measures/received/cases?cursor=what", 422, "unknown-cursor"),
        ("/api/measures/received?from_on=2025-04-01&before=2025-04-01", 422, "invalid-request"),
        ("/api/measures/received?surprise=1", 422, "invalid-request"),
        ("/api/measures/received?before=0001-01-01", 422, "invalid-request"),
        ("/api/measures/compliments?from_on=9999-12-31", 422, "invalid-request"),
        ("/api/reports/annual.html?from_on=0001-01-01", 422, "invalid-request"),
        ("/api/reports/annual.html?from_on=9999-12-01", 422, "invalid-request"),
        ("/api/reports/annual.html?from_on=2025-04-02", 422, "not-the-first-of-a-month"),
        ("/api/reports/sample.html?from_on=2025-04-01", 422, "seed-needed"),
        ("/api/reports/self-assessment.html?from_on=2025-04-01", 422, "findings-needed"),
        ("/api/reports/monthly.html?from_on=2025-04-01", 422, "invalid-request"),
        ("/api/reports/annual.doc?from_on=2025-04-01", 422, "invalid-request"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_code(
    api: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "path",
    [
        "/api/measures",
        "/api/measures/received",
        "/api/measures/received/cases",
        "/api/reports/annual.html?from_on=2025-04-01",
        "/api/reports/sample/key?from_on=2025-04-01&seed=1",
    ],
)
async def test_without_the_staff_key_nothing_is_told(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path, headers={"Authorization": "Bearer staff_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown-key")


async def test_a_report_is_had_in_each_format(api: httpx.AsyncClient) -> None:
    begins = {"html": b"<!doctype html>", "pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}
    for form in ("html", "pdf", "xlsx", "csv", "json"):
        answer = await api.get(f"/api/reports/quarterly.{form}", params={"from_on": "2025-04-01"})
        assert answer.status_code == 200, answer.text
        assert answer.content.lower().startswith(begins.get(form, b"{").lower())
        assert f"quarterly-2025-04-01.{form}" in answer.headers["content-disposition"]
    assert answer.json()["report"]["landlord"] == "Example Homes"


async def test_the_sample_and_its_key_are_of_one_draw(api: httpx.AsyncClient) -> None:
    asked = QueryParams({"from_on": "2025-04-01", "seed": "board-7", "of_each_stage": 3})
    key = (await api.get("/api/reports/sample/key", params=asked)).json()
    report = (await api.get("/api/reports/sample.json", params=asked)).json()
    assert [one["number"] for one in key] == [1, 2, 3, 4, 5, 6]
    assert not [one for one in key if one["reference"] in json.dumps(report)]


async def test_the_self_assessment_is_made_from_the_policy_check(api: httpx.AsyncClient) -> None:
    file = policies.read(policies.path_of(policies.in_force("nacro", date(2026, 1, 1))))
    findings = [one.model_dump(mode="json") for one in assess(file)]
    asked = {"from_on": "2025-04-01", "policy": "nacro"}
    answer = await api.post("/api/reports/self-assessment.html", params=asked, json=findings)
    assert answer.status_code == 200
    assert "Section 6: The stages" in answer.text
    refused = await api.post("/api/reports/self-assessment.html", params=asked, json=[{}])
    assert refused.status_code == 422
