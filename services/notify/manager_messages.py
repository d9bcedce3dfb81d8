"""What a manager's workflow is called, and what goes into and comes out of it."""

from datetime import date

from pydantic import JsonValue

from services.shared.events import Frozen

MANAGER = "Manager"
WORD = "word"
ABSENCE_CHANGED = "absence_changed"
OPEN_CASES = "open_cases"
PLAN_CASELOAD = "plan_caseload"


class Begin(Frozen):
    """Begins the caseload of one manager, or goes on with it in a new run."""

    staff_id: str
    carried: dict[str, JsonValue] | None = None
    """What the run before has left."""


class OpenCase(Frozen):
    """One complaint that is open for a manager, as it stands in their caseload."""

    reference: str
    stage: str
    due: date
    """What is due first."""
    overdue: bool
    confirmed: bool
    waiting: int
    """How many entries wait for the next digest."""


def workflow_id(staff_id: str) -> str:
    """Returns the id of the workflow that keeps the caseload of that manager."""
    return f"manager-{staff_id}"
