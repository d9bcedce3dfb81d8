"""Extensions one by one, letters that wait to be posted, and the facts by which the Code judges.

What the register holds of open complaints is put right here, from their events. The facts are made
anew from the events when reporting starts, or by `putright register rebuild`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LONDON = ZoneInfo("Europe/London")

TOLD = (
    *("month", "code_stage", "state", "decision", "responded", "responded_by_code"),
    *("responded_unextended", "acknowledged", "acknowledged_by_code", "extended"),
)
DAYS = (
    *("code_acknowledge_by", "code_respond_by", "code_extended_by", "code_agreed_by"),
    *("first_respond_by", "tell_by"),
)
OF_COMPLAINT = (
    *("stage", "tenure", "policy", "category", "channel", "service_area", "region"),
    *("investigator", "misses", "rungs", "received_on"),
)
DECLINED = ("decline_reason", "further_declined")

COUNTED_BEFORE = [*TOLD, "escalated", "refusal_reason", *OF_COMPLAINT]
COUNTED = [*TOLD, *DAYS, "escalated", "refusal_reason", *DECLINED, *OF_COMPLAINT]

TO_POST = {
    "acknowledgement": "acknowledgement_to_post",
    "stage-acknowledgement": "acknowledgement_to_post",
    "response": "response_to_post",
}

EVENTS = sa.text(
    """
    SELECT events.reference, events.stage, events.kind, events.payload
    FROM events JOIN register ON register.reference = events.reference
    WHERE events.kind IN ('assigned', 'extended', 'notice-settled')
      AND events.sequence <= register.folded_to
    ORDER BY events.reference, events.sequence
    """
).columns(payload=sa.JSON())

STAGES = sa.table(
    "register_stages",
    *(sa.column(name, sa.String()) for name in ("reference", "stage", "investigator")),
    sa.column("extensions", sa.JSON()),
    *(sa.column(name, sa.Boolean()) for name in sorted({*TO_POST.values()})),
)


def upgrade() -> None:
    """Adds the columns, and fills those of the register."""
    stages = "register_stages"
    op.add_column(stages, sa.Column("extensions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(stages, sa.Column("investigator", sa.String()))
    for name in sorted({*TO_POST.values()}):
        no = sa.false()
        op.add_column(stages, sa.Column(name, sa.Boolean(), nullable=False, server_default=no))
    _fill()
    for name in ("extension_told_in_time", "extension_replaced"):
        op.drop_column(stages, name)
    for name in DAYS:
        op.add_column("stage_facts", sa.Column(name, sa.Date()))
    for name in DECLINED:
        op.add_column("stage_facts", sa.Column(name, sa.String()))
    op.add_column("survey_facts", sa.Column("complained_earlier", sa.Boolean()))
    _count_by(COUNTED)
    op.execute("DELETE FROM stage_facts")


def _fill() -> None:
    connection = op.get_bind()
    told = connection.execute(EVENTS, execution_options={"yield_per": 1000})
    for (reference, stage), events in groupby(_of_stages(told), lambda one: one[0]):
        known = _known([event for _, event in events])
        if known:
            chosen = sa.and_(STAGES.c.reference == reference, STAGES.c.stage == stage)
            connection.execute(sa.update(STAGES).where(chosen).values(known))


def _of_stages(told: Any) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:  # noqa: ANN401 — rows
    """Yields the events of one stage after another, in order."""
    for _, rows in groupby(told, lambda row: row.reference):
        for row in sorted(rows, key=lambda row: row.stage):
            yield (row.reference, row.stage), row.payload


def _known(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns what the events say of their stage, by column."""
    known: dict[str, Any] = {}
    extensions: list[dict[str, Any]] = []
    for event in events:
        about = event.get("about")
        if event["kind"] == "assigned":
            known["investigator"] = event["investigator"]
        elif event["kind"] == "extended":
            told = {name: event[name] for name in ("was", "until", "agreed_on")}
            extensions.append({**told, "notice": None, "told_on": None})
        elif about in TO_POST:
            known[TO_POST[about]] = event["outcome"] == "to-print"
        elif about == "extension" and extensions:
            same = (one for one in extensions if one["notice"] == event["notice"])
            meant = next(same, extensions[-1])
            meant |= {"notice": event["notice"], "told_on": _told_on(event)}
    return known | ({"extensions": extensions} if extensions else {})


def _told_on(event: dict[str, Any]) -> str | None:
    stale = event["outcome"] == "sent" and event["was"] in {"bounced", "refused"}
    if event["outcome"] not in {"sent", "posted"} or stale:
        return None
    return _day(event["settled_at"]).isoformat()


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(UTC).astimezone(LONDON).date()


def _count_by(columns: list[str]) -> None:
    op.drop_index("stage_facts_counted", "stage_facts")
    op.create_index("stage_facts_counted", "stage_facts", columns)


def downgrade() -> None:
    """Drops the columns; what they held is in the events."""
    _count_by(COUNTED_BEFORE)
    op.drop_column("survey_facts", "complained_earlier")
    for name in (*DECLINED, *DAYS):
        op.drop_column("stage_facts", name)
    stages = "register_stages"
    op.add_column(stages, sa.Column("extension_replaced", sa.Date()))
    op.add_column(stages, sa.Column("extension_told_in_time", sa.Boolean()))
    for name in (*sorted({*TO_POST.values()}), "investigator", "extensions"):
        op.drop_column(stages, name)
