"""How anchors, needs and clocks are said to people."""

from services.notify.contract import Need
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
