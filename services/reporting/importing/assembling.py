"""What the cells of a row make together: a past complaint, if its story can have been. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from services.reporting.importing.chronology import impossible_days
from services.reporting.importing.coherence import contradictory, incomplete, is_open, with_ends
from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.dues import NoDueDate, dues
from services.reporting.importing.mistakes import Mistake, Wrong
from services.reporting.importing.past import PastComplaint, PastOmbudsman, PastStage
from services.reporting.importing.row_reading import ReadRow
from services.shared.working_days import BeyondCalendar, WorkingDays

NOT_RECORDED = "not-recorded"
"""The reason of a refusal for which the table gives none."""

OF_A_DETERMINATION = ("determined_on", "determination", "orders", "recommendations")


class StillOpen(NamedTuple):
    """A complaint that had not ended, in its row."""

    row: int


class Assembler:
    """Puts rows together by one map; `headers` names the column of each fact."""

    def __init__(
        self,
        column_map: ColumnMap,
        headers: Mapping[tuple[int | None, str], str],
        days: WorkingDays,
        today: date,
    ) -> None:
        self._map = column_map
        self._defaults = column_map.defaults.model_dump()
        self._headers = headers
        self._days = days
        self._today = today

    def assemble(self, row: int, read: ReadRow) -> PastComplaint | StillOpen | tuple[Mistake, ...]:
        """Returns what the row tells, or what is wrong with it."""
        channel_needed = self._defaults["channel"] is None
        wrong = read.mistakes or self._named(row, incomplete(read, channel_needed=channel_needed))
        if wrong:
            return wrong
        if is_open(read):
            return StillOpen(row)
        if wrong := self._named(row, contradictory(read)):
            return wrong
        complaint = _complaint(row, read, self._defaults)
        return self._named(row, self._impossible(complaint)) or complaint

    def _named(self, row: int, found: Iterable[Wrong]) -> tuple[Mistake, ...]:
        return tuple(
            Mistake(row, self._headers.get((one.stage, one.field), one.field), one.code, one.words)
            for one in found
        )

    def _impossible(self, complaint: PastComplaint) -> Iterator[Wrong]:
        yield from impossible_days(complaint, self._today)
        for number, stage in enumerate(complaint.stages):
            try:
                found = dues(stage, self._map.stages[number], self._days)
            except NoDueDate:
                words = "Neither this cell nor the map says when the response was due."
                yield Wrong(number, "respond_due", "no-due-date", words)
            except BeyondCalendar as beyond:
                stage_of, field = (number, "requested_on") if number else (None, "received_on")
                yield Wrong(stage_of, field, beyond.code, beyond.detail)
            else:
                if stage.extended_until is not None and stage.extended_until <= found.respond:
                    words = f"The response was due on {found.respond} already."
                    yield Wrong(number, "extended_until", "not-an-extension", words)


def _complaint(row: int, read: ReadRow, defaults: Mapping[str, str | None]) -> PastComplaint:
    of = with_ends(read.complaint)
    received_on = of.pop("received_on")
    of.pop("status", None)
    for field, value in defaults.items():
        of[field] = of.get(field) or value
    if of.get("refused_on") is not None:
        of["refusal_reason"] = of.get("refusal_reason") or NOT_RECORDED
    asked = [stage for stage in read.stages[1:] if stage["requested_on"] is not None]
    stages = [_stage(read.stages[0], received_on)]
    stages += [_stage(stage, stage["requested_on"]) for stage in asked]
    complaint = PastComplaint(row=row, stages=tuple(stages), ombudsman=_ombudsman(of), **of)
    if complaint.satisfaction is None or complaint.survey_on is not None:
        return complaint
    return replace(complaint, survey_on=complaint.ended_on)


def _stage(read: Mapping[str, Any], asked_on: date) -> PastStage:
    of = {field: value for field, value in read.items() if field != "requested_on"}
    remedies = tuple(kind for kind in of.pop("remedies", ()) if kind != "payment")
    if of.get("declined_on") is not None:
        of["decline_reason"] = of.get("decline_reason") or NOT_RECORDED
    return PastStage(asked_on=asked_on, remedies=remedies, pence=of.pop("compensation", None), **of)


def _ombudsman(of: dict[str, Any]) -> PastOmbudsman | None:
    """Takes what is the Ombudsman's out of the facts of a complaint."""
    involved_on, pence = of.pop("ombudsman_on", None), of.pop("ombudsman_compensation", None)
    rest = {field: of.pop(field, None) for field in OF_A_DETERMINATION}
    if involved_on is None:
        return None
    found = {field: value for field, value in rest.items() if value is not None}
    return PastOmbudsman(involved_on=involved_on, pence=pence or 0, **found)
