"""`putright policy simulate`: how a scenario goes under a policy, or under two side by side."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.shared.local_time import local_date
from services.workflow.commands import refusals

if TYPE_CHECKING:
    from services.workflow.scenarios.played import Happening, Play

COLUMN = 64
"""Characters of each of two columns off a terminal."""

STYLES = {"event": "", "notice": "dim", "refused": "yellow"}


def simulate(
    policy: Annotated[str, typer.Argument(metavar="NAME", help="The policy's name.")],
    *,
    scenario: Annotated[Path, typer.Option(metavar="FILE", help="What happens when: a TOML file.")],
    against: Annotated[
        str | None, typer.Option(metavar="OTHER", help="Another policy, shown beside it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play a scenario against a policy: due dates, reminders, misses, ladder, notices, the end.

    Needs no server. A step that the policy refuses is shown with its code, and the play goes on.
    """
    from services.workflow.scenarios.played import play  # noqa: PLC0415 — loads the Temporal client
    from services.workflow.scenarios.scenario import load  # noqa: PLC0415 — likewise

    with refusals():
        written = load(scenario)
        plays = [play(written, name) for name in (policy, against) if name is not None]
    if as_json:
        shown = {
            "scenario": scenario.name,
            "plays": [each.model_dump(mode="json") for each in plays],
        }
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    elif len(plays) == 1:
        _print_one(plays[0])
    else:
        _print_two(*plays)


def _print_one(play: "Play") -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(_heading(play), "bold"))
    for day, happenings in _by_day(play):
        console.print()
        console.print(Text(day, "bold"))
        for one in happenings:
            console.print(Text(f"  {_line(one)}", STYLES[one.what]))
    console.print()
    console.print(Text(_end(play), "bold"))


def _print_two(left: "Play", right: "Play") -> None:
    rows = list(_side_by_side(left, right))
    console = Console(highlight=False)
    if not console.is_terminal:
        for texts in ((_heading(left), _heading(right)), *rows, (_end(left), _end(right))):
            _echo_columns(*texts)
        return
    table = Table(_heading(left), _heading(right), box=None, header_style="bold", expand=True)
    for texts in (*rows, (_end(left), _end(right))):
        table.add_row(*(Text(text, _style(text)) for text in texts))
    console.print(table)


def _side_by_side(left: "Play", right: "Play") -> Iterator[tuple[str, str]]:
    """Returns the lines of both, each day's beside each other; an empty line before a day."""
    by_day = [{day: [*lines] for day, lines in _by_day(play)} for play in (left, right)]
    days = {local_date(one.at): one.local[:-6] for play in (left, right) for one in play.happenings}
    for _, day in sorted(days.items()):
        yield "", ""
        yield tuple(day if day in found else "" for found in by_day)  # type: ignore[misc]  # there are two
        lines = ([f"  {_line(one)}" for one in found.get(day, [])] for found in by_day)
        yield from zip_longest(*lines, fillvalue="")
    yield "", ""


def _echo_columns(left: str, right: str) -> None:
    for lines in zip_longest(_wrapped(left), _wrapped(right), fillvalue=""):
        typer.echo(f"{lines[0]:<{COLUMN}}  {lines[1]}".rstrip())


def _wrapped(text: str) -> Sequence[str]:
    return textwrap.wrap(text, COLUMN, subsequent_indent=" " * 9) or [""]


def _style(text: str) -> str:
    return "" if text.startswith(" ") else "bold"


def _by_day(play: "Play") -> "Iterator[tuple[str, Iterator[Happening]]]":
    return groupby(play.happenings, lambda one: one.local[:-6])


def _line(one: "Happening") -> str:
    return f"{one.local[-5:]}  {one.says}"


def _heading(play: "Play") -> str:
    return f"{play.policy}, in force from {play.policy_effective}"


def _end(play: "Play") -> str:
    return f"ends {play.end.status}, at {play.end.stage}"
