"""One stage of a past complaint as events: its clocks, what was done, what was missed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.reporting.importing.column_map import StageMap
from services.reporting.importing.dues import Dues
from services.reporting.importing.past import PastStage
from services.reporting.importing.told import Told, noon, told
from services.shared.events import (
    Acknowledged,
    ClockName,
    ClockSet,
    Closed,
    Declined,
    Extended,
    Missed,
    NoticeSettled,
    Remedy,
    Responded,
)
from services.shared.local_time import end_of
from services.shared.working_days import WorkingDays

COUNTED = "Working days of the import"
TOLD_DUE = "Due date of the imported table"
"""The clauses of due dates: a table names none."""

ANCHOR_TOLD = "told"
"""Of a due date that stood in the table, and was not counted."""

EXTENDED = "extended"
"""The anchor of a due date that an extension put in the place of another."""

COUNTINGS_REMEMBERED = 8192


@dataclass(frozen=True)
class RetoldStage:
    """What is needed to retell a stage; `begins` is the anchor of its first clock."""

    reference: str
    stage: PastStage
    rule: StageMap
    dues: Dues
    begins: str
    ended_on: date
    """When the stage was answered, declined, left for the next one, or over with the complaint."""
    days: WorkingDays

    def events(self) -> Iterator[Told]:
        """Yields what happened, thing by thing; who puts it in order goes by its instants."""
        yield from self._acknowledgement()
        yield from self._clock_of_response()
        yield from self._extension()
        if self.dues.respond_at_last < self.ended_on:
            yield self._missed("respond", self.dues.respond_at_last)
        yield from self._answer()

    def _acknowledgement(self) -> Iterator[Told]:
        stage, due = self.stage, self.dues.acknowledge
        if due is not None:
            counted_from = None if stage.acknowledge_due else stage.asked_on
            yield self._clock("acknowledge", stage.asked_on, due, counted_from, self.begins)
            if due < (stage.acknowledged_on or self.ended_on):
                yield self._missed("acknowledge", due)
        if stage.acknowledged_on is not None:
            in_time = due is None or stage.acknowledged_on <= due
            # How many points it had, no table says.
            facts = {"points": 0, "due": due, "in_time": in_time}
            yield told(stage.acknowledged_on, Acknowledged, self.rule.name, **facts)

    def _clock_of_response(self) -> Iterator[Told]:
        counted_from = self.dues.respond_anchor
        acknowledged = counted_from is not None and counted_from == self.stage.acknowledged_on
        known_on = self.stage.acknowledged_on if acknowledged else None
        anchor = self.begins if self.rule.respond_from == "requested" else "acknowledged"
        yield self._clock(
            "respond",
            known_on or self.stage.asked_on,
            self.dues.respond,
            counted_from,
            anchor,
            provisional=anchor == "acknowledged" and not acknowledged,
        )

    def _extension(self) -> Iterator[Told]:
        stage, was = self.stage, self.dues.respond
        if stage.extended_until is None:
            return
        # On an unknown day: before what it put off, while there was anything to put off.
        on = stage.extension_told_on or max(stage.asked_on, min(was, self.ended_on))
        facts = {"was": was, "until": stage.extended_until, "agreed_on": None}
        yield told(on, Extended, self.rule.name, **facts)
        if self.dues.extended is not None:
            yield self._clock("respond", on, self.dues.extended, was, EXTENDED)
        if stage.extension_told_on is not None:
            yield told(
                stage.extension_told_on,
                NoticeSettled,
                self.rule.name,
                notice=f"{self.reference}/{self.rule.name}/extension/resident",
                about="extension",
                to="resident",
                outcome="sent",
                settled_at=noon(stage.extension_told_on),
            )

    def _answer(self) -> Iterator[Told]:
        stage, due = self.stage, self.dues.respond_at_last
        if stage.declined_on is not None:
            facts = {"reason": stage.decline_reason, "final": True}
            yield told(stage.declined_on, Declined, self.rule.name, **facts)
            yield told(stage.declined_on, Closed, self.rule.name, reason="declined")
        if stage.responded_on is None:
            return
        remedies = [Remedy(kind=kind) for kind in stage.remedies]
        if stage.pence is not None:
            remedies.append(Remedy(kind="payment", pence=stage.pence))
        yield told(
            stage.responded_on,
            Responded,
            self.rule.name,
            decision=stage.decision,
            findings=(),
            due=due,
            in_time=stage.responded_on <= due,
            remedies=tuple(remedies),
            outside=True,
        )

    def _missed(self, clock: ClockName, due: date) -> Told:
        passed_at = end_of(due, None)
        facts = {"clock": clock, "due": due, "passed_at": passed_at}
        return Told(passed_at, Missed, self.rule.name, facts)

    def _clock(  # noqa: PLR0913 — each is a separate fact of the event
        self,
        clock: ClockName,
        known_on: date,
        due: date,
        counted_from: date | None,
        anchor: str,
        *,
        provisional: bool = False,
    ) -> Told:
        """Says when a clock was due; without a day to count from, the table said so itself."""
        day_1, skipped = due, tuple[str, ...]()
        if anchor == EXTENDED:
            day_1 = self.dues.respond + timedelta(days=1)
        elif counted_from is not None:
            day_1, skipped = _counted(self.days, counted_from, due)
        return told(
            known_on,
            ClockSet,
            self.rule.name,
            clock=clock,
            due=due,
            passes_at=end_of(due, None),
            anchor=ANCHOR_TOLD if counted_from is None else anchor,
            anchor_date=due if counted_from is None else counted_from,
            provisional=provisional,
            day_1=day_1,
            skipped=skipped,
            calendar=self.days.version,
            clause=TOLD_DUE if counted_from is None else COUNTED,
        )


@lru_cache(COUNTINGS_REMEMBERED)
def _counted(days: WorkingDays, counted_from: date, due: date) -> tuple[date, tuple[str, ...]]:
    """Returns day 1, and the days on the way that do not count."""
    skipped = tuple(f"{day} {reason}" for day, reason in days.skipped(counted_from, due))
    return days.after(counted_from, 1), skipped
