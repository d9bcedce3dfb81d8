"""What the clocks do by themselves: remind, record a miss, climb the ladder, close. Pure."""

from datetime import datetime

from services.notify.contract import Closing, Escalation, Reminder
from services.shared.events import Climbed, Closed, Missed, Reminded, Rung
from services.workflow.complaint import ITSELF, Complaint, Moment, RunningClock
from services.workflow.turn import Turn


def pass_moment(complaint: Complaint, moment: Moment, now: datetime) -> Turn:
    """Does what is due at `moment`, the complaint's next one, and returns the turn.

    `now` (UTC) is at or after it; after an outage it may be long after.
    """
    turn = Turn(complaint, now, ITSELF)
    clock = complaint.clock(moment.clock)
    if clock is None:
        raise LookupError(moment)
    match moment.what:
        case "reminder":
            _remind(turn, clock)
        case "passing" if clock.due.clock == "escalate":
            _close(turn, clock)
        case "passing":
            _miss(turn, clock)
        case "rung":
            _climb(turn, clock)
    return turn


def _remind(turn: Turn, clock: RunningClock) -> None:
    due = clock.due
    # After an outage one reminder stands for all that were due meanwhile.
    clock.reminders_past = sum(at <= turn.now for at in due.reminders)
    if turn.now >= due.passes_at:
        # The miss that follows says more than a late reminder.
        return
    clock.reminders_sent += 1
    turn.record(Reminded, clock=due.clock, due=due.on)
    turn.write_to_staff("investigator", Reminder(clock=due.clock, due=due.on))


def _miss(turn: Turn, clock: RunningClock) -> None:
    due = clock.due
    clock.missed_at = turn.now
    turn.record(Missed, clock=due.clock, due=due.on, passed_at=due.passes_at)


def _climb(turn: Turn, clock: RunningClock) -> None:
    """Tells the rung that was reached, and always the complaints officer (Code 4.1 to 4.3)."""
    due = clock.due
    rung = due.rungs[clock.rungs_climbed].tell
    clock.rungs_climbed += 1
    told = _whom(turn.complaint, rung)
    turn.record(Climbed, clock=due.clock, due=due.on, rung=rung, told=told)
    for role in told:
        turn.write_to_staff(
            role,
            Escalation(
                clock=due.clock, due=due.on, rung=rung, investigator=turn.complaint.investigator
            ),
        )


def _whom(complaint: Complaint, rung: Rung) -> tuple[Rung, ...]:
    """Without an investigator there is no line to go up: the complaints officer hears it once."""
    nobody_there = complaint.investigator is None and rung in {"investigator", "line-manager"}
    if nobody_there or rung == "complaints-officer":
        return ("complaints-officer",)
    return (rung, "complaints-officer")


def _close(turn: Turn, clock: RunningClock) -> None:
    clock.stopped = True
    turn.complaint.status = "closed"
    turn.record(Closed, reason="not-escalated")
    turn.write_to_resident(Closing(reason="not-escalated"))
