"""The caseload of one manager: what is open for them, and what they have not read of yet. Pure.

Complaints send `Word`; the newest one tells where a complaint stands, whatever the order in which
they arrive. `caseload_turn.py` says what goes out when. The state travels whole from one run of
the manager's workflow to the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from services.notify.caseload_case import Case, Confirmation
from services.notify.caseload_plan import Absent, AskedCase, PlanQuestion
from services.notify.contents import DueMovedNotice, FromResident, Reminder
from services.notify.contract import Notice, Settled, Word

REMEMBERED = timedelta(days=30)
"""How long what is over is remembered, so that a late word does not bring it back."""

WAITS = (Reminder, DueMovedNotice, FromResident)
"""What an entry can hold that waits for the next digest; everything else is sent at once."""


class Entry(NamedTuple):
    """An entry that a mail holds: its key, and the workflow that hears what became of it."""

    key: str
    asked_by: str


@dataclass
class Mail:
    """A notice to be sent, and the entries that are settled with it."""

    notice: Notice
    entries: tuple[Entry, ...] = ()


class Moment(NamedTuple):
    """The next thing that a caseload will do by itself, and when (UTC)."""

    at: datetime
    what: Literal["digest", "confirmation", "absence", "forget"]
    about: str
    """The reference that it is about, or nothing."""


@dataclass
class Taken:
    """The entries that a digest took along, should it come back."""

    at: datetime
    entries: tuple[Entry, ...]


@dataclass
class Caseload:
    """Everything that a manager's workflow must remember between two turns."""

    staff_id: str
    cases: dict[str, Case] = field(default_factory=dict)
    """By reference; also, for a while, those that are theirs no more."""
    morning: datetime | None = None
    """When the next digest goes; None while there is nothing to say, or it was not worked out."""
    absent: Absent | None = None
    """The absence of which the complaints officer was told last, until the manager is back."""
    absent_changes_at: datetime | None = None
    look_again: bool = False
    """Whether what was planned may hold no more: another case came, or the directory changed."""
    digest_on: date | None = None
    """The day of the newest digest."""
    digests_that_day: int = 0
    taken: dict[str, Taken] = field(default_factory=dict)
    """By the key of the digest."""

    @property
    def open(self) -> list[Case]:
        """What is open, by what is due first."""
        found = [case for case in self.cases.values() if case.standing is not None]
        return sorted(found, key=lambda case: (case.first_due.due, case.reference))

    @property
    def anything_new(self) -> bool:
        """Whether there is a reason for a digest."""
        return any(case.news for case in self.cases.values())

    @property
    def finished(self) -> bool:
        """Whether nothing is open, and nothing has to be remembered."""
        return not self.cases and not self.taken

    def hear(self, word: Word, now: datetime) -> list[Mail]:
        """Takes a word and returns the entries that go out at once. A repeat changes nothing."""
        case = self.cases.setdefault(word.reference, Case(word.reference))
        fresh = [entry for entry in word.entries if entry.key not in case.heard]
        case.heard += [entry.key for entry in fresh]
        if word.sequence >= case.sequence:
            was_open = case.standing is not None
            case.take(word, now)
            if case.standing is not None and not was_open:
                # It may have working days of its own, and an earlier morning.
                self.look_again = True
        at_once = [entry for entry in fresh if _at_once(entry, word, case)]
        case.waiting += [entry for entry in fresh if entry not in at_once]
        case.waiting = [entry for entry in case.waiting if case.stands_for(entry)]
        if case.standing is None:
            at_once += case.waiting
            case.waiting = []
        if not self.anything_new:
            self.morning = None
        return [Mail(entry, (Entry(entry.key, word.asked_by),)) for entry in at_once]

    def hear_of(self, news: Settled) -> list[tuple[str, Settled]]:
        """Returns, for each entry of a digest of which something was learnt, who hears what."""
        taken = self.taken.get(news.key)
        entries = () if taken is None else taken.entries
        return [(one.asked_by, news.model_copy(update={"key": one.key})) for one in entries]

    def unplanned(self, now: datetime) -> bool:
        """Whether calendars and directory must be asked before it can go on."""
        if not self.open:
            return False
        moment = self.next_moment()
        return (
            self.look_again
            or (self.morning is None and self.anything_new)
            or any(one.next_at is None for _, one in self.unconfirmed())
            or (moment is not None and moment.at <= now)
        )

    def question(self, now: datetime) -> PlanQuestion:
        """Returns what must be asked; something is open."""
        asked = {case.reference for case, one in self.unconfirmed() if one.next_at is None}
        return PlanQuestion(
            staff_id=self.staff_id,
            at=now,
            cases=tuple(
                AskedCase(
                    reference=case.reference,
                    nation=case.standing.nation,
                    closure_days=case.standing.closure_days,
                    due=case.first_due.due,
                    since=case.standing.assigned_at if case.reference in asked else None,
                )
                for case in self.open
                if case.standing is not None
            ),
        )

    def unconfirmed(self) -> list[tuple[Case, Confirmation]]:
        """Returns what is to be confirmed yet, the most urgent first."""
        asked = ((case, case.to_confirm) for case in self.open)
        return [(case, one) for case, one in asked if one is not None]

    def next_moment(self) -> Moment | None:
        """Returns the earliest thing that it will do by itself, or None."""
        return min(self._moments(), default=None)

    def forget(self, now: datetime) -> None:
        """Forgets what is over for long enough, and what is no matter with nothing open."""
        self.look_again = self.look_again and bool(self.open)
        self.cases = {
            reference: case
            for reference, case in self.cases.items()
            if case.gone_at is None or case.gone_at + REMEMBERED > now
        }
        self.taken = {
            key: taken for key, taken in self.taken.items() if taken.at + REMEMBERED > now
        }

    def _moments(self) -> Iterator[Moment]:
        if not self.open:
            ends = [case.gone_at for case in self.cases.values() if case.gone_at is not None]
            ends += [taken.at for taken in self.taken.values()]
            yield from (Moment(end + REMEMBERED, "forget", "") for end in ends)
            return
        if self.morning is not None:
            yield Moment(self.morning, "digest", "")
        if self.absent_changes_at is not None:
            yield Moment(self.absent_changes_at, "absence", "")
        for case, one in self.unconfirmed():
            if one.next_at is not None:
                yield Moment(one.next_at, "confirmation", case.reference)


def _at_once(entry: Notice, word: Word, case: Case) -> bool:
    """Whether an entry goes out by itself: it cannot wait, or no digest would take it along."""
    if word.standing is None or not isinstance(entry.content, WAITS):
        return True
    return isinstance(entry.content, FromResident) and case.overdue
