"""Deadlines and lists for people: facts in rows, styled on a terminal, plain lines elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.shared.local_time import LONDON
from services.workflow.deadlines import Deadline, Deadlines, Explanation
from services.workflow.policy import Policy
from services.workflow.wording import ANCHORS, said_day

Weight = Literal["heading", "plain", "detail"]

STYLES: dict[Weight, str] = {"heading": "bold", "plain": "", "detail": "dim"}


class Row(NamedTuple):
    """One fact: what it is about, and what it is. An empty label continues the row above."""

    label: str
    fact: str
    weight: Weight = "plain"


def deadlines(table: Deadlines, *, explain: bool) -> None:
    """Prints the deadlines of a complaint; with `explain`, how each was worked out."""
    print_rows(_deadline_rows(table, explain=explain))


def policy_list(known: Iterable[Policy]) -> None:
    """Prints each version of each policy on a line of its own, tab-separated off a terminal."""
    lines = [
        (rules.name, rules.effective.isoformat(), rules.nation, rules.title) for rules in known
    ]
    table(("policy", "from", "nation", "title"), lines)


def table(headings: Iterable[str], lines: Iterable[Iterable[str]]) -> None:
    """Prints a table on a terminal; elsewhere its lines alone, tab-separated."""
    console = Console()
    if not console.is_terminal:
        for line in lines:
            typer.echo("\t".join(line))
        return
    shown = Table(*headings, box=None, header_style="bold")
    for line in lines:
        shown.add_row(*(Text(cell) for cell in line))
    console.print(shown)


def print_rows(rows: Iterable[Row]) -> None:
    """Prints facts, the label of each beside it."""
    console = Console()
    if not console.is_terminal:
        for row in rows:
            typer.echo(f"{row.label:<20}{row.fact}".rstrip())
        return
    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(Text(row.label, "dim"), Text(row.fact, STYLES[row.weight]))
    console.print(grid)


def _deadline_rows(table: Deadlines, *, explain: bool) -> Iterator[Row]:
    yield Row("policy", f"{table.policy}, in force from {said_day(table.policy_effective)}")
    yield Row("stage", f"{table.stage}, {table.nation}")
    yield Row("received", said_day(table.received))
    late = ", late" if table.acknowledged_in_time is False else ""
    yield Row(
        "acknowledged", f"{said_day(table.acknowledged)}{late}" if table.acknowledged else "not yet"
    )
    for deadline, explanation in zip(table.clocks, table.explain, strict=True):
        if explain:
            yield Row("", "")
        yield Row(f"{deadline.clock} by", said_day(deadline.due), "heading")
        if deadline.latest_extension:
            yield Row("  at most extended", f"to {said_day(deadline.latest_extension)}")
        if explain:
            yield from _explanation_rows(explanation)
            yield from _consequence_rows(deadline)


def _explanation_rows(found: Explanation) -> Iterator[Row]:
    anchor = ANCHORS[found.anchor]
    since = f"the day on which {anchor} is due" if found.anchor_is_provisional else anchor
    yield Row("  counted", f"{found.within} from {since}, {said_day(found.anchor_date)}")
    yield Row("  clause", found.clause)
    yield Row("  day 1", said_day(found.day_1))
    yield from listed("  skipped", (f"{said_day(off.day)}  {off.why}" for off in found.skipped))
    yield Row("  calendar", found.calendar)
    if found.projected:
        yield Row("", "projected: bank holidays that far ahead are not published yet")


def _consequence_rows(deadline: Deadline) -> Iterator[Row]:
    yield from listed("  reminders", map(_moment, deadline.reminders))
    yield Row("  passes", _moment(deadline.passes_at), "detail")
    yield from listed(
        "  if missed", (f"{_moment(rung.at)}  {rung.tell}" for rung in deadline.ladder)
    )


def listed(label: str, facts: Iterable[str]) -> Iterator[Row]:
    """Returns a row for each of several facts, all under the label of the first."""
    for position, fact in enumerate(facts):
        yield Row(label if position == 0 else "", fact, "detail")


def _moment(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{said_day(local.date())} {local:%H:%M}"
