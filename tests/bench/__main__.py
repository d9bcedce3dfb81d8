"""Measures the product and prints the figures beside their limits.

    python -m tests.bench                     everything, as `make bench` does
    python -m tests.bench --only life         one measurement of those that --help lists
    python -m tests.bench --help              the sizes that can be changed

Nothing here is a test: a time depends on the machine and on what else runs on it. Every run is
kept as JSON under `var/bench/`; the newest is also `latest.json`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer
from pydantic import BaseModel, SerializeAsAny
from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from temporalio.runtime import Runtime, TelemetryConfig

from tests.bench import importing, life, mail, memory, register, same_second, starts
from tests.bench.machine import Machine, machine

FOLDER = Path(__file__).parents[2] / "var" / "bench"

PLAIN_WIDTH = 120

Part = Literal["starts", "life", "same-second", "memory", "mail", "import", "register"]
PARTS: tuple[Part, ...] = get_args(Part)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Sizes:
    """How much of everything; `minutes` is how long complaints come in at the workers' pace."""

    starts: int
    rounds: int
    clocks: int
    complaints: int
    minutes: float
    mails: int
    past: int
    registered: int


class Run(BaseModel):
    """What is kept of a run."""

    began_at: datetime
    seconds: float
    machine: Machine
    results: dict[str, SerializeAsAny[BaseModel]]


Result = tuple[str, BaseModel, Table]


async def measure(part: Part, sizes: Sizes, tell: Tell) -> AsyncIterator[Result]:
    """Makes one part's measurements, each with its name and its table."""
    match part:
        case "starts":
            for workers in (False, True):
                # With workers each round also waits until they are through, which takes longest.
                each, rounds = (sizes.starts // 2, 2) if workers else (sizes.starts, sizes.rounds)
                paces = ((1, each // 2), (10, each), (32, each))
                found = await starts.measure(
                    FOLDER, tell, paces=paces, rounds=rounds, workers=workers
                )
                name = "starts-with-workers" if workers else "starts"
                yield name, found, starts.table(found)
        case "life":
            tell("the shortest good life")
            lived = await life.measure()
            yield part, lived, life.table(lived)
        case "same-second":
            late = await same_second.measure(FOLDER, tell, number=sizes.clocks)
            yield part, late, same_second.table(late)
        case "memory":
            held = await memory.measure(
                FOLDER, tell, complaints=sizes.complaints, minutes=sizes.minutes
            )
            yield part, held, memory.table(held)
        case "mail":
            sent = await mail.measure(FOLDER, tell, each=sizes.mails, rounds=sizes.rounds)
            yield part, sent, mail.table(sent)
        case "import":
            taken_in = await importing.measure(FOLDER, tell, number=sizes.past)
            yield part, taken_in, importing.table(taken_in)
        case "register":
            read = await register.measure(FOLDER, tell, complaints=sizes.registered, rounds=5)
            yield part, read, register.table(read)


@contextmanager
def progress(console: Console) -> Iterator[Tell]:
    """Shows what is being done: in one line of a terminal, or else line by line."""
    if not console.is_terminal:
        yield lambda text: console.print(f"… {text}")
        return
    with console.status("") as status:
        yield status.update


def show(console: Console, table: Table) -> None:
    """Prints a table between its title and its note, neither of which is squeezed into it."""
    title, note = table.title, table.caption
    table.title = table.caption = None
    table.box = ROUNDED if console.is_terminal else None
    console.print("", title or "", style="bold")
    console.print(table)
    console.print(note or "", style="dim")


def keep(run: Run) -> Path:
    """Writes the run to a file of its own and to `latest.json`."""
    text = run.model_dump_json(indent=2) + "\n"
    own = FOLDER / f"{run.began_at:%Y-%m-%dT%H%M%SZ}.json"
    for path in (own, FOLDER / "latest.json"):
        path.write_text(text, "utf-8")
    return own


async def run(parts: Sequence[Part], sizes: Sizes, console: Console) -> None:
    """Measures part after part; what is measured is printed and kept at once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    began_at, here = datetime.now(UTC), machine(FOLDER)
    console.print(
        f"{here.cores} cores, load {here.load:.1f}, Python {here.python}, {here.temporal}; "
        f"4 KB are safe on disk after {here.fsync_ms} ms"
    )
    results: dict[str, BaseModel] = {}
    with progress(console) as tell:
        for part in parts:
            async for name, result, table in measure(part, sizes, tell):
                results[name] = result
                seconds = (datetime.now(UTC) - began_at).total_seconds()
                kept = Run(began_at=began_at, seconds=seconds, machine=here, results=results)
                file = keep(kept)
                show(console, table)
                console.print(f"Kept in {file.relative_to(FOLDER.parents[1])}", style="dim")


def main(
    *,
    only: Annotated[
        str, typer.Option(help=f"What to measure, comma-separated: {', '.join(PARTS)}.")
    ] = ",".join(PARTS),
    each_round: Annotated[int, typer.Option("--starts", help="(a, b) Starts in each round.")] = 200,
    rounds: Annotated[int, typer.Option(help="(a, b, f) Rounds of each kind at each pace.")] = 4,
    clocks: Annotated[int, typer.Option(help="(d) Clocks, and bare timers.")] = 1000,
    complaints: Annotated[int, typer.Option(help="(e) Complaints to have open.")] = 10_000,
    minutes: Annotated[
        float, typer.Option(help="(e) How long they come in no faster than workers take them up.")
    ] = 8.0,
    mails: Annotated[int, typer.Option(help="(f) Notices in each round.")] = 300,
    past: Annotated[int, typer.Option(help="(h) Past complaints in each table.")] = 100_000,
    registered: Annotated[int, typer.Option(help="(i) Complaints in the register.")] = 1_000_000,
) -> None:
    """Measure the product and print the figures beside their limits."""
    chosen = only.split(",")
    if unknown := set(chosen) - set(PARTS):
        raise typer.BadParameter(f"there is no measurement {', '.join(sorted(unknown))}")
    console = Console()
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    parts = [part for part in PARTS if part in chosen]
    # The client library would write its own warnings between the tables.
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=None)))
    sizes = Sizes(each_round, rounds, clocks, complaints, minutes, mails, past, registered)
    asyncio.run(run(parts, sizes, console))


if __name__ == "__main__":
    typer.run(main)
