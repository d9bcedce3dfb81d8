"""What other services may ask of a complaint: start it, act on it, read it.

Intake starts one workflow per complaint under an id made from its reference, and reaches it by
the updates and the query named here. Each action has an idempotency `key` (also its update id)
and says who did it (`by`). A refused action changes nothing and answers with a stable code.
"""

import asyncio
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Literal

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

from services.shared.errors import AgainstTheRules, MendRequest, NotThere, PutrightError, TryLater
from services.shared.events import Frozen
from services.shared.temporal import from_across
from services.workflow import clocks, policies, search_attributes
from services.workflow.clocks import Due
from services.workflow.messages import (
    Acknowledge,
    Action,
    AddPoints,
    AgreeDate,
    Answer,
    AnswerSurvey,
    AnyAction,
    AskHelp,
    Assign,
    Channel,
    Classify,
    ClockPosition,
    Confirm,
    Decline,
    Escalate,
    Extend,
    InvolveOmbudsman,
    KeepPromise,
    LearnLesson,
    LogContact,
    LogResponse,
    NewComplaint,
    Position,
    Promise,
    PromisePosition,
    RecordDetermination,
    Refer,
    Respond,
    SendOn,
    SetHearing,
    Status,
    TellOfMail,
    Triage,
    Withdraw,
    workflow_id,
)
from services.workflow.policy import Ground

__all__ = [
    "Acknowledge",
    "Action",
    "AddPoints",
    "AgreeDate",
    "Answer",
    "AnswerSurvey",
    "AnyAction",
    "AskHelp",
    "Assign",
    "Channel",
    "Classify",
    "ClockPosition",
    "Confirm",
    "Decline",
    "Due",
    "Escalate",
    "Extend",
    "InvolveOmbudsman",
    "KeepPromise",
    "LearnLesson",
    "LogContact",
    "LogResponse",
    "NewComplaint",
    "Position",
    "Promise",
    "PromisePosition",
    "RecordDetermination",
    "Refer",
    "Respond",
    "SendOn",
    "SetHearing",
    "Status",
    "TellOfMail",
    "Triage",
    "Urgency",
    "Withdraw",
    "act",
    "check_service",
    "position",
    "promise",
    "start",
    "urgency",
    "workflow_id",
]

TASK_QUEUE = "workflow"
WORKFLOW = "Complaint"

UPDATES: dict[type[Action], str] = {
    Triage: "triage",
    Classify: "classify",
    Assign: "assign",
    Acknowledge: "acknowledge",
    AddPoints: "add_points",
    LogContact: "log_contact",
    Extend: "extend",
    AgreeDate: "agree_date",
    SetHearing: "set_hearing",
    Respond: "respond",
    Escalate: "escalate",
    Decline: "decline",
    Refer: "refer",
    SendOn: "send_on",
    Withdraw: "withdraw",
    Confirm: "confirm",
    AskHelp: "ask_help",
    TellOfMail: "tell_of_mail",
    LogResponse: "log_response",
    KeepPromise: "keep_promise",
    InvolveOmbudsman: "involve_ombudsman",
    RecordDetermination: "record_determination",
    AnswerSurvey: "answer_survey",
    LearnLesson: "learn_lesson",
}
"""The update that carries each action out. Its answer is the complaint's new `Position`."""

NOT_READY_PAUSES = (0.1, 0.3, 1.0)
"""Seconds to wait before repeating an action that met a workflow changing runs."""

RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING

POSITION = "position"
"""The query that reads where a complaint stands; its answer is a `Position`."""


def promise(policy: str, received_at: datetime, entered_at: datetime) -> Promise:
    """Works out what a complaint received at `received_at` and entered at `entered_at` is promised.

    Raises NotThere `unknown-policy`, or MendRequest `beyond-the-calendar` when the bank holidays
    of that time are not known.
    """
    rules = policies.in_force(policy, clocks.local_date(received_at))
    stage = rules.stages[0]
    return Promise(
        policy=rules.name,
        policy_effective=rules.effective,
        policy_title=rules.title,
        landlord=rules.landlord,
        stage=stage.name,
        dues=clocks.first_dues(rules, stage, received_at, entered_at),
    )


class Urgency(Frozen):
    """How urgent a complaint is by the grounds that hold for it."""

    priority: Literal["standard", "high"]
    at_once: int
    """How many grounds send it up the ladder at once; 0 where it waits for its clocks."""


def urgency(policy: str, effective: date, grounds: Collection[str]) -> Urgency:
    """Weighs the grounds that staff ticked at triage, by the policy's rules (Code 6.1).

    Here and not in the workflow, so that the grounds, which can tell of health or vulnerability,
    stay in the case file. Raises MendRequest `unknown-ground`, NotThere `unknown-policy`.
    """
    rules = policies.version(policy, effective)
    high = rules.priority.grounds if rules.priority else ()
    up = rules.at_once.grounds if rules.at_once else ()
    held = set(grounds)
    known = _codes(high) | _codes(up)
    if unknown := sorted(held - known):
        raise MendRequest(
            "unknown-ground",
            f"The policy knows no ground {unknown[0]!r}; it knows: {', '.join(sorted(known))}.",
            grounds=[*sorted(known)],
        )
    holding = len(held & _codes(up))
    at_once = holding if rules.at_once and holding >= rules.at_once.at_least else 0
    return Urgency(
        priority="high" if at_once or held & _codes(high) else "standard", at_once=at_once
    )


def check_service(promise: Promise, service: str) -> None:
    """Lets a kind of service pass that the policy tells apart. Raises MendRequest otherwise."""
    rules = policies.version(promise.policy, promise.policy_effective)
    known = _codes(rules.services)
    if service not in known:
        raise MendRequest(
            "unknown-service",
            f"The policy tells these services apart: {', '.join(sorted(known)) or 'none'}.",
            services=[*sorted(known)],
        )


def _codes(grounds: Collection[Ground]) -> set[str]:
    return {ground.code for ground in grounds}


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
                service_area=complaint.service_area,
                region=complaint.region,
            ),
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
            raise AgainstTheRules(
                "complaint-ended",
                "The complaint is at its end. What is new is brought in as a new complaint.",
            ) from error
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
