"""What an open stage waits for next, on days with their weekday."""

from typing import Any

import pytest

from services.reporting.awaiting import next_step
from services.reporting.register import StageEntry
from tests.days import day, london

RESPOND_DUE = day("Fri 2028-03-24")

ACKNOWLEDGE_DUE = day("Mon 2028-03-13")

CONTACT_DUE = day("Thu 2028-03-09")

DONE = london("Wed 2028-03-08 09:00")


def stage(**changed: Any) -> StageEntry:
    """Returns a stage with nothing to do but to respond, unless `changed` says more."""
    asked_for = london("Mon 2028-03-06 10:00")
    return StageEntry(
        **{"stage": "stage-1", "requested_at": asked_for, "respond_due": RESPOND_DUE, **changed}
    )


@pytest.mark.parametrize(
    ("changed", "awaited", "by"),
    [
        ({}, "respond", RESPOND_DUE),
        ({"acknowledge_due": ACKNOWLEDGE_DUE}, "acknowledge", ACKNOWLEDGE_DUE),
        ({"acknowledge_due": ACKNOWLEDGE_DUE, "acknowledged_at": DONE}, "respond", RESPOND_DUE),
        (
            {"acknowledge_due": ACKNOWLEDGE_DUE, "contact_due": CONTACT_DUE},
            "contact",
            CONTACT_DUE,
        ),
        ({"contact_due": CONTACT_DUE, "contacted_at": DONE}, "respond", RESPOND_DUE),
        ({"arrange_due": CONTACT_DUE}, "arrange", CONTACT_DUE),
        ({"arrange_due": CONTACT_DUE, "arranged_at": DONE}, "respond", RESPOND_DUE),
        ({"respond_due": None}, "undated", None),
    ],
)
def test_it_waits_for_what_is_due_first(changed: dict[str, Any], awaited: str, by: object) -> None:
    assert next_step(stage(**changed), "acknowledged") == (awaited, by)


def test_of_two_that_are_due_on_one_day_the_first_to_do_is_named() -> None:
    both = stage(acknowledge_due=RESPOND_DUE)
    assert next_step(both, "received") == ("acknowledge", RESPOND_DUE)


def test_a_declined_request_waits_for_the_resident_whatever_else_has_a_date() -> None:
    reply = day("Wed 2028-03-22")
    declined = stage(reply_by=reply, acknowledge_due=CONTACT_DUE)
    assert next_step(declined, "declined") == ("reply", reply)


def test_a_response_that_waits_to_be_posted_is_waited_for() -> None:
    written = stage(responded_at=DONE, response_to_post=True)
    assert next_step(written, "answered") == ("respond", RESPOND_DUE)
