"""From stage to stage and to the end: requests, declines, referrals, sending on. Pure.

For each action a check, which refuses with a stable code and changes nothing, and what it does.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from services.notify.contents import Closing, MovedOnNotice, ToAssign
from services.notify.contents import Decline as DeclineNotice
from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.events import (
    ClockName,
    Closed,
    DeclineAnswered,
    Declined,
    MovedOn,
    StageRequested,
    Withdrawn,
)
from services.shared.local_time import end_of, local_date
from services.workflow.answering import check_contacted
from services.workflow.clocks import Due
from services.workflow.complaint import Complaint
from services.workflow.messages import Decline, Escalate, SendOn
from services.workflow.stages import Stage
from services.workflow.turn import Turn


def check_escalate(complaint: Complaint, action: Escalate, now: datetime) -> None:
    """Lets the resident ask for the next stage, or answer that it was declined."""
    if complaint.status not in {"answered", "declined"} and not complaint.over:
        raise AgainstTheRules("not-answered", "This stage has not been answered yet.")
    window = complaint.window
    if window is None:
        raise AgainstTheRules("no-next-stage", "No stage that can be asked for comes next.")
    due, requested_at = window.due, action.requested_at or now
    if requested_at > now or local_date(requested_at) < due.anchor_date:
        raise MendRequest(
            "not-requested-then", "The request lies between the answer to this stage and now."
        )
    if requested_at < due.passes_at:
        return
    considered = due.late_on is not None and local_date(requested_at) <= due.late_on
    if not (considered and action.considered_late):
        how = "; say that it is considered all the same (considered_late)" if considered else ""
        raise AgainstTheRules(
            "requested-too-late",
            f"The time to ask was until {due.on:%A %d %B %Y}{how}.",
            until=due.on.isoformat(),
        )


def escalate(turn: Turn, action: Escalate, dues: Iterable[Due]) -> None:
    """Enters the stage that was asked for, or considers the request for it again."""
    complaint = turn.complaint
    requested_at = action.requested_at or turn.now
    left = complaint.stage
    turn.stop_clocks()
    if complaint.asked_for_again:
        complaint.status = "escalated"
        complaint.late_requests_until = None
        complaint.offers = tuple(dict.fromkeys((*complaint.offers, *action.offers)))
        turn.record(DeclineAnswered, at=requested_at)
    else:
        window = complaint.window
        late = window is not None and requested_at >= window.due.passes_at
        complaint.enter(following(complaint), local_date(requested_at))
        complaint.offers = action.offers
        turn.record(StageRequested, at=requested_at, from_stage=left.name, late=late)
    _begin(turn, left, "requested", dues)


def check_decline(complaint: Complaint, action: Decline) -> None:
    """Lets a request be declined for a reason of the policy that the resident has not met."""
    request = complaint.stage.request
    if complaint.status != "escalated":
        raise AgainstTheRules("nothing-to-decline", "No request waits to be granted or declined.")
    if request is None or not request.declines:
        raise AgainstTheRules(
            "cannot-be-declined",
            "Under the policy a request for this stage is granted (Code 5.11).",
        )
    reason = request.reason(action.reason)
    if reason is None:
        known = [one.code for one in request.declines]
        raise MendRequest(
            "unknown-reason",
            f"The policy knows these reasons only: {', '.join(known)}.",
            reasons=list(known),
        )
    if reason.unless is not None and reason.unless in complaint.offers:
        raise AgainstTheRules(
            "reason-does-not-hold", f"The resident has given {reason.unless.replace('-', ' ')}."
        )


def decline(turn: Turn, action: Decline, reply: Due | None) -> None:
    """Declines the request; `reply` is the resident's time to answer that, if there is one."""
    complaint = turn.complaint
    request = complaint.stage.request
    reason = request.reason(action.reason) if request else None
    if reason is None:
        raise LookupError(action.reason)
    turn.stop_clocks()
    complaint.status = "declined"
    turn.record(Declined, reason=reason.code, final=reply is None)
    if reply is not None:
        turn.start_clock(reply)
    turn.write_to_resident(
        DeclineNotice(
            reason=reason.wording,
            explanation=action.explanation,
            reply_by=None if reply is None else reply.on,
        )
    )
    if reply is None:
        window = complaint.window
        complaint.status = "closed"
        if window is not None and window.due.passes_at > turn.now:
            # Something new may come up while the stage can still be asked for.
            complaint.late_requests_until = window.due.passes_at
        turn.record(Closed, reason="declined")


