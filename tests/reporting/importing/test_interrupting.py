"""Ctrl-C ends an import at once, with one plain line, whatever it was doing; nothing was done."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.shared.database import Database
from tests.reporting.importing.made_up import as_csv, rows
from tests.reporting.whole_register import environment, snapshot

MAP = Path(__file__).parents[3] / "deploy" / "import" / "past-complaints.toml"

ROWS = 5_000
"""Enough that each step takes a while after it was first heard of."""


@pytest.fixture(autouse=True)
def _interrupts_are_heard() -> Iterator[None]:
    """Tests that run in the background ignore Ctrl-C, and so would whatever they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(database_url: str, file: Path, step: str, times: int) -> list[str]:
    """Runs the command, interrupts it as soon as a step begins, and returns what it says then."""
    with subprocess.Popen(
        [sys.executable, "-m", "services", "register", "import", str(file), "--map", str(MAP)],
        env=environment(database_url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(f"{step}: "):
                break
        for _ in range(times):
            # As a terminal does: to every process of the command.
            os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read().splitlines()
    assert process.returncode == 130, rest
    return rest


@pytest.mark.parametrize(
    ("step", "times"), [("Reading", 1), ("Reading", 2), ("Preparing", 1), ("Preparing", 2)]
)
async def test_an_interrupted_import_ends_before_its_step_does_and_leaves_nothing(
    database: Database, database_url: str, tmp_path: Path, step: str, times: int
) -> None:
    file = tmp_path / "past.csv"
    file.write_text(as_csv(rows(3, ROWS)), "utf-8")
    if "postgresql" in database_url and step == "Preparing":
        step = "Taking in"  # there it is one step
    rest = await asyncio.to_thread(interrupted, database_url, file, step, times)
    assert rest[-1] == "Interrupted."
    assert all(line.startswith(f"{step}: ") for line in rest[:-1])
    assert f"{step}: {ROWS:,} of {ROWS:,}" not in rest
    assert not any((await snapshot(database)).values())
    assert {each.suffix for each in tmp_path.iterdir()} <= {".csv", ".db", ".db-wal", ".db-shm"}  # noqa: ASYNC240 — a folder of three files
