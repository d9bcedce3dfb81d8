"""The activity of reporting, as `contract.py` names it."""

from datetime import UTC, datetime

from temporalio import activity

from services.reporting.contract import RECORD_EVENTS, RecordEvents
from services.reporting.recording import record
from services.shared.database import Database
from services.shared.errors import PutrightError
from services.shared.temporal import raise_across


class ReportingActivities:
    """What a worker of reporting carries out, over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=RECORD_EVENTS)
    async def record_events(self, request: RecordEvents) -> None:
        """Stores the events and brings the register forward, in one transaction.

        What `record` refuses is a fault in what was told, so it is not retried.
        """
        try:
            async with self._database.session() as session:
                await record(session, request.events, datetime.now(UTC))
        except PutrightError as error:
            raise_across(error)
