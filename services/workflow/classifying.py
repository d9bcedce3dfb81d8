"""What a complaint is about, where, and how the home is held: recorded late, or put right. Pure.

Measures are counted by it, and much of it is not known at the start: mail says none of it.
"""

from typing import Any

from services.shared.errors import MendRequest
from services.shared.events import Classified
from services.workflow.messages import Classify
from services.workflow.turn import Turn


def check(action: Classify) -> None:
    """Refuses an action that says nothing, with MendRequest `classification-needed`."""
    if not _given(action):
        raise MendRequest(
            "classification-needed",
            "Give at least one of category, service_area, region and tenure.",
        )


def classify(turn: Turn, action: Classify) -> None:
    """Takes over what is given; whoever is written to from now on is chosen by it."""
    given = _given(action)
    turn.complaint.facts = turn.complaint.facts.model_copy(update=given)
    turn.record(Classified, **given)


def _given(action: Classify) -> dict[str, Any]:
    return action.model_dump(exclude={"key", "by"}, exclude_none=True)
