"""What is heard of a complaint after its answer: by the API, whole, to the workflow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.intake.desk import Desk

VERBS: dict[str, tuple[dict[str, Any], str]] = {
    "classify": (
        {"category": "repairs", "tenure": "rented"},
        (
            "Classify(key=KEY, by='sam', category='repairs', service_area=None, region=None, "
            "tenure='rented')"
        ),
    ),
    "log-response": (
        {"responded_at": "2025-12-31T10:00:00+00:00", "decision": "upheld"},
        (
            "LogResponse(key=KEY, by='sam', responded_at=datetime.datetime(2025, 12, 31, 10, 0, "
            "tzinfo=TzInfo(0)), decision='upheld')"
        ),
    ),
    "promises-kept": (
        {"number": 2, "done_on": "2025-12-31"},
        "KeepPromise(key=KEY, by='sam', number=2, done_on=datetime.date(2025, 12, 31))",
    ),
    "ombudsman": (
        {"on": "2025-12-31"},
        "InvolveOmbudsman(key=KEY, by='sam', on=datetime.date(2025, 12, 31))",
    ),
    "determination": (
        {"on": "2025-12-31", "determination": "mediated", "orders": 1, "pence": 20000},
        (
            "RecordDetermination(key=KEY, by='sam', on=datetime.date(2025, 12, 31), "
            "determination='mediated', orders=1, recommendations=0, pence=20000)"
        ),
    ),
    "survey": (
        {"on": "2025-12-31", "satisfaction": "neither"},
        ("AnswerSurvey(key=KEY, by='sam', on=datetime.date(2025, 12, 31), satisfaction='neither')"),
    ),
    "lessons": (
        {"theme": "Repairs", "heard": "Nobody rang.", "done": "We ring the day before."},
        (
            "LearnLesson(key=KEY, by='sam', theme='Repairs', heard='Nobody rang.', "
            "done='We ring the day before.', number=None, withdraw=False)"
        ),
    ),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_it_reaches_the_workflow_whole(live_desk: Desk, verb: str) -> None:
    body, told = VERBS[verb]
    reference = await live_desk.bring_in()
    answer = await live_desk.act(reference, verb, **body, by="sam")
    assert answer.status_code == 200, answer.text
    [saved] = await live_desk.actions()
    assert await live_desk.carried_out(reference) == [told.replace("KEY", repr(saved.update_id))]


DAYS = {"promises-kept": "done_on", "ombudsman": "on", "determination": "on", "survey": "on"}


@pytest.mark.parametrize("verb", DAYS)
async def test_nothing_is_recorded_before_it_happened(live_desk: Desk, verb: str) -> None:
    body, _ = VERBS[verb]
    to_come = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    reference = await live_desk.bring_in()
    answer = await live_desk.act(reference, verb, **{**body, DAYS[verb]: to_come})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-then")
    assert await live_desk.actions() == []


async def test_no_response_is_logged_before_it_went_out(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    to_come = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    answer = await live_desk.act(reference, "log-response", responded_at=to_come)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-then")
    assert await live_desk.actions() == []


@pytest.mark.parametrize(
    "remedy",
    [{"kind": "payment"}, {"kind": "apology", "pence": 5}, {"kind": "gift"}, {"pence": 5}],
)
async def test_a_remedy_that_cannot_be_counted_is_refused(
    live_desk: Desk, remedy: dict[str, Any]
) -> None:
    reference = await live_desk.bring_in()
    answers = [{"point": "1", "decision": "upheld", "reasons": "x"}]
    answer = await live_desk.act(reference, "respond", answers=answers, remedies=[remedy])
    assert answer.status_code == 422
    assert await live_desk.actions() == []


@pytest.mark.parametrize("tenure", ["rented", "shared-ownership", "other"])
async def test_how_the_home_is_held_is_kept_with_the_complaint(
    live_desk: Desk, tenure: str
) -> None:
    reference = await live_desk.bring_in(tenure=tenure)
    assert (await live_desk.read(reference))["tenure"] == tenure
