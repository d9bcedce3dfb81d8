"""A past complaint as the events of a life in Putright, kind by kind. Pure.

They are recorded and folded like any other, so the register can be made again from them. Only days
are known: each thing is told at noon in London, and a missed due date at the end of its day.
"""

from collections.abc import Iterator
from datetime import date
from typing import cast

from services.reporting.importing.column_map import ColumnMap
from services.reporting.importing.dues import dues
from services.reporting.importing.past import PastComplaint
from services.reporting.importing.retold_stage import RetoldStage
from services.reporting.importing.told import Told, noon, told
from services.shared.events import (
    AnyEvent,
    Closed,
    OmbudsmanDetermined,
    OmbudsmanInvolved,
    Received,
    Refused,
    StageRequested,
    SurveyAnswered,
    Withdrawn,
)
from services.shared.working_days import WorkingDays

BY = "import"
"""Who tells these events."""


class Retelling:
    """Retells the complaints of one table, by its map and the working days that it names."""

    def __init__(self, column_map: ColumnMap, days: WorkingDays) -> None:
        self._map = column_map
        self._days = days

    def events(self, complaint: PastComplaint) -> tuple[AnyEvent, ...]:
        """Returns the events of a complaint, numbered from 1: the same each time it is asked."""
        happened = sorted(self._happened(complaint), key=lambda one: one.at)
        return tuple(
            cast(
                AnyEvent,
                one.kind(
                    reference=complaint.reference,
                    sequence=sequence,
                    at=one.at,
                    stage=one.stage,
                    by=BY,
                    **one.facts,
                ),
            )
            for sequence, one in enumerate(happened, 1)
        )

    def _happened(self, complaint: PastComplaint) -> Iterator[Told]:
        for number, stage in enumerate(complaint.stages):
            rule = self._map.stages[number]
            if number == 0:
                yield self._received(complaint)
            else:
                before = self._map.stages[number - 1].name
                yield told(stage.asked_on, StageRequested, rule.name, from_stage=before)
            retold = RetoldStage(
                reference=complaint.reference,
                stage=stage,
                rule=rule,
                dues=dues(stage, rule, self._days),
                begins="received" if number == 0 else "requested",
                ended_on=_ended_on(complaint, number),
                days=self._days,
            )
            yield from retold.events()
        yield from self._ended(complaint)
        yield from self._afterwards(complaint)

    def _received(self, complaint: PastComplaint) -> Told:
        return told(
            complaint.received_on,
            Received,
            self._map.stages[0].name,
            policy=self._map.policy,
            policy_effective=self._map.effective,
            channel=complaint.channel,
            # When the other system took it down is not known, and each time it must be the same.
            entered_at=noon(complaint.received_on),
            category=complaint.category,
            service_area=complaint.service_area,
            region=complaint.region,
            tenure=complaint.tenure,
        )

    def _ended(self, complaint: PastComplaint) -> Iterator[Told]:
        stage, last = self._map.stages[len(complaint.stages) - 1].name, complaint.stages[-1]
        if complaint.refused_on is not None:
            yield told(complaint.refused_on, Refused, stage, reason=complaint.refusal_reason)
        elif complaint.withdrawn_on is not None:
            yield told(complaint.withdrawn_on, Withdrawn, stage)
        elif last.declined_on is None and (on := complaint.ended_on) is not None:
            final = last.responded_on is not None and stage == self._map.stages[-1].name
            reason = "final-response" if final else "not-escalated"
            yield told(on, Closed, stage, reason=reason)

    def _afterwards(self, complaint: PastComplaint) -> Iterator[Told]:
        case = complaint.ombudsman
        if case is not None:
            stage = self._stage_on(complaint, case.involved_on)
            yield told(case.involved_on, OmbudsmanInvolved, stage, on=case.involved_on)
        if case is not None and case.determined_on is not None:
            yield told(
                case.determined_on,
                OmbudsmanDetermined,
                self._stage_on(complaint, case.determined_on),
                on=case.determined_on,
                determination=case.determination,
                orders=case.orders,
                recommendations=case.recommendations,
                pence=case.pence,
            )
        if complaint.satisfaction is not None and (on := complaint.survey_on) is not None:
            facts = {"on": on, "satisfaction": complaint.satisfaction}
            yield told(on, SurveyAnswered, self._stage_on(complaint, on), **facts)

    def _stage_on(self, complaint: PastComplaint, day: date) -> str:
        """Returns the stage that a complaint had reached on a day."""
        reached = sum(stage.asked_on <= day for stage in complaint.stages)
        return self._map.stages[reached - 1].name


def _ended_on(complaint: PastComplaint, number: int) -> date:
    """Returns the day from which nothing was waited for at a stage any more."""
    stage, following = complaint.stages[number], complaint.stages[number + 1 :]
    left_on = following[0].asked_on if following else complaint.ended_on
    return stage.responded_on or stage.declined_on or left_on or stage.asked_on
