"""The feedback register: folded from events told in any order, listed, counted, kept apart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import reduce
from itertools import permutations
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import func, select

from services.reporting import feedback_entries
from services.reporting.app import create_app
from services.reporting.feedback_register import FeedbackEntry, fold
from services.reporting.recording import record
from services.reporting.settings import ReportingSettings
from services.reporting.tables import ComplaintRow, EventRow, FeedbackRow, RegisterRow
from services.shared.database import Database
from services.shared.encryption import new_key_spec
from services.shared.errors import MendRequest
from services.shared.events import (
    AnyFeedbackEvent,
    FeedbackKind,
    FeedbackLate,
    FeedbackNoticeSettled,
    FeedbackReceived,
    Recordable,
    ThanksPromised,
)
from services.shared.keys import key_hash, new_key
from services.shared.temporal import lazy_client
from tests.days import day, london
from tests.ports import free_port
from tests.reporting.told import Told

STAFF_KEY = new_key("staff")
NOW = datetime(2028, 6, 1, tzinfo=UTC)
REFERENCE = "FB-7K3M-2QXD"
THANKS = ThanksPromised(
    on=day("Mon 2028-03-13"),
    passes_at=london("Tue 2028-03-14 00:00"),
    day_1=day("Tue 2028-03-07"),
    skipped=(),
    calendar="2026-11-01",
    clause="Policy summary",
)


def received(
    reference: str = REFERENCE,
    at: str = "Mon 2028-03-06 10:00",
    kind: FeedbackKind = "compliment",
    **facts: Any,
) -> FeedbackReceived:
    told = {
        "reference": reference,
        "sequence": 1,
        "at": london(at),
        "by": "website",
        "feedback_kind": kind,
        "policy": "nacro",
        "policy_effective": day("Mon 2024-04-01"),
        "channel": "web",
        "entered_at": london(at),
        "service_area": "Repairs",
        "region": "North",
        "anonymous": False,
        "thanks": THANKS,
        **facts,
    }
    return FeedbackReceived.model_validate(told)


def settled(
    sequence: int, at: str, about: str, outcome: str = "sent", reference: str = REFERENCE
) -> FeedbackNoticeSettled:
    return FeedbackNoticeSettled.model_validate(
        {
            "reference": reference,
            "sequence": sequence,
            "at": london(at),
            "by": "putright",
            "notice": f"{reference}/1/{about}/resident",
            "about": about,
            "to": "resident",
            "outcome": outcome,
            "settled_at": london(at),
        }
    )


def late(sequence: int) -> FeedbackLate:
    return FeedbackLate(
        reference=REFERENCE,
        sequence=sequence,
        at=THANKS.passes_at,
        by="putright",
        due=THANKS.on,
        passed_at=THANKS.passes_at,
    )


def in_time() -> list[AnyFeedbackEvent]:
    return [
        received(),
        settled(2, "Mon 2028-03-06 10:01", "thanks"),
        settled(3, "Mon 2028-03-06 10:02", "passed-on"),
    ]


def too_late() -> list[AnyFeedbackEvent]:
    return [
        received(),
        late(2),
        settled(3, "Thu 2028-03-16 12:00", "thanks"),
        settled(4, "Thu 2028-03-16 12:01", "thanks-late"),
    ]


def folded(events: list[AnyFeedbackEvent]) -> FeedbackEntry:
    entry = reduce(fold, events, None)
    assert entry is not None
    return entry


def test_thanks_in_time_and_passed_on() -> None:
    entry = folded(in_time())
    assert (entry.thanks_by, entry.thanked_in_time) == (day("Mon 2028-03-13"), True)
    assert entry.thanked_at == london("Mon 2028-03-06 10:01")
    assert entry.passed_on_at == london("Mon 2028-03-06 10:02")
    assert entry.late_recorded_at is None


def test_thanks_too_late() -> None:
    waiting, done = folded(too_late()[:2]), folded(too_late())
    assert (waiting.thanked_in_time, waiting.thanked_at) == (False, None)
    assert waiting.late_recorded_at == london("Tue 2028-03-14 00:00")
    assert (done.thanked_in_time, done.thanked_at) == (False, london("Thu 2028-03-16 12:00"))


def test_the_proof_of_thanks_in_time_outweighs_a_miss_recorded_without_it() -> None:
    entry = folded([received(), late(2), settled(3, "Mon 2028-03-13 23:59", "thanks")])
    assert entry.thanked_in_time is True
    other_way = folded([received(), settled(2, "Mon 2028-03-13 23:59", "thanks"), late(3)])
    assert other_way.thanked_in_time is True


def test_what_no_date_was_promised_for_is_neither_in_time_nor_late() -> None:
    entry = folded(
        [
            received(kind="service-request", thanks=None),
            settled(2, "Mon 2028-03-06 10:01", "directed"),
        ]
    )
    assert entry.thanked_at == london("Mon 2028-03-06 10:01")
    assert (entry.thanks_by, entry.thanked_in_time) == (None, None)


def test_a_refused_letter_thanks_nobody() -> None:
    entry = folded([received(), settled(2, "Mon 2028-03-06 10:01", "thanks", "refused")])
    assert (entry.thanked_at, entry.notices_refused) == (None, 1)


def test_a_letter_posted_by_hand_thanks_as_one_that_was_mailed() -> None:
    entry = folded([received(), settled(2, "Mon 2028-03-06 10:01", "thanks", "by-hand")])
    assert entry.thanked_in_time is True


def test_the_month_is_that_of_london() -> None:
    assert folded([received(at="Sat 2028-07-01 00:30")]).month == "2028-07"


@pytest.mark.parametrize(
    "events",
    [
        [settled(1, "Mon 2028-03-06 10:01", "thanks")],
        [received(), late(3)],
        [received(), received()],
    ],
    ids=["without a receipt", "with a gap", "received twice"],
)
def test_what_cannot_come_next_is_refused(events: list[AnyFeedbackEvent]) -> None:
    with pytest.raises(MendRequest) as caught:
        folded(events)
    assert caught.value.code == "events-do-not-fit"


async def tell(database: Database, *events: Recordable) -> None:
    async with database.session() as session:
        await record(session, events, NOW)


async def entry_of(database: Database, reference: str = REFERENCE) -> FeedbackEntry | None:
    async with database.session() as session:
        return await feedback_entries.find(session, reference)


async def test_however_it_is_told_the_entry_is_the_fold_and_nothing_is_counted_a_complaint(
    database: Database,
) -> None:
    for number, order in enumerate(permutations(range(3))):
        reference = f"FB-0000-{number:04}"
        events = [event.model_copy(update={"reference": reference}) for event in in_time()]
        for position in order:
            await tell(database, events[position], events[position])
        assert await entry_of(database, reference) == folded(events)
        async with database.session() as session:
            assert await feedback_entries.events(session, reference) == tuple(events)
    async with database.session() as session:
        for table in (ComplaintRow, EventRow, RegisterRow):
            stored = await session.exec(select(func.count()).select_from(table))
            assert stored.one() == 0, table


async def test_another_event_under_a_number_that_is_taken_is_refused(database: Database) -> None:
    await tell(database, *in_time())
    with pytest.raises(MendRequest) as caught:
        await tell(database, late(2))
    assert caught.value.code == "told-otherwise"
    assert await entry_of(database) == folded(in_time())


async def test_one_batch_may_tell_of_a_complaint_and_of_feedback_under_one_reference(
    database: Database,
) -> None:
    complaint = Told(REFERENCE).received("Mon 2028-03-06 10:00").events
    await tell(database, *complaint, *in_time())
    async with database.session() as session:
        assert await session.get(RegisterRow, REFERENCE) is not None
        assert await session.get(FeedbackRow, REFERENCE) is not None


def test_the_table_holds_every_field_of_the_entry() -> None:
    assert set(FeedbackRow.model_fields) == set(FeedbackEntry.model_fields)


@pytest.fixture
async def api(database: Database, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = ReportingSettings(
        payload_keys=SecretStr(new_key_spec("test")),
        staff_key_hash=key_hash(STAFF_KEY),
        temporal_address=f"127.0.0.1:{free_port()}",
        reporting_database_url=database_url,
    )
    app = create_app(settings, database, await lazy_client(settings))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reporting",
        headers={"Authorization": f"Bearer {STAFF_KEY}"},
    ) as client:
        yield client


async def listed(api: httpx.AsyncClient, **parameters: str) -> Any:
    answer = await api.get("/api/feedback", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def month_of_all_kinds(database: Database) -> None:
    """Five pieces: three compliments, one of them late, a request that became a complaint."""
    directed: dict[str, Any] = {"kind": "service-request", "thanks": None, "policy": "manchester"}
    await tell(
        database,
        received("FB-1", "Mon 2028-03-06 10:00"),
        received("FB-2", "Tue 2028-03-07 10:00", thanks=None),
        *(event.model_copy(update={"reference": "FB-3"}) for event in too_late()),
        received("FB-4", "Mon 2028-04-03 10:00", service_area=None, **directed),
        received("FB-5", "Tue 2028-04-04 10:00", "anti-social-behaviour", thanks=None),
        *Told("PR-1").received("Mon 2028-04-10 10:00", from_feedback="FB-4").events,
    )


async def test_feedback_is_listed_newest_first_with_the_complaint_that_it_became(
    api: httpx.AsyncClient, database: Database
) -> None:
    await month_of_all_kinds(database)
    found = await listed(api)
    assert [entry["reference"] for entry in found["feedback"]] == [
        *("FB-5", "FB-4", "FB-2", "FB-3", "FB-1"),
    ]
    assert [entry["complaint"] for entry in found["feedback"]] == [None, "PR-1", None, None, None]
    assert found["next"] is None
    complaint = (await api.get("/api/register/PR-1")).json()["complaint"]
    assert complaint["from_feedback"] == "FB-4"


async def test_feedback_is_counted_by_kind_month_policy_and_service_area(
    api: httpx.AsyncClient, database: Database
) -> None:
    await month_of_all_kinds(database)
    found = await listed(api, limit="1")
    fields = ("month", "kind", "policy", "service_area")
    assert {
        tuple(count[field] for field in fields): (
            count["received"],
            count["thanked_late"],
            count["became_complaints"],
        )
        for count in found["counts"]
    } == {
        ("2028-04", "anti-social-behaviour", "nacro", "Repairs"): (1, 0, 0),
        ("2028-04", "service-request", "manchester", None): (1, 0, 1),
        ("2028-03", "compliment", "nacro", "Repairs"): (3, 1, 0),
    }
    assert [count["month"] for count in found["counts"]] == ["2028-04", "2028-04", "2028-03"]


@pytest.mark.parametrize(
    ("parameters", "references"),
    [
        ({"kind": "compliment"}, ["FB-2", "FB-3", "FB-1"]),
        ({"policy": "manchester"}, ["FB-4"]),
        ({"service_area": "Repairs", "received_from": "2028-04-01"}, ["FB-5"]),
        ({"region": "South"}, []),
        ({"received_before": "2028-03-07"}, ["FB-3", "FB-1"]),
    ],
)
async def test_filters_narrow_the_list_and_the_counts(
    api: httpx.AsyncClient, database: Database, parameters: dict[str, str], references: list[str]
) -> None:
    await month_of_all_kinds(database)
    found = await listed(api, **parameters)
    assert [entry["reference"] for entry in found["feedback"]] == references
    assert sum(count["received"] for count in found["counts"]) == len(references)


async def test_pages_hold_still_while_feedback_comes_in(
    api: httpx.AsyncClient, database: Database
) -> None:
    await month_of_all_kinds(database)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for number in range(3):
        found = await listed(api, limit="2", **cursor)
        seen += [entry["reference"] for entry in found["feedback"]]
        cursor = {"cursor": found["next"]}
        await tell(database, received(f"FB-NEW-{number}", "Mon 2028-05-01 10:00"))
    assert seen == ["FB-5", "FB-4", "FB-2", "FB-3", "FB-1"]
    assert cursor == {"cursor": None}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"kind": "complaint"}, "invalid-request"), ({"cursor": "x"}, "unknown-cursor")],
)
async def test_bad_input_is_refused(
    api: httpx.AsyncClient, parameters: dict[str, str], code: str
) -> None:
    answer = await api.get("/api/feedback", params=parameters)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
