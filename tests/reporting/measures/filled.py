"""A register filled with whole lives at once, as the import fills it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Self

from sqlalchemy import insert

from services.reporting import feedback_register, register_rows
from services.reporting.fold import fold
from services.reporting.register_rows import Rows
from services.reporting.tables import ComplaintRow, FeedbackReferenceRow
from services.shared.database import Database
from services.shared.events import AnyEvent, AnyFeedbackEvent


@dataclass(frozen=True)
class Lives:
    """The events of complaints and feedback, and the rows that follow from them."""

    complaints: Sequence[Sequence[AnyEvent]]
    feedback: Sequence[Sequence[AnyFeedbackEvent]]
    rows: Sequence[Rows]

    @classmethod
    def of(
        cls,
        complaints: Sequence[Sequence[AnyEvent]],
        feedback: Sequence[Sequence[AnyFeedbackEvent]] = (),
    ) -> Self:
        """Folds them, once."""
        entries = [reduce(fold, life, None) for life in complaints]
        rows = [register_rows.of_complaint(entry) for entry in entries if entry]
        others = [reduce(feedback_register.fold, life, None) for life in feedback]
        rows += [register_rows.of_feedback(entry) for entry in others if entry]
        return cls(complaints, feedback, rows)

    async def fill(self, database: Database) -> None:
        """Writes them into an empty database."""
        async with database.session() as session:
            connection = await session.connection()
            for table, lives in (
                (ComplaintRow, self.complaints),
                (FeedbackReferenceRow, self.feedback),
            ):
                if lives:
                    references = [{"reference": life[0].reference} for life in lives]
                    await connection.execute(insert(table), references)
            await register_rows.add(session, self.rows)
