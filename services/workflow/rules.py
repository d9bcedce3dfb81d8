"""What may be done to a complaint now, by its policy and where it stands. Pure checks.

Each refusal has a stable code. A check changes nothing; `actions.py` does what passed it.
"""

from datetime import datetime

from services.notify.contract import PersonFound
from services.shared.errors import AgainstTheRules, MendRequest
from services.workflow.clocks import local_date
from services.workflow.complaint import Complaint, RunningClock
from services.workflow.contract import (
    Acknowledge,
    AnyAction,
    Assign,
    Escalate,
    Extend,
    LogContact,
    Respond,
    Triage,
    Withdraw,
)


def check(complaint: Complaint, action: AnyAction, now: datetime) -> None:
    """Lets the action pass, or raises AgainstTheRules or MendRequest with a stable code."""
    if complaint.over:
        raise AgainstTheRules(
            "complaint-ended", f"The complaint is {complaint.status}: nothing more can be done."
        )
    match action:
        case Triage():
            _triage(complaint, action)
        case Assign():
            _assign(complaint, action)
        case Acknowledge():
            _acknowledge(complaint)
        case LogContact():
            _log_contact(complaint, action, now)
        case Extend():
            _extend(complaint, action, now)
        case Respond():
            _respond(complaint, action)
        case Escalate():
            _escalate(complaint, action, now)
        case Withdraw():
            pass


def check_investigator(complaint: Complaint, found: PersonFound) -> None:
    """Refuses somebody the directory lacks (`unknown-staff`) or the stage (`role-not-allowed`).

    `found` is the directory's answer.
    """
    if found.person is None:
        raise MendRequest("unknown-staff", "The staff directory has nobody of that id.")
    roles = complaint.stage.roles
    if roles and found.person.role not in roles:
        raise AgainstTheRules(
            "role-not-allowed",
            f"At {complaint.stage.title} the investigator must be one of: {', '.join(roles)}.",
            roles=list(roles),
        )


def _triage(complaint: Complaint, action: Triage) -> None:
    if complaint.status != "received":
        raise AgainstTheRules("already-triaged", "The complaint has been taken in already.")
    if action.decision == "accept":
        return
    if action.reason is None or action.explanation is None:
        raise MendRequest(
            "reason-needed", "A refusal needs a reason of the policy and an explanation (Code 2.4)."
        )
    if complaint.rules.exclusion(action.reason) is None:
        reasons = [exclusion.code for exclusion in complaint.rules.exclusions]
        raise MendRequest(
            "unknown-reason",
            f"The policy knows these reasons only: {', '.join(reasons)}.",
            reasons=list(reasons),
        )


def _assign(complaint: Complaint, action: Assign) -> None:
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    if action.investigator == complaint.investigator:
        raise AgainstTheRules("already-assigned", "That person is the investigator already.")
    if (
        complaint.stage.investigator == "not-previously-involved"
        and action.investigator in complaint.involved
    ):
        raise AgainstTheRules(
            "previously-involved",
            f"{complaint.stage.title} must be reviewed by somebody who has not been involved "
            "before (Code 6.13).",
        )


def _acknowledge(complaint: Complaint) -> None:
    if complaint.status in {"acknowledged", "answered"}:
        raise AgainstTheRules("already-acknowledged", "This stage has been acknowledged already.")


def _log_contact(complaint: Complaint, action: LogContact, now: datetime) -> None:
    if action.happened_at > now:
        raise MendRequest("happened-in-future", "A contact cannot be logged before it happened.")
    # By day: people say when something was to the minute at best.
    if local_date(action.happened_at) < local_date(complaint.facts.received_at):
        raise MendRequest("happened-before-receipt", "The contact was before the complaint.")


def _extend(complaint: Complaint, action: Extend, now: datetime) -> None:
    clock = _respond_clock(complaint)
    due = clock.due
    if now >= due.passes_at:
        raise AgainstTheRules(
            "too-late-to-extend",
            f"The response was due on {due.on:%A %d %B %Y}: an extension is made inside the "
            "original time (Code 6.5).",
            due=due.on.isoformat(),
        )
    if action.until <= due.on:
        raise MendRequest("not-an-extension", f"The response is due on {due.on} already.")
    received_on = local_date(complaint.facts.received_at)
    if action.agreed_on is not None and not received_on <= action.agreed_on <= local_date(now):
        raise MendRequest(
            "not-agreed-then", "The agreement lies between the receipt and today, both included."
        )
    latest = due.latest_extension
    if latest is not None and action.until > latest and action.agreed_on is None:
        raise AgainstTheRules(
            "beyond-the-cap",
            f"Without the resident's recorded agreement the latest date is {latest:%A %d %B %Y}.",
            latest=latest.isoformat(),
        )


def _respond(complaint: Complaint, action: Respond) -> None:
    _respond_clock(complaint)
    if complaint.investigator is None:
        raise AgainstTheRules("not-assigned", "Assign a named investigator first.")
    if complaint.stage.contact_before_response and complaint.contacts == 0:
        raise AgainstTheRules(
            "no-contact",
            "The policy wants the resident spoken to, or an attempt recorded, before the response.",
        )
    answered = [answer.point for answer in action.answers]
    open_points = [point for point in complaint.points if point not in answered]
    unknown = sorted(set(answered) - set(complaint.points))
    if open_points or unknown or len(answered) != len(set(answered)):
        raise AgainstTheRules(
            "points-not-answered",
            "Every point of the complaint is answered, each once (Code 6.7).",
            open=list(open_points),
            unknown=list(unknown),
        )


def _escalate(complaint: Complaint, action: Escalate, now: datetime) -> None:
    if complaint.status != "answered":
        raise AgainstTheRules("not-answered", "This stage has not been answered yet.")
    answered = complaint.clock("respond")
    answered_at = answered.met_at if answered else None
    if action.requested_at is None or answered_at is None:
        return
    if action.requested_at > now or local_date(action.requested_at) < local_date(answered_at):
        raise MendRequest(
            "not-requested-then", "The request lies between the answer to this stage and now."
        )


def _respond_clock(complaint: Complaint) -> RunningClock:
    clock = complaint.clock("respond")
    if clock is None or complaint.status not in {"acknowledged", "answered"}:
        raise AgainstTheRules(
            "not-acknowledged", "Acknowledge the complaint with its definition and points first."
        )
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    return clock
