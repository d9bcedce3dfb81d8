"""What a complaint is about, put right by staff: the same wherever it is shown."""

from typing import Any

from sqlmodel import col, select

from services.intake.tables import Complaint
from tests.intake.desk import STAFF, Desk

BROUGHT = {"category": "noise", "service_area": "Lifts", "region": "South", "tenure": "other"}


async def found(desk: Desk, **filters: str) -> Any:
    answer = await desk.http.get("/api/complaints", params=filters, headers=STAFF)
    assert answer.status_code == 200, answer.text
    return answer.json()["complaints"]


def classified(shown: Any) -> dict[str, Any]:
    return {name: shown[name] for name in BROUGHT}


async def test_what_is_put_right_is_shown_and_what_was_brought_in_stays(live_desk: Desk) -> None:
    reference = await live_desk.bring_in(**BROUGHT)
    await live_desk.act(reference, "classify", category="repairs", region="North")
    await live_desk.act(reference, "classify", category="damp", tenure="rented")
    now = {"category": "damp", "service_area": "Lifts", "region": "North", "tenure": "rented"}
    case = await live_desk.read(reference)
    assert (classified(case), case["brought_in_as"]) == (now, BROUGHT)
    assert [classified(one) for one in await found(live_desk)] == [now]
    async with live_desk.database.session() as session:
        kept = (await session.exec(select(Complaint).where(col(Complaint.id) == 1))).one()
    assert {name: getattr(kept, name) for name in BROUGHT} == BROUGHT


async def test_what_came_without_is_found_by_what_staff_say(live_desk: Desk) -> None:
    by_mail = await live_desk.bring_in()
    other = await live_desk.bring_in(category="repairs", service_area="Heating", region="North")
    facts = {"category": "repairs", "service_area": "Heating", "region": "North"}
    await live_desk.act(by_mail, "classify", **facts)
    await live_desk.act(other, "classify", category="noise", service_area="Lifts", region="South")
    for name, value in facts.items():
        assert [one["reference"] for one in await found(live_desk, **{name: value})] == [by_mail]
    assert [one["reference"] for one in await found(live_desk, category="noise")] == [other]


async def test_until_it_is_carried_out_it_does_not_stand(desk: Desk) -> None:
    reference = await desk.bring_in(category="noise")
    answer = await desk.act(reference, "classify", category="repairs")
    assert answer.json()["code"] == "engine-away"
    assert (await desk.read(reference))["category"] == "noise"
    assert [one["reference"] for one in await found(desk, category="noise")] == [reference]
    assert await found(desk, category="repairs") == []


async def test_a_classification_that_cannot_be_is_refused(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    for body in ({"tenure": "owned"}, {"category": ""}, {"region": "a\x00b"}, {"colour": "red"}):
        answer = await live_desk.act(reference, "classify", **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), body
    assert await live_desk.actions() == []
