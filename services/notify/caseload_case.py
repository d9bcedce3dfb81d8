"""One complaint as a manager has it: where it stands, and what they have not read of yet. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from services.notify.contents import DueMovedNotice, FromResident, Reminder
from services.notify.contract import Notice, OpenClock, Standing, Word
from services.shared.events import ClockName

News = Literal["new", "date-moved", "reminder", "resident-wrote", "overdue"]


@dataclass
class Confirmation:
    """How far a manager was asked to confirm that a complaint is theirs. Instants are UTC."""

    sequence: int
    """Of the word by which it was heard of: it tells one assignment from the next."""
    next_at: datetime | None = None
    """When they have had a working day to answer; None until it was worked out."""
    chased: bool = False
    told: bool = False
    """Whether the complaints officer was told: then it is for them to see to it."""
    offered_to: list[str] = field(default_factory=list)
    """The staff ids of the deputies to whom it was offered, each once."""


@dataclass
class Case:
    """One complaint as a manager has it. Without a standing, it is theirs no more."""

    reference: str
    asked_by: str = ""
    sequence: int = 0
    standing: Standing | None = None
    confirmation: Confirmation | None = None
    gone_at: datetime | None = None
    shown: dict[ClockName, date] | None = None
    """What was due by when in the digest before; None when it has been in none."""
    waiting: list[Notice] = field(default_factory=list)
    """The entries for the next digest."""
    heard: list[str] = field(default_factory=list)
    """The keys of all entries that came."""

    def take(self, word: Word, now: datetime) -> None:
        """Takes the standing of a word as the one that holds."""
        before, self.standing = self.standing, _with_something_to_do(word.standing)
        self.sequence, self.asked_by = word.sequence, word.asked_by
        if self.standing is None:
            self.gone_at = self.gone_at or now
            self.shown = self.confirmation = None
            return
        self.gone_at = None
        if before is None or before.assigned_at != self.standing.assigned_at:
            self.confirmation = Confirmation(word.sequence)

    @property
    def to_confirm(self) -> Confirmation | None:
        """How far they were asked to confirm it, while that is still awaited."""
        if self.standing is None or self.standing.confirmed:
            return None
        return None if self.confirmation is None or self.confirmation.told else self.confirmation

    @property
    def first_due(self) -> OpenClock:
        """What is due first. Only for a case with a standing."""
        return min(self._clocks, key=lambda clock: clock.due)

    @property
    def overdue(self) -> bool:
        """Whether something about it was missed."""
        return any(clock.missed for clock in self._clocks)

    @property
    def news(self) -> tuple[News, ...]:
        """What a digest would have to say about it that the one before did not."""
        if self.standing is None:
            return ()
        moved = any(isinstance(entry.content, DueMovedNotice) for entry in self.waiting)
        shown = self.shown
        if shown is not None:
            moved = moved or any(shown.get(one.clock) != one.due for one in self._clocks)
        found: dict[News, bool] = {
            "new": shown is None,
            "date-moved": moved,
            "reminder": any(isinstance(entry.content, Reminder) for entry in self.waiting),
            "resident-wrote": any(isinstance(one.content, FromResident) for one in self.waiting),
            "overdue": self.overdue,
        }
        return tuple(news for news, holds in found.items() if holds)

    def stands_for(self, entry: Notice) -> bool:
        """Whether there is still a reason to tell of a waiting entry."""
        if isinstance(entry.content, Reminder):
            return any(
                (one.clock, one.due) == (entry.content.clock, entry.content.due)
                for one in self._clocks
            )
        return self.standing is not None or not isinstance(entry.content, DueMovedNotice)

    @property
    def _clocks(self) -> tuple[OpenClock, ...]:
        return () if self.standing is None else self.standing.clocks


def _with_something_to_do(standing: Standing | None) -> Standing | None:
    return standing if standing is not None and standing.clocks else None
