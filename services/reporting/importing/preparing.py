"""Past complaints as the rows of every table: most of an import's work, so all processors share it.

A batch is made ready in a process of its own while those before it are written.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial, reduce
from multiprocessing import resource_tracker
from typing import Any, NamedTuple

from services.reporting import bulk, register_rows
from services.reporting.bulk import Kind, Line
from services.reporting.fold import fold
from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.past import PastComplaint
from services.reporting.importing.retelling import Retelling
from services.reporting.register_rows import Table
from services.reporting.tables import ComplaintRow, EventRow
from services.shared.events import AnyEvent
from services.shared.working_days import working_days

BATCH = 500
"""Complaints; about two megabytes."""

FEW = 4 * BATCH
"""For so many complaints no process is started: that alone takes a second."""

Life = Sequence[AnyEvent]
"""All the events of one complaint, from its receipt on."""


class Prepared(NamedTuple):
    """Some complaints as lines by table, each table after those that its rows point to."""

    complaints: int
    lines: Mapping[Table, list[Line]]


def prepare(lives: Iterable[Life], now: datetime, kind: Kind) -> Prepared:
    """Returns the rows of lives: their events, stored `now` (aware), and what they fold to.

    Raises TryLater `calendar-unreadable`.
    """
    rows: dict[Table, list[Mapping[str, Any]]] = {ComplaintRow: [], EventRow: []}
    rows |= {table: [] for table in register_rows.COMPLAINT_TABLES}
    for life in lives:
        rows[ComplaintRow].append({"reference": life[0].reference})
        rows[EventRow] += (_event(event, now) for event in life)
        entry = reduce(fold, life, None)
        if entry is not None:
            for table, listed in register_rows.of_complaint(entry).items():
                rows[table] += listed
    lines = {table: bulk.lines(table, listed, kind) for table, listed in rows.items()}
    return Prepared(len(rows[ComplaintRow]), lines)


async def prepared(
    column_map: ColumnMap, complaints: Sequence[PastComplaint], now: datetime, kind: Kind
) -> AsyncIterator[Prepared]:
    """Yields complaints batch by batch, in their order, prepared by as many processes as help."""
    work = partial(_prepare, column_map, now, kind)
    processors = os.cpu_count() or 1
    if len(complaints) <= FEW or processors == 1:
        for batch in _batches(complaints):
            yield work(batch)
        return
    loop = asyncio.get_running_loop()
    ahead: deque[asyncio.Future[Prepared]] = deque()
    with _processes(processors) as processes:
        try:
            for batch in _batches(complaints):
                with _interrupts_held():
                    ahead.append(loop.run_in_executor(processes, work, batch))
                if len(ahead) > 2 * processors:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for each in ahead:
                each.cancel()


@contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    """Gives processes, and ends them at once when what they were for is given up."""
    # Not forked: this process has threads, whose locks a fork could inherit as taken for ever.
    spawn = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    processes = ProcessPoolExecutor(number, spawn, initializer=_end_with_parent)
    try:
        yield processes
    except BaseException:
        processes.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    processes.shutdown()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Leaves Ctrl-C to this process: one that is started meanwhile never hears it."""
    # Starting it later would let interrupts through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(
    column_map: ColumnMap, now: datetime, kind: Kind, complaints: Sequence[PastComplaint]
) -> Prepared:
    days = working_days(column_map.nation, column_map.closure_days)
    return prepare(map(Retelling(column_map, days).events, complaints), now, kind)


def _end_with_parent() -> None:
    """Ends this process with the one that started it, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _event(event: AnyEvent, now: datetime) -> dict[str, Any]:
    return {
        "reference": event.reference,
        "sequence": event.sequence,
        "kind": event.kind,
        "at": event.at,
        "stage": event.stage,
        "by": event.by,
        "payload": event.model_dump_json(),
        "recorded_at": now,
    }


def _batches(complaints: Sequence[PastComplaint]) -> Iterator[Sequence[PastComplaint]]:
    return (complaints[at : at + BATCH] for at in range(0, len(complaints), BATCH))
