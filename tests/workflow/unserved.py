"""The complaint's real workflow without a server: thousands of lives in the time of a hundred.

`Unserved` does what a Temporal server and its worker do around `ComplaintProcess`: it fires timers
in the order of time, carries activities out, hands updates in and takes the answers. Time stands
still while it does, so every moment is exact. The parts of the SDK are those that its own worker
uses; that a real server tells the same is shown beside it, in `test_agreement.py`.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio import workflow
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import ActivityFailureInfo, Failure
from temporalio.bridge.proto.activity_result import (
    ActivityResolution,
    Success,
)
from temporalio.bridge.proto.activity_result import (
    Failure as ActivityFailed,
)
from temporalio.bridge.proto.workflow_activation import (
    DoUpdate,
    FireTimer,
    InitializeWorkflow,
    ResolveActivity,
    WorkflowActivation,
)
from temporalio.bridge.proto.workflow_activation import (
    WorkflowActivationJob as Job,
)
from temporalio.bridge.proto.workflow_commands import UpdateResponse, WorkflowCommand
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
)

from services.notify import contract as notify
from services.notify.contract import (
    Deliveries,
    FindPerson,
    Notice,
    Person,
    PersonFound,
    SendNotices,
    Settled,
)
from services.reporting import contract as reporting
from services.reporting.contract import RecordEvents
from services.shared.temporal import from_across
from services.workflow import contract
from services.workflow.activities import work_out_due_dates
from services.workflow.clocks import DueQuestion
from services.workflow.messages import AnyAction, NewComplaint
from services.workflow.process import ComplaintProcess

PAYLOADS = pydantic_data_converter.payload_converter
FAILURES = pydantic_data_converter.failure_converter


OF_NO_CONSEQUENCE = {
    "upsert_workflow_search_attributes",
    "modify_workflow_properties",
    "set_patch_marker",
    "request_cancel_activity",  # of one that was carried out at once
}
"""The commands that only a server needs to heed."""


class Unserved:
    """One complaint's workflow. `act` does something to it, `run_until` lets time pass."""

    def __init__(
        self, runner: asyncio.Runner, new: NewComplaint, directory: Mapping[str, str]
    ) -> None:
        self.now = new.entered_at
        self.events: list[Any] = []
        self.notices: list[Notice] = []
        self.ended = False
        self._runner = runner
        self._directory = directory
        self._timers: dict[int, datetime] = {}
        self._answers: dict[str, UpdateResponse] = {}
        self._instance = runner.run(_instance(new))
        begin = InitializeWorkflow(
            workflow_type=contract.WORKFLOW,
            workflow_id=contract.workflow_id(new.reference),
            arguments=PAYLOADS.to_payloads([new]),
        )
        self._go_on(Job(initialize_workflow=begin))

    def run_until(self, until: datetime) -> None:
        """Fires every timer that is due until then (aware), each at its own moment."""
        while self._timers and not self.ended:
            number, at = min(self._timers.items(), key=lambda timer: (timer[1], timer[0]))
            if at > until:
                break
            self.now = max(at, self.now)
            del self._timers[number]
            self._go_on(Job(fire_timer=FireTimer(seq=number)))
        self.now = max(until, self.now)

    def act(self, action: AnyAction, at: datetime) -> str | None:
        """Lets time pass until `at`, then acts. Returns the code with which it is refused."""
        self.run_until(at)
        if self.ended:
            return "complaint-ended"
        update = DoUpdate(
            id=action.key,
            protocol_instance_id=action.key,
            name=contract.UPDATES[type(action)],
            input=PAYLOADS.to_payloads([action]),
            run_validator=True,
        )
        self._go_on(Job(do_update=update))
        answer = self._answers.pop(action.key)
        return _refusal(answer.rejected) if answer.HasField("rejected") else None

    def _go_on(self, *jobs: Job) -> None:
        """Activates the workflow, and again with what its activities return, until it waits."""
        while jobs:
            at = Timestamp()
            at.FromDatetime(self.now.astimezone(UTC))
            done = self._instance.activate(
                WorkflowActivation(run_id="run", timestamp=at, jobs=jobs)
            )
            if done.HasField("failed"):
                raise AssertionError(done.failed.failure.message)
            jobs = tuple(self._carry_out(done.successful.commands))

    def _carry_out(self, commands: Iterable[WorkflowCommand]) -> Iterable[Job]:
        for command in commands:
            match command.WhichOneof("variant"):
                case "start_timer":
                    timer = command.start_timer
                    left = timer.start_to_fire_timeout.ToTimedelta()
                    self._timers[timer.seq] = self.now + left
                case "cancel_timer":
                    self._timers.pop(command.cancel_timer.seq, None)
                case "schedule_local_activity":
                    local = command.schedule_local_activity
                    yield self._done(local.seq, local.activity_type, local.arguments, local=True)
                case "schedule_activity":
                    far = command.schedule_activity
                    yield self._done(far.seq, far.activity_type, far.arguments)
                case "update_response":
                    answer = command.update_response
                    if not answer.HasField("accepted"):
                        self._answers[answer.protocol_instance_id] = answer
                case "complete_workflow_execution":
                    self.ended = True
                case other if other not in OF_NO_CONSEQUENCE:
                    raise AssertionError(f"the workflow was not to {other}")

    def _done(
        self, number: int, name: str, arguments: Iterable[Payload], *, local: bool = False
    ) -> Job:
        try:
            [result] = PAYLOADS.to_payloads([self._activity(name, list(arguments))])
            resolution = ActivityResolution(completed=Success(result=result))
        except ApplicationError as error:
            failure = Failure(activity_failure_info=ActivityFailureInfo())
            FAILURES.to_failure(error, PAYLOADS, failure.cause)
            resolution = ActivityResolution(failed=ActivityFailed(failure=failure))
        return Job(resolve_activity=ResolveActivity(seq=number, result=resolution, is_local=local))

    def _activity(self, name: str, arguments: list[Payload]) -> object:
        def request(kind: type) -> Any:
            [value] = PAYLOADS.from_payloads(arguments, [kind])
            return value

        match name:
            case work_out_due_dates.__name__:
                return self._runner.run(work_out_due_dates(request(DueQuestion)))
            case notify.SEND_NOTICES:
                asked = request(SendNotices)
                entries = [entry for word in asked.words for entry in word.entries]
                self.notices += (*asked.notices, *entries)
                settled = (
                    Settled(key=one.key, outcome=outcome, at=self.now)
                    for outcome, told in (("sent", asked.notices), ("entered", entries))
                    for one in told
                )
                return Deliveries(settled=tuple(settled))
            case notify.FIND_PERSON:
                staff_id = request(FindPerson).staff_id
                role = self._directory.get(staff_id)
                known = None if role is None else Person(staff_id=staff_id, role=role)
                return PersonFound(person=known)
            case reporting.RECORD_EVENTS:
                self.events += request(RecordEvents).events
                return None
        raise AssertionError(f"nobody carries {name} out")


