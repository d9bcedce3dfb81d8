"""One complaint's page: every date, in time or not, the timeline of the API; never behind."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest

from services.reporting.recording import record
from services.shared.database import Database
from services.shared.events import AnyEvent, Assigned, LessonLearned, PromiseKept, Responded
from tests.days import day, london
from tests.reporting.dashboard.reading import STAFF_KEY, first, page
from tests.reporting.told import REFERENCE, Told, both_stages

ADDRESS = f"/dashboard/complaints/{REFERENCE}"

Tell = Callable[[list[AnyEvent]], Awaitable[None]]


@pytest.fixture
def now() -> datetime:
    return london("Fri 2028-03-17 10:00")


@pytest.fixture
def tell(database: Database, now: datetime) -> Tell:
    async def tell(events: list[AnyEvent]) -> None:
        async with database.session() as session:
            await record(session, events, now)

    return tell


async def tables(visitor: httpx.AsyncClient, address: str = ADDRESS) -> list[list[str]]:
    """Every line of every table on the page, as its cells."""
    read = await page(visitor, address)
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in read.css("tbody tr")]


async def test_each_stage_says_what_was_due_and_when_it_was_done(
    visitor: httpx.AsyncClient, tell: Tell
) -> None:
    await tell(both_stages())
    lines = await tables(visitor)
    assert lines[0] == [
        "Acknowledgement",
        "In time",
        "Monday 13 March 2028",
        "Wednesday 8 March 2028",
    ]
    assert ["Response", "In time", "Wednesday 5 April 2028", "Tuesday 4 April 2028"] in lines
    assert ["Answered in time", "Yes – In time"] in lines
    assert ["Answered in time, extensions not counted", "No – Late"] in lines
    read = await page(visitor, ADDRESS)
    assert [heading.text() for heading in read.css("h2")] == [
        *("Stage 1", "Stage 2", "Everything that happened"),
    ]
    said = read.body.text() if read.body else ""
    assert "Extended from Wednesday 22 March 2028 to Wednesday 5 April 2028" in said
    assert "Asked for by the resident on Monday 10 April 2028" in said


async def test_its_timeline_is_that_of_the_api(visitor: httpx.AsyncClient, tell: Tell) -> None:
    await tell(both_stages())
    read = await page(visitor, ADDRESS)
    bearer = {"Authorization": f"Bearer {STAFF_KEY}"}
    told = (await visitor.get(f"/api/register/{REFERENCE}", headers=bearer)).json()["timeline"]
    shown = [
        (
            int(line.attributes["value"] or 0),
            first(line, "strong").text(),
            first(line, "p").text(),
        )
        for line in read.css(".timeline li")
    ]
    assert len(shown) == 19
    assert [(line[0], line[2]) for line in shown] == [
        (line["sequence"], line["sentence"]) for line in told
    ]
    # In summer time clocks in London are an hour before UTC.
    assert shown[0][1] == "Monday 6 March 2028, 10:00"
    assert shown[11][1] == "Tuesday 4 April 2028, 16:00"


async def test_what_is_late_says_by_how_much(visitor: httpx.AsyncClient, tell: Tell) -> None:
    late = Told().received("Mon 2028-03-06 10:00")
    late.clock("Mon 2028-03-06 10:00", "acknowledge", "Mon 2028-03-13")
    late.clock("Mon 2028-03-06 10:00", "respond", "Mon 2028-03-27")
    await tell(late.events)
    due = ["Monday 13 March 2028", "–"]
    assert [
        "Acknowledgement",
        "Past its day by 4 calendar days, and no miss is recorded",
        *due,
    ] in (await tables(visitor))
    late.missed("Tue 2028-03-14 00:00", "acknowledge", "Mon 2028-03-13")
    await tell(late.events[-1:])
    lines = await tables(visitor)
    assert ["Acknowledgement", "Overdue by 4 calendar days", *due] in lines
    assert ["Response", "To be done, 10 calendar days left", "Monday 27 March 2028", "–"] in lines
    late.acknowledged("Thu 2028-03-16 10:00", "Mon 2028-03-13", in_time=False)
    await tell(late.events[-1:])
    assert [
        *("Acknowledgement", "Late, by 3 calendar days"),
        *("Monday 13 March 2028", "Thursday 16 March 2028"),
    ] in await tables(visitor)


async def test_it_shows_at_once_what_the_register_was_just_told(
    visitor: httpx.AsyncClient, tell: Tell
) -> None:
    life = Told().received("Mon 2028-03-06 10:00")
    await tell(life.events)
    for name in ("amy", "bob", "cal"):
        life.event(Assigned, "Tue 2028-03-07 10:00", investigator=name)
        await tell(life.events[-1:])
        read = await page(visitor, ADDRESS)
        assert f"{name} was put in charge." in read.css(".timeline p")[-1].text()
        assert name in first(read, ".facts").text()
    assert "10:00 on Friday 17 March 2028" in first(read, "footer").text()


async def test_it_ends_where_an_event_is_still_to_come(
    visitor: httpx.AsyncClient, tell: Tell
) -> None:
    events = both_stages()
    await tell([*events[:4], *events[5:]])
    assert len((await page(visitor, ADDRESS)).css(".timeline li")) == 4


async def test_what_followed_the_answer_is_said(visitor: httpx.AsyncClient, tell: Tell) -> None:
    life = Told()
    life.events = both_stages()[:11]
    life.event(
        Responded,
        "Tue 2028-04-04 16:00",
        decision="upheld",
        findings=[{"point": "1", "decision": "upheld"}],
        due=day("Wed 2028-04-05"),
        in_time=True,
        remedies=[{"kind": "payment", "pence": 12_550}],
        promises=[{"number": 1, "by": day("Fri 2028-04-14")}],
    )
    promised = {
        "number": 1,
        "promised_for": day("Fri 2028-04-14"),
        "done_on": day("Thu 2028-04-13"),
    }
    life.event(PromiseKept, "Thu 2028-04-13 10:00", **promised)
    words = {"theme": "repairs", "heard": "Nobody rang.", "done": "We ring on the day."}
    life.event(LessonLearned, "Fri 2028-04-14 10:00", **words)
    await tell(life.events)
    said = [item.text() for item in (await page(visitor, ADDRESS)).css("main > ul li")]
    assert said == [
        "Remedy of 4 April 2028: payment, £125.50.",
        "Promised action 1, by Friday 14 April 2028: done on Thursday 13 April 2028.",
        "A lesson was recorded on 14 April 2028, about repairs.",
    ]


async def test_what_a_landlord_calls_things_stays_text(
    visitor: httpx.AsyncClient, tell: Tell
) -> None:
    hostile = "</style><script>alert(1)</script>"
    life = Told().received(
        "Mon 2028-03-06 10:00", category=hostile, service_area=hostile, region=hostile
    )
    await tell(life.events)
    for address in (
        *(ADDRESS, "/dashboard", "/dashboard/work", "/dashboard/complaints"),
        *("/dashboard/areas", "/dashboard/areas?by=region", "/dashboard/areas?by=category"),
        "/dashboard/trend",
    ):
        answer = await visitor.get(address)
        assert answer.status_code == 200, address
        assert "<script" not in answer.text
        assert answer.text.count("</style>") == 1
