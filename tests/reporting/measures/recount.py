"""A second count of every measure, straight from the events, in plain Python.

It is written apart from the rules on purpose, and shares nothing with them but the names of their
verdicts: working days are counted day by day by another source of bank holidays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2032))

ENDS = {"refused", "withdrawn", "closed"}

ABOUT = ("category", "service_area", "region", "tenure")

STATUS = {
    "stage-requested": "going",
    "moved-on": "going",
    "declined": "declined",
    "decline-answered": "going",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "closed": "closed",
    "responded": "going",
    "acknowledged": "going",
}


@dataclass
class Stage:
    """What happened at one stage, as the events tell it."""

    name: str
    asked_on: date
    due: dict[str, date] = field(default_factory=dict)
    missed: dict[str, bool] = field(default_factory=dict)
    """The clocks that were missed, and count: those before an answered decline do not."""
    misses: int = 0
    rungs: int = 0
    acknowledged: datetime | None = None
    acknowledged_ok: bool = False
    answered: datetime | None = None
    answered_ok: bool = False
    decision: str | None = None
    put_off_from: list[date] = field(default_factory=list)
    extended_until: date | None = None
    extension_replaced: date | None = None
    notices_ok: list[bool] = field(default_factory=list)
    contacted: bool = False
    arranged: bool = False

    @property
    def code(self) -> str | None:
        return {"stage-1": "1", "stage-2": "2"}.get(self.name)


@dataclass
class Complaint:
    """One complaint, as the events tell it."""

    received: Any
    stages: list[Stage]
    about: dict[str, Any]
    """What it is about, where, and how the home is held, as far as anybody has said."""
    status: str = "going"
    reason: str | None = None
    investigator: str | None = None
    remedies: list[Any] = field(default_factory=list)
    promises: dict[int, list[Any]] = field(default_factory=dict)
    ombudsman: list[dict[str, Any]] = field(default_factory=list)
    surveys: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Judged:
    """What a recount says of one thing."""

    standing: str
    reason: str
    on: date | None
    facets: dict[str, Any]
    amount: int = 0


def london(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


@cache
def working_day_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in BANK_HOLIDAYS:
            count -= 1
    return day


def retold(events: Iterable[Any]) -> Complaint:
    """Goes through the events of a complaint, once."""
    first, *later = events
    about = {name: getattr(first, name) for name in ABOUT}
    complaint = Complaint(first, [Stage(first.stage, london(first.at))], about)
    for event in later:
        if event.kind in {"stage-requested", "moved-on"}:
            complaint.stages.append(Stage(event.stage, london(event.at)))
        complaint.status = STATUS.get(event.kind, complaint.status)
        _of_stage(next(s for s in complaint.stages if s.name == event.stage), event)
        _of_complaint(complaint, event)
    return complaint


def _of_complaint(complaint: Complaint, event: Any) -> None:  # noqa: C901 — one case for each kind
    match event.kind:
        case "refused":
            complaint.reason = event.reason
        case "assigned":
            complaint.investigator = event.investigator
        case "stage-requested" | "moved-on":
            complaint.investigator = None
        case "classified":
            for name in ABOUT:
                complaint.about[name] = getattr(event, name) or complaint.about[name]
        case "responded":
            on = london(event.at)
            complaint.remedies += [(event.stage, one, on) for one in event.remedies]
            complaint.promises |= {one.number: [one.by, None] for one in event.promises}
        case "promise-kept":
            complaint.promises[event.number][1] = event.done_on
        case "ombudsman-involved":
            complaint.ombudsman.append({"on": event.on, "determined": None})
        case "ombudsman-determined":
            complaint.ombudsman[-1]["determined"] = event
        case "survey-answered":
            complaint.surveys.append(event)


def _of_stage(stage: Stage, event: Any) -> None:  # noqa: C901 — one case for each kind
    match event.kind:
        case "clock-set":
            stage.due[event.clock] = event.due
        case "missed" if event.clock not in {"escalate", "reply"}:
            stage.misses += 1
            stage.missed[event.clock] = True
        case "climbed":
            stage.rungs += 1
        case "decline-answered":
            stage.missed.clear()
            stage.contacted = False
        case "contacted" if event.counts:
            stage.contacted = True
        case "hearing-set":
            stage.arranged = True
        case "acknowledged":
            stage.acknowledged, stage.acknowledged_ok = event.at, event.in_time
        case "responded":
            stage.answered, stage.answered_ok = event.at, event.in_time
            stage.decision = event.decision
        case "extended":
            stage.put_off_from.append(event.was)
            stage.extended_until = event.until
            stage.extension_replaced = event.was
        case "date-agreed":
            stage.put_off_from.append(event.was)
        case "notice-settled":
            _of_notice(stage, event)


def _of_notice(stage: Stage, event: Any) -> None:
    posted = event.outcome == "posted"
    if posted and event.about in {"acknowledgement", "stage-acknowledgement"}:
        in_time = london(event.settled_at) <= stage.due.get("acknowledge", date.max)
        stage.acknowledged_ok = stage.acknowledged_ok and in_time
        stage.acknowledged = max(stage.acknowledged or event.settled_at, event.settled_at)
    if posted and event.about == "response":
        in_time = london(event.settled_at) <= stage.due.get("respond", date.max)
        stage.answered_ok = stage.answered_ok and in_time
        stage.answered = max(stage.answered or event.settled_at, event.settled_at)
    went_out = event.outcome in {"sent", "posted"} and event.was in {None, "to-print"}
    if went_out and event.about == "extension" and stage.extension_replaced:
        stage.notices_ok.append(london(event.settled_at) <= stage.extension_replaced)


class Recount:
    """Every measure of some complaints, counted again."""

    def __init__(self, told: Iterable[Iterable[Any]], feedback: Iterable[Any], as_at: date) -> None:
        self.complaints = [retold(events) for events in told]
        self.feedback = [events[0] for events in feedback]
        self.as_at = as_at
        self._found: dict[str, dict[tuple[str, int], Judged]] = {}

    def of(self, measure: str) -> dict[tuple[str, int], Judged]:
        """Returns what it says of each thing, by the complaint's reference and its number."""
        if measure not in self._found:
            self._found[measure] = dict(self._judged(measure))
        return self._found[measure]

    def _judged(self, measure: str) -> Iterator[tuple[tuple[str, int], Judged]]:
        name = measure.replace("-", "_")
        for kind in ("stage", "remedy", "promise", "ombudsman", "survey", "feedback"):
            rule = getattr(self, f"{kind}_{name}", None)
            if rule is not None:
                for key, facets, on, thing in getattr(self, f"_{kind}s")():
                    verdict = rule(thing)
                    if verdict is not None:
                        standing, reason, *rest = verdict
                        kept = on if len(rest) < 2 else rest[1]
                        amount = rest[0] if rest else 0
                        yield key, Judged(standing, reason, kept, facets, amount)

    # What there is to judge.

    def _facets(self, complaint: Complaint) -> dict[str, Any]:
        first = complaint.received
        return {"channel": first.channel, "policy": first.policy, **complaint.about}

    def _stages(self) -> Iterator[Any]:
        for complaint in self.complaints:
            of_complaint = self._facets(complaint)
            for number, stage in enumerate(complaint.stages, 1):
                facets = of_complaint | {
                    "month": f"{stage.asked_on:%Y-%m}",
                    "stage": stage.name,
                    "code_stage": stage.code,
                }
                last = number == len(complaint.stages)
                key = (complaint.received.reference, number)
                yield key, facets, stage.asked_on, (complaint, stage, last)

    def _remedys(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, (stage, remedy, on) in enumerate(complaint.remedies, 1):
                facets = self._facets(complaint) | {"stage": stage}
                yield (complaint.received.reference, number), facets, on, remedy

    def _promises(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, (by, done) in enumerate(complaint.promises.values(), 1):
                key = (complaint.received.reference, number)
                yield key, self._facets(complaint), by, (by, done)

    def _ombudsmans(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, case in enumerate(complaint.ombudsman, 1):
                key = (complaint.received.reference, number)
                yield key, self._facets(complaint), case["on"], case

    def _surveys(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, answer in enumerate(complaint.surveys, 1):
                key = (complaint.received.reference, number)
                facets = self._facets(complaint)
                yield key, facets, answer.on, (answer.satisfaction, facets["tenure"])

    def _feedbacks(self) -> Iterator[Any]:
        for first in self.feedback:
            facets = {"service_area": first.service_area, "region": first.region}
            yield (first.reference, 1), facets, london(first.at), first.feedback_kind

    # Volumes.

    def _state(self, complaint: Complaint, *, last: bool) -> str:
        if not last:
            return "closed"
        return complaint.status if complaint.status in ENDS else "open"

    def stage_received(self, _of: Any) -> Any:
        return "met", "received"

    def stage_refused(self, of: Any) -> Any:
        complaint, _, last = of
        if last and complaint.status == "refused":
            return "met", complaint.reason
        return "out", "taken-in"

    def stage_withdrawn(self, of: Any) -> Any:
        complaint, _, last = of
        gone = last and complaint.status == "withdrawn"
        return ("met", "withdrawn") if gone else ("out", "not-withdrawn")

    def stage_escalated(self, of: Any) -> Any:
        _, stage, last = of
        if stage.name != "stage-1":
            return "out", "not-stage-1"
        if not last:
            return "met", "went-on"
        return ("not-met", "not-taken-further") if stage.answered else ("out", "not-answered")

    def _age(self, days: int) -> str:
        if days <= 14:
            return "up-to-14-days"
        if days <= 28:
            return "15-to-28-days"
        return "29-to-56-days" if days <= 56 else "over-56-days"

    def stage_waiting(self, of: Any) -> Any:
        complaint, stage, last = of
        if self._state(complaint, last=last) != "open":
            return None
        if stage.answered:
            return "out", "answered", 0, None
        return "met", self._age((self.as_at - stage.asked_on).days), 0, None

    def stage_overdue(self, of: Any) -> Any:
        complaint, stage, last = of
        if self._state(complaint, last=last) != "open":
            return None
        if stage.answered:
            return "out", "answered", 0, None
        done = {
            "acknowledge": stage.acknowledged is not None,
            "contact": stage.contacted,
            "arrange": stage.arranged,
            "respond": False,
        }
        undone = [clock for clock in stage.missed if not done[clock]]
        if not undone or complaint.status == "declined":
            return "not-met", "not-overdue", 0, None
        since = min((stage.due[clock] for clock in undone if clock in stage.due), default=None)
        return "met", self._age((self.as_at - (since or stage.asked_on)).days), 0, None

    # Times.

    def _timely(self, done: datetime | None, *, ok: bool, missed: bool) -> Any:
        """Returns in-time, late or None for undecided."""
        if done is not None:
            return "in-time" if ok else "late"
        return "late" if missed else None

    def _undecided(self, of: Any) -> Any:
        complaint, stage, last = of
        state = self._state(complaint, last=last)
        if state == "withdrawn":
            return "out", "withdrawn"
        if state == "open" and not stage.answered:
            return "out", "not-yet"
        return "out", "ended-without"

    def _waits(self, of: Any) -> bool:
        complaint, stage, last = of
        return self._state(complaint, last=last) == "open" and not stage.answered

    def _by_policy(self, of: Any, timely: str | None, *, tells_undone: bool) -> Any:
        complaint, _, last = of
        if last and complaint.status == "refused":
            return "out", "refused"
        if timely == "in-time":
            return "met", "in-time"
        if timely == "late":
            return "not-met", "late-undone" if tells_undone and self._waits(of) else "late"
        return self._undecided(of)

    def stage_acknowledged(self, of: Any) -> Any:
        stage = of[1]
        missed = "acknowledge" in stage.missed
        timely = self._timely(stage.acknowledged, ok=stage.acknowledged_ok, missed=missed)
        return self._by_policy(of, timely, tells_undone=False)

    def stage_responded(self, of: Any) -> Any:
        stage = of[1]
        missed = "respond" in stage.missed
        timely = self._timely(stage.answered, ok=stage.answered_ok, missed=missed)
        return self._by_policy(of, timely, tells_undone=True)

    def stage_responded_unextended(self, of: Any) -> Any:
        stage = of[1]
        missed = "respond" in stage.missed
        timely = self._timely(stage.answered, ok=stage.answered_ok, missed=missed)
        if stage.answered and stage.put_off_from:
            first = min(stage.put_off_from)
            timely = "in-time" if london(stage.answered) <= first else "late"
        return self._by_policy(of, timely, tells_undone=True)

    def stage_acknowledged_by_code(self, of: Any) -> Any:
        complaint, stage, last = of
        if stage.code is None:
            return "out", "not-of-the-code"
        if last and complaint.status == "refused":
            return "out", "refused"
        if stage.acknowledged:
            in_time = london(stage.acknowledged) <= working_day_after(stage.asked_on, 5)
            return ("met", "in-time") if in_time else ("not-met", "late")
        if "acknowledge" in stage.missed:
            undone = self._state(complaint, last=last) == "open"
            return "not-met", "late-undone" if undone else "late"
        return self._undecided(of)

    def _in_codes_time(self, stage: Stage) -> str:
        answered_on = london(stage.answered) if stage.answered else date.max
        began = london(stage.acknowledged) if stage.acknowledged else stage.asked_on
        latest = working_day_after(min(began, answered_on), 10 if stage.code == "1" else 20)
        if answered_on <= latest:
            return "in-time"
        extended = stage.extended_until is not None and answered_on <= stage.extended_until
        return "extended" if extended else "late"

    def stage_responded_by_code(self, of: Any) -> Any:
        complaint, stage, last = of
        if stage.code is None:
            return "out", "not-of-the-code"
        if last and complaint.status == "refused":
            return "out", "refused"
        if stage.answered:
            found = self._in_codes_time(stage)
            return ("not-met" if found == "late" else "met"), found
        if "respond" in stage.missed:
            undone = self._state(complaint, last=last) == "open"
            return "not-met", "late-undone" if undone else "late"
        return self._undecided(of)

    def stage_responded_by_code_unextended(self, of: Any) -> Any:
        found = self.stage_responded_by_code(of)
        return ("not-met", "extended") if found == ("met", "extended") else found

    def stage_answered_of_received(self, of: Any) -> Any:
        stage = of[1]
        if stage.code is None:
            return "out", "not-of-the-code"
        if not stage.answered:
            return "not-met", "unanswered"
        found = self._in_codes_time(stage)
        return ("not-met" if found == "late" else "met"), found

    # Clocks.

    def stage_missed_clocks(self, of: Any) -> Any:
        misses = of[1].misses
        return ("met", "missed", misses) if misses else ("not-met", "none-missed")

    def stage_ladder_climbs(self, of: Any) -> Any:
        rungs = of[1].rungs
        return ("met", "climbed", rungs) if rungs else ("not-met", "not-climbed")

    def stage_extensions(self, of: Any) -> Any:
        stage = of[1]
        if stage.extended_until is None:
            return "out", "not-extended"
        if not stage.notices_ok:
            return "not-met", "not-told"
        return ("met", "told-in-time") if all(stage.notices_ok) else ("not-met", "told-late")

    # What came of it.

    def stage_outcomes(self, of: Any) -> Any:
        stage = of[1]
        if not stage.answered:
            return "out", "not-answered"
        return ("met", stage.decision) if stage.decision else ("not-met", "not-recorded")

    def remedy_remedies(self, remedy: Any) -> Any:
        return "met", remedy.kind

    def remedy_compensation(self, remedy: Any) -> Any:
        if remedy.kind == "payment":
            return "met", "payment", remedy.pence
        return "out", "not-a-payment"

    def promise_promises_kept(self, of: Any) -> Any:
        by, done = of
        if done is None:
            return ("not-met", "late-undone") if by < self.as_at else ("out", "not-yet")
        return ("met", "in-time") if done <= by else ("not-met", "late")

    # The Ombudsman.

    def ombudsman_ombudsman_referred(self, case: Any) -> Any:
        return "met", "determined" if case["determined"] else "open"

    def ombudsman_ombudsman_open(self, case: Any) -> Any:
        return None if case["determined"] else ("met", "open", 0, None)

    def _determined(self, case: Any, amount: str | None = None) -> Any:
        found = case["determined"]
        if not found:
            return None
        number = getattr(found, amount) if amount else 0
        return "met", found.determination, number, found.on

    def ombudsman_ombudsman_determined(self, case: Any) -> Any:
        return self._determined(case)

    def ombudsman_ombudsman_orders(self, case: Any) -> Any:
        return self._determined(case, "orders")

    def ombudsman_ombudsman_recommendations(self, case: Any) -> Any:
        return self._determined(case, "recommendations")

    def ombudsman_ombudsman_compensation(self, case: Any) -> Any:
        return self._determined(case, "pence")

    # What people said.

    def _satisfied(self, answer: str) -> Any:
        happy = answer in {"very-satisfied", "fairly-satisfied"}
        return "met" if happy else "not-met", answer

    def survey_satisfaction(self, of: Any) -> Any:
        return self._satisfied(of[0])

    def survey_tp09(self, of: Any) -> Any:
        return self._irrelevant(of[1]) or self._satisfied(of[0])

    def feedback_compliments(self, kind: str) -> Any:
        return ("met" if kind == "compliment" else "out"), kind

    def feedback_other_feedback(self, kind: str) -> Any:
        return ("out" if kind == "compliment" else "met"), kind

    # The Regulator's.

    def _irrelevant(self, tenure: str | None) -> Any:
        if tenure is None:
            return "out", "tenure-not-recorded"
        return ("out", "not-a-relevant-home") if tenure == "other" else None

    def _ch(self, of: Any, code: str) -> Any:
        complaint, stage, last = of
        if stage.code != code:
            return "out", "not-this-stage"
        if last and complaint.status == "refused":
            return "out", "refused"
        return self._irrelevant(complaint.about["tenure"])

    def _ch02(self, of: Any, code: str) -> Any:
        left_out = self._ch(of, code)
        if left_out:
            return left_out
        if not of[1].answered:
            return "not-met", "unanswered"
        found = self._in_codes_time(of[1])
        return ("not-met" if found == "late" else "met"), found

    def stage_ch01_1(self, of: Any) -> Any:
        return self._ch(of, "1") or ("met", "received")

    def stage_ch01_2(self, of: Any) -> Any:
        return self._ch(of, "2") or ("met", "received")

    def stage_ch02_1(self, of: Any) -> Any:
        return self._ch02(of, "1")

    def stage_ch02_2(self, of: Any) -> Any:
        return self._ch02(of, "2")
