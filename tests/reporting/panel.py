"""A life that chance seldom finds: through every step of the review panel, to a late answer.

2028: Good Friday is 14 April, Easter Monday 17 April.
"""

from collections.abc import Iterator
from itertools import count

from services.workflow.messages import (
    Answer,
    AnyAction,
    Assign,
    Escalate,
    LogContact,
    Refer,
    Respond,
    SetHearing,
    Triage,
)
from services.workflow.simulation import Simulation
from tests.days import day, london


def play(life: Simulation, people: dict[str, str]) -> None:
    """Plays it on a complaint received by Monday 6 March 2028; `people` are staff ids by role."""
    keys = count(1)
    for at, action in _steps(people):
        life.act(action.model_copy(update={"key": f"panel-{next(keys)}"}), london(at))


def _steps(people: dict[str, str]) -> Iterator[tuple[str, AnyAction]]:
    who = {"key": "", "by": "staff"}
    yield "Tue 2028-03-07 09:00", Triage(**who, decision="accept")
    # Not resolved within three working days: at stage 1 by itself.
    manager = people["manager"]
    yield "Mon 2028-03-13 09:00", Assign(**who, investigator=manager)
    yield "Mon 2028-03-13 10:00", _spoken_to("Mon 2028-03-13 09:30")
    yield "Wed 2028-03-15 09:00", _answer()
    yield "Thu 2028-03-16 09:00", Escalate(**who, offers=("reasons", "further-evidence"))
    yield "Fri 2028-03-17 09:00", Assign(**who, investigator=people["director"])
    yield "Fri 2028-03-17 10:00", _spoken_to("Fri 2028-03-17 09:30")
    yield "Mon 2028-03-20 09:00", Refer(**who)
    # Nobody gave the hearing a date within 20 working days: overdue, and then it has one.
    yield "Mon 2028-05-08 09:00", SetHearing(**who, on=day("Fri 2028-05-12"))
    yield "Tue 2028-05-09 09:00", SetHearing(**who, on=day("Mon 2028-05-15"))
    second = people["independent-member"]
    chair = people["senior-manager"]
    yield "Wed 2028-05-10 09:00", Assign(**who, investigator=chair, together_with=second)
    yield "Wed 2028-06-07 09:00", _answer()


def _spoken_to(at: str) -> LogContact:
    return LogContact(key="", by="staff", outcome="made", how="phone", happened_at=london(at))


def _answer() -> Respond:
    answer = Answer(point="1", text="Damp", decision="upheld", reasons="Our records say so.")
    return Respond(key="", by="staff", definition="Damp", answers=(answer,))
