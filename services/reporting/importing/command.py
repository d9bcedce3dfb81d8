"""`putright register import`: a table of past complaints checked whole, shown, and taken in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import typer

from services.reporting.bulk import kind_of
from services.reporting.code_times import CODE_STAGES
from services.reporting.importing import mistake_report, storing
from services.reporting.importing.aside import aside, from_aside
from services.reporting.importing.checking import Checked, Progress, check, open_table
from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.map_file import read_map
from services.reporting.importing.mistakes import Mistake
from services.reporting.importing.past import PastComplaint
from services.reporting.importing.preparing import prepared
from services.reporting.importing.retelling import Retelling
from services.reporting.importing.taking_back import brought_in, take_back
from services.reporting.on_database import say, shown_progress
from services.shared.database import Database
from services.shared.errors import PutrightError
from services.shared.local_time import local_date
from services.shared.working_days import WorkingDays, working_days

MISTAKES = 1
"""The exit code of a table in which anything is wrong: nothing of it was taken in."""


class Order(NamedTuple):
    """What is to be done."""

    file: Path
    map: Path
    policy: str | None
    report: Path | None
    dry_run: bool
    take_back: bool = False
    """To remove what the table brought in."""


class Compared(NamedTuple):
    """What of a table is new to the register, and what is there."""

    new: tuple[PastComplaint, ...]
    there: tuple[str, ...]
    """References of complaints that are there as the table says."""
    otherwise: tuple[Mistake, ...]
    """Those under whose reference something else is there."""


async def import_table(order: Order, database: Database) -> int:
    """Does what was ordered, and returns the exit code. Raises refusals of the map and the file."""
    mistake_report.check_writable(order.report)
    try:
        return await _import_table(order, database)
    except PutrightError as refusal:
        refused = Mistake(0, "", refusal.code, refusal.detail)
        mistake_report.write(order.report, [refused])
        raise


async def _import_table(order: Order, database: Database) -> int:
    now = datetime.now(UTC)
    column_map = read_map(order.map, policy=order.policy)
    days = working_days(column_map.nation, column_map.closure_days)
    with shown_progress("Reading") as progress:
        told = from_aside(progress)
        checked = await aside(lambda: _read(order, column_map, days, now, told))
    compared = await _compare(order, checked, Retelling(column_map, days), database)
    mistakes = (*checked.mistakes, *compared.otherwise)
    mistake_report.write(order.report, mistakes)
    _describe(checked, compared, column_map)
    done = "taken back" if order.take_back else "taken in"
    if mistakes:
        mistake_report.tell(mistakes)
        say(f"Nothing was {done}.")
        return MISTAKES
    if order.dry_run:
        say(f"That is what would be {done}; nothing was.")
        return 0
    if order.take_back:
        await _take_back(compared.there, database)
    else:
        await _take_in(column_map, compared.new, now, database)
    return 0


def _read(
    order: Order, column_map: ColumnMap, days: WorkingDays, now: datetime, progress: Progress
) -> Checked:
    return check(open_table(order.file, column_map), column_map, days, local_date(now), progress)


async def _compare(
    order: Order, checked: Checked, retelling: Retelling, database: Database
) -> Compared:
    alike, code, words = (
        (
            brought_in,
            "not-brought-in",
            "What is under this reference came from elsewhere; it stays.",
        )
        if order.take_back
        else (storing.same, "changed-row", "It was imported before and said otherwise; that stays.")
    )
    by_reference = {complaint.reference: complaint for complaint in checked.complaints}
    there, otherwise = list[str](), dict[str, Mistake]()
    async for reference, life in storing.stored(database, tuple(by_reference)):
        complaint = by_reference[reference]
        if alike(life, retelling.events(complaint)):
            there.append(reference)
        else:
            mistake = Mistake(complaint.row, checked.reference_column, code, words)
            otherwise[reference] = mistake
    known = {*there, *otherwise}
    new = tuple(one for one in checked.complaints if one.reference not in known)
    return Compared(new, tuple(there), tuple(otherwise.values()))


async def _take_in(
    column_map: ColumnMap, new: Sequence[PastComplaint], now: datetime, database: Database
) -> None:
    total = len(new)
    batches = prepared(column_map, new, now, kind_of(database.engine.dialect))
    with shown_progress("Preparing") as preparing, shown_progress("Taking in") as writing:
        await storing.take_in(
            database,
            batches,
            progress=lambda done: writing(done, total),
            preparing=lambda done: preparing(done, total),
        )
    say(f"Taken in: {total:,}.")


async def _take_back(there: Sequence[str], database: Database) -> None:
    with shown_progress("Taking back") as progress:
        await take_back(database, there, lambda done: progress(done, len(there)))
    say(f"Taken back: {len(there):,}.")


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
        ("there already", f"{len(compared.there):,}"),
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
