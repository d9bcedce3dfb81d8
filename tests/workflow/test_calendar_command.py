"""`putright calendar` as far as it needs no server: what it shows, refuses and would do.

What an import does to open complaints is shown on a real server in tests/faults.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.shared import calendars
from services.workflow.bank_holidays.command import calendar_app
from services.workflow.bank_holidays.report import report, rows, write
from services.workflow.recount_messages import ClockMove, Counting
from tests.days import day
from tests.workflow.calendar_files import FOLDER, RELEASED, changed, listed, written

WORLD_CUP = day("Mon 2026-06-15")
JOY = day("Tue 2026-12-29")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The calendars folder of an installation, which is not there yet."""
    installed = tmp_path / "var" / "calendars"
    monkeypatch.setenv(FOLDER, str(installed))
    return installed


def calendar(*arguments: str, content: bytes | None = None) -> Result:
    return CliRunner().invoke(calendar_app, arguments, input=content)


def test_the_bank_holidays_of_a_nation_in_a_year_are_shown_line_by_line() -> None:
    result = calendar("show", "scotland", "--year", "2026")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[4:6] == [
        "2026-05-25\tMonday\tscotland\tSpring bank holiday",
        "2026-06-15\tMonday\tscotland\tWorld Cup bank holiday",
    ]
    assert result.stderr.startswith("Calendar of 2026-11-01, 2012-01-01 to 2031-12-31, projected")


def test_wales_is_shown_with_england_and_without_a_nation_all_are() -> None:
    wales = calendar("show", "wales", "--year", "2027").stdout
    assert wales == calendar("show", "england-and-wales", "--year", "2027").stdout
    everybody = calendar("show", "--year", "2027").stdout.splitlines()
    assert {line.split("\t")[2] for line in everybody} == set(RELEASED.divisions)


def test_without_a_year_it_shows_what_is_published_from_this_year_on() -> None:
    years = {line[:4] for line in calendar("show", "england").stdout.splitlines()}
    assert max(years) == str(RELEASED.published_until.year)
    assert "2020" not in years


def test_an_imported_calendar_is_what_is_shown(folder: Path) -> None:
    written(changed("2026-11-20", having={JOY: "A day of joy"}), folder)
    shown = calendar("show", "england", "--year", "2026").stdout
    assert "2026-12-29\tTuesday\tengland-and-wales\tA day of joy" in shown.splitlines()


def test_a_dry_run_shows_the_differences_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    written(changed("2026-11-02", division="scotland", lacking=[WORLD_CUP]), folder)
    moved = changed("2026-11-20", having={JOY: "A day of joy"})
    file = listed(moved, tmp_path)
    result = calendar("import", str(file), "--dry-run", "--version", "2026-11-20")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "added\t2026-12-29\tTuesday\tengland-and-wales\tA day of joy",
        "added\t2026-06-15\tMonday\tscotland\tWorld Cup bank holiday",
    ]
    assert calendars.newest().version == day("Mon 2026-11-02")
    assert [path.name for path in folder.iterdir()] == ["2026-11-02.json"]


def test_a_dry_run_reads_from_stdin_and_says_when_there_is_nothing_new(
    folder: Path, tmp_path: Path
) -> None:
    content = listed(RELEASED, tmp_path).read_bytes()
    result = calendar("import", "-", "--dry-run", content=content)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "It says nothing new.\n"
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "france"], "unknown-nation"),
        (["show", "wales", "--year", "2040"], "beyond-the-calendar"),
        (["import", "no-such-file.json"], "unreadable-calendar"),
        (["import", "-"], "unreadable-calendar"),
        (["import", "{listed}", "--version", "soon"], "unreadable-date"),
        (["import", "{listed}", "--version", "2026-10-01"], "not-newer"),
        (
            ["import", "{listed}", "--version", "2027-01-01", "--report", "/no/a.csv"],
            "report-unwri",
        ),
        (["recount", "--report", "/no/such/folder/report.csv"], "report-unwritable"),
    ],
)
def test_a_refusal_is_one_line_with_its_code_and_exit_code_2(
    folder: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    file = listed(changed("2026-11-20", having={JOY: "A day of joy"}), tmp_path)
    result = calendar(*(one.format(listed=file) for one in arguments), content=b"")
    assert (result.exit_code, result.stdout) == (2, "")
    refusal = result.stderr.splitlines()[-1]
    assert refusal.startswith(code)
    assert not folder.exists()


def test_settings_that_are_missing_are_named_before_anything_is_imported(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUTRIGHT_PAYLOAD_KEYS", raising=False)
    file = listed(changed("2026-11-20", having={JOY: "A day of joy"}), tmp_path)
    result = calendar("import", str(file), "--version", "2026-11-20")
    assert result.exit_code == 2
    assert "PUTRIGHT_PAYLOAD_KEYS is not set" in result.stderr
    assert not folder.exists()


def _counting() -> dict[str, Counting]:
    def move(clock: str, left: str | None, now: str) -> ClockMove:
        return ClockMove.model_validate(
            {"stage": "stage-1", "clock": clock, "was": "2026-06-17", "now": now, "left": left}
        )

    return {
        "PR-1": Counting(
            calendar="2026-02-03",
            clocks=(
                move("acknowledge", "passed-already", "2026-06-17"),
                move("respond", None, "2026-06-18"),
            ),
        ),
        "PR-2": Counting(calendar=None, clocks=()),
    }


def test_the_report_is_written_as_csv_or_as_json(tmp_path: Path) -> None:
    found = report("2026-02-03", _counting(), ("PR-9",))
    write(found, tmp_path / "moves.csv")
    assert (tmp_path / "moves.csv").read_bytes().decode().splitlines() == [
        "reference,stage,clock,was,now,outcome",
        "PR-1,stage-1,acknowledge,2026-06-17,2026-06-17,left: passed already",
        "PR-1,stage-1,respond,2026-06-17,2026-06-18,moved",
        "PR-9,,,,,did not answer",
    ]
    write(found, tmp_path / "moves.json")
    shown = json.loads((tmp_path / "moves.json").read_text())
    assert (shown["calendar"], shown["complaints"]) == ("2026-02-03", 3)
    assert shown["totals"] == {"did not answer": 1, "left: passed already": 1, "moved": 1}
    assert shown["lines"][1]["now"] == "2026-06-18"
    assert rows(found)[2] == ("PR-9", "", "", "", "", "did not answer")
