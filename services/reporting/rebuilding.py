"""Folding the registers again from the stored events, while they are read and added to.

Some complaints at a time, each batch in one transaction that locks them as `recording` does: what
is told meanwhile waits for the batch, or is in it. A batch that was cut short has changed nothing,
and a register that is as its events say is not written at all; so it can be stopped and repeated.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import takewhile
from typing import Any

from pydantic import ValidationError
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import feedback_register, register_rows
from services.reporting.fold import fold
from services.reporting.recording import COMPLAINTS, EVENT, FEEDBACK, Book
from services.reporting.register_rows import COMPLAINT_TABLES, FEEDBACK_TABLES, Rows, Table
from services.reporting.tables import RegisterRow, StageFactsRow
from services.shared.database import Database, insert
from services.shared.errors import MendRequest, TryLater

BATCH = 50
"""Complaints of one transaction: on SQLite nobody else writes for about a tenth of a second."""

Progress = Callable[[int, int], None]
"""Told how many are done, and how many there are."""

UNREADABLE = "event-unreadable"

BY_CODE_POINT = {"postgresql": "C", "sqlite": "BINARY"}
"""The collation of each kind of database that sorts as Python does."""


@dataclass(frozen=True)
class Register:
    """One of the registers: where its events are, and the rows that follow from them."""

    book: Book
    tables: tuple[Table, ...]
    rows: Callable[[Iterable[Any]], Rows]


@dataclass(frozen=True)
class Fault:
    """A complaint, or feedback, whose events do not fold: its entry was left as it was."""

    reference: str
    code: str


@dataclass(frozen=True)
class Rebuilt:
    """What came of folding again: how many were read, and which were not as their events say."""

    folded: int = 0
    mended: int = 0
    """How many were put right."""
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: "Rebuilt") -> "Rebuilt":
        return Rebuilt(
            self.folded + other.folded, self.mended + other.mended, self.faults + other.faults
        )


async def rebuild(database: Database, progress: Progress | None = None) -> Rebuilt:
    """Folds every complaint and all other feedback again, and puts right whatever differs.

    Raises TryLater `calendar-unreadable`; the batches before it are kept.
    """
    total = sum([await _count(database, register) for register in REGISTERS])
    rebuilt = Rebuilt()
    for register in REGISTERS:
        async for references in _batches(database, register):
            rebuilt += await _fold_again(database, register, references)
            if progress is not None:
                progress(rebuilt.folded, max(total, rebuilt.folded))
    return rebuilt


class Filling:
    """Gives complaints facts that have none, and knows whether any may be left without."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_short = False
        """Whether figures may leave complaints out."""

    async def fill(self) -> None:
        """Fills in what is missing. Raises as `fill_facts`."""
        await fill_facts(self._database)
        self.is_short = False


def still_counting() -> TryLater:
    """Returns the refusal of figures that would leave complaints out."""
    return TryLater(
        "being-counted",
        "Some complaints are still being counted after an update. Try again in a few minutes.",
    )


async def check_whole(database: Database) -> None:
    """Returns when every complaint has its facts. Raises TryLater `being-counted` otherwise."""
    if await _without_facts(database, ""):
        raise still_counting()


async def fill_facts(database: Database) -> Rebuilt:
    """Folds those complaints again that have no facts: those of a release that kept none.

    Raises TryLater `calendar-unreadable`.
    """
    rebuilt, after = Rebuilt(), ""
    while references := await _without_facts(database, after):
        rebuilt += await _fold_again(database, OF_COMPLAINTS, references)
        after = references[-1]
    return rebuilt


