"""What waits now: when each open, unanswered stage is due for what it waits for, or how late. Pure.

`open_reading.py` lets the database group stages that are alike: these rules judge each group once,
and each stage of a list likewise, so that a number and its list are of one rule.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.reporting.awaiting import Awaited

AWAITED: dict[Awaited, str] = {
    "acknowledge": "Acknowledgement",
    "contact": "Contact with the resident",
    "arrange": "A date for the hearing",
    "respond": "Response",
    "reply": "The resident’s answer to a decline",
    "undated": "To be taken in hand: no date is set",
}

Due = Literal["overdue", "untold", "today", "this-week", "later", "undated", "residents-time"]
"""When the next thing is due. `untold`: its day has passed, and the engine has not told of a miss;
`this-week`: after today, and by Sunday."""

DUE: dict[Due, str] = {
    "overdue": "Overdue",
    "untold": "Past its day, and no miss is recorded",
    "today": "Due today",
    "this-week": "Due later this week",
    "later": "Due after this week",
    "undated": "Without a date",
    "residents-time": "Waiting for the resident",
}

Mark = Literal["unassigned", "extended"]

MARKS: dict[Mark, str] = {
    "unassigned": "Nobody in charge",
    "extended": "With an extension running",
}

SATURDAY_AND_SUNDAY_LEFT = 6
"""Days from a Monday to the Sunday of its week."""


class OpenStage(NamedTuple):
    """What is known of an open stage that is not answered. Days are in Europe/London."""

    stage: str
    investigator: str | None
    extended: str
    overdue: bool
    overdue_since: date | None
    awaited: Awaited
    by: date | None
    """The last day of what is awaited."""


def due(stage: OpenStage, today: date) -> Due:
    """Returns when the next step of a stage is due."""
    if stage.awaited == "reply":
        return "residents-time"
    if stage.overdue:
        return "overdue"
    if stage.by is None:
        return "undated"
    if stage.by <= today:
        return "today" if stage.by == today else "untold"
    sunday = today + timedelta(days=SATURDAY_AND_SUNDAY_LEFT - today.weekday())
    return "this-week" if stage.by <= sunday else "later"


def days_late(stage: OpenStage, today: date) -> int | None:
    """Returns for how many days it has been overdue; None for what is not. Calendar days."""
    if not stage.overdue or stage.overdue_since is None:
        return None
    return max((today - stage.overdue_since).days, 0)


def marks(stage: OpenStage) -> frozenset[Mark]:
    """Returns what else is to be seen at once."""
    found: dict[Mark, bool] = {
        "unassigned": stage.investigator is None and stage.awaited != "reply",
        "extended": stage.extended != "no",
    }
    return frozenset(mark for mark, holds in found.items() if holds)


class Asked(NamedTuple):
    """Which open stages are meant; None does not narrow them."""

    awaited: Awaited | None = None
    due: Due | None = None
    mark: Mark | None = None

    def holds(self, stage: OpenStage, today: date) -> bool:
        """Says whether that stage is meant."""
        return (
            self.awaited in (None, stage.awaited)
            and self.due in (None, due(stage, today))
            and (self.mark is None or self.mark in marks(stage))
        )

    @property
    def title(self) -> str:
        """What a list of these is called."""
        named = (
            DUE[self.due] if self.due else None,
            MARKS[self.mark] if self.mark else None,
            f"Waiting for: {AWAITED[self.awaited].lower()}" if self.awaited else None,
        )
        return "; ".join(filter(None, named)) or "Open, and to be answered"


@dataclass
class Position:
    """How many open stages there are of each kind."""

    stages: Counter[tuple[str, Awaited]] = field(default_factory=Counter)
    """By stage, and what is awaited."""
    due: Counter[Due] = field(default_factory=Counter)
    marks: Counter[Mark] = field(default_factory=Counter)
    in_charge: Counter[tuple[str | None, Due]] = field(default_factory=Counter)
    """By investigator, and when the next thing is due."""
    longest_late: dict[str | None, int] = field(default_factory=dict)
    """Calendar days, by investigator; without those who have nothing overdue."""

    @property
    def total(self) -> int:
        """How many there are."""
        return self.due.total()


def position(alike: Iterable[tuple[OpenStage, int]], today: date) -> Position:
    """Counts stages; each comes with how many there are like it."""
    found = Position()
    for stage, number in alike:
        when = due(stage, today)
        found.stages[stage.stage, stage.awaited] += number
        found.due[when] += number
        found.in_charge[stage.investigator, when] += number
        for mark in marks(stage):
            found.marks[mark] += number
        late = days_late(stage, today)
        if late is not None:
            longest = found.longest_late.get(stage.investigator, 0)
            found.longest_late[stage.investigator] = max(late, longest)
    return found
