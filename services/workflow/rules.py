"""What may be done to a complaint now, by its policy and where it stands. Pure checks.

Each refusal has a stable code. A check changes nothing; `actions.py` does what passed it.
"""

from collections.abc import Mapping
from datetime import datetime

from services.notify.contract import PersonFound
from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.local_time import local_date
from services.workflow import aftercare, answering, classifying, in_charge, moving_on, taking_in
from services.workflow.complaint import Complaint
from services.workflow.messages import (
    Acknowledge,
    AddPoints,
    AgreeDate,
    AnyAction,
    AskHelp,
    Assign,
    Classify,
    Confirm,
    Decline,
    Escalate,
    Extend,
    LogContact,
    LogResponse,
    Refer,
    Respond,
    SendOn,
    SetHearing,
    TellOfMail,
    Triage,
    Withdraw,
)

Roles = tuple[str, ...]
"""The directory roles of which a person must have one; none means any."""


def check(complaint: Complaint, action: AnyAction, now: datetime) -> None:  # noqa: C901, PLR0912 — one line for each action
    """Lets the action pass, or raises AgainstTheRules or MendRequest with a stable code."""
    if complaint.over and not _still_possible(complaint, action):
        raise AgainstTheRules(
            "complaint-ended", f"The complaint is {complaint.status}. {_instead(complaint)}"
        )
    match action:
        case Triage():
            taking_in.check_triage(complaint, action)
        case Classify():
            classifying.check(action)
        case Assign():
            taking_in.check_assign(complaint, action)
        case Acknowledge():
            taking_in.check_acknowledge(complaint)
        case AddPoints():
            taking_in.check_add_points(complaint, action)
        case LogContact():
            taking_in.check_contact(complaint, action, now)
        case Extend():
            answering.check_extend(complaint, action, now)
        case AgreeDate():
            answering.check_agree_date(complaint, action, now)
        case SetHearing():
            answering.check_hearing(complaint, action, now)
        case Respond():
            answering.check_respond(complaint, action, now)
        case LogResponse():
            answering.check_log_response(complaint, action, now)
        case Escalate():
            moving_on.check_escalate(complaint, action, now)
        case Decline():
            moving_on.check_decline(complaint, action)
        case Refer():
            moving_on.check_refer(complaint)
        case SendOn():
            moving_on.check_send_on(complaint)
        case Confirm():
            in_charge.check_confirm(complaint, action)
        case AskHelp():
            in_charge.check_ask_help(complaint)
        case Withdraw() | TellOfMail():
            pass
        case _:
            aftercare.check(local_date(now), complaint, action)


def _still_possible(complaint: Complaint, action: AnyAction) -> bool:
    """Returns whether the action can be done to a complaint at its end."""
    if isinstance(action, Escalate | TellOfMail):
        # Mail that nobody in charge could act on is for the complaints officer to judge.
        return complaint.late_requests_until is not None
    at_any_time = Classify | aftercare.Aftercare
    return isinstance(action, at_any_time) and complaint.listens_until is not None


def _instead(complaint: Complaint) -> str:
    anew = "What is new is brought in as a new complaint."
    if complaint.listens_until is None:
        return anew
    return f"What follows can still be recorded: promises kept, the Ombudsman, lessons. {anew}"


def people(complaint: Complaint, action: AnyAction) -> dict[str, Roles]:
    """Returns whom the directory must know before the action, by staff id, in which roles."""
    stage = complaint.stage
    match action:
        case Assign():
            answered_by = stage.answered_by
            needed = {action.investigator: answered_by.roles if answered_by else ()}
            if action.together_with is not None:
                needed[action.together_with] = answered_by.together_with if answered_by else ()
            return needed
        case SetHearing():
            return dict.fromkeys(action.members, ())
        case Decline() if stage.request is not None and stage.request.decided_by:
            return {action.by: stage.request.decided_by}
        case SendOn() if stage.send_on is not None:
            return {action.authorised_by: stage.send_on.roles}
        case Triage(decision="refuse"):
            exclusion = complaint.rules.exclusion(action.reason or "")
            return {action.by: exclusion.decided_by} if exclusion and exclusion.decided_by else {}
        case _:
            return {}


def check_people(complaint: Complaint, action: AnyAction, found: Mapping[str, PersonFound]) -> None:
    """Refuses somebody the directory lacks (`unknown-staff`) or the policy (`role-not-allowed`).

    `found` are the directory's answers by staff id.
    """
    for staff_id, roles in people(complaint, action).items():
        person = found[staff_id].person if staff_id in found else None
        if person is None:
            raise MendRequest(
                "unknown-staff", f"The staff directory has nobody of the id {staff_id!r}."
            )
        if roles and person.role not in roles:
            raise AgainstTheRules(
                "role-not-allowed",
                f"At {complaint.stage.title} this is for one of: {', '.join(roles)}.",
                roles=list(roles),
            )
