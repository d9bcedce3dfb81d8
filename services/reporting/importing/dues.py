"""By when a past stage was due, and whether it kept to that. Pure."""

from datetime import date
from typing import NamedTuple

from services.reporting.importing.column_map import StageMap
from services.reporting.importing.past import PastStage
from services.shared.working_days import WorkingDays


class Dues(NamedTuple):
    """The due dates of a stage: those of the table, or counted by the map's working days."""

    acknowledge: date | None
    """None where the acknowledgement is no column, or has no limit: then none was missed."""
    respond: date
    """Without any extension."""
    respond_anchor: date | None
    """The day from which the response was counted; None where the table says the due date."""
    extended: date | None
    """The due date by the extension, if it was told in time, or nobody knows when (Code 6.5)."""

    @property
    def respond_at_last(self) -> date:
        """The day by which the response was due in the end."""
        return self.extended or self.respond


class NoDueDate(Exception):
    """The row says no due date for the response, and the map no working days."""


def dues(stage: PastStage, rule: StageMap, days: WorkingDays) -> Dues:
    """Works the due dates of a stage out, as Putright counts.

    The response counts from the acknowledgement, or from the day on which that was due when it
    was late or never made: being late with it buys no time. Raises NoDueDate, BeyondCalendar.
    """
    acknowledge = stage.acknowledge_due
    if acknowledge is None and rule.acknowledge_within is not None:
        acknowledge = days.after(stage.asked_on, rule.acknowledge_within)
    anchor = None
    respond = stage.respond_due
    if respond is None:
        if rule.respond_within is None:
            raise NoDueDate
        anchor = _anchor(stage, rule, acknowledge)
        respond = days.after(anchor, rule.respond_within)
    told = stage.extension_told_on
    in_time = stage.extended_until is not None and (told is None or told <= respond)
    return Dues(
        acknowledge=None if rule.columns.acknowledged_on is None else acknowledge,
        respond=respond,
        respond_anchor=anchor,
        extended=stage.extended_until if in_time else None,
    )


def _anchor(stage: PastStage, rule: StageMap, acknowledge: date | None) -> date:
    if rule.respond_from == "requested":
        return stage.asked_on
    known = [day for day in (stage.acknowledged_on, acknowledge) if day is not None]
    if not known:
        raise NoDueDate
    return min(known)
