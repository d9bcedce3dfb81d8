"""The report of moves: a line for every running clock of every open complaint."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

from services.shared.events import Frozen
from services.workflow.recount_messages import ClockMove, Counting, Left

MOVED = "moved"

LEFT: dict[Left, str] = {
    "passed-already": "left: passed already",
    "not-across": "left: does not count across the new day",
    "counted-already": "left: counted with it already",
    "extended-date": "left: extended date",
    "agreed-date": "left: agreed date",
    "would-pass": "left: would have passed already",
}

SILENT = "did not answer"


class ReportLine(Frozen):
    """What became of one running clock, or that its complaint did not answer.

    Dates are days in Europe/London.
    """

    reference: str
    stage: str | None
    clock: str | None
    was: date | None
    now: date | None
    outcome: str


class Report(Frozen):
    """What a calendar did to the open complaints."""

    calendar: str
    complaints: int
    """How many are open."""
    totals: dict[str, int]
    """How many lines there are of each outcome."""
    lines: tuple[ReportLine, ...]


COLUMNS = tuple(ReportLine.model_fields)


def report(calendar: str, counting: dict[str, Counting], silent: tuple[str, ...]) -> Report:
    """Puts together what each complaint said, by reference, and which did not answer."""
    lines = [
        _line(reference, move) for reference, found in counting.items() for move in found.clocks
    ]
    lines += [
        ReportLine(reference=each, stage=None, clock=None, was=None, now=None, outcome=SILENT)
        for each in silent
    ]
    return Report(
        calendar=calendar,
        complaints=len(counting) + len(silent),
        totals=dict(sorted(Counter(line.outcome for line in lines).items())),
        lines=tuple(lines),
    )


def rows(found: Report) -> list[tuple[str, ...]]:
    """Returns the lines as texts, column by column; what is not known is empty."""
    return [
        tuple("" if cell is None else str(cell) for cell in line.model_dump().values())
        for line in found.lines
    ]


def write(found: Report, file: Path) -> None:
    """Writes the report: as JSON into a file that is named so, else as CSV. Raises OSError."""
    if file.suffix == ".json":
        shown = json.dumps(found.model_dump(mode="json"), indent=1)
        file.write_text(f"{shown}\n", "utf-8")
        return
    with file.open("w", encoding="utf-8", newline="") as opened:
        # Every cell is a code or a date of our own: none of them can begin a formula.
        csv.writer(opened).writerows([COLUMNS, *rows(found)])


def _line(reference: str, move: ClockMove) -> ReportLine:
    return ReportLine(
        reference=reference,
        stage=move.stage,
        clock=move.clock,
        was=move.was,
        now=move.now,
        outcome=MOVED if move.left is None else LEFT[move.left],
    )
