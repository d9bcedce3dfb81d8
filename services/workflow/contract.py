"""What other services may ask of a complaint: start it, act on it, read it.

Intake starts one workflow per complaint under an id made from its reference, and reaches it by
the updates and the query named here. Each action has an idempotency `key` (also its update id)
and says who did it (`by`). A refused action changes nothing and answers with a stable code.
"""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, Field, JsonValue
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from services.notify.contract import Addressee, PromisedAction
from services.shared.errors import AgainstTheRules, NotThere, PutrightError, TryLater
from services.shared.events import ClockName, Decision, Frozen
from services.shared.temporal import from_across
from services.workflow import clocks, search_attributes
from services.workflow.clocks import Due
from services.workflow.policies import in_force

TASK_QUEUE = "workflow"
WORKFLOW = "Complaint"

Status = Literal[
    "received",
    "accepted",
    "escalated",
    "acknowledged",
    "answered",
    "refused",
    "withdrawn",
    "closed",
]
"""Where a complaint stands within its stage.

`received`: waiting for triage or acknowledgement; `escalated`: the next stage was asked for and
waits for its acknowledgement; `answered`: the response is out and the resident may go further.
The last three are ends.
"""

Channel = Literal["web", "phone", "email", "letter", "in-person", "social", "member-enquiry"]


class Promise(Frozen):
    """What a complaint received at a given moment is promised under a policy."""

    policy: str
    policy_effective: date
    policy_title: str
    landlord: str
    stage: str
    dues: tuple[Due, ...]

    def due(self, clock: ClockName) -> Due | None:
        """Returns the due date of one clock, or None when the stage has no such clock."""
        return next((due for due in self.dues if due.clock == clock), None)


class NewComplaint(Frozen):
    """Everything the workflow of a complaint is told at its start. No words of the complaint."""

    reference: str
    promise: Promise
    received_at: AwareDatetime
    entered_at: AwareDatetime
    channel: Channel
    entered_by: str
    addressee: Addressee
    anonymous: bool
    tracking_url: str | None = None
    category: str | None = None
    service_area: str | None = None
    region: str | None = None
    carried: dict[str, JsonValue] | None = None
    """What an earlier run of the same workflow hands on; only the workflow itself sets it."""


class Action(Frozen):
    """What every action carries: its idempotency key and who did it."""

    key: str
    by: str


class Triage(Action):
    """Take it in, or refuse it for one of the policy's reasons (Code 2.2 to 2.4, 6.1)."""

    decision: Literal["accept", "refuse"]
    priority: Literal["standard", "high"] = "standard"
    reason: str | None = None
    """The policy's reason code; needed to refuse."""
    explanation: str | None = None
    """Goes to the resident; needed to refuse."""


class Assign(Action):
    """Put a named investigator in charge."""

    investigator: str


class Acknowledge(Action):
    """A person who has read it acknowledges the stage (Code 5.6, 6.2, 6.11)."""

    definition: str
    points: tuple[str, ...] = Field(min_length=1, max_length=50)
    """The separate points; they are numbered "1", "2"… in this order."""
    outcomes_sought: str
    not_ours: str | None = None


class LogContact(Action):
    """The resident was spoken to, or an attempt was made."""

    outcome: Literal["made", "attempted"]
    how: Literal["phone", "email", "letter", "visit", "text", "video", "in-person"]
    happened_at: AwareDatetime


class Extend(Action):
    """Take more time to respond (Code 6.4, 6.5, 6.15)."""

    reason: str
    until: date
    agreed_on: date | None = None
    """The day on which the resident agreed; needed beyond the policy's cap."""


class Answer(Frozen):
    """The answer to one point: decision and reasons. `text` is the point, for the letter."""

    point: str
    text: str
    decision: Decision
    reasons: str


class Respond(Action):
    """Answer every point of the stage (Code 6.6, 6.7, 6.9, 6.17)."""

    definition: str
    answers: tuple[Answer, ...]
    remedy: str | None = None
    actions: tuple[PromisedAction, ...] = ()


class Escalate(Action):
    """The resident asks for the next stage (Code 6.10); no reasons are needed."""

    requested_at: AwareDatetime | None = None
    """When the request came in, if that was before it was entered; the clocks count from it."""


class Withdraw(Action):
    """The resident takes the complaint back."""


AnyAction = Triage | Assign | Acknowledge | LogContact | Extend | Respond | Escalate | Withdraw

UPDATES: dict[type[Action], str] = {
    Triage: "triage",
    Assign: "assign",
    Acknowledge: "acknowledge",
    LogContact: "log_contact",
    Extend: "extend",
    Respond: "respond",
    Escalate: "escalate",
    Withdraw: "withdraw",
}
"""The update that carries each action out. Its answer is the complaint's new `Position`."""

NOT_READY_PAUSES = (0.1, 0.3, 1.0)
"""Seconds to wait before repeating an action that met a workflow changing runs."""

RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING

POSITION = "position"
"""The query that reads where a complaint stands; its answer is a `Position`."""


