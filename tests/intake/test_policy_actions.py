"""Actions that some policies know and others not, carried out by a workflow on the real engine."""

from typing import Any

import pytest

from tests.intake.desk import Desk

ACKNOWLEDGEMENT: dict[str, Any] = {
    "definition": "No heating for three weeks.",
    "points": ["The heating was off.", "Two visits were missed."],
    "outcomes_sought": "A working boiler.",
}
FIRST_TIME: dict[str, Any] = {
    "definition": "A missed visit.",
    "answers": [
        {
            "point": "1",
            "text": "Nobody came on Monday.",
            "decision": "upheld",
            "reasons": "We forgot it.",
        }
    ],
}


def answers(*points: str) -> list[dict[str, str]]:
    return [{"point": point, "decision": "upheld", "reasons": "x"} for point in points]


VERBS: dict[str, tuple[dict[str, Any], str]] = {
    "assign": (
        {"investigator": "dora", "together_with": "ian"},
        "Assign(key=KEY, by='sam', investigator='dora', together_with='ian')",
    ),
    "agree-date": (
        {"until": "2026-02-06", "agreed_on": "2026-01-20"},
        (
            "AgreeDate(key=KEY, by='sam', until=datetime.date(2026, 2, 6), "
            "agreed_on=datetime.date(2026, 1, 20))"
        ),
    ),
    "hearing": (
        {"on": "2026-03-09"},
        "SetHearing(key=KEY, by='sam', on=datetime.date(2026, 3, 9), members=())",
    ),
    "decline": (
        {"reason": "no-further-evidence", "explanation": "Seen before."},
        "Decline(key=KEY, by='sam', reason='no-further-evidence', explanation='Seen before.')",
    ),
    "refer": ({}, "Refer(key=KEY, by='sam')"),
    "send-on": (
        {"authorised_by": "lena", "explanation": "It would cost you time."},
        "SendOn(key=KEY, by='sam', authorised_by='lena', explanation='It would cost you time.')",
    ),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_an_action_reaches_the_workflow_whole(live_desk: Desk, verb: str) -> None:
    body, told = VERBS[verb]
    reference = await live_desk.bring_in()
    answer = await live_desk.act(reference, verb, **body, by="sam")
    assert answer.status_code == 200, answer.text
    [saved] = await live_desk.actions()
    assert await live_desk.carried_out(reference) == [told.replace("KEY", repr(saved.update_id))]


async def test_the_case_file_shows_who_joins_the_hearing_and_late_requests(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "assign", investigator="dora", together_with="ian")
    await live_desk.act(reference, "hearing", on="2026-03-09")
    before = (await live_desk.read(reference))["position"]
    assert before["late_requests_until"] is None
    await live_desk.act(reference, "send-on", authorised_by="lena", explanation="x")
    shown = (await live_desk.read(reference))["position"]
    assert (shown["together_with"], shown["hearing_on"]) == ("ian", "2026-03-09")
    assert shown["late_requests_until"] == "2027-01-01T00:00:00Z"


TWO_OF_FOUR = ["particularly-vulnerable", "several-households"]
URGENCY: dict[str, tuple[str, dict[str, Any], str]] = {
    "none": ("nottingham", {}, "priority='standard', at_once=0"),
    "one of priority": ("nottingham", {"grounds": ["fire-safety"]}, "priority='high', at_once=0"),
    "one of four": (
        "manchester",
        {"grounds": TWO_OF_FOUR[:1]},
        "priority='standard', at_once=0",
    ),
    "two of four": ("manchester", {"grounds": TWO_OF_FOUR}, "priority='high', at_once=2"),
    "high all the same": (
        "manchester",
        {"grounds": TWO_OF_FOUR[:1], "priority": "high"},
        "priority='high', at_once=0",
    ),
}


@pytest.mark.parametrize("case", URGENCY)
async def test_grounds_reach_the_workflow_as_urgency_alone(live_desk: Desk, case: str) -> None:
    policy, body, urgency = URGENCY[case]
    reference = await live_desk.bring_in(policy=policy)
    answer = await live_desk.act(reference, "triage", decision="accept", **body)
    assert answer.status_code == 200, answer.text
    [triage] = await live_desk.carried_out(reference)
    assert urgency in triage
    assert not [ground for ground in body.get("grounds", ()) if ground in triage]
    [kept] = (await live_desk.read(reference))["letters"]
    assert kept["body"]["grounds"] == body.get("grounds", [])


async def test_a_ground_that_the_policy_does_not_know_is_refused(live_desk: Desk) -> None:
    reference = await live_desk.bring_in(policy="nottingham")
    answer = await live_desk.act(reference, "triage", decision="accept", grounds=TWO_OF_FOUR)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-ground")
    assert "fire-safety" in answer.json()["grounds"]
    assert await live_desk.carried_out(reference) == []


async def test_what_a_refusal_stands_on_reaches_the_workflow(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    body: dict[str, Any] = {
        "decision": "refuse",
        "reason": "over-6-months",
        "explanation": "x",
        "issue_on": "2025-01-06",
        "concluded_on": "2025-02-03",
        "no_exception": True,
    }
    answer = await live_desk.act(reference, "triage", **body)
    assert answer.status_code == 200
    [triage] = await live_desk.carried_out(reference)
    assert "issue_on=datetime.date(2025, 1, 6)" in triage
    assert "concluded_on=datetime.date(2025, 2, 3), no_exception=True" in triage


async def test_contact_may_be_left_out_without_saying_how(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    body = {"outcome": "left-out", "happened_at": "2026-01-06T10:00:00Z"}
    await live_desk.act(reference, "contacts", **body, exception="cannot-be-reached")
    [contact] = await live_desk.carried_out(reference)
    assert "outcome='left-out', how=None" in contact
    assert "exception='cannot-be-reached'" in contact
    [kept] = (await live_desk.read(reference))["contacts"]
    assert kept["body"]["exception"] == "cannot-be-reached"


async def answered(desk: Desk) -> str:
    reference = await desk.bring_in(policy="review-panel")
    answer = await desk.act(reference, "respond", **FIRST_TIME)
    assert answer.status_code == 200, answer.text
    return reference


async def test_the_words_of_a_request_stay_in_the_case_file(live_desk: Desk) -> None:
    reference = await answered(live_desk)
    request = {"words": "Still damp in the nursery.", "late_because": "I was in hospital."}
    offers = ["reasons", "further-evidence"]
    await live_desk.act(reference, "escalate", **request, offers=offers)
    *_, escalate = await live_desk.carried_out(reference)
    assert "offers=('reasons', 'further-evidence'), considered_late=True" in escalate
    assert "nursery" not in escalate
    assert "hospital" not in escalate
    *_, kept = (await live_desk.read(reference))["letters"]
    assert kept["body"] == {**request, "offers": offers}


async def test_a_request_without_a_reason_for_lateness_is_not_considered_late(
    live_desk: Desk,
) -> None:
    reference = await answered(live_desk)
    await live_desk.act(reference, "escalate")
    *_, escalate = await live_desk.carried_out(reference)
    assert "considered_late=False" in escalate


async def test_a_response_without_acknowledgement_sets_the_points_out_itself(
    live_desk: Desk,
) -> None:
    reference = await answered(live_desk)
    [respond] = await live_desk.carried_out(reference)
    assert "definition='A missed visit.'" in respond
    assert "point='1', text='Nobody came on Monday.'" in respond


WITHOUT: dict[str, dict[str, Any]] = {
    "neither": {"answers": answers("1")},
    "no text": {"definition": "x", "answers": [*FIRST_TIME["answers"], *answers("2")]},
    "no definition": {"answers": FIRST_TIME["answers"]},
}


@pytest.mark.parametrize("case", WITHOUT)
async def test_a_response_without_acknowledgement_needs_definition_and_points(
    live_desk: Desk, case: str
) -> None:
    reference = await live_desk.bring_in(policy="review-panel")
    answer = await live_desk.act(reference, "respond", **WITHOUT[case])
    assert (answer.status_code, answer.json()["code"]) == (422, "points-needed")
    missing = {"neither": ["1"], "no text": ["2"], "no definition": []}
    assert answer.json()["without_text"] == missing[case]
    assert await live_desk.carried_out(reference) == []


async def test_a_stage_that_wants_an_acknowledgement_is_not_answered_without(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    answer = await live_desk.act(reference, "respond", **FIRST_TIME)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-acknowledged")


@pytest.mark.parametrize(
    "body",
    [
        {"definition": "Something else.", "answers": answers("1", "2")},
        {"answers": [*answers("1"), {**answers("2")[0], "text": "Something else."}]},
    ],
)
async def test_a_response_does_not_say_otherwise_than_its_acknowledgement(
    live_desk: Desk, body: dict[str, Any]
) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    answer = await live_desk.act(reference, "respond", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "points-set-out")


async def test_added_points_are_numbered_on_and_answered_with_their_texts(
    live_desk: Desk,
) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    await live_desk.act(reference, "points", points=["The wall is damp."])
    added = await live_desk.act(reference, "points", points=["The door sticks.", "It is cold."])
    assert added.json()["points"] == ["1", "2", "3", "4", "5"]
    unknown = await live_desk.act(reference, "respond", answers=answers("1", "6"))
    assert (unknown.status_code, unknown.json()["points"]) == (422, ["1", "2", "3", "4", "5"])
    await live_desk.act(reference, "respond", answers=answers("1", "2", "3", "4", "5"))
    *_, respond = await live_desk.carried_out(reference)
    texts = (*ACKNOWLEDGEMENT["points"], "The wall is damp.", "The door sticks.", "It is cold.")
    for number, text in enumerate(texts, start=1):
        assert f"point='{number}', text='{text}'" in respond


async def test_added_points_of_an_earlier_stage_are_not_answered_again(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    await live_desk.act(reference, "points", points=["The wall is damp."])
    await live_desk.act(reference, "respond", answers=answers("1", "2", "3"))
    await live_desk.act(reference, "escalate")
    await live_desk.act(reference, "acknowledge", **ACKNOWLEDGEMENT)
    answer = await live_desk.act(reference, "respond", answers=answers("1", "2", "3"))
    assert (answer.status_code, answer.json()["unknown"]) == (422, ["3"])
