"""The simulation beside the rules: directory, repeats, and time up to the very end."""

import pytest

from services.shared.errors import PutrightError
from services.workflow.contract import Assign, Withdraw
from tests.days import written
from tests.workflow.lives import Life

DIRECTORY = {"sam-okafor": "manager", "omar-haddad": "director", "leo-marsh": "customer-relations"}


def at_stage_2() -> Life:
    life = Life("nottingham", "Mon 2028-03-06 10:00", directory=DIRECTORY)
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Mon 2028-03-06 12:00", points=1)
    life.contact("Mon 2028-03-06 13:00")
    life.respond("Tue 2028-03-07 10:00", "not-upheld")
    life.escalate("Wed 2028-03-08 10:00")
    return life


@pytest.mark.parametrize(
    ("investigator", "together_with", "code"),
    [
        ("nobody-knows", None, "unknown-staff"),
        ("leo-marsh", None, "role-not-allowed"),
        ("omar-haddad", "sam-okafor", "previously-involved"),
        ("sam-okafor", "leo-marsh", "previously-involved"),
    ],
)
def test_with_a_directory_people_are_checked_as_the_workflow_checks_them(
    investigator: str, together_with: str | None, code: str
) -> None:
    life = at_stage_2()
    with pytest.raises(PutrightError) as refusal:
        life.assign("Thu 2028-03-09 10:00", investigator, together_with)
    assert refusal.value.code == code
    assert life.complaint.investigator is None


def test_those_whom_the_policy_wants_may_answer() -> None:
    life = at_stage_2()
    life.assign("Thu 2028-03-09 10:00", "omar-haddad", "leo-marsh")
    assert life.complaint.position().together_with == "leo-marsh"


def test_without_a_directory_everybody_is_known() -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "whoever-it-is")
    assert life.complaint.investigator == "whoever-it-is"


def test_an_action_is_carried_out_once() -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    action = Assign(key="once", by="staff", investigator="sam-okafor")
    assert life.do("Mon 2028-03-06 11:00", action).events != []
    assert life.do("Mon 2028-03-06 12:00", action).events == []
    assert life.happened("assigned") == ["Mon 2028-03-06 11:00 assigned"]


def test_without_an_end_it_goes_on_for_as_long_as_anything_is_to_come() -> None:
    life = Life("community-support", "Mon 2028-03-06 10:00")
    life.assign("Mon 2028-03-06 11:00", "sam-okafor")
    life.acknowledge("Tue 2028-03-07 10:00")
    life.respond("Wed 2028-03-08 10:00", "upheld", "upheld")
    life.run_until(None)
    assert life.happened("closed") == ["Thu 2028-04-06 08:00 closed"]
    # Exceptions are considered for twelve months, and it listens for eighteen from its closing.
    assert written(life.now) == "Sun 2029-10-07 00:00"
    assert life.complaint.finished


def test_each_turn_is_kept_with_its_moment() -> None:
    life = Life("nacro", "Mon 2028-03-06 10:00")
    life.do("Tue 2028-03-07 10:00", Withdraw(key="w", by="staff"))
    told = [(written(turn.now), [event.kind for event in turn.events]) for turn in life.turns]
    assert told == [
        ("Mon 2028-03-06 10:00", ["received", "clock-set", "clock-set"]),
        ("Tue 2028-03-07 10:00", ["withdrawn"]),
    ]
