"""Turns a saved action into the workflow's own, with the words that its letter needs.

A response repeats the complaint's definition and the text of each point, so that the resident
need not look the acknowledgement up. Those words are kept in the case file, not in the workflow,
so they are filled in here.
"""

from collections.abc import Sequence
from typing import Any

from services.intake.engine import Engine
from services.intake.tables import SavedAction
from services.shared.errors import AgainstTheRules, MendRequest
from services.workflow import contract

ACTIONS: dict[str, type[contract.AnyAction]] = {
    "triage": contract.Triage,
    "assign": contract.Assign,
    "acknowledge": contract.Acknowledge,
    "contacts": contract.LogContact,
    "extend": contract.Extend,
    "respond": contract.Respond,
    "escalate": contract.Escalate,
    "withdraw": contract.Withdraw,
}
"""The workflow's action of each verb of the API."""

CASE_FILE_ONLY = {"note"}
"""What a body holds that the workflow has no need to know."""


async def to_workflow(
    saved: SavedAction, done: Sequence[SavedAction], engine: Engine
) -> contract.AnyAction:
    """Returns the action as the workflow takes it. `done` are the complaint's, oldest first.

    Raises MendRequest `unknown-point` and AgainstTheRules `not-acknowledged` for a response that
    has nothing to answer, and TryLater when the stage could not be read.
    """
    body: dict[str, Any] = {
        name: value for name, value in (saved.body or {}).items() if name not in CASE_FILE_ONLY
    }
    if saved.verb == "respond":
        stage = (await engine.position(saved.reference)).stage
        body = _respond(body, _acknowledgement(done, stage))
    return ACTIONS[saved.verb].model_validate({**body, "key": saved.update_id, "by": saved.by})


def _acknowledgement(done: Sequence[SavedAction], stage: str) -> dict[str, Any]:
    """Returns the body of the latest acknowledgement of this stage."""
    for action in reversed(done):
        if action.verb == "acknowledge" and (action.answer or {}).get("stage") == stage:
            return action.body or {}
    raise AgainstTheRules(
        "not-acknowledged", "Acknowledge the complaint with its definition and points first."
    )


def _respond(body: dict[str, Any], acknowledgement: dict[str, Any]) -> dict[str, Any]:
    texts = {str(number): text for number, text in enumerate(acknowledgement["points"], start=1)}
    unknown = sorted({answer["point"] for answer in body["answers"]} - set(texts))
    if unknown:
        raise MendRequest(
            "unknown-point",
            f"The acknowledgement has no point {', '.join(unknown)}.",
            unknown=list(unknown),
            points=list(texts),
        )
    return {
        **body,
        "definition": acknowledgement["definition"],
        "answers": [{**answer, "text": texts[answer["point"]]} for answer in body["answers"]],
    }
