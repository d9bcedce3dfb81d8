"""What notes to staff say in place of codes. Staff are written to in English."""

from collections.abc import Mapping

from services.shared.events import ClockName, Help

UNKNOWN_COLLEAGUE = "a colleague whom the staff directory does not name"
"""Who is meant where the directory does not know the id."""

DUTIES: Mapping[ClockName, str] = {
    "acknowledge": "send the acknowledgement",
    "contact": "speak to the resident",
    "arrange": "give the hearing a date",
    "respond": "send the response",
    "escalate": "close the complaint",
    "reply": "close the complaint",
}
"""What a member of staff has to do before a clock passes, or once it has."""

HELP: Mapping[Help, str] = {
    "records": "They cannot get at the records that they need.",
    "time": "Their other work leaves them no time for it.",
    "advice": "They do not know how to go on.",
    "decision": "Somebody above them has to decide something.",
    "somebody-else": "They cannot take it on, and somebody else has to.",
}
"""What whoever is in charge needs, said to those who can give it."""

NEWS: Mapping[str, str] = {
    "new": "this one came to you",
    "date-moved": "its date has moved",
    "reminder": "its date is near",
    "resident-wrote": "the resident has written",
}
"""What is new about a complaint in a digest; that it is overdue stands in its heading."""

LETTERS: Mapping[str, str] = {
    "receipt": "receipt",
    "acknowledgement": "acknowledgement",
    "stage-acknowledgement": "acknowledgement of the new stage",
    "points-added": "letter about what was added to the complaint",
    "refusal": "letter that refuses the complaint",
    "assignment": "note that a complaint was assigned",
    "urgent": "note that a complaint cannot wait",
    "to-assign": "note that nobody is in charge",
    "reminder": "reminder",
    "escalation": "note that a complaint is overdue",
    "extension": "letter that extends the time",
    "agreed-date": "letter about the agreed date",
    "hearing": "letter about the hearing",
    "due-moved": "letter about dates that moved",
    "response": "response",
    "moved-on": "letter that the complaint has gone on to another stage",
    "decline": "letter that declines the next stage",
    "closing": "closing letter",
    "undeliverable": "note that a letter did not arrive",
    "thanks": "letter of thanks",
    "directed": "letter that names the procedure",
    "passed-on": "note that feedback came in",
    "thanks-late": "note that thanks are late",
    "window-reminder": "reminder that the time to go further is ending",
    "help-wanted": "note that help is wanted",
    "from-resident": "note that the resident has written",
    "panel-hearing": "note about the hearing to a member of the panel",
    "letter-to-post": "note that a letter is to be posted",
    "digest": "list of open complaints",
    "chase": "note that a complaint was not confirmed",
    "offer": "offer of a complaint to the deputy",
    "unconfirmed": "note that a manager has not confirmed a complaint",
    "cover": "note about who covers for a manager",
    "held-mail": "note that an email needs reading",
}
"""Each kind of notice as the complaints officer knows it."""


def days_left(days: int) -> str:
    """Returns how long there is, in working days after today; below 0 it is late."""
    if days == 0:
        return "due today"
    count = f"{abs(days)} working {'day' if abs(days) == 1 else 'days'}"
    return f"{count} left" if days > 0 else f"{count} late"
