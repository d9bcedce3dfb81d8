"""What each action does to a complaint. Pure: due dates that it needs are asked for beforehand.

`question` says which due dates an action needs; the workflow has them worked out, so that they
stand in its history as facts; `carry_out` then changes the complaint and returns the turn.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.shared.events import ClockName
from services.workflow import aftercare, answering, classifying, in_charge, moving_on, taking_in
from services.workflow.clocks import Due, DueQuestion, PutOff, noon
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
from services.workflow.taking_in import receive
from services.workflow.turn import Turn

__all__ = ["Dues", "carry_out", "question", "receive"]

Dues = Mapping[ClockName, Due]
"""The due dates that an action asked for, by clock, in the order of the answer."""


def question(  # noqa: PLR0911 — one question for each action that has one
    complaint: Complaint, action: AnyAction, now: datetime
) -> DueQuestion | None:
    """Returns which due dates must be worked out before the action can be carried out, if any."""
    stage = complaint.stage
    ask = partial(
        DueQuestion,
        policy=complaint.rules.name,
        policy_effective=complaint.rules.effective,
        stage=stage.name,
        asked_at=now,
    )
    match action:
        case Acknowledge() if stage.respond.anchor == "acknowledged":
            # A late acknowledgement buys no time: the date that stands in for it goes on counting.
            clock = complaint.clock("acknowledge")
            late = clock is not None and now >= clock.due.passes_at
            return None if late else ask(clock="respond", anchored_at=now)
        case Extend() | AgreeDate():
            due = _response_due(complaint)
            how = "extended" if isinstance(action, Extend) else "agreed"
            put_off = PutOff(was=due.on, until=action.until, how=how)
            return ask(clock="respond", anchored_at=due.anchored_at, put_off=put_off)
        case SetHearing():
            return ask(clock="respond", anchored_at=noon(action.on))
        case Respond() if stage.escalate is not None:
            return ask(clock="escalate", anchored_at=now)
        case LogResponse() if stage.escalate is not None:
            return ask(clock="escalate", anchored_at=action.responded_at)
        case Escalate() if complaint.asked_for_again:
            return ask(clock=None, anchored_at=action.requested_at or now)
        case Escalate():
            following = moving_on.following(complaint)
            return ask(stage=following.name, clock=None, anchored_at=action.requested_at or now)
        case Decline() if stage.request is not None and stage.request.reply is not None:
            # An answer to it is considered once; a second decline is the last word.
            again = complaint.clock("reply") is not None
            return None if again else ask(clock="reply", anchored_at=now)
        case Refer():
            return ask(stage=moving_on.following(complaint).name, clock=None, anchored_at=now)
        case _:
            return None


def carry_out(  # noqa: C901, PLR0912 — one line for each action
    complaint: Complaint, action: AnyAction, now: datetime, dues: Dues
) -> Turn:
    """Does what the action says, which `rules.check` has let pass, and returns the turn."""
    turn = Turn(complaint, now, action.by)
    match action:
        case Triage():
            taking_in.triage(turn, action)
        case Classify():
            classifying.classify(turn, action)
        case Assign():
            taking_in.assign(turn, action)
        case Acknowledge():
            taking_in.acknowledge(turn, action, dues.get("respond"))
        case AddPoints():
            taking_in.add_points(turn, action)
        case LogContact():
            taking_in.log_contact(turn, action)
        case Extend():
            answering.extend(turn, action, dues["respond"])
        case AgreeDate():
            answering.agree_date(turn, action, dues["respond"])
        case SetHearing():
            answering.set_hearing(turn, action, dues["respond"])
        case Respond():
            answering.respond(turn, action, dues.get("escalate"))
        case LogResponse():
            answering.log_response(turn, action, dues.get("escalate"))
        case Escalate():
            moving_on.escalate(turn, action, dues.values())
        case Decline():
            moving_on.decline(turn, action, dues.get("reply"))
        case Refer():
            moving_on.refer(turn, dues.values())
        case SendOn():
            moving_on.send_on(turn, action)
        case Withdraw():
            moving_on.withdraw(turn)
        case Confirm():
            in_charge.confirm(turn, action)
        case AskHelp():
            in_charge.ask_help(turn, action)
        case TellOfMail():
            in_charge.tell_of_mail(turn, action)
        case _:
            aftercare.carry_out(turn, action)
    aftercare.listen_on(turn)
    in_charge.note_who_acted(complaint, action)
    complaint.done.append(action.key)
    return turn


def _response_due(complaint: Complaint) -> Due:
    clock = complaint.clock("respond")
    if clock is None:
        raise LookupError(complaint.stage_name)
    return clock.due
