"""`putright report`: files for people, one line for what stands in the way."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.command import app
from services.reporting.app import SERVICE_DIR
from services.shared.database import Database
from tests.databases import copy_migrated
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.varied_lives import complaints

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path}/reporting.db"
    copy_migrated(SERVICE_DIR, url)
    database = Database(url)
    await Lives.of(complaints(60)).fill(database)
    await database.close()
    return url


def putright(url: str, *words: str, **settings: str) -> Result:
    embedded = {"PUTRIGHT_ENVIRONMENT": "embedded", "PUTRIGHT_REPORTING_DATABASE_URL": url}
    return CliRunner().invoke(app, words, env={**embedded, **settings})


def test_an_annual_report_is_written_in_the_formats_asked_for(url: str, tmp_path: Path) -> None:
    facts = CHECKOUT / "deploy" / "landlord.example.toml"
    done = putright(
        url,
        *("report", "annual", "--year", "2025", "--format", "json,csv", "--out", f"{tmp_path}/out"),
        PUTRIGHT_REPORT_FACTS_FILE=str(facts),
    )
    assert done.exit_code == 0, done.stderr
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["annual-2025-04-01.csv", "annual-2025-04-01.json"]
    report = json.loads((tmp_path / "out" / "annual-2025-04-01.json").read_text())
    assert report["report"]["landlord"] == "Example Homes"


def test_a_sample_comes_with_its_key(url: str, tmp_path: Path) -> None:
    key = tmp_path / "officer" / "key.csv"
    done = putright(
        url,
        *("report", "sample", "--from", "2025-07-01", "--seed", "board-7", "--of", "2"),
        *("--key", str(key), "--out", str(tmp_path), "--policy", "housing-ombudsman"),
    )
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "sample-housing-ombudsman-2025-07-01.html").exists()
    lines = [*csv.DictReader(key.read_text().splitlines())]
    assert [line["case"] for line in lines][:2] == ["1", "2"]
    assert all(line["reference"].startswith("PR-") for line in lines)
    report = (tmp_path / "sample-housing-ombudsman-2025-07-01.html").read_text()
    (digest,) = {line["sample"] for line in lines}
    assert digest in report
    command = ("report", "sample", "--from", "2025-07-01", "--seed", "board-8", "--of", "2")
    refused = putright(url, *command, "--digest", digest, "--out", str(tmp_path / "other"))
    assert (refused.exit_code, refused.stderr.split(":")[0]) == (2, "another-sample")


def test_the_self_assessment_reads_what_policy_check_prints(url: str, tmp_path: Path) -> None:
    checked = putright(url, "policy", "check", "nacro", "--json")
    findings = tmp_path / "findings.json"
    findings.write_text(checked.stdout)
    command = (
        *("report", "self-assessment", "--policy", "nacro"),
        *("--year", "2025", "--out", str(tmp_path)),
    )
    done = putright(url, *command, "--findings", str(findings))
    assert done.exit_code == 0, done.stderr
    assert "Self-assessment" in (tmp_path / "self-assessment-nacro-2025-04-01.html").read_text()
    findings.write_text("[]")
    refused = putright(url, *command, "--findings", str(findings))
    assert (refused.exit_code, refused.stderr.split(":")[0]) == (2, "findings-needed")
    findings.write_text("[]oops")
    refused = putright(url, *command, "--findings", str(findings))
    assert (refused.exit_code, refused.stderr.split(":")[0]) == (2, "no-policy-check")


def test_an_empty_sample_says_so(url: str, tmp_path: Path) -> None:
    command = ("report", "sample", "--from", "2012-04-01", "--seed", "1", "--out", str(tmp_path))
    done = putright(url, *command)
    assert done.exit_code == 0, done.stderr
    assert "The sample is empty: nothing was answered from 1 April 2012 to" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("annual",), "Give either --year or --from"),
        (("annual", "--year", "2025", "--from", "2025-04-01"), "Give either --year or --from"),
        (("annual", "--from", "soon"), "--from is a date"),
        (("annual", "--from", "2025-04-09"), "not-the-first-of-a-month"),
        (("annual", "--from", "2025-07-01"), "not-a-reporting-year"),
        (("quarterly", "--from", "2025-05-01"), "not-a-quarter"),
        (("sample", "--from", "2025-04-01", "--seed", "1", "--digest", "x"), "cannot-be-asked:"),
        (
            ("sample", "--year", "2025", "--seed", "1"),
            "not-of-a-year: A report of the kind 'sample'",
        ),
        (("member", "--year", "2025"), "give --from with the first of them"),
        (("quarterly", "--year", "2026"), "such as --from 2026-04-01"),
        (("annual", "--year", "2099"), "not-begun: The period begins on 1 April 2099"),
        (("annual", "--year", "2025", "--policy", "nosuch"), "unknown-policy: No complaint is"),
        (("annual", "--year", "2025", "--policy", "Not A Code"), "cannot-be-asked"),
        (("annual", "--year", "2025", "--format", "doc"), "'doc' is none of"),
        (("sample", "--from", "2025-04-01"), "seed-needed"),
        (("self-assessment", "--year", "2025"), "findings-needed"),
        (("weekly", "--year", "2025"), "weekly"),
    ],
)
def test_what_stands_in_the_way_is_said(
    url: str, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = putright(url, "report", *words, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split()), done.stderr
    assert not (tmp_path / "out").exists()
