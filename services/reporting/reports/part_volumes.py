"""The parts of a report on how many came in, what became of them, and what was not taken in."""

from services.reporting.measures.facets import CODE_STAGE, MONTH
from services.reporting.measures.outcomes import DECISIONS
from services.reporting.measures.tally import Tally
from services.reporting.measures.volumes import AGE_REASONS
from services.reporting.reports.document import Chart, Row, Section, Series, Table
from services.reporting.reports.figures import Count, day_in_words
from services.reporting.reports.material import (
    STAGES,
    Ask,
    Asks,
    Material,
    Part,
    adds,
    codes_of,
    count,
    month_in_words,
    months_of,
    share,
)
from services.reporting.reports.small_numbers import joined
from services.shared.local_time import local_date

ASKS: Asks = {
    "received": Ask("received", (MONTH, CODE_STAGE)),
    "outcomes": Ask("outcomes", (CODE_STAGE,)),
    "refused": Ask("refused", (CODE_STAGE,)),
    "withdrawn": Ask("withdrawn", (CODE_STAGE,)),
    "escalated": Ask("escalated"),
    "waiting": Ask("waiting"),
    "overdue": Ask("overdue"),
}


def received(material: Material) -> Part:
    """How many were received at each stage, in each part of the period."""
    tally = material.counts["received"]
    slices = material.slices
    rows, sums = [], []
    for code, title in STAGES.items():
        of_stage = tally.of(code_stage=code)
        numbers = [
            material.count_in(
                one,
                f"stage-{code}/received/{one.code}",
                of_stage.among("month", one.months).met,
            )
            for one in slices
        ]
        total = count(f"stage-{code}/received", of_stage.met)
        rows.append(Row(heading=title, cells=(*numbers, total)))
        sums.append(adds(total.id, [one.id for one in numbers if isinstance(one, Count)]))
    others = tally.of(code_stage=None).met
    notes = ["A complaint counts at stage 2 in the period in which stage 2 was asked for."]
    if others:
        notes.append(f"Stages that the Code does not know are not among them: {others:,}.")
    table = Table(
        caption="Complaints received",
        columns=("Stage", *(one.title for one in slices), "Total"),
        rows=tuple(rows),
        notes=tuple(notes),
    )
    charts = (_by_month(material),) if material.sliced_by == "quarter" else ()
    paragraphs = (*_against_before(material), _escalation(material))
    section = Section(
        heading="Complaints received", paragraphs=paragraphs, charts=charts, tables=(table,)
    )
    if charts:
        months = material.months_begun
        for code in STAGES:
            begins = f"stage-{code}/received"
            sums.append(adds(begins, [f"{begins}/{month}" for month in months]))
            sums += [
                adds(
                    f"{begins}/{one.code}",
                    [f"{begins}/{month}" for month in one.months if month in months],
                )
                for one in material.begun
            ]
    return Part(section, tuple(sums))


def _by_month(material: Material) -> Chart:
    tally = material.counts["received"]
    months = material.months_begun
    series = tuple(
        Series(
            name=title,
            figures=tuple(
                count(f"stage-{code}/received/{month}", tally.of(code_stage=code, month=month).met)
                for month in months
            ),
        )
        for code, title in STAGES.items()
    )
    most = max(months, key=lambda month: tally.of(code_stage="1", month=month).met)
    return Chart(
        kind="lines",
        title="Complaints received by month",
        description=f"Two lines from {month_in_words(months[0])} to {month_in_words(months[-1])}. "
        f"Stage 1 is highest in {month_in_words(most)}.",
        heading="Month",
        categories=tuple(month_in_words(month) for month in months),
        series=series,
    )


def _against_before(material: Material) -> tuple[str, ...]:
    """Compares with as many months before; says nothing where nothing is known of them."""
    before = material.before["themes"]
    if not before.met:
        return ()
    received = material.counts["received"]
    compared = (
        f"{received.of(code_stage=code).met:,} at {title.lower()}, against "
        f"{before.of(code_stage=code).met:,} in the {len(tuple(months_of(material.period)))} "
        "months before"
        for code, title in STAGES.items()
    )
    return (f"Complaints received: {'; '.join(compared)}.",)


def _escalation(material: Material) -> str:
    tally = material.counts["escalated"]
    shown = share("escalated", tally).shown
    return (
        f"Of {tally.counted:,} complaints answered at stage 1, {shown} went on to another stage."
        if tally.counted
        else "No complaint of the period has been answered at stage 1 yet."
    )


