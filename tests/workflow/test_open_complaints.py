"""Whom a newer calendar is told of, on a server that lists: who goes on, and who still may."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import Client

from services.shared.local_time import LONDON
from services.workflow import contract, handover
from services.workflow.bank_holidays.open_complaints import Round
from services.workflow.complaint import Complaint
from services.workflow.contract import Triage, Withdraw
from services.workflow.handover import Handover
from services.workflow.outbox import Unsent
from services.workflow.worker import build_worker
from tests.engine import dev_server, settled
from tests.workflow.lives import Life
from tests.workflow.neighbours import Neighbours

PATIENCE = timedelta(seconds=30)

OPEN, WITHDRAWN, REFUSED, CLOSED, LATE = (
    "PR-OPEN",
    "PR-WITHDRAWN",
    "PR-REFUSED",
    "PR-CLOSED",
    "PR-LATE",
)

REFUSAL = Triage(
    key="refused",
    by="staff",
    decision="refuse",
    reason="over-12-months",
    explanation="It happened long ago.",
    issue_on=date(2020, 1, 6),
    no_exception=True,
)


async def test_complaints_that_only_listen_after_their_end_are_not_told_of_a_calendar(
    tmp_path: Path,
) -> None:
    async with dev_server(tmp_path) as server:
        client = await server.connect()
        notify, reporting = Neighbours().workers(client)
        async with build_worker(client), notify, reporting:
            for reference in (OPEN, WITHDRAWN, REFUSED):
                await _start(client, reference, _just_received())
            await contract.act(
                client, WITHDRAWN, Withdraw(key="withdrawn", by="staff"), patience=PATIENCE
            )
            await contract.act(client, REFUSED, REFUSAL, patience=PATIENCE)
            # The time to go further has passed: each closes as soon as its workflow goes on.
            await _start(client, CLOSED, _answered("nottingham", months_ago=36))
            await _start(client, LATE, _answered("manchester", months_ago=6))
            await _listed_as_ended(client, (WITHDRAWN, REFUSED, CLOSED, LATE))
            answers = await Round(client, "2026-11-20", patience=30).make("nobody")
            assert sorted(answers.counting) == sorted([OPEN, LATE])
            position = await contract.position(client, LATE, patience=PATIENCE)
            assert (position.status, position.next_due) == ("closed", None)


def _morning(days_ago: int) -> str:
    day = datetime.now(UTC).astimezone(LONDON).date() - timedelta(days=days_ago)
    return f"{day:%a %Y-%m-%d} 10:00"


def _just_received() -> Complaint:
    return Life("housing-ombudsman", _morning(1)).complaint


def _answered(policy: str, *, months_ago: int) -> Complaint:
    """A complaint that was answered at its first stage then, and left alone since."""
    at = _morning(months_ago * 30)
    life = Life(policy, at)
    life.assign(at, "sam-okafor")
    life.acknowledge(at)
    life.contact(at)
    life.respond(at, "upheld", "upheld")
    return life.complaint


async def _start(client: Client, reference: str, complaint: Complaint) -> None:
    complaint.facts = complaint.facts.model_copy(update={"reference": reference})
    carried = handover.write(Handover(complaint, Unsent()))
    new = complaint.facts.model_copy(update={"carried": carried})
    await contract.start(client, new, patience=PATIENCE)
    await settled(client, reference)


async def _listed_as_ended(client: Client, references: Iterable[str]) -> None:
    """Returns when the server lists them so, which it does a moment after it has happened."""
    query = "ExecutionStatus = 'Running' AND ComplaintStatus IN ('withdrawn', 'refused', 'closed')"
    async with asyncio.timeout(30):
        while (await client.count_workflows(query)).count < len(tuple(references)):
            await asyncio.sleep(0.1)
