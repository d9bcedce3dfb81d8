"""Managers are written to by the real worker, over real days: digests, absence, deputies, chasing.

Every journey ends with a replay of what it left in the history.
"""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Replayer

from services.notify.manager_process import ManagerProcess
from tests.engine import CONVERTER
from tests.journeys.contact import Managers, contact
from tests.notify.caseloads import (
    ASSIGNMENT,
    HEARING,
    MEGAN,
    SAM,
    WROTE,
    away,
    missed,
    reminder,
    standing,
    word,
)

RUTH = "ruth-ellis-jones"
"""The complaints officer."""


@pytest.fixture
async def managers() -> AsyncIterator[Managers]:
    async with contact("Mon 2028-04-03 10:00") as found:
        yield found
        for staff_id in found.known:
            await replays(found, staff_id)


async def replays(managers: Managers, staff_id: str) -> None:
    """Raises when today's code does not replay the newest run."""
    replayer = Replayer(workflows=[ManagerProcess], data_converter=CONVERTER)
    await replayer.replay_workflow(await managers.history(staff_id))


async def test_a_month_with_weekends_easter_an_absence_and_a_missed_clock(
    managers: Managers,
) -> None:
    for reference in ("PR-1", "PR-2"):
        await managers.begin_complaint(reference)
    begun = "Mon 2028-04-03 10:00"
    unseen = standing(("respond", "Wed 2028-04-19"), assigned=begun)
    first = standing(("respond", "Wed 2028-04-19"), assigned=begun, confirmed=True)
    late = standing(("respond", "Wed 2028-04-19", "missed"), assigned=begun, confirmed=True)
    second = standing(("respond", "Fri 2028-04-28"), assigned=begun, confirmed=True)
    await managers.tell(word(unseen, ASSIGNMENT, sequence=1))
    await managers.at("Mon 2028-04-03 11:00")
    await managers.tell(word(first, sequence=2))
    await managers.at("Fri 2028-04-07 15:00")
    await managers.tell(word(second, ASSIGNMENT, ref="PR-2", sequence=1))
    await managers.at("Wed 2028-04-12 12:00")
    await managers.away(away("Thu 2028-04-13", "Tue 2028-04-18"))
    await managers.at("Thu 2028-04-13 15:00")
    await managers.tell(word(first, WROTE, sequence=3))
    await managers.at("Thu 2028-04-20 00:00")
    await managers.tell(word(late, sequence=4))
    await managers.at("Thu 2028-04-20 08:00")
    await managers.tell(word(late, missed("Wed 2028-04-19"), sequence=5))
    await managers.at("Fri 2028-04-21 12:00")
    await managers.tell(word(None, sequence=7))
    await managers.at("Wed 2028-04-26 08:00")
    due = reminder("Fri 2028-04-28")
    await managers.tell(word(second, due, ref="PR-2", sequence=2))
    await managers.at("Thu 2028-04-27 12:00")
    await managers.tell(word(None, ref="PR-2", sequence=4))
    await managers.at("Wed 2028-05-31 12:00")

    assert managers.mails_to(SAM) == [
        "Mon 2028-04-03 10:00 assignment",
        "Tue 2028-04-04 08:10 digest",
        "Fri 2028-04-07 15:00 assignment",
        "Mon 2028-04-10 08:10 digest",
        "Wed 2028-04-19 08:10 digest",  # back again: all that is open
        "Thu 2028-04-20 08:00 escalation",
        "Thu 2028-04-20 08:10 digest",
        "Fri 2028-04-21 08:10 digest",
        "Wed 2028-04-26 08:10 digest",
    ]
    assert managers.mails_to(MEGAN) == [
        "Thu 2028-04-13 08:10 digest",  # what she covers
        "Tue 2028-04-18 08:10 digest",  # the resident wrote before Easter
    ]
    assert managers.mails_to(RUTH) == ["Thu 2028-04-13 08:10 cover"]
    assert await managers.heard("PR-1") == [
        ("PR-1/1/assignment/sam-okafor", "sent"),
        ("PR-1/3/from-resident/sam-okafor", "sent"),
        ("PR-1/5/escalation/sam-okafor", "sent"),
    ]
    assert await managers.heard("PR-2") == [
        ("PR-2/1/assignment/sam-okafor", "sent"),
        ("PR-2/2/reminder/sam-okafor", "sent"),
    ]
    status = (await managers.handle(SAM).describe()).status
    assert status == WorkflowExecutionStatus.COMPLETED, "a month after the last it is over"


