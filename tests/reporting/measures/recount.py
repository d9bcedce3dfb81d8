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

CODE = {"first-time-resolution": "1", "stage-1": "1", "stage-2": "2", "panel": "2"}
"""Of which of the Code's two stages a step is a part."""

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
    acknowledgement: datetime | None = None
    acknowledgement_waits: bool = False
    """On paper, and not posted."""
    acknowledged_ok: bool = False
    answer: datetime | None = None
    answer_waits: bool = False
    answered_ok: bool = False
    decision: str | None = None
    put_off_from: list[date] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)
    contacted: bool = False
    arranged: bool = False
    decline_reason: str | None = None
    # What only the whole complaint tells.
    code: str | None = None
    superseded: bool = False
    begun_on: date = date.min
    code_acknowledged_on: date | None = None
    ended_on: date | None = None
    declined: str | None = None
    further_declined: str | None = None

    @property
    def acknowledged(self) -> datetime | None:
        return None if self.acknowledgement_waits else self.acknowledgement

    @property
    def answered(self) -> datetime | None:
        return None if self.answer_waits else self.answer


@dataclass
class Complaint:
    """One complaint, as the events tell it."""

    received: Any
    stages: list[Stage]
    about: dict[str, Any]
    """What it is about, where, and how the home is held, as far as anybody has said."""
    status: str = "going"
    over_on: date | None = None
    reason: str | None = None
    investigator: str | None = None
    remedies: list[Any] = field(default_factory=list)
    promises: dict[int, list[Any]] = field(default_factory=dict)
    ombudsman: list[dict[str, Any]] = field(default_factory=list)
    surveys: list[Any] = field(default_factory=list)
    lessons: dict[int, Any] = field(default_factory=dict)
    """Those that nobody took back, by number, each as it was last worded."""

    @property
    def is_over(self) -> bool:
        return self.status in ENDS and not (
            self.status == "closed" and self.stages[-1].answer_waits
        )


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


def _twelve_months_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def retold(events: Iterable[Any]) -> Complaint:
    """Goes through the events of a complaint, once."""
    first, *later = events
    about = {name: getattr(first, name) for name in ABOUT}
    complaint = Complaint(first, [Stage(first.stage, london(first.at))], about)
    for event in later:
        if event.kind in {"stage-requested", "moved-on"}:
            complaint.stages.append(Stage(event.stage, london(event.at)))
        complaint.status = STATUS.get(event.kind, complaint.status)
        if event.kind in {"refused", "withdrawn", "closed"}:
            complaint.over_on = london(event.at)
        _of_stage(next(s for s in complaint.stages if s.name == event.stage), event)
        _of_complaint(complaint, event)
    _as_the_code_sees_it(complaint)
    _declined(complaint)
    return complaint


def _as_the_code_sees_it(complaint: Complaint) -> None:
    """Puts the steps of one stage of the Code together, at the last of them."""
    stages = complaint.stages
    for at, stage in enumerate(stages):
        own = CODE.get(stage.name)
        following = stages[at + 1] if at + 1 < len(stages) else None
        stage.superseded = bool(own and following and CODE.get(following.name) == own)
        stage.code = None if stage.superseded else own
        first = at
        while stage.code and first and CODE.get(stages[first - 1].name) == own:
            first -= 1
        stage.begun_on = stages[first].asked_on
        done = [one.acknowledged for one in stages[first : at + 1] if one.acknowledged]
        stage.code_acknowledged_on = london(done[0]) if done else None
        if following:
            stage.ended_on = following.asked_on
        elif complaint.is_over:
            stage.ended_on = complaint.over_on


def _declined(complaint: Complaint) -> None:
    last = complaint.stages[-1]
    untouched = complaint.status == "closed" and not last.acknowledgement and not last.answer
    if complaint.status == "declined" or untouched:
        last.declined = last.decline_reason
        if len(complaint.stages) > 1:
            complaint.stages[-2].further_declined = last.declined


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
            unheard_of = [event.promised_for, None]  # by an answer of an earlier release
            complaint.promises.setdefault(event.number, unheard_of)[1] = event.done_on
        case "ombudsman-involved":
            complaint.ombudsman.append({"on": event.on, "determined": None})
        case "ombudsman-determined":
            complaint.ombudsman[-1]["determined"] = event
        case "survey-answered":
            complaint.surveys = [event]  # people are counted, each by what they said last
        case "lesson-learned":
            complaint.lessons[event.number or len(complaint.lessons) + 1] = event
        case "lesson-withdrawn":
            del complaint.lessons[event.number]


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
            stage.acknowledgement, stage.acknowledged_ok = event.at, event.in_time
        case "responded":
            stage.answer, stage.answered_ok = event.at, event.in_time
            stage.decision = event.decision
        case "extended":
            stage.put_off_from.append(event.was)
            told = {"told_on": None, "notice": None}
            stage.extensions.append({**event.model_dump(), **told})
        case "declined":
            stage.decline_reason = event.reason
        case "date-agreed":
            stage.put_off_from.append(event.was)
        case "notice-settled":
            _of_notice(stage, event)


