"""Where a list goes on: only by a cursor that a page of the same sort of list gave."""

import base64
import json

import httpx
import pytest

from services.reporting.dashboard.standing_now import ANSWERED_OPEN
from tests.reporting.dashboard.reading import first, page

PLACE = {"on": "2026-01-05", "reference": "PR-7K3M-2QXD", "number": 1}
AT = {**PLACE, "on": "2026-01-05T10:00:00Z"}
NOWHERE = {**PLACE, "on": None}


def written(place: object) -> str:
    """A cursor made as pages make theirs."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


WRONG = {
    "not base64": ("received", "\x00:1"),
    "not ASCII": ("received", "é"),
    "cut short": ("received", written(PLACE)[:-3]),
    "cut in half": ("received", written(PLACE)[:24]),
    "binary": ("received", base64.urlsafe_b64encode(bytes(range(128, 255))).decode()),
    "a number": ("received", written(1)),
    "NUL in a reference": ("received", written({**PLACE, "reference": "PR\x00"})),
    "half a character": ("received", written({**PLACE, "reference": "\ud800"})),
    "no number": ("received", written({**PLACE, "number": 0})),
    "beyond any number": ("received", written({**PLACE, "number": 2**63})),
    "not a day": ("received", written({**PLACE, "on": "2026-02-30"})),
    "an instant for a day": ("received", written(AT)),
    "nothing for a day": ("received", written(NOWHERE)),
    "a day for an instant": ("compliments", written(PLACE)),
    "before every instant": ("compliments", written({**AT, "on": "0001-01-01T00:00:00+14:00"})),
    "after every instant": ("compliments", written({**AT, "on": "9999-12-31T23:59:59-14:00"})),
    "nothing for an instant": ("compliments", written(NOWHERE)),
    "a day for nothing": (ANSWERED_OPEN, written(PLACE)),
    "more than there is": ("received", written({**PLACE, "more": 1})),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_cursor_that_no_page_gave_is_refused(visitor: httpx.AsyncClient, what: str) -> None:
    measure, cursor = WRONG[what]
    asked = {"measure": measure, "cursor": cursor}
    answer = await visitor.get("/dashboard/complaints", params=asked)
    assert answer.status_code == 422, answer.text
    assert "Code: unknown-cursor" in answer.text


@pytest.mark.parametrize(
    ("measure", "place"),
    [
        ("received", PLACE),
        ("received", {**PLACE, "on": "0001-01-01"}),
        ("received", {**PLACE, "on": "9999-12-31"}),
        ("compliments", AT),
        (ANSWERED_OPEN, NOWHERE),
    ],
)
async def test_a_list_goes_on_after_any_place_of_its_sort(
    visitor: httpx.AsyncClient, measure: str, place: dict[str, object]
) -> None:
    read = await page(visitor, f"/dashboard/complaints?measure={measure}&cursor={written(place)}")
    assert "There is none." in first(read, "main").text()
