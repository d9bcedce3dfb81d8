"""Answering a stage: more time, an agreed date, a hearing, the response. Pure.

For each action a check, which refuses with a stable code and changes nothing, and what it does.
"""

from datetime import date, datetime, time

from services.notify.contents import (
    AgreedDateNotice,
    ExtensionNotice,
    HearingNotice,
    PanelHearing,
    PointAnswer,
    ResponseNotice,
)
from services.shared.errors import AgainstTheRules, MendRequest
from services.shared.events import (
    Closed,
    DateAgreed,
    Decision,
    Extended,
    Finding,
    HearingSet,
    Promise,
    Responded,
)
from services.shared.local_time import at, local_date
from services.workflow.clocks import Due
from services.workflow.complaint import Complaint, PromisedUntil, RunningClock
from services.workflow.counting import add_calendar
from services.workflow.messages import AgreeDate, Extend, LogResponse, Respond, SetHearing
from services.workflow.spans import Span
from services.workflow.stages import Extension
from services.workflow.turn import Turn

FARTHEST_HEARING = Span(count=12, unit="months")
"""How far ahead a hearing can be set: a year mistyped would let it wait unseen for years."""


def check_extend(complaint: Complaint, action: Extend, now: datetime) -> None:
    """Lets an extension pass inside the original time and the policy's cap (Code 6.4, 6.5, 6.15).

    Beyond the cap, or wherever the policy wants it agreed, it needs the resident's agreement.
    """
    rule = complaint.stage.extension
    if rule is None:
        raise AgainstTheRules("no-extension", "The policy knows no extension of this stage.")
    due = _open_response(complaint).due
    if now >= due.passes_at:
        raise AgainstTheRules(
            "too-late-to-extend",
            f"The response was due on {due.on:%A %d %B %Y}: an extension is made inside the "
            "original time (Code 6.5).",
            due=due.on.isoformat(),
        )
    if action.until <= due.on:
        raise MendRequest(
            "not-an-extension",
            f"The response is due on {due.on:%A %d %B %Y}: give a later day.",
            due=due.on.isoformat(),
        )
    if action.agreed_on is not None:
        _check_agreed_on(complaint, action.agreed_on, now)
    _check_cap(rule, due, action)


def extend(turn: Turn, action: Extend, due: Due) -> None:
    """Puts the response off to `due`, and tells the resident."""
    was = _response(turn.complaint).due.on
    turn.record(Extended, was=was, until=action.until, agreed_on=action.agreed_on)
    turn.start_clock(due)
    turn.write_to_resident(
        ExtensionNotice(
            reason=action.reason, was=was, until=action.until, agreed_on=action.agreed_on
        )
    )


def check_agree_date(complaint: Complaint, action: AgreeDate, now: datetime) -> None:
    """Lets a date pass that the resident agreed to, where the policy goes by that."""
    if complaint.stage.agreed_date is None:
        raise AgainstTheRules(
            "no-agreed-dates", "At this stage the policy knows no date agreed with the resident."
        )
    due = _open_response(complaint).due
    if now >= due.passes_at:
        raise AgainstTheRules(
            "too-late-to-agree",
            f"The response was due on {due.on:%A %d %B %Y}: another date is agreed before that.",
            due=due.on.isoformat(),
        )
    if action.until == due.on or action.until < local_date(now):
        raise MendRequest("not-another-date", "Agree on a day to come, other than the due date.")
    _check_agreed_on(complaint, action.agreed_on, now)


def agree_date(turn: Turn, action: AgreeDate, due: Due) -> None:
    """Moves the response to the agreed date, and confirms it to the resident."""
    was = _response(turn.complaint).due.on
    turn.record(DateAgreed, was=was, until=action.until, agreed_on=action.agreed_on)
    turn.start_clock(due)
    turn.write_to_resident(
        AgreedDateNotice(was=was, until=action.until, agreed_on=action.agreed_on)
    )


def check_hearing(complaint: Complaint, action: SetHearing, now: datetime) -> None:
    """Lets a hearing be set, or put off while the stage is not answered."""
    if complaint.stage.hearing is None:
        raise AgainstTheRules("no-hearing", "The policy knows no hearing at this stage.")
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    # The first date may be entered after the event; another one is for a hearing put off.
    earliest = complaint.began_on if complaint.hearing_on is None else local_date(now)
    if action.on < earliest:
        raise MendRequest("hearing-too-early", f"The hearing is on {earliest} or later.")
    if action.on > add_calendar(FARTHEST_HEARING, local_date(now)):
        raise MendRequest("hearing-too-far", f"A hearing lies within {FARTHEST_HEARING}.")
    if action.on == complaint.hearing_on:
        raise MendRequest("not-another-date", f"The hearing is on {action.on} already.")


