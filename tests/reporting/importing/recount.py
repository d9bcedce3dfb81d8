"""A second, plain reading of made-up rows: what the register should say, counted day by day.

By another calendar than the product's, so that one cannot share the other's mistake.
"""

from datetime import date, datetime, timedelta
from typing import Any

import holidays

from services.reporting.register import RegisterEntry, StageEntry
from services.shared.local_time import local_date
from tests.reporting.importing.made_up import Row

ENGLAND = holidays.country_holidays("GB", subdiv="ENG")

CHANNELS = {"Web form": "web", "Telephone": "phone", "Letter": "letter", "": "phone"}
TENURES = {
    "General needs": "rented",
    "Shared ownership": "shared-ownership",
    "Leasehold": "other",
    "": None,
}
OUTCOMES = {
    "Upheld": "upheld",
    "Partly upheld": "partially-upheld",
    "Not upheld": "not-upheld",
    "": None,
}


def expected(row: Row) -> dict[str, Any]:
    """What a row says, fact by fact."""
    cell = {header: row.get(header, "") for header in ALL}
    closed, refused = _day(cell["Date closed"]), cell["Status"] == "Refused"
    stage_2 = cell["S2 requested"] != ""
    status = {"Refused": "refused", "Withdrawn": "withdrawn"}.get(cell["Status"], "closed")
    stages = [_stage(cell, "S1", cell["Date received"], 10)]
    if stage_2:
        stages.append(_stage(cell, "S2", cell["S2 requested"], 20))
    return {
        "reference": "OLD-" + cell["Case number"].replace("/", "-"),
        "received_on": _day(cell["Date received"]),
        "channel": CHANNELS[cell["Received by"]],
        "category": cell["Category"],
        "service_area": cell["Service"] or None,
        "region": cell["Area"],
        "tenure": TENURES[cell["Tenure"]],
        "status": status,
        "closed_on": closed,
        "refusal_reason": "over-12-months" if refused else None,
        "pence": 100 * int(cell["S1 compensation"] or 0),
        "remedies": ["apology", "action"] if cell["S1 remedies"] else [],
        "ombudsman_on": [_day(cell["Ombudsman case opened"])] if stage_2 else [],
        "satisfaction": cell["How satisfied"].lower().replace(" ", "-"),
        "stages": stages,
    } | ({} if cell["Ombudsman case opened"] else {"ombudsman_on": []})


def found(entry: RegisterEntry) -> dict[str, Any]:
    """The same facts as the register has them."""
    return {
        "reference": entry.reference,
        "received_on": local_date(entry.received_at),
        "channel": entry.channel,
        "category": entry.category,
        "service_area": entry.service_area,
        "region": entry.region,
        "tenure": entry.tenure,
        "status": entry.status,
        "closed_on": _local(entry.closed_at),
        "refusal_reason": entry.refusal_reason,
        "pence": sum(one.pence or 0 for one in entry.remedies),
        "remedies": [one.kind for one in entry.remedies if one.kind != "payment"],
        "ombudsman_on": [one.involved_on for one in entry.ombudsman],
        "satisfaction": "".join(one.satisfaction for one in entry.surveys),
        "stages": [_found(stage) for stage in entry.stages],
    }


ALL = (
    *("Case number", "Date received", "Received by", "Category", "Service", "Area", "Tenure"),
    *("Status", "S1 acknowledged", "S1 response", "S1 outcome", "S1 remedies"),
    *("S1 compensation", "S2 requested", "S2 acknowledged", "S2 response", "S2 outcome"),
    *("Date closed", "Ombudsman case opened", "How satisfied"),
)


def _found(stage: StageEntry) -> dict[str, Any]:
    return {
        "asked_on": _local(stage.requested_at),
        "acknowledged_on": _local(stage.acknowledged_at),
        "acknowledged_in_time": stage.acknowledged_in_time,
        "responded_on": _local(stage.responded_at),
        "responded_in_time": stage.responded_in_time,
        "decision": stage.decision,
    }


def _stage(cell: Row, of: str, asked: str, within: int) -> dict[str, Any]:
    asked_on = _day(asked)
    assert asked_on is not None
    acknowledged_on, responded_on = _day(cell[f"{of} acknowledged"]), _day(cell[f"{of} response"])
    acknowledge_due = _working_days_after(asked_on, 5)
    respond_due = _working_days_after(
        min(acknowledged_on or acknowledge_due, acknowledge_due), within
    )
    return {
        "asked_on": asked_on,
        "acknowledged_on": acknowledged_on,
        "acknowledged_in_time": acknowledged_on and acknowledged_on <= acknowledge_due,
        "responded_on": responded_on,
        "responded_in_time": responded_on and responded_on <= respond_due,
        "decision": OUTCOMES[cell[f"{of} outcome"]],
    }


def _working_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in ENGLAND:
            count -= 1
    return day


def _day(written: str) -> date | None:
    return datetime.strptime(written, "%d/%m/%Y").date() if written else None  # noqa: DTZ007 — a day


def _local(moment: datetime | None) -> date | None:
    return None if moment is None else local_date(moment)
