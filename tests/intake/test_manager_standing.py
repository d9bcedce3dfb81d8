"""When a manager's link offers a form, and what its page says of the complaint."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.intake import manager_standing as standing
from services.intake.case_files import at_receipt
from services.intake.standing import KeyDate
from services.shared.manager_links import LinkPurpose, ManagerLink
from services.workflow import contract
from services.workflow.contract import ClockPosition, Position

RECEIVED = datetime(2027, 7, 5, 9, tzinfo=UTC)  # Monday
BEGUN = at_receipt(
    "PR-7K3M-2QXD", contract.promise("housing-ombudsman", RECEIVED, RECEIVED)
).model_copy(update={"investigator": "ivy"})


def now(**changed: Any) -> Position:
    return BEGUN.model_copy(update=changed)


def clock(name: str, state: str, on: date) -> ClockPosition:
    like = next(found for found in BEGUN.clocks if found.clock == "respond")
    return like.model_copy(update={"clock": name, "state": state, "due": on})


def link(purpose: LinkPurpose, staff_id: str = "ivy") -> ManagerLink:
    expires_at = RECEIVED + timedelta(days=30)
    return ManagerLink(
        purpose=purpose, staff_id=staff_id, reference="PR-7K3M-2QXD", expires_at=expires_at
    )


MISSED = now(clocks=(clock("respond", "missed", date(2027, 7, 19)),))


@pytest.mark.parametrize(
    ("holder", "purpose", "position", "reason"),
    [
        ("ivy", "confirm", BEGUN, None),
        ("ivy", "confirm", now(confirmed=("ivy",)), standing.CONFIRMED),
        ("tom", "confirm", BEGUN, standing.SOMEBODY_ELSES),
        ("tom", "confirm", now(together_with="tom", confirmed=("ivy",)), None),
        ("dee", "take-on", BEGUN, None),
        ("dee", "take-on", now(investigator=None), None),
        ("ivy", "take-on", BEGUN, standing.YOURS_ALREADY),
        ("dee", "take-on", now(confirmed=("ivy",)), None),
        ("dee", "take-on", now(confirmed=("ivy",), together_with="tom"), None),
        ("ivy", "help", BEGUN, None),
        ("ivy", "help", now(investigator=None), standing.NOBODY_IN_CHARGE),
        ("ivy", "extend", BEGUN, None),
        ("ivy", "extend", now(status="answered"), standing.ANSWERED),
        ("ivy", "extend", now(clocks=()), standing.NO_DATE),
        ("ivy", "contact", now(status="answered"), None),
        *(
            ("ivy", purpose, now(status="closed"), standing.AT_ITS_END)
            for purpose in ("confirm", "contact", "help", "extend", "take-on")
        ),
    ],
)
def test_a_form_is_offered_where_the_rules_may_let_it_pass(
    holder: str, purpose: LinkPurpose, position: Position, reason: str | None
) -> None:
    assert standing.nothing_to_do(link(purpose, holder), position) == reason


def test_an_answer_that_is_late_is_given_not_put_off() -> None:
    said = standing.nothing_to_do(link("extend"), MISSED)
    assert said is not None
    assert "was due on Monday 19 July 2027" in said


def test_whoever_is_not_in_charge_stands_in_for_those_who_are() -> None:
    assert standing.stands_in(link("extend", "dee"), BEGUN)
    assert not standing.stands_in(link("extend", "ivy"), BEGUN)
    assert not standing.stands_in(link("extend", "dee"), now(investigator=None))
    assert not standing.stands_in(link("take-on", "dee"), BEGUN)


def test_a_deputy_steps_in_for_the_one_who_has_not_confirmed_or_says_for_whom() -> None:
    assert standing.seat(BEGUN) == "investigator"
    assert standing.seat(now(confirmed=("ivy",))) == "investigator"
    assert standing.seat(now(investigator=None)) == "investigator"
    two = {"together_with": "tom"}
    assert standing.seat(now(**two)) is None
    assert standing.seat(now(**two, confirmed=("ivy",))) == "second"
    assert standing.seat(now(**two, confirmed=("tom",))) == "investigator"
    assert standing.seat(now(**two, confirmed=("tom", "ivy"))) is None


def test_a_deputy_is_warned_once_everybody_in_charge_has_confirmed() -> None:
    assert standing.all_confirmed(now(confirmed=("ivy",)))
    assert not standing.all_confirmed(BEGUN)
    assert not standing.all_confirmed(now(investigator=None))
    assert not standing.all_confirmed(now(together_with="tom", confirmed=("ivy",)))


def test_the_dates_are_those_that_are_still_to_be_kept_the_earliest_first() -> None:
    position = now(
        hearing_on=date(2027, 7, 14),
        clocks=(
            clock("respond", "running", date(2027, 7, 19)),
            clock("contact", "missed", date(2027, 7, 7)),
            clock("acknowledge", "met", date(2027, 7, 12)),
            clock("escalate", "running", date(2027, 7, 30)),
        ),
    )
    assert standing.dates(position) == [
        KeyDate("Speak to the resident by", "Wednesday 7 July 2027", "Late: not done yet"),
        KeyDate("The hearing", "Wednesday 14 July 2027", ""),
        KeyDate("Answer it by", "Monday 19 July 2027", ""),
    ]


def test_a_contact_is_told_back_by_the_clock_in_london() -> None:
    logged = standing.when_logged({"happened_at": "2027-07-05T13:30:00Z"})
    assert logged == "Monday 5 July 2027, 14:30"
    assert standing.when_logged({"help": "time"}) is None
