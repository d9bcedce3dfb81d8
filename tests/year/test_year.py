"""A year of the real workers comes out as it was published, to the digit, in every format.

It takes some minutes, so it is played once, and each thing about it is a subtest.
"""

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborNode

from services.reporting.reports.document import Report
from services.reporting.reports.figures import NOTHING
from tests.reporting.reports.reading import page, said, unspaced, workbook
from tests.year import comparing, reporting
from tests.year.__main__ import SEED, next_year
from tests.year.playing import Played, play_year
from tests.year.source import read_source, read_staff

RECEIVED = {
    "Stage 1": ("17", "42", "33", "43", "135"),
    "Stage 2": ("2", "5", "1", "4", "12"),
}

PERFORMANCE = {
    "Stage 1 acknowledged within 5 working days": ("73% (98)", "37", "0"),
    "Stage 1 answered within 10 working days": ("47% (64)", "71", "0"),
    "Stage 2 acknowledged within 5 working days": ("75% (9)", "3", "0"),
    "Stage 2 answered within 20 working days": ("67% (8)", "4", "0"),
}

OUTCOMES = {
    "Stage 1": ("32", "21", "21", "74", "61", "135"),
    "Stage 2": ("1", "6", "5", "12", "0", "12"),
}
"""Upheld, partially, not; recorded, not recorded, answered: as the published report tells them."""

Tables = dict[str, dict[str, tuple[str, ...]]]
"""What stands in each line of each table, by caption and by what heads the line."""

LADDER = {"investigator": 1, "line manager": 2, "head of service": 4}
"""After how many working days of lateness the policy has whom told."""


@dataclass(frozen=True)
class Year:
    """The year that was played, its report, and the files of it."""

    played: Played
    report: Report
    files: dict[str, bytes]

    @property
    def register(self) -> Path:
        return Path(self.played.register.removeprefix("sqlite+aiosqlite:///"))

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.register)) as register:
            return register.execute(question).fetchall()


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return asyncio.run(_play(tmp_path))


async def _play(folder: Path) -> Year:
    begins = next_year(datetime.now(UTC).date())
    played = await play_year(folder, begins, SEED, lambda _senior, _progress: None)
    report = await reporting.annual_report(played.register, played.plan, read_source())
    files = reporting.write(report, folder / "out")
    return Year(
        played, report, {file.suffix.removeprefix("."): file.read_bytes() for file in files}
    )


@pytest.mark.timeout(1500)
def test_the_year_comes_out_as_it_was_published(year: Year, subtests: pytest.Subtests) -> None:
    with subtests.test("every published figure is in the report"):
        compared = comparing.compare(year.report, read_source().published)
        assert [one for one in compared if not one.same] == []
    with subtests.test("the register holds the published counts"):
        _the_register_counts_them(year)
    for form, found in _read_back(year).items():
        with subtests.test("the published tables stand in each format", form=form):
            assert found["Outcomes"] == OUTCOMES
            assert found["Complaints received"] == RECEIVED
            code = found["By the Code's times"]
            assert {heading: code[heading] for heading in PERFORMANCE} == PERFORMANCE
            assert len(found["Each late answer at stage 1"]) == 71
            assert len(found["Each late answer at stage 2"]) == 4
    with subtests.test("each late answer was warned of, and went up the ladder"):
        _late_answers_were_told_of(year)
    with subtests.test("nobody is named"):
        _nobody_is_named(year)
    with subtests.test("everything was told once, and nothing was lost"):
        _told_once(year)


def _the_register_counts_them(year: Year) -> None:
    in_time = (
        "SELECT count(*), sum(acknowledged = 'in-time'), sum(responded_unextended = 'in-time'), "
        "sum(responded_by_code = 'in-time'), sum(responded = 'in-time'), "
        "sum(decision <> 'not-recorded') FROM stage_facts WHERE stage = "
    )
    assert year.asked(f"{in_time} 'stage-1'") == [(135, 98, 64, 64, 70, 74)]
    assert year.asked(f"{in_time} 'stage-2'") == [(12, 9, 8, 8, 8, 12)]
    slowest = "SELECT count(*), sum(responded = 'late') FROM stage_facts WHERE service_area = "
    assert year.asked(f"{slowest} 'CAS-2' AND position = 1") == [(35, 31)]
    paid = "SELECT count(*), sum(pence) FROM remedy_facts WHERE kind = 'payment'"
    assert year.asked(paid) == [(4, 317_800)]
    waiting = "SELECT count(*), sum(determined_on IS NULL) FROM ombudsman_facts"
    assert year.asked(waiting) == [(5, 5)]
    went_on = (
        "SELECT count(*), sum(responded_unextended = 'late') FROM stage_facts "
        "WHERE stage = 'stage-1' AND escalated"
    )
    assert year.asked(went_on) == [(12, 3)]


