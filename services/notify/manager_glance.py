"""A manager's caseload at a glance, as Markdown for the Temporal UI. Ids and references only."""

from datetime import datetime

from services.notify.caseload import Caseload, Moment
from services.notify.caseload_case import Case
from services.shared.local_time import LONDON

COMING = {
    "digest": "the digest",
    "confirmation": "ask again whether it is theirs",
    "absence": "somebody else covers, or they are back",
    "forget": "forget what is over",
}
"""What a caseload will do, by the kind of moment."""


def at_a_glance(caseload: Caseload) -> str:
    """Returns what is open for the manager, the most urgent first."""
    away = caseload.absent
    covered = "" if away is None else f" · away until {away.until:%a %d %b %Y}"
    if away is not None:
        covered += f", covered by {away.deputy or 'nobody'}"
    lines = [
        f"**{caseload.staff_id}** · open: {len(caseload.open)}{covered}",
        f"Next: {next_thing(caseload.next_moment())}",
        # A flat list: the UI sets a table's cells without any space.
        "\n".join(_line(case) for case in caseload.open),
    ]
    return "\n\n".join(line for line in lines if line)


def next_thing(moment: Moment | None) -> str:
    """Returns what the caseload will do next, in words: also the summary of the armed timer."""
    if moment is None:
        return "nothing until a complaint sends word"
    about = f" ({moment.about})" if moment.about else ""
    return f"{COMING[moment.what]}{about} at {_local(moment.at)}"


def _line(case: Case) -> str:
    first, asked = case.first_due, case.to_confirm
    facts = [f"- **{case.reference}** {first.clock} by {first.due:%a %d %b %Y}"]
    if case.overdue:
        facts.append("overdue")
    if asked is not None:
        facts.append("chased, not confirmed" if asked.chased else "not confirmed")
        if asked.offered_to:
            facts.append(f"offered to {asked.offered_to[-1]}")
    elif case.standing is not None and not case.standing.confirmed:
        facts.append("not confirmed, and the complaints officer was told")
    if case.waiting:
        facts.append(f"for the next digest: {len(case.waiting)}")
    return " · ".join(facts)


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %Y %H:%M}"
