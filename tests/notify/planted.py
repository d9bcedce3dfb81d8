"""Words that can be found again in the place of all that people enter about a complaint."""

import re
from datetime import datetime
from typing import Any

from services.notify.contents import PromisedAction
from services.notify.contract import Addressee
from services.workflow import messages
from services.workflow.messages import AnyAction
from services.workflow.simulation import Simulation
from services.workflow.turn import Turn
from tests.days import day

ADDRESSEE = Addressee(
    name="Zoë Planted",
    email="zoe.planted@example.org",
    address="77 Planted Street",
    phone="07700 900777",
    texts=True,
)

PLANTED = re.compile(r"[a-z]+(?:-\d+)? of the case, with asthma")
"""What people entered: it tells of somebody's health, as their words may."""


def planted(name: str) -> str:
    """Returns the words that stand for what was entered under that name."""
    return f"{name} of the case, with asthma"


class PlantedLife(Simulation):
    """A life in which everything that people enter is planted, and every panel has members."""

    def act(self, action: AnyAction, at: datetime) -> Turn:
        """Acts with planted words. Raises the refusal, if there is one."""
        return super().act(_with_planted_words(action), at)


def _with_planted_words(action: AnyAction) -> AnyAction:
    told: dict[str, Any] = {}
    match action:
        case messages.Triage(decision="refuse") | messages.Decline() | messages.SendOn():
            told = {"explanation": planted("explanation")}
        case messages.Acknowledge():
            told = {
                "definition": planted("definition"),
                "points": _points(len(action.points)),
                "outcomes_sought": planted("outcome"),
                "not_ours": planted("foreign"),
            }
        case messages.AddPoints():
            told = {"points": _points(len(action.points))}
        case messages.Extend():
            told = {"reason": planted("delay")}
        case messages.SetHearing(members=()):
            told = {"members": ("hal", "kim")}
        case messages.AskHelp():
            told = {"note": planted("note")}
        case messages.Respond():
            told = {
                "definition": planted("definition"),
                "answers": tuple(
                    answer.model_copy(
                        update={
                            "text": planted(f"point-{answer.point}"),
                            "reasons": planted(f"because-{answer.point}"),
                        }
                    )
                    for answer in action.answers
                ),
                "remedy": planted("remedy"),
                "actions": (PromisedAction(what=planted("promise"), by=day("Fri 2029-06-01")),),
            }
    return action.model_copy(update=told)


def _points(number: int) -> tuple[str, ...]:
    return tuple(planted(f"point-{one}") for one in range(1, number + 1))
