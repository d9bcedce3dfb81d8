"""A register of any size, made of chance: the same rows for the same seed.

Every row is one that real events could have led to, as far as reading goes: dates follow each
other, an answered complaint stays open for the year in which it can be taken further, and what came
in lately is still being answered. No events are made; nothing here can be folded again.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from services.intake.references import ALPHABET, GROUP, Prefix
from services.reporting.register_rows import COMPLAINT_TABLES, FEEDBACK_TABLES
from services.reporting.tables import ComplaintRow, FeedbackReferenceRow, ReportingTable
from tests.bench.register_aftercare import aftercare
from tests.bench.register_feedback import feedback
from tests.bench.register_life import live
from tests.bench.register_rows import Rows, rows

TABLES: tuple[type[ReportingTable], ...] = (
    ComplaintRow,
    *COMPLAINT_TABLES,
    FeedbackReferenceRow,
    *FEEDBACK_TABLES,
)
"""In the order in which they are filled: each after those that it points to."""

AT_ONCE = 2000
"""Complaints of one insert."""

BESIDES = 0.3
"""How many compliments, comments and the like come in for each complaint."""


def batches(complaints: int, last_day: date, years: int, seed: int = 1) -> Iterator[Rows]:
    """Yields the rows of some complaints after another, and of the feedback between them.

    They come in evenly over the years, and are seen as they stand on `last_day`.
    """
    chance = random.Random(seed)  # noqa: S311 — made-up rows are no secret
    complaint_names, feedback_names = references(seed, "PR"), references(seed, "FB")
    first_day, days = last_day - timedelta(days=365 * years), 365 * years
    for begins in range(0, complaints, AT_ONCE):
        together: Rows = {table: [] for table in TABLES}
        for number in range(begins, min(begins + AT_ONCE, complaints)):
            on = first_day + timedelta(days=days * number // complaints)
            life = live(chance, next(complaint_names), on, last_day)
            made = [rows(life, aftercare(chance, life))]
            if chance.random() < BESIDES:
                made.append(feedback(chance, next(feedback_names), on, last_day))
            for found in made:
                for table, listed in found.items():
                    together[table] += listed
        yield together


def references(seed: int, prefix: Prefix) -> Iterator[str]:
    """Yields references as intake makes them: in no order, so that no index gets them in order."""
    chance = random.Random(f"{seed}: {prefix}")  # noqa: S311 — as above
    given: set[str] = set()
    while True:
        letters = "".join(chance.choices(ALPHABET, k=2 * GROUP))
        if letters not in given:
            given.add(letters)
            yield f"{prefix}-{letters[:GROUP]}-{letters[GROUP:]}"
