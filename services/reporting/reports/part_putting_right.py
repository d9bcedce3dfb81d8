"""The parts of a report on what was put right, what was promised, and what was learnt."""

from services.reporting import categories
from services.reporting.measures.outcomes import REMEDY_KINDS
from services.reporting.reports.document import Period, Row, Section, Table
from services.reporting.reports.figures import Money, Text
from services.reporting.reports.material import (
    Ask,
    Asks,
    Lesson,
    Material,
    Part,
    adds,
    count,
    paragraphs,
    share,
)

ASKS: Asks = {
    "remedies": Ask("remedies"),
    "compensation": Ask("compensation"),
    "promises-kept": Ask("promises-kept"),
}


def remedies(material: Material) -> Part:
    """What was given or done, and compensation (Code 7.1)."""
    tally, compensation = material.counts["remedies"], material.counts["compensation"]
    rows = [
        Row(heading=title, cells=(count(f"remedies/{kind}", tally.because(kind)),))
        for kind, title in REMEDY_KINDS.items()
    ]
    rows.append(Row(heading="All remedies", cells=(count("remedies", tally.met),), total=True))
    paid = Row(
        heading="Compensation",
        cells=(
            count("compensation/payments", compensation.met),
            Money(id="compensation/paid", pence=compensation.amount),
        ),
    )
    section = Section(
        heading="Putting things right",
        tables=(
            Table(caption="Remedies", columns=("Remedy", "Given"), rows=tuple(rows)),
            Table(
                caption="Compensation",
                columns=("What was paid", "Payments", "In all"),
                rows=(paid,),
                notes=("What the Ombudsman ordered is not among it.",),
            ),
        ),
    )
    sums = (
        adds("remedies", [f"remedies/{kind}" for kind in REMEDY_KINDS]),
        adds("remedies/payment", ["compensation/payments"]),
    )
    return Part(section, sums)


def promises(material: Material) -> Part:
    """Whether what responses promised was done (Code 6.6, 7.2)."""
    tally = material.counts["promises-kept"]
    reasons = ("in-time", "late", "late-undone", "not-yet")
    rows = [
        Row(
            heading=tally.measure.words(reason),
            cells=(count(f"promises/{reason}", tally.because(reason)),),
        )
        for reason in reasons
    ]
    rows.append(Row(heading="Done in time", cells=(share("promises-kept", tally),), total=True))
    table = Table(
        caption="Actions to be done in the period",
        columns=("What became of them", "Actions"),
        rows=tuple(rows),
    )
    sums = (
        adds("promises-kept#met", ["promises/in-time"]),
        adds("promises-kept#of", [f"promises/{reason}" for reason in reasons[:3]]),
    )
    return Part(Section(heading="Promised actions", tables=(table,)), sums)


def lessons_and_improvements(material: Material) -> int:
    """Returns how many lines `learning` tells."""
    return len(_lessons(material)) + len(material.words.improvements)


def _lessons(material: Material) -> tuple[Lesson, ...]:
    """Returns the lessons of the period; what several complaints taught is said once."""
    return tuple(dict.fromkeys(material.lessons))


def learning(material: Material) -> Part:
    """What was learnt from complaints, and what was improved: "you said, we did" (Code 9.1)."""
    rows = [
        Row(
            heading=lesson.heard,
            cells=(Text(text=lesson.done), Text(text=_theme_in_words(lesson.theme))),
        )
        for lesson in _lessons(material)
    ]
    rows += [
        Row(heading=one.heard, cells=(Text(text=one.done), Text(text="")))
        for one in material.words.improvements
    ]
    if not rows:
        return Part(
            Section(heading="You said, we did", paragraphs=("Nothing is recorded for the period.",))
        )
    table = Table(
        caption="What we learnt from complaints",
        columns=("You said", "We did", "Theme"),
        rows=tuple(rows),
    )
    return Part(Section(heading="You said, we did", tables=(table,)))


def _theme_in_words(theme: str) -> str:
    """Returns a lesson's theme as the list has it, or in the landlord's own word."""
    found = categories.theme_of("", theme)
    return theme if found == categories.NOT_STANDARDISED else categories.title_of(found)


def plans(material: Material) -> Part:
    """What the landlord will do next, in its words."""
    return Part(
        Section(heading="What we will improve next", paragraphs=paragraphs(*material.words.plans))
    )


def board(material: Material) -> Part:
    """The governing body's response (Code 8.1, 8.3)."""
    comment = material.words.board_comment or _no_comment(material)
    return Part(Section(heading="A comment from our board", paragraphs=paragraphs(comment)))


def _no_comment(material: Material) -> str:
    """Says that there is none; and where there may be one that is not of these days, of which."""
    other = material.landlord.overlapping(material.period.from_on, material.period.before)
    if material.words in other or not other:
        return "The governing body has not commented yet."
    days = (Period(from_on=one.from_on, before=one.before).shown for one in other)
    return (
        "No comment is recorded for exactly the days of this report. The landlord's own words are "
        f"recorded for: {'; '.join(days)}."
    )
