"""Staff read case files and lists."""

from typing import Any

from tests.intake.desk import STAFF, Desk


async def listed(desk: Desk, **filters: Any) -> Any:
    answer = await desk.http.get("/api/complaints", params=filters, headers=STAFF)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_live_case_file_shows_where_the_complaint_stands(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "triage", decision="accept", by="sam")
    shown = await live_desk.read(reference.lower().replace("-", ""))
    assert (shown["live"], shown["position"]["status"]) == (True, "accepted")
    [letter] = shown["letters"]
    assert (letter["verb"], letter["by"], letter["outcome"]) == ("triage", "sam", "done")
    assert letter["body"]["decision"] == "accept"


async def test_refused_actions_are_not_in_the_case_file(live_desk: Desk) -> None:
    reference = await live_desk.bring_in()
    await live_desk.act(reference, "triage", decision="refuse", explanation="x")
    assert (await live_desk.read(reference))["letters"] == []


async def test_while_the_engine_is_away_the_promise_stands_in(desk: Desk) -> None:
    reference = await desk.bring_in(received_at="2026-01-05T09:30:00Z")
    shown = await desk.read(reference)
    assert shown["live"] is False
    assert shown["position"]["status"] == "received"
    clocks = {clock["clock"]: clock["due"] for clock in shown["position"]["clocks"]}
    assert clocks["acknowledge"] == "2026-01-12"  # Monday


async def test_the_list_is_newest_received_first_and_holds_no_person(desk: Desk) -> None:
    monday = await desk.bring_in(received_at="2026-01-05T09:00:00Z")
    wednesday = await desk.bring_in(received_at="2026-01-07T09:00:00Z")
    tuesday = await desk.bring_in(
        received_at="2026-01-06T09:00:00Z", complainant={"name": "Ada Tenant"}
    )
    page = await listed(desk)
    assert [row["reference"] for row in page["complaints"]] == [wednesday, tuesday, monday]
    assert page["next"] is None
    assert "Ada" not in str(page)


async def test_pages_follow_one_another_without_gap_or_repeat(desk: Desk) -> None:
    same_moment = "2026-01-05T09:00:00Z"
    brought = [await desk.bring_in(received_at=same_moment) for _ in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for expected in (2, 2, 1):
        page = await listed(desk, limit=2, **cursor)
        assert len(page["complaints"]) == expected
        seen += [row["reference"] for row in page["complaints"]]
        cursor = {"cursor": page["next"]}
    assert seen == brought[::-1]
    assert page["next"] is None


async def test_a_filter_finds_its_complaints_only(desk: Desk) -> None:
    facts = {
        "policy": "nacro",
        "channel": "letter",
        "category": "repairs",
        "service_area": "Heating",
        "region": "North",
    }
    wanted = await desk.bring_in(received_at="2026-01-06T09:00:00Z", **facts)
    await desk.bring_in(
        received_at="2026-01-05T23:59:59Z", category="noise", service_area="Lifts", region="South"
    )
    await desk.bring_in(received_at="2026-01-07T00:00:00Z")
    tuesday = {
        "received_from": "2026-01-06T00:00:00+00:00",
        "received_before": "2026-01-07T00:00:00Z",
    }
    for filters in (*({name: value} for name, value in facts.items()), tuesday, facts | tuesday):
        page = await listed(desk, **filters)
        assert [row["reference"] for row in page["complaints"]] == [wanted], filters


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown filter": ({"colour": "red"}, "invalid-request"),
    "no limit": ({"limit": 0}, "invalid-request"),
    "too many": ({"limit": 201}, "invalid-request"),
    "huge limit": ({"limit": "9" * 5000}, "invalid-request"),
    "unknown channel": ({"channel": "pigeon"}, "invalid-request"),
    "NUL": ({"region": "a\x00b"}, "invalid-request"),
    "naive time": ({"received_from": "2026-01-05T09:00:00"}, "naive-time"),
    "no cursor": ({"cursor": "nonsense"}, "unknown-cursor"),
    "strange cursor": ({"cursor": "é\u2028"}, "unknown-cursor"),
    "naive cursor": (
        {"cursor": "eyJhdCI6IjIwMjYtMDEtMDVUMDA6MDA6MDAiLCJudW1iZXIiOjF9"},
        "unknown-cursor",
    ),
    "long cursor": ({"cursor": "x" * 300}, "invalid-request"),
}


async def test_lists_that_cannot_be_made(desk: Desk) -> None:
    for name, (filters, code) in REFUSED.items():
        answer = await desk.http.get("/api/complaints", params=filters, headers=STAFF)
        assert (answer.status_code, answer.json()["code"]) == (422, code), name