def outcomes(material: Material) -> Part:
    """What was decided at each stage, and of how many that is recorded (Code 8.1)."""
    tally = material.counts["outcomes"]
    rows, sums, notes = [], [], []
    for code, title in STAGES.items():
        of_stage = tally.of(code_stage=code)
        begins = f"stage-{code}/outcomes"
        decided = [count(f"{begins}/{name}", of_stage.because(name)) for name in DECISIONS]
        recorded = count(f"{begins}/recorded", of_stage.met)
        missing = count(f"{begins}/not-recorded", of_stage.not_met)
        answered = count(f"stage-{code}/answered", of_stage.counted)
        rows.append(Row(heading=title, cells=(*decided, recorded, missing, answered)))
        sums.append(adds(recorded.id, [one.id for one in decided]))
        sums.append(adds(answered.id, [recorded.id, missing.id]))
        if of_stage.not_met:
            notes.append(
                f"{title}: the outcome is recorded of {of_stage.met:,} of the "
                f"{of_stage.counted:,} that were answered; the others are not in these figures."
            )
    table = Table(
        caption="Outcomes",
        columns=("Stage", *DECISIONS.values(), "Recorded", "Not recorded", "Answered"),
        rows=tuple(rows),
        notes=tuple(notes),
    )
    return Part(Section(heading="Outcomes", tables=(table,)), tuple(sums))


def exclusions(material: Material) -> Part:
    """What was not taken as a complaint, with its reasons, and what was withdrawn (Code 8.1)."""
    tally, withdrawn = material.counts["refused"], material.counts["withdrawn"]
    rows, parts = _reasons(tally)
    total = count("refused", tally.met)
    rows.append(Row(heading="Not taken as complaints", cells=(total,), total=True))
    rows.append(Row(heading="Withdrawn", cells=(count("withdrawn", withdrawn.met),)))
    said = "Every complaint was taken in." if not tally.met else ""
    table = Table(
        caption="Not taken as complaints, and withdrawn",
        columns=("Reason", "Complaints"),
        rows=tuple(rows),
    )
    sums = (adds(total.id, parts),) if parts else ()
    section = Section(heading="Exclusions", paragraphs=(said,) if said else (), tables=(table,))
    return Part(section, sums, ("refusals",))


def _reasons(tally: Tally) -> tuple[list[Row], list[str]]:
    """Returns a row for each reason, and the ids of their figures.

    No report holds a reason that few were refused for, not even its words: one that came with past
    complaints may be about somebody.
    """
    reasons = {
        verdict.reason: number
        for verdict, number in tally.reasons.items()
        if verdict.standing == "met"
    }
    together = joined(reasons)
    told = [reason for reason in reasons if reason not in together]
    codes = codes_of(told, taken=(OTHER_REASONS,))
    counts = [
        (tally.measure.words(reason), count(f"refusals/{codes[reason]}", reasons[reason]))
        for reason in told
    ]
    if together:
        number = sum(reasons[reason] for reason in together)
        counts.append(("Other reasons", count(f"refusals/{OTHER_REASONS}", number)))
    rows = [Row(heading=words, cells=(number,)) for words, number in counts]
    return rows, [number.id for _, number in counts]


OTHER_REASONS = "other-reasons"


def open_now(material: Material) -> Part:
    """What waits for an answer, by age, and what is overdue, as the report is made (Code 9.7)."""
    today = day_in_words(local_date(material.as_at))
    waiting, overdue = material.counts["waiting"], material.counts["overdue"]
    rows = [
        Row(
            heading=title,
            cells=(
                count(f"waiting/{name}", waiting.because(name)),
                count(f"overdue/{name}", overdue.because(name)),
            ),
        )
        for name, title in AGE_REASONS.items()
    ]
    totals = (count("waiting", waiting.met), count("overdue", overdue.met))
    rows.append(Row(heading="Total", cells=totals, total=True))
    table = Table(
        caption=f"Stages to be answered on {today}",
        columns=("Calendar days", "Since it was asked for", "Since it was due"),
        rows=tuple(rows),
        notes=(waiting.measure.says, overdue.measure.says),
    )
    sums = tuple(adds(name, [f"{name}/{age}" for age in AGE_REASONS]) for name in STANDING_NOW)
    return Part(Section(heading=f"Open on {today}", tables=(table,)), sums)


STANDING_NOW = ("waiting", "overdue")