def _of_notice(stage: Stage, event: Any) -> None:
    posted, waits = event.outcome == "posted", event.outcome == "to-print"
    settled_on = london(event.settled_at)
    if event.about in {"acknowledgement", "stage-acknowledgement"}:
        stage.acknowledgement_waits = waits
        if posted:
            in_time = settled_on <= stage.due.get("acknowledge", date.max)
            stage.acknowledged_ok = stage.acknowledged_ok and in_time
            made = stage.acknowledgement or event.settled_at
            stage.acknowledgement = max(made, event.settled_at)
    if event.about == "response":
        stage.answer_waits = waits
        if posted:
            stage.answered_ok &= settled_on <= stage.due.get("respond", date.max)
            stage.answer = max(stage.answer or event.settled_at, event.settled_at)
    if event.about == "extension" and stage.extensions:
        keys = [one["notice"] for one in stage.extensions]
        at = keys.index(event.notice) if event.notice in keys else -1
        extension = stage.extensions[at]
        extension["notice"] = event.notice
        stale = event.outcome == "sent" and event.was in {"bounced", "refused"}
        went_out = event.outcome in {"sent", "posted"} and not stale
        extension["told_on"] = settled_on if went_out else None


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
        for kind in ("stage", "remedy", "promise", "ombudsman", "survey", "lesson", "feedback"):
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
                    "month": f"{stage.begun_on:%Y-%m}",
                    "stage": stage.name,
                    "code_stage": stage.code,
                }
                last = number == len(complaint.stages)
                key = (complaint.received.reference, number)
                yield key, facets, stage.begun_on, (complaint, stage, last)

    def _remedys(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, (stage, remedy, on) in enumerate(complaint.remedies, 1):
                facets = self._facets(complaint) | {"stage": stage}
                yield (complaint.received.reference, number), facets, on, remedy

    def _promises(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, (by, done) in complaint.promises.items():
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
                earlier = london(complaint.received.at) < _twelve_months_before(answer.on)
                yield key, facets, answer.on, (answer.satisfaction, facets["tenure"], earlier)

    def _lessons(self) -> Iterator[Any]:
        for complaint in self.complaints:
            for number, lesson in complaint.lessons.items():
                key = (complaint.received.reference, number)
                yield key, self._facets(complaint), london(lesson.at), lesson

    def _feedbacks(self) -> Iterator[Any]:
        for first in self.feedback:
            facets = {"service_area": first.service_area, "region": first.region}
            yield (first.reference, 1), facets, london(first.at), first.feedback_kind

    # Volumes.

    def _state(self, complaint: Complaint, *, last: bool) -> str:
        if not last:
            return "closed"
        return complaint.status if complaint.is_over else "open"

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
        if stage.code != "1":
            return "out", "not-stage-1"
        if stage.further_declined:
            return "not-met", "declined"
        if not last:
            return "met", "went-on"
        return ("not-met", "not-taken-further") if stage.answered else ("out", "not-answered")

    def stage_declined(self, of: Any) -> Any:
        reason = of[1].declined
        return ("met", reason) if reason else ("out", "not-declined")

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
        return "met", self._age((self.as_at - stage.begun_on).days), 0, None

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
        return "met", self._age((self.as_at - (since or stage.begun_on)).days), 0, None

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
        left_out = self._not_taken_in(of)
        if left_out:
            return left_out
        if timely == "in-time":
            return "met", "in-time"
        if timely == "late":
            return "not-met", "late-undone" if tells_undone and self._waits(of) else "late"
        return self._undecided(of)

    def _not_taken_in(self, of: Any) -> Any:
        complaint, stage, last = of
        if last and complaint.status == "refused":
            return "out", "refused"
        return ("out", "declined") if stage.declined else None

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
        if stage.put_off_from:
            first = min(stage.put_off_from)
            if stage.answered:
                timely = "in-time" if london(stage.answered) <= first else "late"
            elif (stage.ended_on or self.as_at) > first:
                timely = "late"
        return self._by_policy(of, timely, tells_undone=True)

    def _by_code(self, of: Any) -> Any:
        stage = of[1]
        if stage.superseded:
            return "out", "with-next-step"
        if stage.code is None:
            return "out", "not-of-the-code"
        return None

    def _never(self, of: Any, *, late: bool, so: str) -> Any:
        """What was not done: still to be done, or over without it."""
        complaint, stage, last = of
        if stage.ended_on is None:
            return ("not-met", "late-undone") if late else ("out", "not-yet")
        if late:
            return "not-met", so
        withdrawn = self._state(complaint, last=last) == "withdrawn"
        return "out", "withdrawn" if withdrawn else "ended-without"

    def stage_acknowledged_by_code(self, of: Any) -> Any:
        stage = of[1]
        left_out = self._by_code(of) or self._not_taken_in(of)
        if left_out:
            return left_out
        latest = working_day_after(stage.begun_on, 5)
        if stage.code_acknowledged_on:
            in_time = stage.code_acknowledged_on <= latest
            return ("met", "in-time") if in_time else ("not-met", "late")
        if stage.answered:
            return "not-met", "never-acknowledged"
        late = (stage.ended_on or self.as_at) > latest
        return self._never(of, late=late, so="never-acknowledged")

    def _codes_word(self, stage: Stage, day: date) -> str:
        """What the Code says of an answer on a day."""
        length = 10 if stage.code == "1" else 20
        began = stage.code_acknowledged_on or stage.begun_on
        over = london(stage.answered) if stage.answered else stage.ended_on
        due = working_day_after(min(began, over or began), length)
        if day <= due:
            return "in-time"
        known, believed = due, []
        for one in stage.extensions:
            if one["told_on"] is None or one["told_on"] > min(one["was"], known):
                break
            known = max(known, one["until"])
            believed.append(one)
        if day <= min(known, working_day_after(due, length)):
            return "extended"
        if any(one["agreed_on"] and day <= one["until"] for one in believed):
            return "extended-by-agreement"
        if day <= known:
            return "extended-beyond-the-code"
        untold = any(day <= one["until"] for one in stage.extensions)
        return "extension-not-told" if untold else "late"

    def _answered(self, of: Any, *within: str) -> Any:
        stage = of[1]
        left_out = self._by_code(of) or self._not_taken_in(of)
        if left_out:
            return left_out
        if stage.answered:
            word = self._codes_word(stage, london(stage.answered))
            return ("met" if word in within else "not-met"), word
        if stage.ended_on:
            allowed = {"in-time", "extended", "extended-by-agreement"}
            late = self._codes_word(stage, stage.ended_on) not in allowed
        else:
            late = self._codes_word(stage, self.as_at) not in within
        return self._never(of, late=late, so="never-answered")

    def stage_responded_by_code(self, of: Any) -> Any:
        return self._answered(of, "in-time", "extended")

    def stage_responded_by_code_unextended(self, of: Any) -> Any:
        return self._answered(of, "in-time")

    def _of_all(self, stage: Stage) -> Any:
        if not stage.answered:
            return "not-met", "unanswered"
        word = self._codes_word(stage, london(stage.answered))
        return ("met" if word in {"in-time", "extended"} else "not-met"), word

    def stage_answered_of_received(self, of: Any) -> Any:
        return self._by_code(of) or self._of_all(of[1])

    # Clocks.

    def stage_missed_clocks(self, of: Any) -> Any:
        misses = of[1].misses
        return ("met", "missed", misses) if misses else ("not-met", "none-missed")

    def stage_ladder_climbs(self, of: Any) -> Any:
        rungs = of[1].rungs
        return ("met", "climbed", rungs) if rungs else ("not-met", "not-climbed")

    def stage_extensions(self, of: Any) -> Any:
        stage = of[1]
        if not stage.extensions:
            return "out", "not-extended"
        if any(one["told_on"] and one["told_on"] > one["was"] for one in stage.extensions):
            return "not-met", "told-late"
        untold = [one["was"] for one in stage.extensions if one["told_on"] is None]
        if untold:
            ahead = min(untold) >= self.as_at
            return ("out", "not-yet") if ahead else ("not-met", "not-told")
        return "met", "told-in-time"

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
        if of[2]:
            return "out", "complained-earlier"
        return self._irrelevant(of[1]) or self._satisfied(of[0])

    def lesson_lessons(self, _lesson: Any) -> Any:
        return "met", "recorded"

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
        if stage.declined:
            return "out", "declined"
        return self._irrelevant(complaint.about["tenure"])

    def _ch02(self, of: Any, code: str) -> Any:
        left_out = self._ch(of, code)
        if left_out:
            return left_out
        return self._of_all(of[1])

    def stage_ch01_1(self, of: Any) -> Any:
        return self._ch(of, "1") or ("met", "received")

    def stage_ch01_2(self, of: Any) -> Any:
        return self._ch(of, "2") or ("met", "received")

    def stage_ch02_1(self, of: Any) -> Any:
        return self._ch02(of, "1")

    def stage_ch02_2(self, of: Any) -> Any:
        return self._ch02(of, "2")