def set_hearing(turn: Turn, action: SetHearing, due: Due) -> None:
    """Sets the hearing; the response is `due` counted from it."""
    complaint = turn.complaint
    was = complaint.hearing_on
    complaint.hearing_on = action.on
    complaint.panel = action.members or complaint.panel
    arrange = complaint.clock("arrange")
    if arrange is not None and arrange.running:
        arrange.met_at = turn.now
    turn.record(HearingSet, on=action.on, was=was)
    turn.start_clock(due)
    turn.write_to_resident(HearingNotice(on=action.on, was=was, respond_by=due.on))
    for member in complaint.panel:
        notice = PanelHearing(on=action.on, was=was, respond_by=due.on)
        turn.write_to_staff("investigator", notice, instead=member)


def check_respond(complaint: Complaint, action: Respond, now: datetime) -> None:
    """Lets the response pass when whoever must has prepared it and every point is answered."""
    _check_prepared(complaint, now)
    _check_points(complaint, action)


def _check_prepared(complaint: Complaint, now: datetime) -> None:
    stage = complaint.stage
    if stage.hearing is not None:
        _check_heard(complaint, now)
    _open_response(complaint)
    if complaint.investigator is None:
        raise AgainstTheRules("not-assigned", "Assign a named investigator first.")
    if stage.answered_by and stage.answered_by.together_with and complaint.together_with is None:
        raise AgainstTheRules(
            "second-person-needed",
            f"{stage.title} is answered together with one of: "
            f"{', '.join(stage.answered_by.together_with)}.",
            roles=list(stage.answered_by.together_with),
        )
    check_contacted(complaint)


def respond(turn: Turn, action: Respond, window: Due | None) -> None:
    """Answers every point; `window` is the resident's time to ask for the next stage."""
    complaint = turn.complaint
    clock = _response(complaint)
    findings = tuple(Finding(point=a.point, decision=a.decision) for a in action.answers)
    decision = overall(tuple(finding.decision for finding in findings))
    in_time = turn.now < clock.due.passes_at
    clock.met_at = turn.now
    turn.stop_clocks()
    complaint.status = "answered"
    turn.record(
        Responded,
        decision=decision,
        findings=findings,
        due=clock.due.on,
        in_time=in_time,
        remedies=action.remedies,
        promises=_promised(complaint, action, local_date(turn.now)),
    )
    following = complaint.following
    further = following if following is not None and following.can_be_asked_for else None
    if window is not None:
        turn.start_clock(window)
    turn.write_to_resident(
        ResponseNotice(
            definition=action.definition,
            answers=tuple(PointAnswer(**answer.model_dump()) for answer in action.answers),
            decision=decision,
            remedy=action.remedy,
            actions=action.actions,
            investigator=complaint.investigator,
            next_stage=None if further is None else further.title,
            next_stage_needs=further.request.needs if further and further.request else (),
            escalate_by=None if window is None else window.on,
        )
    )
    if further is None:
        complaint.status = "closed"
        turn.record(Closed, reason="final-response")


def check_log_response(complaint: Complaint, action: LogResponse, now: datetime) -> None:
    """Lets a response that went out by other means be logged where one could be given."""
    _check_prepared(complaint, now)
    if not _answerable_from(complaint) <= action.responded_at <= now:
        raise MendRequest(
            "not-then",
            "The response lies between the receipt, acknowledgement or hearing before it and now.",
        )


def log_response(turn: Turn, action: LogResponse, window: Due | None) -> None:
    """Takes the stage as answered on the day on which that letter went out."""
    complaint = turn.complaint
    clock = _response(complaint)
    clock.met_at = action.responded_at
    turn.stop_clocks()
    complaint.status = "answered"
    turn.record(
        Responded,
        at=action.responded_at,
        decision=action.decision,
        findings=(),
        due=clock.due.on,
        in_time=action.responded_at < clock.due.passes_at,
        outside=True,
    )
    following = complaint.following
    if window is not None:
        turn.start_clock(window)
    if following is None or not following.can_be_asked_for:
        complaint.status = "closed"
        turn.record(Closed, reason="final-response")


