"""All that is wrong with a table: told in short, and written in full to a file."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from services.reporting.importing.mistakes import Mistake
from services.reporting.on_database import say
from services.reporting.reports.csv import plain
from services.shared.errors import TryLater

SHOWN = 20
"""How many sorts of mistake are said; the report has every one."""

FIRST_ROWS = 5


def tell(mistakes: Sequence[Mistake]) -> None:
    """Says each sort of mistake once, with how many rows have it and the first of them."""
    sorts: dict[tuple[str, str, str], list[int]] = {}
    for one in mistakes:
        sorts.setdefault((one.column, one.code, one.words), []).append(one.row)
    say(f"Mistakes: {len(mistakes):,}.")
    for (column, code, words), rows in list(sorts.items())[:SHOWN]:
        first = ", ".join(str(row) for row in rows[:FIRST_ROWS] if row)
        more = f" and {len(rows) - FIRST_ROWS:,} more" if len(rows) > FIRST_ROWS else ""
        where = [f"row {first}{more}"] if first else []
        where += [f"column “{column}”"] if column else []
        say(f"  {', '.join(where)}: {code}: {words}")
    if len(sorts) > SHOWN:
        say(f"  … and {len(sorts) - SHOWN:,} other sorts: --report FILE writes them all.")


def write(file: Path | None, mistakes: Iterable[Mistake]) -> None:
    """Writes every mistake as CSV that a spreadsheet opens; without a file nothing."""
    if file is None:
        return
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(Mistake._fields)
        writer.writerows([plain(value) for value in mistake] for mistake in mistakes)


def check_writable(file: Path | None) -> None:
    """Raises TryLater `report-unwritable` for a file that could not be written, and empties it."""
    if file is None:
        return
    try:
        file.write_bytes(b"")
    except OSError as error:
        raise TryLater("report-unwritable", f"{file}: {error.strerror}.") from None