class ClockPosition(Frozen):
    """One clock as it stands. `state` is `running` until it is `met`, `missed` or `stopped`.

    A missed clock that was met later is `met-late`.
    """

    stage: str
    clock: ClockName
    due: date
    passes_at: AwareDatetime
    state: Literal["running", "met", "missed", "met-late", "stopped"]
    met_at: AwareDatetime | None
    missed_at: AwareDatetime | None
    reminders_sent: int
    rungs_climbed: int
    latest_extension: date | None


class Position(Frozen):
    """Where a complaint stands: what an action answers with and what a query reads."""

    reference: str
    policy: str
    policy_effective: date
    stage: str
    status: Status
    priority: str
    investigator: str | None
    points: tuple[str, ...]
    contacts: int
    clocks: tuple[ClockPosition, ...]
    next_due: AwareDatetime | None
    overdue: bool


def workflow_id(reference: str) -> str:
    """Returns the id under which the workflow of a complaint runs."""
    return f"complaint-{reference}"


def promise(policy: str, received_at: datetime, entered_at: datetime) -> Promise:
    """Works out what a complaint received at `received_at` and entered at `entered_at` is promised.

    Raises NotThere `unknown-policy`, or MendRequest `beyond-the-calendar` when the bank holidays
    of that time are not known.
    """
    rules = in_force(policy, clocks.local_date(received_at))
    stage = rules.stages[0]
    return Promise(
        policy=rules.name,
        policy_effective=rules.effective,
        policy_title=rules.title,
        landlord=rules.landlord,
        stage=stage.name,
        dues=clocks.first_dues(rules, stage, received_at, entered_at),
    )


async def start(client: Client, complaint: NewComplaint, *, patience: timedelta) -> None:
    """Starts the complaint's workflow. Starting it again changes nothing.

    Raises temporalio's RPCError when the server is away, and WorkflowAlreadyStartedError when it
    has been started before: both leave everything as it was.
    """
    await client.start_workflow(
        WORKFLOW,
        complaint,
        id=workflow_id(complaint.reference),
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        search_attributes=search_attributes.at_start(
            policy=complaint.promise.policy,
            listing=search_attributes.Listing(
                stage=complaint.promise.stage,
                status="received",
                priority="standard",
                investigator=None,
                next_due=min(due.passes_at for due in complaint.promise.dues),
                overdue=False,
            ),
            service_area=complaint.service_area,
            region=complaint.region,
        ),
        static_summary=f"{complaint.reference} · {complaint.promise.policy}",
        rpc_timeout=patience,
    )


async def act(
    client: Client, reference: str, action: AnyAction, *, patience: timedelta
) -> Position:
    """Carries an action out and returns where the complaint then stands.

    Raises the refusal's PutrightError (`code`, `status`), AgainstTheRules `complaint-ended` when
    its workflow is over, NotThere `not-started` when it has none, or TryLater `engine-away` when
    it is not known whether the action was carried out: repeat it with the same key.
    """
    handle = client.get_workflow_handle(workflow_id(reference))
    try:
        return await _update(handle, action, patience)
    except WorkflowUpdateFailedError as error:
        refusal = from_across(error.cause) if isinstance(error.cause, ApplicationError) else None
        raise refusal or error from None
    except (WorkflowUpdateRPCTimeoutOrCancelledError, RPCError) as error:
        if await _has_ended(client, reference, error, patience):
            raise AgainstTheRules("complaint-ended", "The complaint is at its end.") from error
        raise _unreached(error) from error


async def position(client: Client, reference: str, *, patience: timedelta) -> Position:
    """Reads where a complaint stands. Raises as `act` does; reading changes nothing."""
    handle = client.get_workflow_handle(workflow_id(reference))
    try:
        found: Position = await handle.query(POSITION, result_type=Position, rpc_timeout=patience)
    except (WorkflowQueryFailedError, RPCError) as error:
        raise _unreached(error) from error
    return found


async def _update(
    handle: WorkflowHandle[Any, Any], action: AnyAction, patience: timedelta
) -> Position:
    async def once() -> Position:
        answer: Position = await handle.execute_update(
            UPDATES[type(action)],
            action,
            id=action.key,
            result_type=Position,
            rpc_timeout=patience,
        )
        return answer

    for pause in NOT_READY_PAUSES:
        try:
            return await once()
        except RPCError as error:
            if error.status != RPCStatusCode.FAILED_PRECONDITION:
                raise
        # The action met the change from one run to the next; its update id makes it safe.
        await asyncio.sleep(pause)
    return await once()


async def _has_ended(client: Client, reference: str, error: Exception, patience: timedelta) -> bool:
    """Tells "not found" because it has ended from "not found" because it never started."""
    if not (isinstance(error, RPCError) and error.status == RPCStatusCode.NOT_FOUND):
        return False
    execution = WorkflowExecution(workflow_id=workflow_id(reference))
    request = DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=execution)
    try:
        found = await client.workflow_service.describe_workflow_execution(request, timeout=patience)
    except RPCError:
        return False
    return found.workflow_execution_info.status != RUNNING


def _unreached(error: Exception) -> PutrightError:
    if isinstance(error, RPCError) and error.status == RPCStatusCode.NOT_FOUND:
        return NotThere("not-started", "No workflow runs for this complaint yet.")
    return TryLater(
        "engine-away",
        "The workflow engine did not answer, so this is not confirmed. "
        "Repeat it with the same Idempotency-Key: it is done once.",
    )
