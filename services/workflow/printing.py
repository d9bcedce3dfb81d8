"""Policies and deadlines for people: facts in rows, styled on a terminal, plain lines elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.shared.events import ClockName
from services.workflow.deadlines import Deadline, Deadlines, Explanation
from services.workflow.local_time import LONDON
from services.workflow.policy import Policy
from services.workflow.stages import Stage
from services.workflow.wording import ANCHORS, NEEDS, said

Weight = Literal["heading", "plain", "detail"]

STYLES: dict[Weight, str] = {"heading": "bold", "plain": "", "detail": "dim"}


class Row(NamedTuple):
    """One fact: what it is about, and what it is. An empty label continues the row above."""

    label: str
    fact: str
    weight: Weight = "plain"


def deadlines(table: Deadlines, *, explain: bool) -> None:
    """Prints the deadlines of a complaint; with `explain`, how each was worked out."""
    _print_rows(_deadline_rows(table, explain=explain))


def policy(rules: Policy) -> None:
    """Prints one policy whole."""
    _print_rows(_policy_rows(rules))


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


def _print_rows(rows: Iterable[Row]) -> None:
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
    yield Row("policy", f"{table.policy}, in force from {_day(table.policy_effective)}")
    yield Row("stage", f"{table.stage}, {table.nation}")
    yield Row("received", _day(table.received))
    late = ", late" if table.acknowledged_in_time is False else ""
    yield Row(
        "acknowledged", f"{_day(table.acknowledged)}{late}" if table.acknowledged else "not yet"
    )
    for deadline, explanation in zip(table.clocks, table.explain, strict=True):
        if explain:
            yield Row("", "")
        yield Row(f"{deadline.clock} by", _day(deadline.due), "heading")
        if deadline.latest_extension:
            yield Row("  at most extended", f"to {_day(deadline.latest_extension)}")
        if explain:
            yield from _explanation_rows(explanation)
            yield from _consequence_rows(deadline)


def _explanation_rows(found: Explanation) -> Iterator[Row]:
    anchor = ANCHORS[found.anchor]
    since = f"the day on which {anchor} is due" if found.anchor_is_provisional else anchor
    yield Row("  counted", f"{found.within} from {since}, {_day(found.anchor_date)}")
    yield Row("  clause", found.clause)
    yield Row("  day 1", _day(found.day_1))
    yield from _list("  skipped", (f"{_day(off.day)}  {off.why}" for off in found.skipped))
    yield Row("  calendar", found.calendar)
    if found.projected:
        yield Row("", "projected: bank holidays that far ahead are not published yet")


def _consequence_rows(deadline: Deadline) -> Iterator[Row]:
    yield from _list("  reminders", map(_moment, deadline.reminders))
    yield Row("  passes", _moment(deadline.passes_at), "detail")
    yield from _list(
        "  if missed", (f"{_moment(rung.at)}  {rung.tell}" for rung in deadline.ladder)
    )


def _policy_rows(rules: Policy) -> Iterator[Row]:
    yield Row("policy", f"{rules.name}, in force from {_day(rules.effective)}", "heading")
    yield Row("title", rules.title)
    yield Row("landlord", rules.landlord)
    yield Row("nation", rules.nation)
    yield from _list("closed on", map(_day, sorted(rules.closure_days)))
    if rules.close_of_business:
        yield Row("day ends", f"{rules.close_of_business:%H:%M}")
    for stage in rules.stages:
        yield Row("", "")
        yield from _stage_rows(rules, stage)
    yield Row("", "")
    yield from _list(
        "if missed", (f"{_working_days(rung.after)} later: {rung.tell}" for rung in rules.ladder)
    )
    yield from _list(
        "may be refused", (f"{found.code} ({found.clause})" for found in rules.exclusions)
    )
    yield from _list("signposts", (signpost.name for signpost in rules.signposts))


def _stage_rows(rules: Policy, stage: Stage) -> Iterator[Row]:
    yield Row(stage.name, stage.title, "heading")
    yield Row("  entered", stage.admission.replace("-", " "))
    reminders = rules.reminders.model_dump()
    for name in get_args(ClockName):
        clock = stage.clock(name)
        if clock is None:
            continue
        yield Row(f"  {name}", f"{said(clock)} ({clock.clause})")
        yield from _list(
            "", (f"reminder {_working_days(count)} before" for count in reminders.get(name, ()))
        )
    yield from _rule_rows(stage)


def _rule_rows(stage: Stage) -> Iterator[Row]:
    """Returns what the stage says beside its clocks."""
    if stage.request and stage.request.needs:
        yield Row("  asked for with", ", ".join(NEEDS[need] for need in stage.request.needs))
    if stage.request:
        yield from _list("  declined for", (reason.code for reason in stage.request.declines))
    if stage.answered_by and stage.answered_by.roles:
        yield Row("  investigator", " or ".join(stage.answered_by.roles))
    if stage.answered_by and stage.answered_by.together_with:
        yield Row("  together with", " or ".join(stage.answered_by.together_with))
    if stage.answered_by and stage.answered_by.not_previously_involved:
        yield Row("  investigator", "somebody not previously involved")
    if stage.contact and stage.contact.before_response:
        yield Row("  contact", "made or attempted before the response")
    if stage.agreed_date:
        yield Row("  agreed date", f"counts in the clock's place ({stage.agreed_date.clause})")
    if stage.extension:
        capped = f"at most {stage.extension.at_most}"
        uncapped = stage.extension.at_most == "uncapped"
        cap = "without a cap" if uncapped else capped
        yield Row("  extension", f"{cap} ({stage.extension.clause})")
    if stage.send_on:
        yield Row("  sent on by", " or ".join(stage.send_on.roles))


def _list(label: str, facts: Iterable[str]) -> Iterator[Row]:
    for position, fact in enumerate(facts):
        yield Row(label if position == 0 else "", fact, "detail")


def _working_days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"


def _moment(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{_day(local.date())} {local:%H:%M}"
