"""What comes in beside complaints, made of chance: compliments, comments and the like."""

import random
from datetime import date, timedelta

from services.reporting.tables import FeedbackReferenceRow, FeedbackRow
from services.shared.events import FeedbackKind
from tests.bench.register_life import AREAS, CHANNELS, POLICIES, REGIONS
from tests.bench.register_rows import EFFECTIVE, Rows, noon

KINDS: tuple[FeedbackKind, ...] = (
    *("compliment",) * 5,
    *("comment", "comment", "service-request", "service-request", "anti-social-behaviour"),
)
THANKED: frozenset[FeedbackKind] = frozenset({"compliment", "comment"})
"""The kinds whose senders are thanked within some days."""


def feedback(chance: random.Random, reference: str, on: date, today: date) -> Rows:
    """Returns the rows of one piece of feedback that came in on a day, as it stands today."""
    kind = chance.choice(KINDS)
    thanks_by = on + timedelta(days=7) if kind in THANKED else None
    heard_on = on + timedelta(days=chance.randrange(9))
    heard_back = heard_on <= today
    late = thanks_by is not None and thanks_by < (heard_on if heard_back else today)
    passes_at = None if thanks_by is None else noon(thanks_by + timedelta(days=1))
    row = {
        "reference": reference,
        "kind": kind,
        "policy": chance.choice(POLICIES),
        "policy_effective": EFFECTIVE,
        "channel": chance.choice(CHANNELS),
        "received_at": noon(on),
        "entered_at": noon(on),
        "month": f"{on:%Y-%m}",
        "service_area": chance.choice(AREAS),
        "region": chance.choice(REGIONS),
        "anonymous": False,
        "thanks_by": thanks_by,
        "thanks_pass_at": passes_at,
        "thanked_at": noon(heard_on) if heard_back else None,
        "thanked_in_time": not late if thanks_by and (heard_back or late) else None,
        "late_recorded_at": passes_at if late else None,
        "passed_on_at": noon(on),
        "notices_refused": 0,
        "last_event_at": noon(heard_on if heard_back else on),
        "folded_to": 4 if late else 3,
    }
    return {FeedbackReferenceRow: [{"reference": reference}], FeedbackRow: [row]}