def check_refer(complaint: Complaint) -> None:
    """Lets whoever answers this stage pass the complaint on to the next instead."""
    stage = complaint.following
    if stage is None or not stage.can_be_referred_to:
        raise AgainstTheRules("no-referral", "The policy knows no referral from this stage.")
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    if complaint.status == "declined":
        raise AgainstTheRules("declined", "The request for this stage has been declined.")
    if stage.admission == "on-referral":
        if complaint.investigator is None:
            raise AgainstTheRules("not-assigned", "Assign a named investigator first.")
        check_contacted(complaint)


def refer(turn: Turn, dues: Iterable[Due]) -> None:
    """Passes the complaint on, as not resolved or for whoever hears it next."""
    unresolved = following(turn.complaint).admission == "when-not-resolved"
    move_on(turn, "not-resolved" if unresolved else "referred", dues)


def move_on(turn: Turn, because: Literal["not-resolved", "referred"], dues: Iterable[Due]) -> None:
    """Enters the next stage without a request; tells the resident, and who must assign it."""
    complaint = turn.complaint
    left, stage = complaint.stage, following(complaint)
    turn.stop_clocks()
    dues = tuple(dues)
    complaint.enter(stage, min(due.anchor_date for due in dues))
    turn.record(MovedOn, from_stage=left.name, because=because)
    _begin(turn, left, because, dues)


def _begin(
    turn: Turn,
    left: Stage,
    because: Literal["requested", "not-resolved", "referred"],
    dues: Iterable[Due],
) -> None:
    """Starts a stage's clocks, and tells who would not hear of it otherwise."""
    complaint = turn.complaint
    due_on: dict[ClockName, date] = {}
    for due in dues:
        turn.start_clock(due)
        due_on[due.clock] = due.on
    dates = {"acknowledge_by": due_on.get("acknowledge"), "respond_by": due_on.get("respond")}
    if because != "requested" or "acknowledge" not in due_on:
        # Who has asked for a stage with an acknowledgement hears of it by that.
        turn.write_to_resident(MovedOnNotice(from_stage=left.title, because=because, **dates))
    if complaint.investigator is None:
        to_assign = ToAssign(from_stage=left.title, arrange_by=due_on.get("arrange"), **dates)
        turn.write_to_staff("complaints-officer", to_assign)


def check_send_on(complaint: Complaint) -> None:
    """Lets an answered complaint go straight to the Ombudsman where the policy says so."""
    if complaint.stage.send_on is None:
        raise AgainstTheRules("cannot-be-sent-on", "The policy skips no stage from here.")
    if complaint.status != "answered":
        raise AgainstTheRules("not-answered", "This stage has not been answered yet.")


def send_on(turn: Turn, action: SendOn) -> None:
    """Ends the procedure; the resident is told why, and whom to turn to."""
    turn.stop_clocks()
    turn.complaint.status = "closed"
    turn.record(Closed, reason="sent-on")
    turn.write_to_resident(Closing(reason="sent-on", explanation=action.explanation))


def withdraw(turn: Turn) -> None:
    """Ends the procedure because the resident takes the complaint back."""
    turn.complaint.status = "withdrawn"
    turn.stop_clocks()
    turn.record(Withdrawn)
    turn.write_to_resident(Closing(reason="withdrawn"))


def close(turn: Turn) -> None:
    """Closes the complaint: the resident's own time has passed.

    It sleeps on for requests that came in time and lay unread, or that the policy considers late.
    """
    complaint = turn.complaint
    window = complaint.window
    reason: Literal["declined", "not-escalated"] = (
        "declined" if complaint.asked_for_again else "not-escalated"
    )
    turn.stop_clocks()
    complaint.status = "closed"
    if window is not None:
        days = [day for day in (window.due.late_on, window.due.entered_by) if day is not None]
        until = max((end_of(day, None) for day in days), default=turn.now)
        complaint.late_requests_until = until if until > turn.now else None
    turn.record(Closed, reason=reason)
    exceptions = complaint.exceptions_until
    late_until = window.due.late_on if window and exceptions and exceptions > turn.now else None
    turn.write_to_resident(Closing(reason=reason, late_until=late_until))


def following(complaint: Complaint) -> Stage:
    """Returns the stage after this one. Raises LookupError at the last."""
    stage = complaint.following
    if stage is None:
        raise LookupError(complaint.stage_name)
    return stage