async def _fold_again(database: Database, register: Register, references: Sequence[str]) -> Rebuilt:
    faults: list[Fault] = []
    wrong: dict[str, Rows] = {}
    async with database.session() as session:
        await _lock(session, register.book, references)
        payloads = await _payloads(session, register.book, references)
        held = await register_rows.held(session, register.tables, references)
        for reference in references:
            try:
                rows = register.rows(map(EVENT.validate_python, payloads[reference]))
            except ValidationError:  # its text would show the event
                faults.append(Fault(reference, UNREADABLE))
            except MendRequest as refusal:
                faults.append(Fault(reference, refusal.code))
            else:
                if rows != held[reference]:
                    wrong[reference] = rows
        if wrong:
            await register_rows.replace(session, register.tables, wrong)
    return Rebuilt(len(references), len(wrong), tuple(faults))


async def _lock(session: AsyncSession, book: Book, references: Sequence[str]) -> None:
    """Keeps everybody else from adding to these, as `recording` does with one of them.

    On SQLite it is the insert that takes the one write lock, though it inserts nothing.
    """
    known = [{"reference": reference} for reference in references]
    await session.exec(insert(session, book.things).values(known).on_conflict_do_nothing())
    reference = col(book.things.reference)
    chosen = select(book.things.reference).where(reference.in_(references))
    # In one order everywhere, so that no two transactions wait for each other's complaints.
    in_order = reference.collate(BY_CODE_POINT[session.get_bind().dialect.name])
    await session.exec(chosen.order_by(in_order).with_for_update())


async def _payloads(
    session: AsyncSession, book: Book, references: Sequence[str]
) -> dict[str, list[object]]:
    """Returns the stored events of each, in order, up to the first that is still to come."""
    wanted = select(book.events.reference, book.events.sequence, book.events.payload)
    of_these = wanted.where(col(book.events.reference).in_(references))
    stored: dict[str, list[tuple[int, object]]] = {reference: [] for reference in references}
    for reference, sequence, payload in await session.exec(
        of_these.order_by(book.events.reference, col(book.events.sequence))
    ):
        stored[reference].append((sequence, payload))
    return {
        reference: [
            payload
            for _, (_, payload) in takewhile(
                lambda numbered: numbered[0] == numbered[1][0], enumerate(told, 1)
            )
        ]
        for reference, told in stored.items()
    }


async def _batches(database: Database, register: Register) -> AsyncIterator[list[str]]:
    """Yields every reference, some at a time; one that is new behind them was folded by then."""
    reference = col(register.book.things.reference)
    after = ""
    while True:
        chosen = select(register.book.things.reference).where(reference > after)
        async with database.session() as session:
            found = list(await session.exec(chosen.order_by(reference).limit(BATCH)))
        if not found:
            return
        yield found
        after = found[-1]


async def _without_facts(database: Database, after: str) -> list[str]:
    """Returns complaints that have no facts, or an open stage of which it is not known what for.

    Such a stage comes of an older release that still writes beside this one.
    """
    facts = select(StageFactsRow.reference).where(StageFactsRow.reference == RegisterRow.reference)
    unknown = facts.where(
        StageFactsRow.state == "open",
        col(StageFactsRow.decision).is_(None),
        col(StageFactsRow.awaited).is_(None),
    )
    reference = col(RegisterRow.reference)
    lacking = or_(~facts.exists(), unknown.exists())
    chosen = select(RegisterRow.reference).where(reference > after, lacking)
    async with database.session() as session:
        return list(await session.exec(chosen.order_by(reference).limit(BATCH)))


async def _count(database: Database, register: Register) -> int:
    async with database.session() as session:
        counted = await session.exec(select(func.count()).select_from(register.book.things))
        return counted.one()


def _complaint(events: Iterable[Any]) -> Rows:
    entry = reduce(fold, events, None)
    return {} if entry is None else register_rows.of_complaint(entry)


def _feedback(events: Iterable[Any]) -> Rows:
    entry = reduce(feedback_register.fold, events, None)
    return {} if entry is None else register_rows.of_feedback(entry)


OF_COMPLAINTS = Register(COMPLAINTS, COMPLAINT_TABLES, _complaint)
OF_FEEDBACK = Register(FEEDBACK, FEEDBACK_TABLES, _feedback)

REGISTERS = (OF_COMPLAINTS, OF_FEEDBACK)