async def test_who_does_not_confirm_is_chased_and_the_deputy_can_take_it_on(
    managers: Managers,
) -> None:
    asked = standing(("respond", "Fri 2028-04-28"), assigned="Mon 2028-04-03 10:00")
    await managers.tell(word(asked, ASSIGNMENT))
    await managers.at("Wed 2028-04-05 12:00")
    theirs = standing(
        ("respond", "Fri 2028-04-28"), assigned="Wed 2028-04-05 12:00", confirmed=True
    )
    await managers.tell(word(None, sequence=8))
    await managers.tell(word(theirs, ASSIGNMENT, sequence=8, to=MEGAN))
    await managers.at("Fri 2028-04-07 12:00")

    assert managers.mails_to(SAM) == [
        "Mon 2028-04-03 10:00 assignment",
        "Tue 2028-04-04 08:10 digest",
        "Tue 2028-04-04 10:00 chase",
    ]
    assert managers.mails_to(MEGAN) == [
        "Wed 2028-04-05 10:00 offer",
        "Wed 2028-04-05 12:00 assignment",
        "Thu 2028-04-06 08:10 digest",
    ]
    assert managers.mails_to(RUTH) == ["Wed 2028-04-05 10:00 unconfirmed"]
    assert await managers.open_cases(SAM) == []
    assert await managers.open_cases(MEGAN) == ["PR-1"]


async def test_what_is_assigned_to_somebody_away_reaches_the_deputy_who_can_take_it_on(
    managers: Managers,
) -> None:
    await managers.away(away("Mon 2028-04-03", "Fri 2028-04-07"))
    asked = standing(("respond", "Fri 2028-04-28"), assigned="Mon 2028-04-03 10:00")
    await managers.tell(word(asked, ASSIGNMENT))

    assert managers.mails_to(SAM) == []
    assert managers.mails_to(MEGAN) == ["Mon 2028-04-03 10:00 assignment"]
    [assignment] = managers.letters(MEGAN, "assignment")
    assert "/manager/take-on/" in assignment.text
    assert managers.mails_to(RUTH) == ["Mon 2028-04-03 10:00 cover"]


async def test_a_digest_that_meets_a_mail_server_that_is_down_goes_out_when_it_is_back(
    managers: Managers,
) -> None:
    await managers.begin_complaint("PR-1")
    await managers.tell(word(standing(confirmed=True), ASSIGNMENT))
    await managers.tell(word(standing(confirmed=True), WROTE, sequence=6))
    await managers.catcher.stop()
    await managers.sleep_until("Tue 2028-04-04 08:30")
    await managers.catcher.start()
    await managers.sleep_until("Tue 2028-04-04 08:40")
    await managers.at("Tue 2028-04-04 09:00")
    assert [line.split()[-1] for line in managers.mails_to(SAM)] == ["assignment", "digest"]
    assert (await managers.heard("PR-1"))[-1] == ("PR-1/6/from-resident/sam-okafor", "sent")


async def test_the_complaints_officer_hears_of_what_a_managers_mailbox_refuses(
    managers: Managers,
) -> None:
    await managers.begin_complaint("PR-1")
    managers.catcher.refuse(550, "sam.okafor@example.org")
    await managers.tell(word(standing(confirmed=True), ASSIGNMENT))
    assert await managers.heard("PR-1") == [("PR-1/5/assignment/sam-okafor", "refused")]
    assert managers.mails_to(RUTH) == ["Mon 2028-04-03 10:00 undeliverable"]


async def test_a_complaint_that_is_over_need_not_hear_of_its_entries(managers: Managers) -> None:
    await managers.tell(word(None, HEARING, ref="PR-9"))
    assert managers.mails_to(SAM) == ["Mon 2028-04-03 10:00 panel-hearing"]
    events = [event.event_type for event in (await managers.history(SAM)).events]
    assert events, "and the workflow goes on"
    await managers.tell(word(standing(confirmed=True), ASSIGNMENT))
    assert await managers.open_cases(SAM) == ["PR-1"]


async def test_a_request_to_cancel_takes_nothing_from_anybody(managers: Managers) -> None:
    await managers.tell(word(standing(confirmed=True), ASSIGNMENT))
    await managers.handle(SAM).cancel()
    await managers.at("Tue 2028-04-04 12:00")
    assert managers.mails_to(SAM)[-1] == "Tue 2028-04-04 08:10 digest"


async def test_what_is_no_word_is_let_go(managers: Managers) -> None:
    await managers.tell(word(standing(confirmed=True), ASSIGNMENT))
    await managers.handle(SAM).signal("word", {"staff_id": SAM, "reference": "PR-2"})
    await managers.at("Tue 2028-04-04 12:00")
    assert await managers.open_cases(SAM) == ["PR-1"]
    assert managers.mails_to(SAM)[-1] == "Tue 2028-04-04 08:10 digest"
