"""How anchors, needs, clocks and days are said to people."""

from collections.abc import Sequence
from datetime import date

from services.notify.contents import Need
from services.workflow.stages import Anchor, Clock

ANCHORS: dict[Anchor | str, str] = {
    "received": "receipt",
    "requested": "the request",
    "referred": "the referral to the stage",
    "acknowledged": "the acknowledgement",
    "heard": "the hearing",
    "responded": "the response",
    "declined": "the decline",
}

NEEDS: dict[Need, str] = {
    "reasons": "reasons",
    "outcome": "the outcome sought",
    "further-evidence": "further evidence",
}


def said(clock: Clock) -> str:
    """Returns a clock as people say it: "5 working days from receipt"."""
    return f"{clock.within} from {ANCHORS[clock.anchor]}"


def said_day(day: date) -> str:
    """Returns a day as people say it: "Mon 01 Apr 2024"."""
    return f"{day:%a %d %b %Y}"


def one_of(codes: Sequence[str]) -> str:
    """Returns codes as a choice: "area manager, head of service or centre manager"."""
    *others, last = (code.replace("-", " ") for code in codes)
    return f"{', '.join(others)} or {last}" if others else last
