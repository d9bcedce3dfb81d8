"""Plays a plan: walks the server's clock from step to step, and acts as intake does."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from services.notify import manager_contact, staff
from services.notify.absences import Absence
from services.notify.manager_messages import workflow_id as caseload_of
from services.shared.local_time import at
from services.workflow import contract
from services.workflow.contract import Assign, NewComplaint
from tests.engine import server_time
from tests.year.house import House
from tests.year.plan import Plan, Step
from tests.year.skipped_time import sleep_until

MIDNIGHT = time(0)
PATIENCE = timedelta(seconds=60)

Told = Callable[[int, datetime], None]
"""Hears how many steps are done, and what moment it is."""


async def play(house: House, plan: Plan, told: Told) -> None:
    """Plays every step at its moment, and then lets what follows from them happen.

    Raises ValueError for a year that has begun, and whatever refusal an action meets: the plan is
    one that the rules let pass.
    """
    if await server_time(house.env) > at(plan.from_on, MIDNIGHT):
        raise ValueError(f"the year from {plan.from_on} has begun: play the next one")
    begun: dict[str, None] = {}
    for number, step in enumerate(plan.steps, 1):
        await sleep_until(house.env, step.at, begun)
        await _take(house, step)
        begun.update(dict.fromkeys(_begins(step)))
        told(number, step.at)
    await sleep_until(house.env, plan.ends_at, begun)


def _begins(step: Step) -> list[str]:
    """Returns the ids of the workflows that run from this step on."""
    match step.what:
        case NewComplaint():
            return [contract.workflow_id(step.what.reference)]
        case Assign():
            return [caseload_of(step.what.investigator)]
        case _:
            return []


async def _take(house: House, step: Step) -> None:
    match step.what:
        case NewComplaint():
            await contract.start(house.client, step.what, patience=PATIENCE)
        case Absence():
            await _away(house, step.what, step.at)
        case _ if step.reference is not None:
            await contract.act(house.client, step.reference, step.what, patience=PATIENCE)
        case _:
            raise ValueError(f"nobody knows which complaint {step.what.key} is about")


async def _away(house: House, absence: Absence, now: datetime) -> None:
    """Enters days away as notify's API does, and tells the manager's caseload."""
    async with house.notices.session() as session:
        await staff.enter_absence(session, absence, by="ines-calder", now=now)
    await manager_contact.absence_changed(house.client, absence.staff_id)
