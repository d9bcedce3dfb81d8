"""The activity, by itself and called by a workflow through a real Temporal server."""

import pytest
from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from tests.reporting.told import REFERENCE, Told, both_stages

with workflow.unsafe.imports_passed_through():
    from services.reporting import contract, entries
    from services.reporting.activities import ReportingActivities
    from services.reporting.contract import RecordEvents
    from services.reporting.worker import build_worker
    from services.shared.database import Database
    from services.shared.events import Withdrawn
    from tests.engine import skipping_time


@workflow.defn
class Teller:
    """Tells events as a complaint's workflow does."""

    @workflow.run
    async def run(self, request: RecordEvents) -> None:
        await contract.record_events(request, summary="record everything")


async def test_the_activity_records_and_folds(database: Database) -> None:
    activities = ReportingActivities(database)
    events = tuple(both_stages())
    for _ in range(2):
        await ActivityEnvironment().run(activities.record_events, RecordEvents(events=events))
    async with database.session() as session:
        entry = await entries.find(session, REFERENCE)
    assert entry is not None
    assert entry.folded_to == len(events)


async def test_a_fault_in_what_is_told_is_not_retried(database: Database) -> None:
    request = RecordEvents(events=tuple(Told().event(Withdrawn, "Mon 2028-03-06 10:00").events))
    with pytest.raises(ApplicationError) as refusal:
        await ActivityEnvironment().run(ReportingActivities(database).record_events, request)
    assert refusal.value.type == "events-do-not-fit"
    assert refusal.value.non_retryable


async def test_a_workflow_tells_through_the_contract_on_reportings_own_queue(
    database: Database,
) -> None:
    request = RecordEvents(events=tuple(both_stages()))
    async with skipping_time() as environment:
        client = environment.client
        reporting = build_worker(client, ReportingActivities(database))
        async with Worker(client, task_queue="teller", workflows=[Teller]), reporting:
            await client.execute_workflow(Teller.run, request, id="teller", task_queue="teller")
    async with database.session() as session:
        assert await entries.events(session, REFERENCE) == request.events
