"""What the clocks do by themselves: remind, record a miss, climb the ladder, move on, close. Pure.

Like an action, a moment may need due dates: `question` asks for them beforehand.
"""

from datetime import date, datetime

from services.notify.contents import Escalation, Reminder, WindowReminder
from services.shared.events import RESIDENTS_TIME, Climbed, Missed, Reminded
from services.workflow import aftercare, moving_on
from services.workflow.actions import Dues
from services.workflow.clocks import DueQuestion, noon
from services.workflow.complaint import ITSELF, Complaint, Moment, RunningClock
from services.workflow.turn import Turn, whom


def question(complaint: Complaint, moment: Moment, now: datetime) -> DueQuestion | None:
    """Returns which due dates must be worked out before the moment can pass, if any."""
    if moment.what != "moving-on":
        return None
    return DueQuestion(
        policy=complaint.rules.name,
        policy_effective=complaint.rules.effective,
        stage=moving_on.following(complaint).name,
        clock=None,
        # The next stage counts from the day on which this one was due: an outage buys no time.
        anchored_at=noon(_clock(complaint, moment).due.on),
        asked_at=now,
    )


def pass_moment(complaint: Complaint, moment: Moment, now: datetime, dues: Dues) -> Turn:
    """Does what is due at `moment`, the complaint's next one, and returns the turn.

    `now` (UTC) is at or after it; after an outage it may be long after.
    """
    turn = Turn(complaint, now, ITSELF)
    if moment.what == "too-late":
        complaint.late_requests_until = None
        return turn
    if moment.what == "at-rest":
        complaint.listens_until = None
        return turn
    clock = _clock(complaint, moment)
    match moment.what:
        case "reminder":
            _remind(turn, clock)
        case "passing" if clock.due.clock in RESIDENTS_TIME:
            moving_on.close(turn)
        case "passing":
            _miss(turn, clock)
        case "rung":
            _climb(turn, clock)
        case "moving-on":
            moving_on.move_on(turn, "not-resolved", dues.values())
    aftercare.listen_on(turn)
    return turn


def _clock(complaint: Complaint, moment: Moment) -> RunningClock:
    clock = complaint.clock(moment.clock)
    if clock is None:
        raise LookupError(moment)
    return clock


def _remind(turn: Turn, clock: RunningClock) -> None:
    due = clock.due
    # After an outage one reminder stands for all that were due meanwhile.
    clock.reminders_past = sum(at <= turn.now for at in due.reminders)
    if turn.now >= due.passes_at:
        # The miss that follows says more than a late reminder.
        return
    clock.reminders_sent += 1
    turn.record(Reminded, clock=due.clock, due=due.on)
    if due.clock in RESIDENTS_TIME:
        turn.write_to_resident(_window_reminder(turn.complaint, due.on))
    else:
        turn.write_to_staff("investigator", Reminder(clock=due.clock, due=due.on))


def _window_reminder(complaint: Complaint, ask_by: date) -> WindowReminder:
    """A decline is answered at the same stage; otherwise it is the next that can be asked for."""
    asked_for = complaint.stage if complaint.asked_for_again else moving_on.following(complaint)
    return WindowReminder(
        next_stage=asked_for.title,
        next_stage_needs=asked_for.request.needs if asked_for.request is not None else (),
        ask_by=ask_by,
    )


def _miss(turn: Turn, clock: RunningClock) -> None:
    due = clock.due
    clock.missed_at = turn.now
    turn.record(Missed, clock=due.clock, due=due.on, passed_at=due.passes_at)


def _climb(turn: Turn, clock: RunningClock) -> None:
    """Tells the rung that was reached, and always the complaints officer (Code 4.1 to 4.3)."""
    due = clock.due
    rung = due.rungs[clock.rungs_climbed].tell
    clock.rungs_climbed += 1
    told = whom(turn.complaint, rung)
    turn.record(Climbed, clock=due.clock, due=due.on, rung=rung, told=told)
    for role in told:
        turn.write_to_staff(
            role,
            Escalation(
                clock=due.clock, due=due.on, rung=rung, investigator=turn.complaint.investigator
            ),
        )
