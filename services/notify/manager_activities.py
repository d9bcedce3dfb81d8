"""What a manager's workflow asks of its own worker: a local activity, so the answer is a fact."""

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity

from services.notify import caseload_plan, staff
from services.notify.caseload_plan import Plan, PlanQuestion
from services.notify.manager_messages import PLAN_CASELOAD
from services.shared.database import Database
from services.shared.errors import PutrightError
from services.shared.local_time import local_date
from services.shared.temporal import raise_across


class ManagerActivities:
    """What `ManagerProcess` asks, over the directory of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self) -> Sequence[Callable[..., Any]]:
        """Returns all of them, for a worker."""
        return [self.plan_caseload]

    @activity.defn(name=PLAN_CASELOAD)
    async def plan_caseload(self, question: PlanQuestion) -> Plan:
        """Asks working days, absences and deputies. Refuses as `caseload_plan.answer` does."""
        async with self._database.session() as session:
            directory = await staff.load(session, since=local_date(question.at))
        try:
            return caseload_plan.answer(question, directory)
        except PutrightError as error:
            raise_across(error)
