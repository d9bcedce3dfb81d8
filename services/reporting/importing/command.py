"""`putright register import`: a table of past complaints checked whole, shown, and taken in."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import typer

from services.reporting.bulk import kind_of
from services.reporting.facts import CODE_STAGES
from services.reporting.importing import storing
from services.reporting.importing.checking import Checked, check, open_table
from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.map_file import read_map
from services.reporting.importing.mistakes import Mistake
from services.reporting.importing.past import PastComplaint
from services.reporting.importing.preparing import prepared
from services.reporting.importing.retelling import Retelling
from services.reporting.on_database import say, shown_progress
from services.reporting.reports.csv import plain
from services.shared.database import Database
from services.shared.errors import TryLater
from services.shared.local_time import local_date
from services.shared.working_days import WorkingDays, working_days

MISTAKES = 1
"""The exit code of a table in which anything is wrong: nothing of it was taken in."""

SHOWN = 20
"""How many sorts of mistake are said; the report has every one."""

FIRST_ROWS = 5


class Order(NamedTuple):
    """What is to be done."""

    file: Path
    map: Path
    policy: str | None
    report: Path | None
    dry_run: bool


class Compared(NamedTuple):
    """What of a table is new to the register."""

    new: tuple[PastComplaint, ...]
    unchanged: int
    changed: tuple[Mistake, ...]


async def import_table(order: Order, database: Database) -> int:
    """Does what was ordered, and returns the exit code. Raises refusals of the map and the file."""
    now = datetime.now(UTC)
    column_map = read_map(order.map, policy=order.policy)
    days = working_days(column_map.nation, column_map.closure_days)
    _check_writable(order.report)
    checked = _read(order, column_map, days, now)
    retelling = Retelling(column_map, days)
    compared = await _compare(checked, retelling, database)
    mistakes = (*checked.mistakes, *compared.changed)
    _report(order.report, mistakes)
    _describe(checked, compared, column_map)
    if mistakes:
        _tell(mistakes)
        say("Nothing was taken in.")
        return MISTAKES
    if order.dry_run:
        say("That is what would be taken in; nothing was.")
        return 0
    total = len(compared.new)
    with shown_progress("Taking in") as progress:
        batches = prepared(column_map, compared.new, now, kind_of(database.engine.dialect))
        await storing.take_in(database, batches, lambda done: progress(done, total))
    say(f"Taken in: {total:,}.")
    return 0


def _read(order: Order, column_map: ColumnMap, days: WorkingDays, now: datetime) -> Checked:
    sheet = open_table(order.file, column_map)
    with shown_progress("Reading") as progress:
        return check(sheet, column_map, days, local_date(now), progress)


async def _compare(checked: Checked, retelling: Retelling, database: Database) -> Compared:
    by_reference = {complaint.reference: complaint for complaint in checked.complaints}
    known, changed = set[str](), list[Mistake]()
    async for reference, life in storing.stored(database, tuple(by_reference)):
        known.add(reference)
        complaint = by_reference[reference]
        if not storing.same(life, retelling.events(complaint)):
            words = "This was imported before and said otherwise; what it said then stays."
            changed.append(Mistake(complaint.row, checked.reference_column, "changed-row", words))
    new = tuple(one for one in checked.complaints if one.reference not in known)
    return Compared(new, len(known) - len(changed), tuple(changed))


def _describe(checked: Checked, compared: Compared, column_map: ColumnMap) -> None:
    """Says how the table was understood, so that a wrong map is seen before it counts."""
    complaints = checked.complaints
    former = ", a former one that nothing can be checked by" if column_map.former_policy else ""
    policy = f"policy {column_map.policy} of {column_map.effective}{former}"
    say(f"Read as {checked.said}; {policy}.")
    for stage in column_map.stages:
        if stage.outside_code:
            say(
                f"{stage.name} is no stage of the Code: no figure by the Code counts what it holds."
            )
    if checked.ignored:
        names = ", ".join(f"“{name}”" for name in checked.ignored)
        say(f"Columns that the map does not name, and nobody reads: {names}.")
    if checked.still_open:
        say(f"Left out, for they had not ended: {len(checked.still_open):,}.")
    if not complaints:
        return
    received = sorted(complaint.received_on for complaint in complaints)
    rows = [
        ("complaints", f"{len(complaints):,}, received {received[0]} to {received[-1]}"),
        ("new", f"{len(compared.new):,}"),
        ("there already", f"{compared.unchanged:,}"),
        *_counts(complaints, column_map),
    ]
    for name, found in rows:
        typer.echo(f"{name:<24}{found}")


def _counts(
    complaints: Sequence[PastComplaint], column_map: ColumnMap
) -> Iterator[tuple[str, str]]:
    for number, rule in enumerate(column_map.stages):
        stages = [one.stages[number] for one in complaints if len(one.stages) > number]
        answered = [stage for stage in stages if stage.responded_on is not None]
        decisions = Counter(stage.decision or "not-recorded" for stage in answered)
        code_stage = CODE_STAGES.get(rule.name)
        of_code = f"stage {code_stage} of the Code" if code_stage else "no stage of the Code"
        yield rule.name, f"{len(stages):,}, answered {len(answered):,}; {of_code}"
        for decision, count in sorted(decisions.items()):
            yield f"  {decision}", f"{count:,}"
        pounds = sum(stage.pence or 0 for stage in stages) / 100
        if pounds:
            yield "  compensation", f"£{pounds:,.2f}"
    for name, count in (
        ("refused", sum(one.refused_on is not None for one in complaints)),
        ("withdrawn", sum(one.withdrawn_on is not None for one in complaints)),
        ("before the Ombudsman", sum(one.ombudsman is not None for one in complaints)),
        ("survey answers", sum(one.satisfaction is not None for one in complaints)),
    ):
        if count:
            yield name, f"{count:,}"


def _tell(mistakes: Sequence[Mistake]) -> None:
    """Says each sort of mistake once, with how many rows have it and the first of them."""
    sorts: dict[tuple[str, str, str], list[int]] = {}
    for one in mistakes:
        sorts.setdefault((one.column, one.code, one.words), []).append(one.row)
    say(f"Mistakes: {len(mistakes):,}.")
    for (column, code, words), rows in list(sorts.items())[:SHOWN]:
        first = ", ".join(str(row) for row in rows[:FIRST_ROWS] if row)
        more = f" and {len(rows) - FIRST_ROWS:,} more" if len(rows) > FIRST_ROWS else ""
        where = f"row {first}{more}, " if first else ""
        say(f"  {where}column “{column}”: {code}: {words}")
    if len(sorts) > SHOWN:
        say(f"  … and {len(sorts) - SHOWN:,} other sorts: --report FILE writes them all.")


def _report(file: Path | None, mistakes: Iterable[Mistake]) -> None:
    if file is None:
        return
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(Mistake._fields)
        writer.writerows([plain(value) for value in mistake] for mistake in mistakes)


def _check_writable(report: Path | None) -> None:
    """Refuses a report that could not be written, before anything is done."""
    if report is None:
        return
    try:
        report.touch()
    except OSError as error:
        raise TryLater("report-unwritable", f"{report}: {error.strerror}.") from None
