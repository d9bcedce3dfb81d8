"""What each action does to a complaint. Pure: due dates that it needs are asked for beforehand.

`question` says which due dates an action needs; the workflow has them worked out, so that they
stand in its history as facts; `carry_out` then changes the complaint and returns the turn.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from services.notify.contract import (
    Acknowledgement,
    Assignment,
    Closing,
    ExtensionNotice,
    Point,
    PointAnswer,
    Receipt,
    Refusal,
    ResponseNotice,
)
from services.shared.events import (
    Accepted,
    Acknowledged,
    Assigned,
    ClockName,
    Closed,
    Contacted,
    Decision,
    Extended,
    Finding,
    Received,
    Refused,
    Responded,
    StageRequested,
    Withdrawn,
)
from services.workflow.clocks import Due, DueQuestion, ExtendedBy, local_date
from services.workflow.complaint import Complaint, RunningClock
from services.workflow.contract import (
    Acknowledge,
    AnyAction,
    Assign,
    Escalate,
    Extend,
    LogContact,
    NewComplaint,
    Respond,
    Triage,
    Withdraw,
)
from services.workflow.policy import Stage
from services.workflow.turn import Turn

Dues = Mapping[ClockName, Due]
"""The due dates that an action asked for, by clock, in the order of the answer."""


def receive(new: NewComplaint) -> tuple[Complaint, Turn]:
    """Returns a complaint at its start, with the clocks that were promised, and its first turn."""
    complaint = Complaint(facts=new, stage_name=new.promise.stage)
    turn = Turn(complaint, new.entered_at, new.entered_by)
    turn.record(
        Received,
        at=new.received_at,
        policy=new.promise.policy,
        policy_effective=new.promise.policy_effective,
        channel=new.channel,
        entered_at=new.entered_at,
        category=new.category,
        service_area=new.service_area,
        region=new.region,
        anonymous=new.anonymous,
    )
    for due in new.promise.dues:
        turn.start_clock(due)
    turn.write_to_resident(
        Receipt(
            received_on=new.promise.dues[0].anchor_date,
            entered_on=local_date(new.entered_at),
            acknowledge_by=_due(complaint, "acknowledge"),
            respond_by=_due(complaint, "respond"),
        )
    )
    return complaint, turn


def question(complaint: Complaint, action: AnyAction, now: datetime) -> DueQuestion | None:
    """Returns which due dates must be worked out before the action can be carried out, if any."""
    ask = partial(
        DueQuestion,
        policy=complaint.rules.name,
        policy_effective=complaint.rules.effective,
        stage=complaint.stage_name,
        asked_at=now,
    )
    match action:
        case Acknowledge() if complaint.stage.respond.anchor == "acknowledged":
            # A late acknowledgement buys no time: the date that stands in for it goes on counting.
            late = now >= _clock(complaint, "acknowledge").due.passes_at
            return None if late else ask(clock="respond", anchored_at=now)
        case Extend():
            due = _clock(complaint, "respond").due
            extension = ExtendedBy(was=due.on, until=action.until)
            return ask(clock="respond", anchored_at=due.anchored_at, extension=extension)
        case Respond() if complaint.stage.escalate is not None:
            return ask(clock="escalate", anchored_at=now)
        case Escalate():
            following = _following(complaint)
            return ask(stage=following.name, clock=None, anchored_at=action.requested_at or now)
        case _:
            return None


def carry_out(complaint: Complaint, action: AnyAction, now: datetime, dues: Dues) -> Turn:
    """Does what the action says, which `rules.check` has let pass, and returns the turn."""
    turn = Turn(complaint, now, action.by)
    match action:
        case Triage():
            _triage(turn, action)
        case Assign():
            _assign(turn, action)
        case Acknowledge():
            _acknowledge(turn, action, dues)
        case LogContact():
            _log_contact(turn, action)
        case Extend():
            _extend(turn, action, dues["respond"])
        case Respond():
            _respond(turn, action, dues.get("escalate"))
        case Escalate():
            _escalate(turn, action, dues)
        case Withdraw():
            _withdraw(turn)
    complaint.done.append(action.key)
    return turn


def _triage(turn: Turn, action: Triage) -> None:
    complaint = turn.complaint
    if action.decision == "accept":
        complaint.status = "accepted"
        complaint.priority = action.priority
        turn.record(Accepted, priority=action.priority)
        return
    exclusion = complaint.rules.exclusion(action.reason or "")
    if exclusion is None:
        raise LookupError(action.reason)
    complaint.status = "refused"
    turn.stop_clocks()
    turn.record(Refused, reason=exclusion.code)
    turn.write_to_resident(Refusal(reason=exclusion.wording, explanation=action.explanation or ""))


def _assign(turn: Turn, action: Assign) -> None:
    complaint = turn.complaint
    complaint.investigators.append(action.investigator)
    turn.record(Assigned, investigator=action.investigator)
    acknowledge, respond = complaint.clock("acknowledge"), complaint.clock("respond")
    turn.write_to_staff(
        "investigator",
        Assignment(
            acknowledge_by=acknowledge.due.on if acknowledge and acknowledge.running else None,
            respond_by=respond.due.on if respond and respond.running else None,
        ),
    )


def _acknowledge(turn: Turn, action: Acknowledge, dues: Dues) -> None:
    complaint = turn.complaint
    clock = _clock(complaint, "acknowledge")
    in_time = turn.now < clock.due.passes_at
    clock.met_at = turn.now
    complaint.status = "acknowledged"
    complaint.points = tuple(str(number) for number in range(1, len(action.points) + 1))
    turn.record(Acknowledged, points=len(complaint.points), due=clock.due.on, in_time=in_time)
    if "respond" in dues:
        turn.start_clock(dues["respond"])
    first = complaint.stage is complaint.rules.stages[0]
    turn.write_to_resident(
        Acknowledgement(
            about="acknowledgement" if first else "stage-acknowledgement",
            definition=action.definition,
            points=tuple(
                Point(point=number, text=text)
                for number, text in zip(complaint.points, action.points, strict=True)
            ),
            outcomes_sought=action.outcomes_sought,
            not_ours=action.not_ours,
            investigator=complaint.investigator,
            respond_by=_due(complaint, "respond"),
        )
    )


def _log_contact(turn: Turn, action: LogContact) -> None:
    turn.complaint.contacts += 1
    turn.record(Contacted, outcome=action.outcome, how=action.how, happened_at=action.happened_at)


def _extend(turn: Turn, action: Extend, due: Due) -> None:
    was = _clock(turn.complaint, "respond").due.on
    turn.record(Extended, was=was, until=action.until, agreed_on=action.agreed_on)
    turn.start_clock(due)
    turn.write_to_resident(
        ExtensionNotice(
            reason=action.reason, was=was, until=action.until, agreed_on=action.agreed_on
        )
    )


def _respond(turn: Turn, action: Respond, window: Due | None) -> None:
    complaint = turn.complaint
    clock = _clock(complaint, "respond")
    findings = tuple(Finding(point=a.point, decision=a.decision) for a in action.answers)
    decision = overall(tuple(finding.decision for finding in findings))
    in_time = turn.now < clock.due.passes_at
    clock.met_at = turn.now
    complaint.status = "answered"
    turn.record(Responded, decision=decision, findings=findings, due=clock.due.on, in_time=in_time)
    if window is not None:
        turn.start_clock(window)
    following = complaint.rules.next_stage(complaint.stage_name)
    turn.write_to_resident(
        ResponseNotice(
            definition=action.definition,
            answers=tuple(PointAnswer(**answer.model_dump()) for answer in action.answers),
            decision=decision,
            remedy=action.remedy,
            actions=action.actions,
            investigator=complaint.investigator,
            next_stage=None if following is None else following.title,
            escalate_by=None if window is None else window.on,
        )
    )
    if following is None:
        complaint.status = "closed"
        turn.record(Closed, reason="final-response")


def _escalate(turn: Turn, action: Escalate, dues: Dues) -> None:
    complaint = turn.complaint
    turn.stop_clocks()
    following = _following(complaint)
    complaint.involved += complaint.investigators
    from_stage = complaint.stage_name
    complaint.stage_name = following.name
    complaint.status = "escalated"
    complaint.investigators = []
    complaint.points = ()
    complaint.contacts = 0
    turn.record(StageRequested, at=action.requested_at or turn.now, from_stage=from_stage)
    for due in dues.values():
        turn.start_clock(due)


def _withdraw(turn: Turn) -> None:
    turn.complaint.status = "withdrawn"
    turn.stop_clocks()
    turn.record(Withdrawn)
    turn.write_to_resident(Closing(reason="withdrawn"))


def overall(decisions: tuple[Decision, ...]) -> Decision:
    """Returns the decision on the whole: upheld or not when every point is, else partially."""
    kinds = set(decisions)
    return kinds.pop() if len(kinds) == 1 else "partially-upheld"


def _following(complaint: Complaint) -> Stage:
    following = complaint.rules.next_stage(complaint.stage_name)
    if following is None:
        raise LookupError(complaint.stage_name)
    return following


def _clock(complaint: Complaint, name: ClockName) -> RunningClock:
    clock = complaint.clock(name)
    if clock is None:
        raise LookupError(name)
    return clock


def _due(complaint: Complaint, name: ClockName) -> date:
    return _clock(complaint, name).due.on
