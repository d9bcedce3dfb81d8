"""One complaint for people to read: each stage with its dates, and how the measures judge it. Pure.

It is made from the register's entry and the events alone, so it never lags behind them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.reporting.dashboard.case_lists import judged
from services.reporting.dashboard.complaint_clocks import ClockLine, clock_lines
from services.reporting.dashboard.linked import spoken
from services.reporting.facts import StageFacts
from services.reporting.measures.catalogue import Catalogue
from services.reporting.measures.measure import Measure
from services.reporting.register import RegisterEntry, StageEntry
from services.reporting.reports.figures import day_in_words
from services.reporting.sentences import on_day, pounds
from services.reporting.timeline import TimelineEntry
from services.shared.local_time import LONDON, local_date

JUDGED_BY = (
    *("acknowledged", "acknowledged-by-code"),
    *("responded", "responded-unextended", "responded-by-code"),
)
"""The measures whose judgement of the complaint is shown, so that each figure can be checked."""


class Judgement(NamedTuple):
    """How a measure counts the stage."""

    measure: str
    title: str
    judged: str


class StageStory(NamedTuple):
    """One stage."""

    title: str
    began: str
    clocks: tuple[ClockLine, ...]
    notes: tuple[str, ...]
    judgements: tuple[Judgement, ...]


class Moment(NamedTuple):
    """One line of the timeline."""

    number: int
    day: str
    time: str
    stage: str
    sentence: str
    by: str


def stories(
    entry: RegisterEntry, facts: Sequence[StageFacts], measures: Catalogue, today: date
) -> tuple[StageStory, ...]:
    """Returns every stage in order; `facts` are those of the entry, `measures` judge today."""
    judged_by = [measures[name] for name in JUDGED_BY]
    return tuple(
        StageStory(
            title=spoken(stage.stage),
            began=f"{BEGAN[stage.entered_by]} on {on_day(local_date(stage.requested_at))}",
            clocks=tuple(clock_lines(stage, today, ended=stage_facts.state != "open")),
            notes=tuple(_notes(stage)),
            judgements=tuple(_judgements(stage_facts, judged_by)),
        )
        for stage, stage_facts in zip(entry.stages, facts, strict=True)
    )


def facts(entry: RegisterEntry) -> dict[str, str]:
    """Returns what is known of the complaint as a whole, by what it is called."""
    known = {
        "Status": spoken(entry.status),
        "Stage": spoken(entry.stage),
        "Received": on_day(local_date(entry.received_at)),
        "By": spoken(entry.channel),
        "Policy": f"{spoken(entry.policy)}, of {day_in_words(entry.policy_effective)}",
        "Category": entry.category,
        "Service area": entry.service_area,
        "Region": entry.region,
        "Home": entry.tenure and spoken(entry.tenure),
        "Priority": spoken(entry.priority),
        "In charge": " and ".join(filter(None, (entry.investigator, entry.together_with))),
        "Not taken in because": entry.refusal_reason and spoken(entry.refusal_reason),
        "Closed": entry.closed_at and on_day(local_date(entry.closed_at)),
    }
    return {name: value for name, value in known.items() if value}


BEGAN = {
    "receipt": "Received",
    "request": "Asked for by the resident",
    "not-resolved": "Begun, for the stage before had not resolved it,",
    "referred": "Passed on from the stage before",
}


def _notes(stage: StageEntry) -> Iterator[str]:
    """Says what the dates alone do not."""
    if stage.extended_from and stage.extended_until:
        told = {True: "in time", False: "late", None: "in no notice that is known of"}
        yield (
            f"Extended from {on_day(stage.extended_from)} to {on_day(stage.extended_until)}; "
            f"the resident was told {told[stage.extension_told_in_time]}."
        )
    if stage.agreed_from and stage.agreed_until:
        yield (
            f"Agreed with the resident: {on_day(stage.agreed_until)}, "
            f"in place of {on_day(stage.agreed_from)}."
        )
    if stage.hearing_on:
        yield f"The hearing is on {on_day(stage.hearing_on)}."
    if stage.requested_late:
        yield "The stage was asked for after the time for that, and considered all the same."
    if stage.declined_at:
        yield (
            f"Declined on {on_day(local_date(stage.declined_at))}: "
            f"{(stage.decline_reason or 'no reason recorded').replace('-', ' ')}."
        )
    if stage.responded_at:
        decision = (stage.decision or "not recorded").replace("-", " ")
        yield f"Decision: {decision}."
    if stage.misses:
        yield f"Clocks missed: {stage.misses}. Rungs of the ladder climbed: {stage.rungs_climbed}."


def _judgements(facts: StageFacts, judged_by: Sequence[Measure]) -> Iterator[Judgement]:
    for measure in judged_by:
        verdict = measure.rule(facts)
        yield Judgement(
            measure.name, measure.title, judged(verdict.standing, measure.words(verdict.reason))
        )


def afterwards(entry: RegisterEntry) -> Iterator[str]:
    """Yields what was given, promised, found and said since, a sentence each."""
    for remedy in entry.remedies:
        paid = f", {pounds(remedy.pence)}" if remedy.pence else ""
        yield f"Remedy of {day_in_words(remedy.on)}: {remedy.kind.replace('-', ' ')}{paid}."
    for promise in entry.promises:
        done = f"done on {on_day(promise.done_on)}" if promise.done_on else "still to be done"
        yield f"Promised action {promise.number}, by {on_day(promise.by)}: {done}."
    for case in entry.ombudsman:
        found = "not determined yet"
        if case.determined_on:
            finding = (case.determination or "").replace("-", " ")
            found = f"determined on {on_day(case.determined_on)}: {finding}"
        yield f"Before the Housing Ombudsman since {on_day(case.involved_on)}; {found}."
    for survey in entry.surveys:
        answer = survey.satisfaction.replace("-", " ")
        yield f"Survey answered on {day_in_words(survey.on)}: {answer}."
    for lesson in entry.lessons:
        yield f"A lesson was recorded on {day_in_words(lesson.on)}, about {lesson.theme}."


def moments(timeline: Sequence[TimelineEntry]) -> tuple[Moment, ...]:
    """Returns the timeline as the API tells it, with times as clocks in London showed them."""
    return tuple(
        Moment(
            line.sequence,
            line.on,
            f"{line.at.astimezone(LONDON):%H:%M}",
            spoken(line.stage),
            line.sentence,
            line.by,
        )
        for line in timeline
    )
