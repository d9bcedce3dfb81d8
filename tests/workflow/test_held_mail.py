"""The complaints officer hears of held mail, however long mail is away, and once an hour."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from temporalio.client import WorkflowHandle
from temporalio.exceptions import WorkflowAlreadyStartedError

from services.notify.contents import HeldMail
from services.shared.errors import NotThere
from services.workflow import held_mail_contract
from services.workflow.held_mail import notice
from services.workflow.held_mail_contract import note
from services.workflow.worker import build_worker
from tests.engine import server_time, skipping_time, sleep
from tests.workflow.neighbours import Neighbours

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # Monday
NOTE = note("nacro", AT, date(2026, 1, 3), "it is encrypted")
PATIENCE = timedelta(seconds=20)


async def test_the_note_is_delivered_once_mail_is_back() -> None:
    async with skipping_time() as env:
        neighbours = Neighbours(partial(server_time, env))
        neighbours.mail_is_away = True
        notify, _ = neighbours.workers(env.client)
        async with build_worker(env.client), notify:
            await held_mail_contract.tell(env.client, NOTE, patience=PATIENCE)
            with pytest.raises(WorkflowAlreadyStartedError):
                await held_mail_contract.tell(env.client, NOTE, patience=PATIENCE)
            await sleep(env, timedelta(hours=3))
            assert neighbours.notices == []
            neighbours.mail_is_away = False
            handle: WorkflowHandle[object, None] = env.client.get_workflow_handle(NOTE.note)
            await handle.result()
            with pytest.raises(WorkflowAlreadyStartedError):
                await held_mail_contract.tell(env.client, NOTE, patience=PATIENCE)
        assert [sent for _, sent in neighbours.notices] == [notice(NOTE)]


def test_the_note_goes_to_the_complaints_officer_and_says_nothing_of_the_mail() -> None:
    sent = notice(NOTE)
    assert (sent.key, sent.to.role, sent.reference) == (
        "held-mail-2026-01-05T09",
        "complaints-officer",
        None,
    )
    assert sent.letterhead.landlord == "Nacro"
    assert sent.content == HeldMail(received_on=date(2026, 1, 3), why="it is encrypted")


def test_a_policy_that_nobody_has_writes_no_note() -> None:
    with pytest.raises(NotThere):
        note("unheard-of", AT, date(2026, 1, 3), "it is encrypted")
