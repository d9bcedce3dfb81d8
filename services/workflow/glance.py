"""A complaint at a glance, as Markdown for the Temporal UI's current details."""

from collections.abc import Mapping
from datetime import datetime

from services.shared.events import ClockName
from services.workflow.clocks import LONDON
from services.workflow.complaint import Complaint, Moment, RunningClock

COMING: Mapping[str, str] = {
    "reminder": "remind: the time to {clock} ends soon",
    "passing": "the time to {clock} passes",
    "rung": "climb the ladder: it is late to {clock}",
    "moving-on": "go to the next stage: not resolved in the time to {clock}",
    "too-late": "even late requests are considered no more",
    "at-rest": "nothing more is expected",
}
"""What the clocks will do, by the kind of moment."""

CLOCKS: Mapping[ClockName, str] = {
    "acknowledge": "acknowledge",
    "contact": "speak to the resident",
    "arrange": "give the hearing a date",
    "respond": "respond",
    "escalate": "ask for the next stage",
    "reply": "answer the decline",
}
"""What each clock gives time for."""


def at_a_glance(complaint: Complaint) -> str:
    """Returns where the complaint stands, its clocks and their ladder. No personal data."""
    lines = [
        _heading(complaint),
        f"Next: {next_thing(complaint.next_moment())}",
        _people(complaint),
        "**Clocks**",
        # A flat list: the UI sets a table's cells, and the lists in a list, without any space.
        "\n".join(_clock(clock) for clock in complaint.clocks),
    ]
    return "\n\n".join(lines)


def next_thing(moment: Moment | None) -> str:
    """Returns what the clocks will do next, in words: also the summary of the armed timer."""
    if moment is None:
        return "nothing more by itself"
    what = COMING[moment.what].format(clock=CLOCKS[moment.clock])
    return f"{what} ({moment.stage}) at {_local(moment.at)}"


def _heading(complaint: Complaint) -> str:
    rules = complaint.rules
    where = f"{complaint.reference} · {complaint.stage.title}, {complaint.status}"
    return f"**{where}** · {rules.title} ({rules.effective})"


def _people(complaint: Complaint) -> str:
    second = f" with {complaint.together_with}" if complaint.together_with else ""
    hearing = f" · hearing: {complaint.hearing_on:%a %d %b %Y}" if complaint.hearing_on else ""
    return (
        f"Investigator: {complaint.investigator or 'nobody yet'}{second} · "
        f"priority: {complaint.priority} · contacts at this stage: {complaint.contacts}{hearing}"
    )


def _clock(clock: RunningClock) -> str:
    due = clock.due
    facts = [f"- **{due.stage}: {due.clock}** by {due.on:%a %d %b %Y}", clock.state]
    if due.reminders:
        facts.append(f"reminders sent: {clock.reminders_sent} of {len(due.reminders)}")
    if told := [rung.tell for rung in due.rungs[: clock.rungs_climbed]]:
        facts.append(f"told: {', '.join(told)}")
    ahead = [f"{rung.tell} {_local(rung.at)}" for rung in due.rungs[clock.rungs_climbed :]]
    if clock.running and ahead:
        facts.append(f"ladder ahead: {', '.join(ahead)}")
    return " · ".join(facts)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