def _answerable_from(complaint: Complaint) -> datetime:
    """Returns the instant before which no response to this stage can have gone out."""
    acknowledge = complaint.clock("acknowledge")
    days = [complaint.began_on, complaint.hearing_on or complaint.began_on]
    instants = [at(max(days), time(0)), complaint.facts.received_at]
    if acknowledge is not None and acknowledge.met_at is not None:
        instants.append(acknowledge.met_at)
    return max(instants)


def check_contacted(complaint: Complaint) -> None:
    """Refuses to go on before the contact that the policy wants first."""
    rule = complaint.stage.contact
    if rule is not None and rule.before_response and complaint.contacts == 0:
        raise AgainstTheRules(
            "no-contact",
            "The policy wants the resident spoken to, or an attempt recorded, before the response.",
        )


def _promised(complaint: Complaint, action: Respond, promised_on: date) -> tuple[Promise, ...]:
    """Numbers what is promised on from what was promised before, and remembers it."""
    first = len(complaint.promises) + 1
    promises = tuple(
        Promise(number=number, by=one.by) for number, one in enumerate(action.actions, first)
    )
    complaint.promises += [
        PromisedUntil(one.number, complaint.stage_name, promised_on, one.by) for one in promises
    ]
    return promises


def overall(decisions: tuple[Decision, ...]) -> Decision:
    """Returns the decision on the whole: upheld or not when every point is, else partially."""
    kinds = set(decisions)
    return kinds.pop() if len(kinds) == 1 else "partially-upheld"


def _check_cap(rule: Extension, due: Due, action: Extend) -> None:
    latest = due.latest_extension
    beyond = latest is not None and action.until > latest
    if beyond and latest is not None and (rule.beyond == "never" or action.agreed_on is None):
        agreement = "" if rule.beyond == "never" else "Without the resident's recorded agreement "
        the = "The" if rule.beyond == "never" else "the"
        raise AgainstTheRules(
            "beyond-the-cap",
            f"{agreement}{the} latest date is {latest:%A %d %B %Y}.",
            latest=latest.isoformat(),
        )
    if rule.needs_agreement and action.agreed_on is None:
        raise AgainstTheRules(
            "agreement-needed", "The policy wants an extension agreed with the resident."
        )


def _check_agreed_on(complaint: Complaint, agreed_on: date, now: datetime) -> None:
    if not local_date(complaint.facts.received_at) <= agreed_on <= local_date(now):
        raise MendRequest(
            "not-agreed-then", "The agreement lies between the receipt and today, both included."
        )


def _check_heard(complaint: Complaint, now: datetime) -> None:
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    if complaint.hearing_on is None:
        raise AgainstTheRules("no-hearing-date", "Set the hearing first.")
    if local_date(now) < complaint.hearing_on:
        raise AgainstTheRules("not-heard", f"The hearing is on {complaint.hearing_on:%A %d %B %Y}.")


def _check_points(complaint: Complaint, action: Respond) -> None:
    answered = [answer.point for answer in action.answers]
    # Without an acknowledgement the response itself sets the points out.
    points = complaint.points or tuple(dict.fromkeys(answered))
    open_points = [point for point in points if point not in answered]
    unknown = sorted(set(answered) - set(points))
    if not answered or open_points or unknown or len(answered) != len(set(answered)):
        raise AgainstTheRules(
            "points-not-answered",
            "Every point of the complaint is answered, each once (Code 6.7).",
            open=list(open_points),
            unknown=list(unknown),
        )


def _open_response(complaint: Complaint) -> RunningClock:
    """Returns the clock of the response that is still to be given."""
    if complaint.status == "answered":
        raise AgainstTheRules("already-answered", "This stage has been answered already.")
    if complaint.status == "declined":
        raise AgainstTheRules("declined", "The request for this stage has been declined.")
    clock = complaint.clock("respond")
    unread = complaint.stage.acknowledge is not None and complaint.status != "acknowledged"
    if clock is None or unread:
        raise AgainstTheRules(
            "not-acknowledged", "Acknowledge the complaint with its definition and points first."
        )
    return clock


def _response(complaint: Complaint) -> RunningClock:
    clock = complaint.clock("respond")
    if clock is None:
        raise LookupError(complaint.stage_name)
    return clock