def _refusal(failure: Failure) -> str:
    error = FAILURES.from_failure(failure, PAYLOADS)
    refusal = from_across(error) if isinstance(error, ApplicationError) else None
    if refusal is None:
        raise error
    return refusal.code


async def _instance(new: NewComplaint) -> WorkflowInstance:
    definition = workflow._Definition.must_from_class(ComplaintProcess)  # noqa: SLF001 — as the SDK's own worker does
    return UnsandboxedWorkflowRunner().create_instance(
        WorkflowInstanceDetails(
            payload_converter_factory=lambda: PAYLOADS,
            failure_converter_class=type(FAILURES),
            interceptor_classes=[],
            defn=definition,
            info=_info(new),
            randomness_seed=1,
            extern_functions={"__temporal_assert_local_activity_valid": lambda _: None},
            disable_eager_activity_execution=False,
            worker_level_failure_exception_types=[],
            patch_activation_callback=None,
            last_completion_result=Payloads(),
            last_failure=None,
        )
    )


def _info(new: NewComplaint) -> workflow.Info:
    return workflow.Info(
        attempt=1,
        continued_run_id=None,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id="run",
        headers={},
        namespace="default",
        original_execution_run_id="run",
        parent=None,
        root=None,
        priority=Priority.default,
        raw_memo={},
        retry_policy=None,
        run_id="run",
        run_timeout=None,
        search_attributes={},
        start_time=new.entered_at,
        task_queue=contract.TASK_QUEUE,
        task_timeout=timedelta(seconds=10),
        typed_search_attributes=TypedSearchAttributes.empty,
        workflow_id=contract.workflow_id(new.reference),
        workflow_start_time=new.entered_at,
        workflow_type=contract.WORKFLOW,
    )
