"""What staff do to a complaint, carried out by a workflow on the real engine."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.intake import actions, complaints
from services.intake.tables import SavedAction
from services.workflow import contract
from tests.intake.desk import STAFF, Desk

ACKNOWLEDGEMENT: dict[str, Any] = {
    "definition": "No heating for three weeks.",
    "points": ["The heating was off.", "Two visits were missed."],
    "outcomes_sought": "A working boiler.",
}
ANSWERS = [
    {"point": "1", "decision": "upheld", "reasons": "The part came late."},
    {"point": "2", "decision": "not-upheld", "reasons": "Both visits were made."},
]


async def test_a_good_life_from_triage_to_withdrawal(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("triage", {"decision": "accept"}, "accepted"),
        ("assign", {"investigator": "ivy"}, "accepted"),
        ("acknowledge", ACKNOWLEDGEMENT, "acknowledged"),
        (
            "contacts",
            {"outcome": "made", "how": "phone", "happened_at": "2026-01-06T10:00:00Z"},
            "acknowledged",
        ),
        ("extend", {"reason": "A part is missing.", "until": "2026-03-02"}, "acknowledged"),
        ("respond", {"answers": ANSWERS, "remedy": "An apology."}, "answered"),
        ("escalate", {}, "escalated"),
        ("withdraw", {"by": "sam"}, "withdrawn"),
    ]
    for verb, body, status in steps:
        answer = await live_desk.act(reference, verb, **body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == status
    log = await live_desk.carried_out(reference)
    assert [entry.split("(")[0] for entry in log] == [
        *("Triage", "Assign", "Acknowledge", "LogContact"),
        *("Extend", "Respond", "Escalate", "Withdraw"),
    ]
    assert "by='staff'" in log[0]
    assert "by='sam'" in log[-1]


async def test_an_action_starts_a_complaint_that_is_not_started_yet(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()  # nothing sweeps here
    answer = await live_desk.act(reference, "triage", decision="accept")
    assert answer.status_code == 200
    [kept] = await live_desk.complaints()
    assert kept.started_at is not None


async def test_a_response_carries_the_texts_of_the_acknowledgement(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    await live_desk.act(reference, "respond", answers=ANSWERS)
    *_, respond = await live_desk.carried_out(reference)
    assert "definition='No heating for three weeks.'" in respond
    assert "point='2', text='Two visits were missed.', decision='not-upheld'" in respond


async def test_a_response_at_stage_2_carries_the_texts_of_stage_2(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    await live_desk.act(reference, "respond", answers=ANSWERS)
    await live_desk.act(reference, "escalate")
    early = await live_desk.act(reference, "respond", answers=ANSWERS)
    assert (early.status_code, early.json()["code"]) == (409, "not-acknowledged")
    second = {**ACKNOWLEDGEMENT, "definition": "Our answer was wrong.", "points": ["Point A."]}
    await live_desk.act(reference, "acknowledge", **second)
    answer = await live_desk.act(reference, "respond", answers=ANSWERS[:1])
    assert answer.status_code == 200
    *_, respond = await live_desk.carried_out(reference)
    assert "definition='Our answer was wrong.'" in respond
    assert "text='Point A.'" in respond


async def test_a_point_that_was_not_acknowledged_is_refused(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    strange = [*ANSWERS, {"point": "3", "decision": "upheld", "reasons": "x"}]
    answer = await live_desk.act(reference, "respond", answers=strange)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "unknown-point")
    assert (problem["unknown"], problem["points"]) == (["3"], ["1", "2"])
    assert len(await live_desk.carried_out(reference)) == 1


async def test_a_note_of_a_contact_stays_in_the_case_file(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    contact = {"outcome": "made", "how": "phone", "happened_at": "2026-01-06T10:00:00Z"}
    await live_desk.act(reference, "contacts", **contact, note="She is in hospital.")
    assert "hospital" not in str(await live_desk.carried_out(reference))
    [kept] = (await live_desk.read(reference))["contacts"]
    assert kept["body"]["note"] == "She is in hospital."


async def test_a_refusal_says_why_and_its_words_are_dropped(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    body = {"decision": "refuse", "explanation": "Words that were never sent."}
    answer = await live_desk.act(reference, "triage", "k", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "reason-needed")
    assert answer.json()["reasons"] == ["none-of-ours"]
    [kept] = await live_desk.actions()
    assert (kept.outcome, kept.body) == ("refused", None)
    assert "never sent" not in repr(kept)
    again = await live_desk.act(reference, "triage", "k", **body)
    assert (again.status_code, again.json()) == (answer.status_code, answer.json())


async def test_a_repeat_gives_the_first_answer_and_is_done_once(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    contact = {"outcome": "attempted", "how": "visit", "happened_at": "2026-01-06T10:00:00Z"}
    first = await live_desk.act(reference, "contacts", "k", **contact)
    await live_desk.act(reference, "triage", decision="accept")
    again = await live_desk.act(reference, "contacts", "k", **contact)
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await live_desk.carried_out(reference)) == 2


async def test_ten_repeats_at_once_are_done_once(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    contact = {"outcome": "attempted", "how": "visit", "happened_at": "2026-01-06T10:00:00Z"}
    answers = await asyncio.gather(
        *(live_desk.act(reference, "contacts", "k", **contact) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await live_desk.carried_out(reference)) == 1


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("withdraw", {}),
        ("triage", {"decision": "accept", "priority": "high"}),
        ("triage", {"decision": "accept", "by": "sam"}),
    ],
)
async def test_a_key_used_for_something_else_is_refused(
    live_desk: Desk, verb: str, body: dict[str, str]
) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "triage", "k", decision="accept")
    answer = await live_desk.act(reference, verb, "k", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await live_desk.carried_out(reference)) == 1


async def test_two_complaints_may_use_the_same_key(live_desk: Desk) -> None:
    for _ in range(2):
        reference = await live_desk.bring_in()
        answer = await live_desk.act(reference, "triage", "k", decision="accept")
        assert answer.status_code == 200


async def test_the_callers_key_stays_in_the_case_file(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "triage", "Ada Tenant, 1 High Street", decision="accept")
    assert "Ada" not in str(await live_desk.carried_out(reference))


async def test_a_refusal_from_inside_the_update_is_told(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    answer = await live_desk.act(reference, "assign", investigator="nobody")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-staff")


async def test_what_may_succeed_later_stays_pending_and_is_tried_anew(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    away = await live_desk.act(reference, "assign", "k", investigator="away")
    assert (away.status_code, away.json()["code"]) == (503, "directory-away")
    again = await live_desk.act(reference, "assign", "k", investigator="away")
    assert (again.status_code, again.json()["investigator"]) == (200, "away")


async def test_an_update_that_breaks_is_told_as_failed_and_holds_nothing_up(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    broken = await live_desk.act(reference, "assign", investigator="broken")
    assert (broken.status_code, broken.json()["code"]) == (500, "action-failed")
    assert (await live_desk.act(reference, "withdraw")).status_code == 200


async def test_after_the_end_nothing_can_be_done(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "withdraw")
    answer = await live_desk.act(reference, "triage", decision="accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "complaint-ended")


async def test_the_last_action_is_known_as_done_when_its_answer_was_lost(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "triage", decision="accept")
    async with live_desk.database.session() as session:  # saved, then the process dies
        session.add(
            SavedAction(
                reference=reference,
                key="k",
                update_id="u-1",
                verb="withdraw",
                by="staff",
                body={},
                body_hash=actions.Asked("withdraw", "staff", {}).hash,
                saved_at=(await live_desk.complaints())[0].entered_at,
            )
        )
    lost = contract.Withdraw(key="u-1", by="staff")
    await contract.act(live_desk.client, reference, lost, patience=timedelta(seconds=10))
    handle = live_desk.client.get_workflow_handle(f"complaint-{reference}")
    await handle.result()
    answer = await live_desk.act(reference, "withdraw", "k")
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")


async def test_an_action_on_a_complaint_that_the_engine_has_dropped(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    [kept] = await live_desk.complaints()
    # Marked as started, though the engine knows it not: ended long ago, its history gone.
    await complaints.mark_started(live_desk.app.state.intake, [kept.id])
    answer = await live_desk.act(reference, "triage", decision="accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "complaint-ended")


async def test_an_unknown_reference_is_refused(live_desk: Desk) -> None:
    answer = await live_desk.act("PR-0000-0000", "withdraw")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-reference")
    assert await live_desk.actions() == []


async def test_a_withdrawal_needs_no_body(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    path = f"/api/complaints/{reference.lower()}/withdraw"
    answer = await live_desk.http.post(path, headers=STAFF)
    assert (answer.status_code, answer.json()["reference"]) == (200, reference)
