"""Turns a saved action into the workflow's own, with the words that its letter needs.

A response repeats the complaint's definition and the text of each point, so that the resident
need not look the acknowledgement up. Those words are kept in the case file, not in the workflow,
so they are filled in here. What may tell of a resident's life stays here: a ground for urgency or
the reason of a late request reaches the workflow as its consequence alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.intake.engine import Engine
from services.intake.tables import SavedAction
from services.shared.errors import AgainstTheRules, MendRequest
from services.workflow import contract

ACTIONS: dict[str, type[contract.AnyAction]] = {
    "triage": contract.Triage,
    "classify": contract.Classify,
    "assign": contract.Assign,
    "acknowledge": contract.Acknowledge,
    "points": contract.AddPoints,
    "contacts": contract.LogContact,
    "extend": contract.Extend,
    "agree-date": contract.AgreeDate,
    "hearing": contract.SetHearing,
    "respond": contract.Respond,
    "escalate": contract.Escalate,
    "decline": contract.Decline,
    "refer": contract.Refer,
    "send-on": contract.SendOn,
    "withdraw": contract.Withdraw,
    "confirm": contract.Confirm,
    "help": contract.AskHelp,
    "log-response": contract.LogResponse,
    "promises-kept": contract.KeepPromise,
    "ombudsman": contract.InvolveOmbudsman,
    "determination": contract.RecordDetermination,
    "survey": contract.AnswerSurvey,
    "lessons": contract.LearnLesson,
}
"""The workflow's action of each verb of the API."""

CASE_FILE_ONLY = {"note", "grounds", "words", "late_because"}
"""What a body holds that the workflow has no need to know."""

Body = Mapping[str, Any]
"""The body of a saved action, as JSON."""


async def to_workflow(
    saved: SavedAction, done: Sequence[SavedAction], engine: Engine
) -> contract.AnyAction:
    """Returns the action as the workflow takes it. `done` are the complaint's, oldest first.

    Raises MendRequest `unknown-ground` for triage; for a response that does not fit what there is
    to answer MendRequest `unknown-point`, `points-needed` or `points-set-out`, or AgainstTheRules
    `not-acknowledged`; and TryLater when the stage could not be read.
    """
    whole = saved.body or {}
    body: dict[str, Any] = {
        name: value for name, value in whole.items() if name not in CASE_FILE_ONLY
    }
    match saved.verb:
        case "triage" if whole.get("grounds"):
            body |= _urgency(whole, await engine.position(saved.reference))
        case "help":
            body["note"] = whole.get("note")  # to the line manager; of a contact it stays here
        case "escalate":
            body["considered_late"] = "late_because" in whole
        case "respond":
            position = await engine.position(saved.reference)
            body |= _set_out(whole, position, _at_stage(done, position.stage))
    return ACTIONS[saved.verb].model_validate({**body, "key": saved.update_id, "by": saved.by})


def _urgency(triage: Body, position: contract.Position) -> dict[str, Any]:
    """Returns what the grounds amount to; a priority that staff gave stays (Code 6.1)."""
    found = contract.urgency(position.policy, position.policy_effective, triage["grounds"])
    given = triage["priority"]
    return {"priority": given if given == "high" else found.priority, "at_once": found.at_once}


def _at_stage(done: Iterable[SavedAction], stage: str) -> list[SavedAction]:
    return [action for action in done if (action.answer or {}).get("stage") == stage]


def _set_out(
    response: Body, position: contract.Position, done: Iterable[SavedAction]
) -> dict[str, Any]:
    """Returns the definition, and the answers each with the text of its point.

    Both stand in the stage's acknowledgement, or, where it has none, in the response itself.
    """
    definition, texts = None, []
    for action in done:
        earlier: Body = action.body or {}
        if action.verb == "acknowledge":
            definition, texts = earlier["definition"], list(earlier["points"])
        elif action.verb == "points":
            texts += earlier["points"]
    if definition is None:
        return _set_out_by_itself(response, position)
    if "definition" in response or any("text" in answer for answer in response["answers"]):
        raise MendRequest(
            "points-set-out",
            "The acknowledgement has set the definition and the points out: leave them out here.",
        )
    by_number = {str(number): text for number, text in enumerate(texts, start=1)}
    return {"definition": definition, "answers": _with_texts(response["answers"], by_number)}


def _with_texts(answers: Iterable[Body], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    unknown = sorted({answer["point"] for answer in answers} - set(texts))
    if unknown:
        raise MendRequest(
            "unknown-point",
            f"This stage has no point {', '.join(unknown)}.",
            unknown=list(unknown),
            points=list(texts),
        )
    return [{**answer, "text": texts[answer["point"]]} for answer in answers]


def _set_out_by_itself(response: Body, position: contract.Position) -> dict[str, Any]:
    clocks = {clock.clock for clock in position.clocks if clock.stage == position.stage}
    if "acknowledge" in clocks:
        raise AgainstTheRules(
            "not-acknowledged", "Acknowledge the complaint with its definition and points first."
        )
    without = [answer["point"] for answer in response["answers"] if "text" not in answer]
    if "definition" not in response or without:
        raise MendRequest(
            "points-needed",
            "Nothing was acknowledged at this stage: give the definition, and the text of each "
            "point.",
            without_text=list(without),
        )
    return {"definition": response["definition"], "answers": response["answers"]}