def _read_back(year: Year) -> dict[str, Tables]:
    return {
        "html": _html_tables(year.files["html"]),
        "xlsx": _excel_tables(year.files["xlsx"]),
        "json": _json_tables(year.files["json"]),
    }


def _html_tables(content: bytes) -> Tables:
    def told(node: LexborNode | None) -> str:
        return "" if node is None else " ".join(node.text(separator=" ").split())

    return {
        told(table.css_first("caption")): {
            told(row.css_first("th")): tuple(told(cell) for cell in row.css("td"))
            for row in table.css("tbody tr")
        }
        for table in page(content).css("table")
    }


def _excel_tables(content: bytes) -> Tables:
    """A line with one cell is a caption or words; under it stands a table."""
    found: Tables = {}
    for sheet in workbook(content):
        caption = ""
        for heading, *cells in sheet.iter_rows(values_only=True):
            told = tuple(str(cell) for cell in cells if cell is not None)
            if heading is not None and not told:
                caption = str(heading)
            elif heading is not None:
                found.setdefault(caption, {})[str(heading)] = told
    return {caption: dict([*lines.items()][1:]) for caption, lines in found.items()}


def _json_tables(content: bytes) -> Tables:
    report = Report.model_validate(json.loads(content)["report"])
    return {
        table.caption: {row.heading: tuple(cell.shown for cell in row.cells) for row in table.rows}
        for section in report.sections
        for table in section.tables
    }


def _late_answers_were_told_of(year: Year) -> None:
    tables = _json_tables(year.files["json"])
    for stage in ("1", "2"):
        for line in tables[f"Each late answer at stage {stage}"].values():
            _asked_for, _due, put_off, _answered, days_late, before, after = line
            reminders = [told for told in before.splitlines() if told.endswith(": reminder")]
            assert reminders, "the manager was reminded of the answer before it was due"
            told = [one.partition(": ")[2] for one in after.splitlines()]
            # An answer within an extension was never overdue by the clock.
            late = 0 if put_off != NOTHING else int(days_late)
            reached = [whom for whom, after_days in LADDER.items() if after_days <= late]
            assert [whom for whom in told if whom in LADDER] == reached, line


def _nobody_is_named(year: Year) -> None:
    names = read_source().drawn.names
    staff = read_staff().people
    planted = {*names.first, *names.last, *(one.name for one in staff), *(one.id for one in staff)}
    planted |= {case.reference for case in year.played.plan.cases} | {"@example"}
    told = {
        "html": year.files["html"].decode(),
        "json": year.files["json"].decode(),
        "xlsx": str(_excel_tables(year.files["xlsx"])),
        "pdf": said(year.files["pdf"]),
    }
    for form, text in told.items():
        plain = unspaced(text).casefold()
        assert [one for one in planted if unspaced(one).casefold() in plain] == [], form


def _told_once(year: Year) -> None:
    gaps = "SELECT count(*) - max(sequence) FROM events GROUP BY reference"
    assert {*year.asked(gaps)} == {(0,)}
    behind = "SELECT count(*) FROM register r WHERE folded_to <> "
    newest = "(SELECT max(sequence) FROM events e WHERE e.reference = r.reference)"
    assert year.asked(behind + newest) == [(0,)]
    settled = [
        json.loads(payload)
        for (payload,) in year.asked("SELECT payload FROM events WHERE kind = 'notice-settled'")
    ]
    # What enters a caseload is sent with the next digest, or by itself at once.
    assert {one["outcome"] for one in settled} == {"sent", "entered"}
    sent = {one["notice"]: one for one in settled if one["outcome"] == "sent"}
    assert {*sent} == {one["notice"] for one in settled}
    about = Counter(one["about"] for one in sent.values() if one["to"] == "resident")
    assert (about["receipt"], about["acknowledgement"], about["response"]) == (135, 135, 86)
    assert (about["stage-acknowledgement"], about["extension"]) == (12, 6)
